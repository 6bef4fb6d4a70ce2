#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
#
# ./mkfloppy.sh [amd64] [release] [--kernel FILE] [--add FILE[=PATH]]... [--trace PROGRAM]...
#
# Builds what is not up to date and makes build/<arch>-<type>/images/floppy.img: a 1.44 MB FAT12
# floppy that SYSLINUX boots. Write it to a disk with dd. Needs no root. The options are those of
# ./build.sh.
set -euo pipefail
here=$(dirname "$0")
source "$here/tools/options.sh"
source "$here/tools/media/prepare.sh"
parse_build_options "$@"
cd "$here"
build_system
repeatable

images=$build/images
parts=$build/floppy
modules=/usr/lib/syslinux/modules/bios
rm -rf "$parts"
mkdir "$parts"
# A real floppy drive gives some 30 KB a second: packed, the system is there ten seconds earlier.
pack "$images/kernel.elf" "$parts/kernel.gz"
pack "$images/$ntos" "$parts/ntos.gz"

image=$images/floppy.img
rm -f "$image"
mformat -C -f 1440 -N 0 -v NEPTUNE -i "$image" ::
mcopy -i "$image" "$modules/mboot.c32" "$modules/libcom32.c32" \
    tools/media/syslinux.cfg "$parts/kernel.gz" ::/
syslinux --install "$image"
free=$(mdir -i "$image" ::/ | sed -n 's/ bytes free//p' | tr -dc 0-9)
size=$(stat -c %s "$parts/ntos.gz")
if [ "$size" -gt "$free" ]; then
    rm "$image"
    die "a floppy has $free bytes for $ntos, which has $size when packed: add less, or use mkiso.sh"
fi
mcopy -i "$image" "$parts/ntos.gz" ::/
say_made "$image"
