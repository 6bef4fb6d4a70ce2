#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
#
# tools/setup.sh [build] [media] [run] [web] [test]
#
# Installs the Debian/Ubuntu packages that building, boot media, running, the page and testing need:
# those for the tasks named, or all. Does nothing when all are there. Needs root or sudo to install;
# the other scripts call it first.
set -euo pipefail

case ${1:-} in
    --help | -h)
        sed -n '4,/^set/s/^# \?//p' "$0"
        exit
        ;;
esac
wanted=" ${*:-build media run web test} "
missing=()

# need TASK PACKAGE REASON PROBE...: the package is missing when the probing command fails.
need() {
    local task=$1 package=$2 reason=$3
    shift 3
    [[ $wanted == *" $task "* ]] || return 0
    "$@" > /dev/null 2>&1 && return
    echo "setup: $package is missing ($reason)"
    missing+=("$package")
}

has() { command -v "$1"; }
runs_32_bits() { /lib/ld-linux.so.2 --version || has qemu-i386; }
sanitizers() { compgen -G "$(clang -print-resource-dir)/lib/*/libclang_rt.asan*"; }

need build clang "compiles everything, for ELF and PE" has clang
need build lld "links ELF and PE images" has lld-link
need build llvm "llvm-objcopy, llvm-symbolizer, llvm-lib" has llvm-objcopy
need build cmake "configures the build" has cmake
need build ninja-build "runs the build" has ninja
need build python3 "makes the boot archive" has python3
need build console-setup-linux "the font of screens without text mode" test -e /usr/share/consolefonts/Uni2-VGA16.psf.gz
need build mingw-w64-common "Windows and DDK headers" test -e /usr/share/mingw-w64/include/ddk/wdm.h
need build mingw-w64-x86-64-dev "Windows import libraries, amd64" test -d /usr/x86_64-w64-mingw32/lib
need build mingw-w64-i686-dev "Windows import libraries, i686" test -d /usr/i686-w64-mingw32/lib

need media mtools "writes FAT file systems: the floppy, and the part of the ISO for UEFI" has mformat
need media syslinux "makes the floppy bootable" has syslinux
need media syslinux-common "boots the kernel from the floppy" test -e /usr/lib/syslinux/modules/bios/mboot.c32
need media xorriso "writes the ISO" has xorriso
need media grub-common "builds GRUB for the ISO" has grub-mkimage
need media grub-pc-bin "GRUB for BIOS" test -e /usr/lib/grub/i386-pc/boot_hybrid.img
need media grub-efi-amd64-bin "GRUB for UEFI" test -e /usr/lib/grub/x86_64-efi/moddep.lst

need run qemu-system-x86 "the machine that everything runs in" has qemu-system-x86_64
need run ovmf "UEFI for that machine" test -e /usr/share/ovmf/OVMF.fd

need web nodejs "makes the page that runs the system in a browser" has node
need web npm "fetches the emulator for it" has npm
need web seabios "the firmware of its PC" test -e /usr/share/seabios/vgabios-stdvga.bin

need test chromium "shows that page to the tests" has chromium
need test python3-pytest "whole-system tests" has pytest-3
need test g++-mingw-w64-x86-64-win32 "programs for the Win32 DLLs, amd64" has x86_64-w64-mingw32-g++
need test g++-mingw-w64-i686-win32 "programs for the Win32 DLLs, i686" has i686-w64-mingw32-g++
need test gdb "looks into a running system" has gdb
need test clang-format "judges the format of the source" has clang-format
need test libclang-rt-dev "address and undefined-behaviour sanitizers for the host tests" sanitizers
need test libc6-dev "C library headers for the host tests" test -e /usr/include/stdlib.h
if [ "$(uname -m)" = x86_64 ]; then
    need test libc6-dev-i386 "C library for host tests with 32 bits" test -e /usr/lib32/libc.so
    need test qemu-user "runs host tests with 32 bits where the host's kernel does not" runs_32_bits
fi

[ ${#missing[@]} -eq 0 ] && exit 0

if ! has apt-get > /dev/null; then
    echo "setup: this is not Debian or Ubuntu; please install the above by hand" >&2
    exit 1
fi
as_root=()
if [ "$(id -u)" -ne 0 ]; then
    if ! has sudo > /dev/null; then
        echo "setup: as root, please run: apt-get install ${missing[*]}" >&2
        exit 1
    fi
    as_root=(sudo)
fi
echo "setup: installing ${missing[*]}"
"${as_root[@]}" apt-get update -qq
"${as_root[@]}" env DEBIAN_FRONTEND=noninteractive \
    apt-get install -y -qq --no-install-recommends "${missing[@]}"
