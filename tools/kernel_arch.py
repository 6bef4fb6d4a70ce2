#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""Prints the architecture of a kernel image, amd64 or i686.  tools/kernel_arch.py FILE

A 32-bit ELF file may be a container of 64-bit code, as QEMU's -kernel wants it. The addresses tell: a 32-bit kernel of
seL4's runs from 0xe0000000 on, the lower halves of a 64-bit one's addresses are from 0x80000000 on."""

import struct
import sys

CLASS_32, CLASS_64 = 1, 2
SEGMENT_LOAD = 1
KERNEL_32 = 0xE0000000
KERNEL_64 = 0x80000000


def architecture(image):
    if image[:4] != b"\x7fELF" or image[4] not in (CLASS_32, CLASS_64):
        raise ValueError("not an ELF file")
    if image[4] == CLASS_64:
        return "amd64"
    table, = struct.unpack_from("<I", image, 28)
    size, count = struct.unpack_from("<HH", image, 42)
    segments = [struct.unpack_from("<III", image, table + i * size) for i in range(count)]
    addresses = [vaddr for kind, _, vaddr in segments if kind == SEGMENT_LOAD]
    return "amd64" if any(KERNEL_64 <= vaddr < KERNEL_32 for vaddr in addresses) else "i686"


def main():
    try:
        with open(sys.argv[1], "rb") as file:
            print(architecture(file.read()))
    except (OSError, ValueError, struct.error) as error:
        sys.exit(f"{sys.argv[1]}: {error}")


if __name__ == "__main__":
    main()
