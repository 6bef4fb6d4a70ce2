#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
#
# Installs the Debian/Ubuntu packages that building, running and testing need. Does nothing when
# all are there. Needs root or sudo to install; the other scripts call it first.
set -euo pipefail

missing=()

# need PACKAGE REASON PROBE...: the package is missing when the probing command fails.
need() {
    local package=$1 reason=$2
    shift 2
    "$@" > /dev/null 2>&1 && return
    echo "setup: $package is missing ($reason)"
    missing+=("$package")
}

has() { command -v "$1"; }
sanitizers() { compgen -G "$(clang -print-resource-dir)/lib/*/libclang_rt.asan*"; }

need clang "compiles everything, for ELF and PE" has clang
need lld "links ELF and PE images" has lld-link
need llvm "llvm-objcopy, llvm-symbolizer, llvm-lib" has llvm-objcopy
need cmake "configures the build" has cmake
need ninja-build "runs the build" has ninja
need mingw-w64-common "Windows and DDK headers" test -e /usr/share/mingw-w64/include/ddk/wdm.h
need mingw-w64-x86-64-dev "Windows import libraries, amd64" test -d /usr/x86_64-w64-mingw32/lib
need mingw-w64-i686-dev "Windows import libraries, i686" test -d /usr/i686-w64-mingw32/lib
need qemu-system-x86 "the machine that everything runs in" has qemu-system-x86_64
need python3 "tests and tools" has python3
need python3-pytest "whole-system tests" has pytest-3
need libclang-rt-dev "address and undefined-behaviour sanitizers for the host tests" sanitizers
need libc6-dev "C library headers for the host tests" test -e /usr/include/stdlib.h

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
