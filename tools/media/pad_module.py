#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""Makes a boot module too large for a hole of the kernel's image.  tools/media/pad_module.py KERNEL MODULE OUTPUT

seL4 demands that the module ends above the kernel's image in memory, and has large holes between its segments, into
which GRUB on UEFI puts a small module. Zeros behind a module that is an ELF file mean nothing; as many as the image has
from its lowest to its highest byte, and it fits nowhere but behind the image (below, there is less than a megabyte).
"""

import struct
import sys

SEGMENT_LOAD = 1
CLASS_64 = 2


def segments(image):
    """(physical address, size in memory) of what is loaded."""
    if image[:4] != b"\x7fELF":
        raise ValueError("not an ELF file")
    wide = image[4] == CLASS_64
    table, = struct.unpack_from("<Q" if wide else "<I", image, 32 if wide else 28)
    size, count = struct.unpack_from("<HH", image, 54 if wide else 42)
    for offset in range(table, table + size * count, size):
        if struct.unpack_from("<I", image, offset)[0] != SEGMENT_LOAD:
            continue
        if wide:
            yield struct.unpack_from("<Q", image, offset + 24)[0], struct.unpack_from("<Q", image, offset + 40)[0]
        else:
            yield struct.unpack_from("<I", image, offset + 12)[0], struct.unpack_from("<I", image, offset + 20)[0]


def largest_hole(image):
    parts = sorted(segments(image))
    holes, end = [0], parts[0][0]
    for start, size in parts:
        holes.append(start - end)
        end = max(end, start + size)
    return max(holes), end - parts[0][0]


def main():
    kernel, module, output = sys.argv[1:]
    with open(kernel, "rb") as file:
        hole, extent = largest_hole(file.read())
    with open(module, "rb") as file:
        data = file.read()
    if hole >= len(data):
        data += bytes(extent - len(data))
    with open(output, "wb") as file:
        file.write(data)


if __name__ == "__main__":
    main()
