#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
#
# ./build.sh [amd64] [release] [--kernel FILE] [--add FILE[=PATH]]... [--trace PROGRAM]...
#
# Builds into build/<arch>-<type>, images in build/<arch>-<type>/images. Without "amd64" it is an
# i686 build, without "release" a debug build. --kernel takes a prebuilt seL4 kernel image in place
# of ours, also on the media that are made next, until a build without it. --add makes, beside
# ntos.elf, an ntos-added.elf that has the file too, in \SystemRoot: at PATH (docs/notes.txt, or with
# quotes 'docs\notes.txt'), or in drivers if it is a .sys, else at the top; in place of one of that
# name. --trace has the system services of a program shown from its start on ("*": of all).
set -euo pipefail
here=$(dirname "$0")
source "$here/tools/options.sh"
parse_build_options "$@"
cd "$here"
tools/setup.sh build
lock_build

image=$build/images/kernel.elf
prebuilt=$build/prebuilt-kernel.elf
if [ -e "$prebuilt" ] && ! [ "$kernel" -ef "$prebuilt" ]; then
    rm -f "$image" "$prebuilt"
fi
cmake -S . -B "$build" -G Ninja -DNEPTUNE_ARCH="$arch" -DNEPTUNE_TYPE="$type" > /dev/null
ninja -C "$build"

if [ -n "$kernel" ]; then
    [ -e "$prebuilt" ] || cp "$kernel" "$prebuilt"
    # QEMU's -kernel takes a 32-bit ELF container only, also around 64-bit code.
    llvm-objcopy -O elf32-i386 "$prebuilt" "$image"
fi
add_files
say_made "$image" "$build/images/$ntos"
