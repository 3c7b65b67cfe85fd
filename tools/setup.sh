#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Finds out what this machine lacks to build, boot and test Odyssey, and installs it.
#
#   tools/setup.sh [USE...]            install what is missing or too old
#   tools/setup.sh --doctor            say what is there and what is not; install nothing
#   tools/setup.sh --check [USE...]    say nothing: status 0 when everything is there
#
# USE is what the tools are for: build (the default: build, run and test),
# check (`make check`), debug (`make debug`), matrix (`make matrix`, and a few of the
# tests), bench (`make bench`), coverage (`make coverage`), docs (`make docs`), cross
# (`make toolchain`). Installing takes root, or `sudo -n`; it never asks. NO_INSTALL=1 only
# tells. What no package of the system brings is told and stops nothing. The things
# and their packages are in needs.sh.
set -euo pipefail
cd "$(dirname "$0")/.."

# shellcheck source=tools/needs.sh
. tools/needs.sh

# --- What brings it --------------------------------------------------------------

# system, the column of PACKAGES that is its own, and how it installs.
detect_system() {
    local ids
    # shellcheck source=/dev/null
    ids=$(. "$system_root/etc/os-release" 2> /dev/null && echo "${ID:-} ${ID_LIKE:-}") || ids=
    [ "$(uname)" != Darwin ] || ids=brew
    case " $ids " in
        *' debian '* | *' ubuntu '*)
            system=debian column=2 manager="apt-get install --yes --no-install-recommends" ;;
        *' fedora '*) system=fedora column=3 manager="dnf install --assumeyes" ;;
        *' arch '*) system=arch column=4 manager="pacman -S --needed --noconfirm" ;;
        *' alpine '*) system=alpine column=5 manager="apk add" ;;
        *' brew '*) system=brew column=6 manager="brew install" ;;
        *) system=unknown column=2 manager="" ;;
    esac
}

package_of() { sed -n 's/ *| */|/gp' <<< "$PACKAGES" | grep "^$1|" | cut -d '|' -f "$column"; }

# The packages that bring these, each once, on one line.
packages_of() {
    local what
    for what; do package_of "$what"; done | tr ' ' '\n' | sed '/^-$/d' | sort -u | paste -s -d ' ' -
}

# wanted: what is missing or too old for these uses. told: the same, for people.
survey() {
    local what least absent='' old=''
    wanted=
    ask_python
    while IFS='|' read -r what _ least _; do
        look_for "$what" "$least"
        case $state in
            missing) absent+=" $what" ;;
            'too old') old+=", $found (want $least)" ;;
            *) continue ;;
        esac
        wanted+=" $what"
    done < <(rows "$@")
    told="${absent:+missing:$absent}${absent:+${old:+; }}${old:+too old: ${old#, }}"
}

# --- What is done about it -------------------------------------------------------

doctor() {
    local what use least purpose status=0 why
    ask_python
    while IFS='|' read -r what use least purpose; do
        look_for "$what" "$least"
        if [ "$state" = ok ]; then
            printf 'ok       %s: %s\n' "$purpose" "$found"
            continue
        fi
        [ "$use" != build ] || status=1
        why=$purpose
        [ "$state" = missing ] || why+=": $found, want $least"
        printf '%-8s %s (for %s): %s\n' "$state" "$why" "${use/build/run and test}" \
            "package $(package_of "$what" | sed 's/^-$/of this system unknown/')"
    done < <(rows build check debug matrix bench coverage docs cross)
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
    local packages
    survey "$@"
    if [ -z "$wanted" ]; then
        echo "setup: nothing is missing"
        return
    fi
    packages=$(packages_of $wanted)
    [ $system != unknown ] ||
        fail "$told" "this system is not known; on Debian the packages are: $packages"
    if [ -n "$packages" ]; then
        [ "${NO_INSTALL:-}" != 1 ] ||
            fail "$told" "nothing is installed under NO_INSTALL=1; $(by_hand $packages)"
        choose_privilege || fail "$told" "installing takes root; $(by_hand $packages)"
        echo "setup: installing $packages"
        run_manager $packages ||
            fail "the package manager failed; is there a network? then $(by_hand $packages)"
        survey "$@"
        [ -z "$(packages_of $wanted)" ] || fail "after installing still $told"
    fi
    [ -z "$wanted" ] || echo "setup: $told: no package of this system brings that"
}

# The line that installs packages, for whoever is asked to type it.
by_hand() {
    local say=type as=
    if [ $system != brew ] && [ "$(id -u)" != 0 ]; then
        if has sudo; then as="sudo "; else say="type as root"; fi
    fi
    echo "$say: $([ $system != debian ] || echo "${as}apt-get update && ")$as$manager $*"
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
    if [ $system != debian ]; then
        $privilege $manager "$@" < /dev/null
        return
    fi
    if compgen -G "$system_root/var/lib/apt/lists/*_Packages*" > /dev/null && apt_get "$@"; then
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
        build | check | debug | matrix | bench | coverage | docs | cross) ;;
        *) fail "unknown use '$use': want build, check, debug, matrix, bench, coverage, docs or cross" ;;
    esac
done
detect_system
case $mode in
    install) install_missing "$@" ;;
    doctor) doctor ;;
    check) survey "$@" && [ -z "$wanted" ] ;;
esac
