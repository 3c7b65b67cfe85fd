#!/bin/sh
# SPDX-License-Identifier: MIT
# Makes a bootable image, hybrid BIOS + UEFI, CD + USB stick:
#
#   tools/iso/make.sh KERNEL.elf GRUB.CFG OUTPUT.iso
#
# The same inputs and tools make the same bytes, anywhere and at any time: all
# that would come from the clock comes from SOURCE_DATE_EPOCH (seconds since
# 1970, UTC), which also makes the volume's and the partitions' ids; the EFI
# partition's serial number comes from ./mformat.
set -eu

kernel=$1 configuration=$2 image=$3
here=$(cd "$(dirname "$0")" && pwd)
tree=${image%.iso}.image log=$image.log
: "${SOURCE_DATE_EPOCH:?}" "${GRUB_MKRESCUE:=grub-mkrescue}"
# GNU's date, or BSD's: down to hundredths of a second.
moment=$(date -u -d "@$SOURCE_DATE_EPOCH" +%Y%m%d%H%M%S00 2> /dev/null ||
    date -u -r "$SOURCE_DATE_EPOCH" +%Y%m%d%H%M%S00)

# The last line: GRUB loads every partition map there is when it starts under
# UEFI, and complains of each it does not find.
modules="multiboot2 normal serial terminal all_video gfxterm test echo
    part_acorn part_amiga part_apple part_bsd part_dfly part_dvh part_gpt part_msdos part_plan
    part_sun part_sunpc"

fail() {
    echo "iso: $1" >&2
    rm -f "$image"
    exit 1
}

for tool in "${GRUB_MKRESCUE%% *}" xorriso mformat; do
    command -v "$tool" > /dev/null || fail "$tool is missing: 'make setup' installs it"
done
rm -rf "$tree" "$image"
mkdir -p "$tree/boot/grub"
cp "$kernel" "$tree/boot/odyssey.elf"
cp "$configuration" "$tree/boot/grub/grub.cfg"

# shellcheck disable=SC2086 # a word each
set -- $modules
# What follows -- is for xorriso. GRUB_MKRESCUE may hold options, too.
# shellcheck disable=SC2086
env TZ=UTC0 MFORMAT_PATH="$PATH" PATH="$here:$PATH" \
    $GRUB_MKRESCUE --install-modules="$*" --fonts= --locales= --themes= \
    -o "$image" "$tree" -- -volid ODYSSEY -volume_date uuid "$moment" \
    -volume_date all_file_dates "=$SOURCE_DATE_EPOCH" > "$log" 2>&1 || {
    cat "$log" >&2
    fail "grub-mkrescue failed"
}

# grub-mkrescue takes the platforms that are installed and does not mind which.
platforms=$(xorriso -indev "$image" -find /boot/grub -maxdepth 1 -type d 2> /dev/null)
case $platforms in
    *i386-pc*x86_64-efi*) ;;
    *i386-pc*) echo "iso: warning: GRUB's x86_64-efi platform is not installed: $image boots under BIOS only ('make doctor' names the package)" >&2 ;;
    *x86_64-efi*) echo "iso: warning: GRUB's i386-pc platform is not installed: $image boots under UEFI only ('make doctor' names the package)" >&2 ;;
    *) fail "GRUB has neither platform i386-pc nor x86_64-efi: 'make setup' installs them (on Debian: grub-pc-bin grub-efi-amd64-bin)" ;;
esac
