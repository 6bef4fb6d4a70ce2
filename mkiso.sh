#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
#
# ./mkiso.sh [amd64] [release] [--kernel FILE] [--add FILE[=PATH]]... [--trace PROGRAM]...
#
# Builds what is not up to date and makes build/<arch>-<type>/images/neptune.iso, which GRUB boots on
# machines with BIOS and with UEFI, from a CD or, written with dd, from a USB stick. Needs no root.
# The options are those of ./build.sh.
set -euo pipefail
here=$(dirname "$0")
source "$here/tools/options.sh"
source "$here/tools/media/prepare.sh"
parse_build_options "$@"
cd "$here"
build_system
repeatable

images=$build/images
parts=$build/iso
tree=$parts/tree
grub=/usr/lib/grub
rm -rf "$parts"
mkdir -p "$tree/boot/grub"
pack "$images/kernel.elf" "$tree/boot/kernel.gz"
tools/media/pad_module.py "$images/kernel.elf" "$images/$ntos" "$parts/ntos.elf"
pack "$parts/ntos.elf" "$tree/boot/ntos.gz"

cp tools/media/grub.cfg "$tree/boot/grub/"

grep -v '^#' tools/media/early.cfg > "$parts/early.cfg" # that early, GRUB knows no comments

# grub_image FORMAT FOLDER OUTPUT MODULE...: GRUB with all that it needs inside.
grub_image() {
    grub-mkimage -O "$1" -d "$grub/$2" -o "$3" -p /boot/grub -c "$parts/early.cfg" \
        iso9660 part_msdos search normal test gzio "${@:4}"
}
grub_image i386-pc-eltorito i386-pc "$tree/boot/grub/bios.img" biosdisk multiboot
grub_image x86_64-efi x86_64-efi "$parts/bootx64.efi" part_gpt multiboot2 efi_gop

# What UEFI boots lies in a FAT file system of its own.
efi=$tree/boot/grub/efi.img
sectors=$(($(stat -c %s "$parts/bootx64.efi") / 512 + 64))
mformat -C -h 1 -s 1 -t "$sectors" -N 0 -i "$efi" ::
mmd -i "$efi" ::/efi ::/efi/boot
mcopy -i "$efi" "$parts/bootx64.efi" ::/efi/boot/

# Also a disk with a GPT, whose second partition is that file system.
image=$images/neptune.iso
rm -f "$image"
if ! xorriso -as mkisofs -o "$image" -r -V NEPTUNE \
    -b boot/grub/bios.img -no-emul-boot -boot-load-size 4 -boot-info-table --grub2-boot-info \
    --grub2-mbr "$grub/i386-pc/boot_hybrid.img" --protective-msdos-label \
    --efi-boot boot/grub/efi.img -efi-boot-part --efi-boot-image \
    --set_all_file_dates "=$SOURCE_DATE_EPOCH" "$tree" > "$parts/xorriso.log" 2>&1; then
    cat "$parts/xorriso.log" >&2
    exit 1
fi
say_made "$image"
