#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Finds out what this machine lacks to build, boot and test Odyssey, and installs it.
#
#   tools/setup.sh [USE...]            install what is missing
#   tools/setup.sh --doctor            say what is there and what is missing; install nothing
#   tools/setup.sh --check [USE...]    say nothing: status 0 when nothing is missing
#
# USE is what the tools are for: build (the default: build, run and test),
# check (`make check`), debug (`make debug`), bench (`make bench-heap`), cross (`make
# toolchain`). Installing takes root, or `sudo -n`; it never asks. NO_INSTALL=1 only
# tells. Only the Debian path has been run; the other systems' package names have not
# been tried.
set -euo pipefail
cd "$(dirname "$0")/.."

# Each line: what, its use, what it is for, and the package that brings it on
# Debian and Ubuntu, Fedora, Arch, Alpine and with Homebrew; - where the system
# has none or needs none. What is there is found out by has_WHAT below.
# shellcheck disable=SC2016 # the backquotes below are text
TABLE='
compiler     | build | GCC or Clang for x86_64         | gcc                | gcc                   | gcc             | gcc                | x86_64-elf-gcc
linker       | build | GNU ld and objcopy              | binutils           | binutils              | binutils        | binutils           | x86_64-elf-binutils
nasm         | build | the assembler                   | nasm               | nasm                  | nasm            | nasm               | nasm
make         | build | GNU Make                        | make               | make                  | make            | make               | make
grub         | build | grub-mkrescue, makes the ISO    | grub-common        | grub2-tools-extra     | grub            | grub               | i686-elf-grub
grub_bios    | build | GRUB for BIOS (i386-pc)         | grub-pc-bin        | grub2-pc-modules      | grub            | grub-bios          | i686-elf-grub
grub_efi     | build | GRUB for UEFI (x86_64-efi)      | grub-efi-amd64-bin | grub2-efi-x64-modules | grub            | grub-efi           | x86_64-elf-grub
xorriso      | build | writes ISO images               | xorriso            | xorriso               | libisoburn      | xorriso            | xorriso
mtools       | build | the UEFI part of an ISO         | mtools             | mtools                | mtools          | mtools             | mtools
qemu         | build | the PC to boot on               | qemu-system-x86    | qemu-system-x86       | qemu-system-x86 | qemu-system-x86_64 | qemu
ovmf         | build | UEFI firmware for QEMU          | ovmf               | edk2-ovmf             | edk2-ovmf       | ovmf               | qemu
python       | build | Python 3.9 or later             | python3            | python3               | python          | python3            | python3
pytest       | build | pytest for that Python          | python3-pytest     | python3-pytest        | python-pytest   | py3-pytest         | pytest
pexpect      | build | pexpect for that Python         | python3-pexpect    | python3-pexpect       | python-pexpect  | py3-pexpect        | -
libc         | check | C headers, for host unit tests  | libc6-dev          | glibc-devel           | glibc           | musl-dev           | -
sanitizers   | check | ASan and UBSan for them         | gcc                | libasan libubsan      | gcc             | -                  | -
clang        | check | the second compiler             | clang              | clang                 | clang           | clang              | llvm
clang_asan   | check | ASan and UBSan for it           | libclang-rt-dev    | compiler-rt           | compiler-rt     | compiler-rt        | llvm
lld          | check | the second linker               | lld                | lld                   | lld             | lld                | lld
clang_format | check | the layout of C sources         | clang-format       | clang-tools-extra     | clang           | clang-extra-tools  | clang-format
clang_tidy   | check | static analysis                 | clang-tidy         | clang-tools-extra     | clang           | clang-extra-tools  | llvm
shellcheck   | check | static analysis of scripts      | shellcheck         | ShellCheck            | shellcheck      | shellcheck         | shellcheck
window       | debug | a window for `make run`         | qemu-system-gui    | qemu-ui-gtk           | qemu-ui-gtk     | qemu-ui-gtk        | -
gdb          | debug | the debugger                    | gdb                | gdb                   | gdb             | gdb                | x86_64-elf-gdb
bochs        | debug | a second, stricter PC           | bochs bochs-x      | bochs                 | bochs           | -                  | bochs
valgrind     | bench | counts instructions, host side  | valgrind           | valgrind              | valgrind        | valgrind           | -
binutils_src | cross | sources of GNU binutils         | binutils-source    | -                     | -               | -                  | -
gcc_src      | cross | sources of GCC                  | gcc-12-source      | -                     | -               | -                  | -
cxx          | cross | a C++ compiler, for GCC itself  | g++                | -                     | -               | -                  | -
bison        | cross | generator of parsers            | bison              | -                     | -               | -                  | -
flex         | cross | generator of scanners           | flex               | -                     | -               | -                  | -
gmp          | cross | whole numbers, for GCC          | libgmp-dev         | -                     | -               | -                  | -
mpfr         | cross | real numbers, for GCC           | libmpfr-dev        | -                     | -               | -                  | -
mpc          | cross | complex numbers, for GCC        | libmpc-dev         | -                     | -               | -                  | -
zlib         | cross | compressed debug sections       | zlib1g-dev         | -                     | -               | -                  | -
xz           | cross | unpacks the sources             | xz-utils           | -                     | -               | -                  | -
'

# --- What is there ---------------------------------------------------------------

has() { command -v "$1" > /dev/null 2>&1; }
has_any() { for tool; do has "$tool" && return; done; return 1; }
has_header() { gcc -E -include "$1" -x c /dev/null > /dev/null 2>&1; }
targets_x86_64() { has "$1" && [[ $("$1" -dumpmachine 2> /dev/null) == x86_64* ]]; }
# What the Python has that the Makefile takes: the first with everything, else the last.
python_has() {
    local python
    if [ -z "${python_modules-}" ]; then
        for python in python3 /usr/bin/python3; do
            python_modules=" $("$python" - 2> /dev/null << 'END'
import importlib.util, sys
print("python" * (sys.version_info >= (3, 9)), *filter(importlib.util.find_spec, ("pytest", "pexpect")))
END
            ) "
            [ "$python_modules" != " python pytest pexpect " ] || break
        done
    fi
    [[ $python_modules == *" $1 "* ]]
}
grub_platform() {
    local prefix
    prefix=$(dirname "$(dirname "$(command -v grub-mkrescue || command -v grub2-mkrescue || echo /usr/bin/-)")")
    compgen -G "$prefix/lib*/grub/$1" > /dev/null || compgen -G "/usr/lib*/grub/$1" > /dev/null ||
        compgen -G "/usr/share/grub2/$1" > /dev/null
}

has_compiler() { has x86_64-elf-gcc || targets_x86_64 gcc || has clang; }
has_linker() { has_any x86_64-elf-ld ld && has_any x86_64-elf-objcopy objcopy; }
has_nasm() { has nasm; }
has_make() { has make; }
has_grub() { has_any grub-mkrescue grub2-mkrescue; }
has_grub_bios() { grub_platform i386-pc; }
has_grub_efi() { grub_platform x86_64-efi; }
has_xorriso() { has xorriso; }
has_mtools() { has mformat; }
has_qemu() { has qemu-system-x86_64; }
has_ovmf() {
    local path prefix
    prefix=$(dirname "$(dirname "$(command -v qemu-system-x86_64 || echo /usr/bin/-)")")
    while read -r path; do
        case $path in
            '' | '#'*) continue ;;
            /*) [ -f "$path" ] && return ;;
            *) [ -f "$prefix/$path" ] && return ;;
        esac
    done < tools/ovmf.list
    [ -n "${OVMF:-}" ]
}
has_python() { python_has python; }
has_pytest() { python_has pytest; }
has_pexpect() { python_has pexpect; }
has_libc() { [ -f /usr/include/stdio.h ] || [ "$(uname)" = Darwin ]; }
has_sanitizers() { has gcc && [ "$(gcc -print-file-name=libasan.so)" != libasan.so ]; }
has_clang() { has clang; }
has_clang_asan() { has_clang && compgen -G "$(clang -print-resource-dir)/lib/*/libclang_rt.asan*" > /dev/null; }
has_lld() { has ld.lld; }
has_clang_format() { has clang-format; }
has_clang_tidy() { has clang-tidy; }
has_shellcheck() { has shellcheck; }
has_window() { has_qemu && qemu-system-x86_64 -display help 2> /dev/null | grep -qE '^(gtk|sdl|cocoa)$'; }
has_gdb() { has_any x86_64-elf-gdb gdb; }
has_bochs() { has bochs; }
has_binutils_src() { compgen -G "${TOOLCHAIN_SOURCES:-/usr/src}/binutils/binutils-[0-9]*.tar.xz" > /dev/null; }
has_gcc_src() { compgen -G "${TOOLCHAIN_SOURCES:-/usr/src}/gcc-*/gcc-[0-9]*.tar.xz" > /dev/null; }
has_cxx() { has g++; }
has_bison() { has bison; }
has_flex() { has flex; }
has_gmp() { has_header gmp.h; }
has_mpfr() { has_header mpfr.h; }
has_mpc() { has_header mpc.h; }
has_zlib() { has_header zlib.h; }
has_xz() { has xz; }
has_valgrind() { has valgrind; }

# --- What brings it --------------------------------------------------------------

# system, the column of the table that is its own, and how it installs.
detect_system() {
    local ids
    # shellcheck source=/dev/null
    ids=" $(. "${OS_RELEASE:-/etc/os-release}" 2> /dev/null && echo "${ID:-} ${ID_LIKE:-}") "
    [ "$(uname)" != Darwin ] || ids=" brew "
    case $ids in
        *' debian '* | *' ubuntu '*)
            system=debian column=4 manager="apt-get install --yes --no-install-recommends" ;;
        *' fedora '*) system=fedora column=5 manager="dnf install --assumeyes" ;;
        *' arch '*) system=arch column=6 manager="pacman -S --needed --noconfirm" ;;
        *' alpine '*) system=alpine column=7 manager="apk add" ;;
        *' brew '*) system=brew column=8 manager="brew install" ;;
        *) system=unknown column=4 manager="" ;;
    esac
}

# The rows of the table for these uses, fields separated by single bars.
rows() {
    local use
    for use; do
        sed -n 's/ *| */|/gp' <<< "$TABLE" | grep "^[a-z_]*|$use|"
    done
}

# What is missing for these uses, a name a line.
missing() {
    local what
    rows "$@" | while IFS='|' read -r what _; do
        "has_$what" || echo "$what"
    done
}

package_of() { rows build check debug bench cross | grep "^$1|" | cut -d '|' -f "$column"; }

# The packages that bring these, each once, on one line.
packages_of() {
    local what
    for what; do package_of "$what"; done | tr ' ' '\n' | sed '/^-$/d' | sort -u | paste -s -d ' ' -
}

# --- What is done about it -------------------------------------------------------

doctor() {
    local what use purpose status=0
    while IFS='|' read -r what use purpose _; do
        if "has_$what"; then
            printf 'ok       %s\n' "$purpose"
        else
            [ "$use" != build ] || status=1
            printf 'missing  %s (for %s): package %s\n' \
                "$purpose" "${use/build/run and test}" "$(package_of "$what")"
        fi
    done < <(rows build check debug bench)
    if [ $status = 0 ]; then
        echo "'make run' and 'make test' have what they need."
    else
        echo "'make setup' installs what 'make run' and 'make test' need."
    fi
    return $status
}

fail() {
    printf 'setup: %s\n' "$@" >&2
    exit 1
}

# The lists are of words without blanks: they are split on purpose.
# shellcheck disable=SC2086
install_missing() {
    local wanted packages line
    wanted=$(missing "$@" | paste -s -d ' ' -)
    if [ -z "$wanted" ]; then
        echo "setup: nothing is missing"
        return
    fi
    packages=$(packages_of $wanted)
    [ -n "$packages" ] || fail "missing: $wanted, which no package of this system brings"
    case $system in
        unknown) fail "missing: $wanted" "this system is not known; on Debian the packages are: $packages" ;;
        debian) line="sudo apt-get update && sudo $manager $packages" ;;
        brew) line="$manager $packages" ;;
        *) line="sudo $manager $packages" ;;
    esac
    [ "${NO_INSTALL:-}" != 1 ] || fail "missing: $wanted" "nothing is installed under NO_INSTALL=1; type: $line"
    choose_privilege || fail "missing: $wanted" "installing takes root; type: $line"
    echo "setup: installing $packages"
    run_manager $packages || fail "the package manager failed; type: $line"
    wanted=$(missing "$@" | paste -s -d ' ' -)
    [ -z "$wanted" ] || fail "still missing after installing: $wanted"
}

# privilege: what to put before a command that needs root.
choose_privilege() {
    privilege=
    if [ $system != brew ] && [ "$(id -u)" != 0 ]; then
        privilege="sudo -n"
        has sudo && sudo -n true 2> /dev/null
    fi
}

# Debian's package lists may be absent, or too old to find a package by.
# shellcheck disable=SC2086
run_manager() {
    local lists=${APT_LISTS:-/var/lib/apt/lists}
    if [ $system != debian ]; then
        $privilege $manager "$@" < /dev/null
        return
    fi
    if compgen -G "$lists/*_Packages*" > /dev/null && apt_get "$@"; then
        return
    fi
    $privilege apt-get update < /dev/null
    apt_get "$@"
}

# shellcheck disable=SC2086
apt_get() { $privilege env DEBIAN_FRONTEND=noninteractive $manager "$@" < /dev/null; }

mode=install
case ${1:-} in
    --doctor | --check) mode=${1#--} && shift ;;
    -*) fail "unknown option '$1': want --doctor or --check" ;;
esac
[ $# -gt 0 ] || set -- build
for use; do
    case $use in
        build | check | debug | bench | cross) ;;
        *) fail "unknown use '$use': want build, check, debug, bench or cross" ;;
    esac
done
detect_system
case $mode in
    install) install_missing "$@" ;;
    doctor) doctor ;;
    check) [ -z "$(missing "$@")" ] ;;
esac
