# SPDX-License-Identifier: MIT
# shellcheck shell=bash
# What Odyssey takes to build, boot, test and check: each thing's use, its least
# version, how it is found, and the package that brings it. Sourced by setup.sh,
# in the project's folder.
#
# Least versions, and why: what the Makefile's flags came with (gcc 8 knows them
# too, has not been tried; Clang before 12 ignores -mgeneral-regs-only; GNU ld's
# --orphan-handling), make's `private`, Python's subscripted classes, QEMU's boot by
# PVH. NASM and xorriso: the oldest ones tried. With all of Debian 11's tools, gcc 9
# to 10 and Clang 13, everything was built and every test passed, but for machines
# that its QEMU 5.2 cannot make.

# What, its use, its least version, what it is for.
# shellcheck disable=SC2016 # the backquotes below are text
NEEDS='
compiler     | build    | gcc 9 or clang 13 | GCC or Clang for x86_64
linker       | build    | ld 2.26           | GNU ld and objcopy
nasm         | build    | nasm 2.15         | the assembler
make         | build    | make 3.82         | GNU Make
grub         | build    | -                 | grub-mkrescue, makes the ISO
grub_bios    | build    | -                 | GRUB for BIOS (i386-pc)
grub_efi     | build    | -                 | GRUB for UEFI (x86_64-efi)
font         | build    | -                 | the font of GRUB (unicode.pf2)
xorriso      | build    | xorriso 1.5.2     | writes ISO images
mtools       | build    | -                 | the UEFI part of an ISO
qemu         | build    | QEMU 4.0          | the PC to boot on
ovmf         | build    | -                 | UEFI firmware for QEMU
python       | build    | python 3.9        | the language of the tools
pytest       | build    | -                 | pytest for that Python
pexpect      | build    | -                 | pexpect for that Python
libc         | check    | -                 | C headers, for host unit tests
sanitizers   | check    | -                 | ASan and UBSan for them
clang        | check    | clang 13          | the second compiler
clang_asan   | check    | -                 | ASan and UBSan for it
lld          | check    | -                 | the second linker
clang_format | check    | -                 | the layout of C sources
clang_tidy   | check    | -                 | static analysis
shellcheck   | check    | -                 | static analysis of scripts
zbar         | check    | -                 | reads the QR codes of panics
window       | debug    | -                 | a window for `make run`
gdb          | debug    | -                 | the debugger
qemu_img     | debug    | -                 | snapshots, for `make record`
bochs        | matrix   | -                 | a second, stricter PC
valgrind     | bench    | -                 | counts instructions, host side
gnuplot      | bench    | -                 | draws costs against scale
lcov         | coverage | -                 | pages of the lines that were run
mkdocs       | docs     | mkdocs 1.4        | makes the site of the documents
material     | docs     | -                 | how the site looks
pygments     | docs     | -                 | colours sources
yaml         | docs     | -                 | reads settings of the site
graphviz     | docs     | -                 | drawings
binutils_src | cross    | -                 | sources of GNU binutils
gcc_src      | cross    | -                 | sources of GCC
cxx          | cross    | -                 | a C++ compiler, for GCC itself
bison        | cross    | -                 | generator of parsers
flex         | cross    | -                 | generator of scanners
gmp          | cross    | -                 | whole numbers, for GCC
mpfr         | cross    | -                 | real numbers, for GCC
mpc          | cross    | -                 | complex numbers, for GCC
zlib         | cross    | -                 | compressed debug sections
xz           | cross    | -                 | unpacks the sources
'

# SYSTEM_ROOT=FOLDER: where the system's files are, for tests.
system_root=${SYSTEM_ROOT:-}

# What brings it on Debian and Ubuntu, Fedora, Arch, Alpine and with Homebrew; -
# where the system has no package for it, or needs none. Only Debian's have been tried.
# shellcheck disable=SC2034 # read by who sources this
PACKAGES='
compiler     | gcc                | gcc                   | gcc             | gcc                | x86_64-elf-gcc
linker       | binutils           | binutils              | binutils        | binutils           | x86_64-elf-binutils
nasm         | nasm               | nasm                  | nasm            | nasm               | nasm
make         | make               | make                  | make            | make               | make
grub         | grub-common        | grub2-tools-extra     | grub            | grub               | i686-elf-grub
grub_bios    | grub-pc-bin        | grub2-pc-modules      | grub            | grub-bios          | i686-elf-grub
grub_efi     | grub-efi-amd64-bin | grub2-efi-x64-modules | grub            | grub-efi           | x86_64-elf-grub
font         | grub-common        | grub2-common          | grub            | grub               | -
xorriso      | xorriso            | xorriso               | libisoburn      | xorriso            | xorriso
mtools       | mtools             | mtools                | mtools          | mtools             | mtools
qemu         | qemu-system-x86    | qemu-system-x86       | qemu-system-x86 | qemu-system-x86_64 | qemu
ovmf         | ovmf               | edk2-ovmf             | edk2-ovmf       | ovmf               | qemu
python       | python3            | python3               | python          | python3            | python3
pytest       | python3-pytest     | python3-pytest        | python-pytest   | py3-pytest         | pytest
pexpect      | python3-pexpect    | python3-pexpect       | python-pexpect  | py3-pexpect        | -
libc         | libc6-dev          | glibc-devel           | glibc           | musl-dev           | -
sanitizers   | gcc                | libasan libubsan      | gcc             | -                  | -
clang        | clang              | clang                 | clang           | clang              | llvm
clang_asan   | libclang-rt-dev    | compiler-rt           | compiler-rt     | compiler-rt        | llvm
lld          | lld                | lld                   | lld             | lld                | lld
clang_format | clang-format       | clang-tools-extra     | clang           | clang-extra-tools  | clang-format
clang_tidy   | clang-tidy         | clang-tools-extra     | clang           | clang-extra-tools  | llvm
shellcheck   | shellcheck         | ShellCheck            | shellcheck      | shellcheck         | shellcheck
zbar         | zbar-tools         | zbar                  | zbar            | zbar               | zbar
window       | qemu-system-gui    | qemu-ui-gtk           | qemu-ui-gtk     | qemu-ui-gtk        | -
gdb          | gdb                | gdb                   | gdb             | gdb                | x86_64-elf-gdb
qemu_img     | qemu-utils         | qemu-img              | qemu-img        | qemu-img           | qemu
bochs        | bochs bochs-term   | bochs                 | bochs           | -                  | bochs
valgrind     | valgrind           | valgrind              | valgrind        | valgrind           | -
gnuplot      | gnuplot-nox        | gnuplot-minimal       | gnuplot         | gnuplot            | gnuplot
lcov         | lcov               | lcov                  | -               | lcov               | lcov
mkdocs       | mkdocs             | mkdocs                | mkdocs          | mkdocs             | mkdocs
material     | mkdocs-material    | mkdocs-material       | mkdocs-material | mkdocs-material    | -
pygments     | python3-pygments   | python3-pygments      | python-pygments | py3-pygments       | -
yaml         | python3-yaml       | python3-pyyaml        | python-yaml     | py3-yaml           | -
graphviz     | graphviz           | graphviz              | graphviz        | graphviz           | graphviz
binutils_src | binutils-source    | -                     | -               | -                  | -
gcc_src      | gcc-12-source      | -                     | -               | -                  | -
cxx          | g++                | -                     | -               | -                  | -
bison        | bison              | -                     | -               | -                  | -
flex         | flex               | -                     | -               | -                  | -
gmp          | libgmp-dev         | -                     | -               | -                  | -
mpfr         | libmpfr-dev        | -                     | -               | -                  | -
mpc          | libmpc-dev         | -                     | -               | -                  | -
zlib         | zlib1g-dev         | -                     | -               | -                  | -
xz           | xz-utils           | -                     | -               | -                  | -
'

# --- How it is found -------------------------------------------------------------
#
# find_WHAT prints what is there, a name and a version or a path; nothing where it
# is missing.

has() { command -v "$1" > /dev/null 2>&1; }

# "NAME VERSION", the version being what a command prints that looks like one. A
# tool that cannot say its version does not work.
version() {
    local name=$1 said
    shift
    has "$1" && said=$("$@" 2>&1 < /dev/null) && [[ $said =~ [0-9]+(\.[0-9]+)+ ]] &&
        echo "$name ${BASH_REMATCH[0]}"
}

# A header's name, where the compiler finds it.
header() { gcc -E -include "$1" -x c /dev/null > /dev/null 2>&1 && echo "$1"; }

targets_x86_64() { has "$1" && [[ $("$1" -dumpmachine 2> /dev/null) == x86_64* ]]; }

# The first that is there of some files; their names may hold wildcards.
first_of() {
    local pattern
    for pattern; do
        compgen -G "$pattern" && return
    done | sed -n 1p
}

# The folder a program's package is installed in, like /usr.
prefix_of() { dirname "$(dirname "$(command -v "$1" || echo "$system_root/usr/bin/-")")"; }
grub_prefix() {
    if has grub-mkrescue; then prefix_of grub-mkrescue; else prefix_of grub2-mkrescue; fi
}
grub_platform() {
    first_of "$(grub_prefix)/lib*/grub/$1" "$system_root"/usr/{'lib*/grub',share/grub2}/"$1"
}

# python_said: what the Python has that the Makefile takes, which is the first with
# everything, else the last. To be asked again after installing.
ask_python() {
    local python said=
    for python in python3 "$system_root/usr/bin/python3"; do
        said=$("$python" - 2> /dev/null << 'END'
import platform
from importlib import metadata, util
print("python", platform.python_version())
for name in "pytest", "pexpect":
    if util.find_spec(name):
        print(name, metadata.version(name))
END
        ) || true
        [[ $said != *pytest*pexpect* ]] || break
    done
    python_said=$said
}
of_python() { grep "^$1 " <<< "$python_said"; }

find_compiler() {
    if has x86_64-elf-gcc; then version x86_64-elf-gcc x86_64-elf-gcc --version
    elif targets_x86_64 gcc; then version gcc gcc --version
    else version clang clang --version
    fi
}
find_linker() {
    if has x86_64-elf-ld && has x86_64-elf-objcopy; then
        version x86_64-elf-ld x86_64-elf-ld --version
    elif has objcopy; then version ld ld --version
    fi
}
find_nasm() { version nasm nasm -v; }
find_make() { version make gmake --version || version make make --version; }
find_grub() {
    version grub-mkrescue grub-mkrescue --version || version grub2-mkrescue grub2-mkrescue --version
}
find_grub_bios() { grub_platform i386-pc; }
find_grub_efi() { grub_platform x86_64-efi; }
find_font() {
    first_of "$(grub_prefix)/share/grub/unicode.pf2" \
        "$system_root"/{usr/share/grub,boot/grub,boot/grub2}{,/fonts}/unicode.pf2
}
find_xorriso() { version xorriso xorriso -version; }
find_mtools() { version mtools mformat --version; }
find_qemu() { version QEMU qemu-system-x86_64 --version; }
find_ovmf() {
    local path prefix
    prefix=$(prefix_of qemu-system-x86_64)
    [ -z "${OVMF:-}" ] || { echo "$OVMF" && return; }
    while read -r path; do
        case $path in
            '' | '#'*) continue ;;
            /*) path=$system_root$path ;;
            *) path=$prefix/$path ;;
        esac
        [ ! -f "$path" ] || { echo "$path" && return; }
    done < tools/ovmf.list
}
find_python() { of_python python; }
find_pytest() { of_python pytest; }
find_pexpect() { of_python pexpect; }
find_libc() {
    if [ "$(uname)" = Darwin ]; then echo "the system's"
    else first_of "$system_root/usr/include/stdio.h"; fi
}
find_sanitizers() { has gcc && gcc -print-file-name=libasan.so | grep /; }
find_clang() { version clang clang --version; }
find_clang_asan() { has clang && first_of "$(clang -print-resource-dir)/lib/*/libclang_rt.asan*"; }
find_lld() { version lld ld.lld --version; }
find_clang_format() { version clang-format clang-format --version; }
find_clang_tidy() { version clang-tidy clang-tidy --version; }
find_shellcheck() { version shellcheck shellcheck --version; }
find_zbar() { version zbarimg zbarimg --version; }
find_window() {
    has qemu-system-x86_64 &&
        qemu-system-x86_64 -display help 2> /dev/null | grep -xE 'gtk|sdl|cocoa' | paste -s -d ' ' -
}
find_gdb() { version x86_64-elf-gdb x86_64-elf-gdb --version || version gdb gdb --version; }
find_qemu_img() { version qemu-img qemu-img --version; }
find_bochs() { has bochs && command -v bochs; }
find_valgrind() { version valgrind valgrind --version; }
find_gnuplot() { version gnuplot gnuplot --version; }
find_lcov() { version lcov lcov --version; }
# A module of the system's Python or of the first in the path.
python_module() {
    local python
    for python in "$system_root/usr/bin/python3" python3; do
        "$python" -c "import $1; print('$1')" 2> /dev/null && return
    done
}
find_mkdocs() { version mkdocs mkdocs --version; }
find_material() {
    first_of "$system_root/usr/share/mkdocs/themes/material" || python_module material
}
find_pygments() { python_module pygments; }
find_yaml() { python_module yaml; }
find_graphviz() { version dot dot -V; }
find_binutils_src() {
    first_of "${TOOLCHAIN_SOURCES:-$system_root/usr/src}/binutils/binutils-[0-9]*.tar.xz"
}
find_gcc_src() { first_of "${TOOLCHAIN_SOURCES:-$system_root/usr/src}/gcc-*/gcc-[0-9]*.tar.xz"; }
find_cxx() { version g++ g++ --version; }
find_bison() { version bison bison --version; }
find_flex() { version flex flex --version; }
find_gmp() { header gmp.h; }
find_mpfr() { header mpfr.h; }
find_mpc() { header mpc.h; }
find_zlib() { header zlib.h; }
find_xz() { version xz xz --version; }

# --- What state it is in ---------------------------------------------------------

# Whether one version is another or a later one: 1.10 is later than 1.9.
at_least() {
    local i is want
    IFS=. read -r -a is <<< "$1"
    IFS=. read -r -a want <<< "$2"
    for i in "${!want[@]}"; do
        if [ "${is[i]:-0}" -ne "${want[i]}" ]; then
            [ "${is[i]:-0}" -gt "${want[i]}" ]
            return
        fi
    done
}

# Look for one thing of the table, WHAT with its field of least versions; after
# ask_python.
#
# state  ok, missing or too old
# found  what find_WHAT printed
look_for() {
    local name
    found=$("find_$1" || true)
    state=ok
    [ -n "$found" ] || state=missing
    name=${found%% *}
    if [[ " $2 " =~ \ ${name##*-}\ ([0-9.]+)\  ]] &&
        ! at_least "${found##* }" "${BASH_REMATCH[1]}"; then
        # shellcheck disable=SC2034 # read by who sources this
        state='too old'
    fi
}

# The rows of NEEDS for these uses, fields separated by single bars.
rows() {
    local use
    for use; do
        sed -n 's/ *| */|/gp' <<< "$NEEDS" | grep "^[a-z_]*|$use|"
    done
}
