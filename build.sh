#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
#
# ./build.sh [amd64] [release] [--kernel FILE]
#
# Builds into build/<arch>-<type>, images in build/<arch>-<type>/images. Without "amd64" it is an
# i686 build, without "release" a debug build. --kernel takes a prebuilt seL4 kernel image in place
# of ours, until the next build without it.
set -euo pipefail
here=$(dirname "$0")
source "$here/tools/options.sh"
parse_options "$@"
[ ${#others[@]} -eq 0 ] || die "what is '${others[0]}'? usage: $0 [amd64] [release] [--kernel FILE]"
[ -z "$kernel" ] || kernel=$(realpath "$kernel")
cd "$here"
tools/setup.sh

image=$build/images/kernel.elf
borrowed=$build/kernel-is-prebuilt
if [ -e "$borrowed" ]; then
    rm -f "$image" "$borrowed"
fi
cmake -S . -B "$build" -G Ninja -DNEPTUNE_ARCH="$arch" -DNEPTUNE_TYPE="$type" > /dev/null
ninja -C "$build"

if [ -n "$kernel" ]; then
    touch "$borrowed"
    # QEMU's -kernel takes a 32-bit ELF container only, also around 64-bit code.
    llvm-objcopy -O elf32-i386 "$kernel" "$image"
fi
echo "built $build/images ($(stat -c '%n %s' "$image" "$build/images/ntos.elf" |
    sed 's|.*/||; s|$| bytes|' | paste -sd, | sed 's|,|, |g'))"
