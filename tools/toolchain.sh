#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Builds GNU binutils and GCC for x86_64-elf, C only, from the sources that Debian packages.
#
#   tools/toolchain.sh PREFIX        also `make toolchain PREFIX=...`
#
# What it needs is the use `cross` of tools/setup.sh, and is installed by it. Logs
# and notes of finished stages are kept in PREFIX/build: a run that was stopped is
# taken up where it was. JOBS=N runs N commands at once, instead of one for each CPU.
set -euo pipefail
cd "$(dirname "$0")/.."

TARGET=x86_64-elf
# Where Debian's source packages put their archives.
SOURCES=${TOOLCHAIN_SOURCES:-/usr/src}
STAGES=(
    'binutils unpack' 'binutils configure' 'binutils compile' 'binutils install'
    'gcc unpack' 'gcc configure' 'gcc compile' 'gcc install'
)
# A kernel has no use for libraries, translations, plugins or link-time optimisation.
SAME_OPTIONS=("--target=$TARGET" --disable-nls --disable-multilib --disable-werror
    --disable-shared --disable-lto --disable-plugins --with-system-zlib)
binutils_OPTIONS=("${SAME_OPTIONS[@]}" --disable-gdb --disable-gdbserver --disable-sim
    --disable-gprof --disable-gprofng --disable-readline)
gcc_OPTIONS=("${SAME_OPTIONS[@]}" --enable-languages=c --without-headers --without-isl
    --disable-bootstrap --disable-libssp --disable-libquadmath --disable-libgomp
    --disable-libatomic --disable-threads --disable-gcov --enable-checking=release)

fail() {
    printf 'toolchain: %s\n' "$@" >&2
    exit 1
}

# The archive of a package's sources; that of gcc is in a folder with its version.
archive() { compgen -G "$SOURCES/$1*/$1-[0-9]*.tar.xz" | sort -V | tail -n 1; }

# --- Stages: each may be run again after having been stopped half-way ------------

unpack() {
    rm -rf "${work:?}/$1"
    mkdir -p "$work/$1/source" "$work/$1/build"
    # Two thirds of GCC's files are its tests.
    tar --extract --file "$(archive "$1")" --directory "$work/$1/source" \
        --strip-components=1 --exclude='*/gcc/testsuite/*.*/*'
}

configure() {
    local -n options=$1_OPTIONS
    rm -rf "${work:?}/$1/build"
    mkdir "$work/$1/build"
    cd "$work/$1/build"
    ../source/configure --prefix="$prefix" "${options[@]}" CFLAGS=-O2 CXXFLAGS=-O2
}

# Of GCC the compiler alone; "all" would go on to libraries for the target. Manuals are
# not made: Debian's archive of GCC lacks some of their sources.
compile() {
    case $1 in
        binutils) make --directory "$work/$1/build" --jobs "$jobs" all MAKEINFO=true ;;
        gcc) make --directory "$work/$1/build" --jobs "$jobs" all-gcc MAKEINFO=true ;;
    esac
}

install() {
    case $1 in
        binutils) make --directory "$work/$1/build" install MAKEINFO=true ;;
        gcc) make --directory "$work/$1/build/gcc" install-common install-headers install-cpp install-driver ;;
    esac
}

# --- Running them ----------------------------------------------------------------

elapsed() { printf '%d:%02d' $(((SECONDS - $1) / 60)) $(((SECONDS - $1) % 60)); }

# On a terminal, the time that a stage has taken so far.
tick() {
    [ -t 1 ] || return 0
    while sleep 1; do
        printf '\r%s %s' "$1" "$(elapsed "$2")"
    done &
    ticker=$!
}

stop_ticking() {
    [ -z "${ticker:-}" ] || kill "$ticker" 2> /dev/null || true
    ticker=
}

# run_stage NUMBER: do a stage, unless that was done before.
run_stage() {
    local stage=${STAGES[$1]} since=$SECONDS status=0 title log stamp later
    log=$work/${stage/ /-}.log
    stamp=${log%.log}.done
    title=$(printf '  [%d/%d] %-18s' $(($1 + 1)) ${#STAGES[@]} "$stage")
    if [ "$(cat "$stamp" 2> /dev/null)" = "$identity" ]; then
        echo "$title done before"
        return
    fi
    # What comes later was made from what is now made again.
    for later in "${STAGES[@]:$1}"; do
        rm -f "$work/${later/ /-}.done"
    done
    printf '%s' "$title"
    tick "$title" "$since"
    # A shell of its own, where a failing command ends a stage; and an environment of its
    # own, as nothing that is set for the kernel's build is meant for this one.
    env -i PATH="$prefix/bin:$PATH" HOME="${HOME:-/}" LC_ALL=C TOOLCHAIN_SOURCES="$SOURCES" \
        JOBS="$jobs" tools/toolchain.sh --stage "$stage" "$prefix" > "$log" 2>&1 < /dev/null || status=$?
    stop_ticking
    [ ! -t 1 ] || printf '\r%s' "$title"
    if [ $status != 0 ]; then
        echo " failed after $(elapsed "$since")"
        tail -n 20 "$log" >&2
        fail "$stage: ended with status $status; the lines above are the end of $log" \
            "the same command goes on with this stage"
    fi
    echo "$identity" > "$stamp"
    echo " $(elapsed "$since")"
}

# The new tools make an object for a kernel, and link it.
try() {
    local source=$work/try.c
    echo 'int answer(void) { return 42; }' > "$source"
    "$prefix/bin/$TARGET-gcc" -ffreestanding -mcmodel=kernel -c "$source" -o "$work/try.o" &&
        "$prefix/bin/$TARGET-ld" -e answer "$work/try.o" -o "$work/try" &&
        "$prefix/bin/$TARGET-objdump" -f "$work/try" | grep -q elf64-x86-64 &&
        rm -f "$work"/try*
}

prepare() {
    case $prefix in
        '') fail "PREFIX is missing: want a folder to install into, as in 'make toolchain PREFIX=\$HOME/x86_64-elf'" ;;
        *[[:space:]]*) fail "PREFIX: got '$prefix', want a path without blanks" ;;
        /*) ;;
        *) prefix=$PWD/$prefix ;;
    esac
    work=$prefix/build
    jobs=${JOBS:-$(nproc)}
    [[ $jobs =~ ^[1-9][0-9]*$ ]] || fail "JOBS: got '$jobs', want a number, 1 or more"
}

if [ "${1:-}" = --stage ]; then
    prefix=$3
    prepare
    "${2#* }" "${2% *}"
    exit
fi

prefix=${1:-}
prepare
{ mkdir -p "$work" && [ -w "$work" ] && [ -w "$prefix" ]; } 2> /dev/null ||
    fail "cannot write to '$prefix': choose another PREFIX, or make it yours first"
tools/setup.sh --check cross || {
    tools/setup.sh cross
    tools/setup.sh --check cross
}
identity="$(archive binutils) ${binutils_OPTIONS[*]} $(archive gcc) ${gcc_OPTIONS[*]} $prefix"
trap stop_ticking EXIT
trap 'exit 130' INT TERM
echo "toolchain: $(basename "$(archive binutils)") and $(basename "$(archive gcc)") into $prefix; logs in $work"
for i in "${!STAGES[@]}"; do
    run_stage "$i"
done
rm -rf "${work:?}/binutils" "${work:?}/gcc" # logs and notes stay
try || fail "what was installed in $prefix does not work: remove it and begin again"
echo "toolchain: done after $(elapsed 0); to build with it: PATH=$prefix/bin:\$PATH make"
