#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""mkfont.py OUTPUT.c FONT.psf.gz...: the 256 characters of code page 437, 8x16 points, as a C table.

Each glyph comes from the first of the fonts that has it (PSF version 1 with a Unicode table); what
none has is empty.
"""

import gzip
import struct
import sys

HEIGHT = 16
MAGIC = b"\x36\x04"
MODE_512, MODE_UNICODE = 1, 2
SEPARATOR, SEQUENCE = 0xFFFF, 0xFFFE
# What VGA shows for codes that are control characters elsewhere.
LOW = " ☺☻♥♦♣♠•◘○◙♂♀♪♫☼►◄↕‼¶§▬↨↑↓→←∟↔▲▼"
DELETE = 127


def read_font(name):
    """{character: 16 bytes} of a PSF file."""
    with gzip.open(name) as file:
        data = file.read()
    magic, mode, height = struct.unpack_from("<2sBB", data)
    if magic != MAGIC or not mode & MODE_UNICODE or height != HEIGHT:
        sys.exit(f"{name}: not a PSF 1 font of 8x{HEIGHT} with a Unicode table")
    count = 512 if mode & MODE_512 else 256
    glyphs, words = data[4:4 + count * HEIGHT], struct.iter_unpack("<H", data[4 + count * HEIGHT:])
    font, glyph, single = {}, 0, True
    for word, in words:
        if word == SEPARATOR:
            glyph, single = glyph + 1, True
        elif word == SEQUENCE:
            single = False
        elif single:
            font.setdefault(chr(word), glyphs[glyph * HEIGHT:(glyph + 1) * HEIGHT])
    return font


def code_page_437():
    characters = LOW + bytes(range(len(LOW), 256)).decode("cp437")
    return characters[:DELETE] + "⌂" + characters[DELETE + 1:]


def main():
    output, *names = sys.argv[1:]
    font = {}
    for name in reversed(names):
        font.update(read_font(name))
    lines = ["/* Made by tools/generate/mkfont.py. */", "",
             f"const unsigned char HalpGlyphs[256][{HEIGHT}] = {{"]
    for character in code_page_437():
        glyph = font.get(character, bytes(HEIGHT))
        lines.append("    {" + ", ".join(f"0x{line:02x}" for line in glyph) + "},")
    with open(output, "w", encoding="ascii") as file:
        file.write("\n".join(lines + ["};", ""]))


if __name__ == "__main__":
    main()
