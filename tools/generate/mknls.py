#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""Makes the .nls files that the system has of its own: mknls.py FOLDER

Code pages 437, 1252 and 20127 (ASCII) out of Python's codecs, and the case tables out of its Unicode data. Their form
is that of Windows' files, which rtl/nlstable.c and rtl/upcase.c describe; what a code page does not have becomes a
question mark, as there are no best fits. Files of that name that are added to the system take their place.
mklocale.py makes locale.nls.
"""

import os
import struct
import sys
import unicodedata

CODE_PAGES = {437: "cp437", 1252: "cp1252", 20127: "ascii"}
HEADER_WORDS = 13
DEFAULT = ord("?")


def words(values):
    return struct.pack(f"<{len(values)}H", *values)


def code_page(number, codec):
    """A code page of one byte a character. A byte that stands for nothing keeps its number, in ASCII without the 8th bit."""
    characters = []
    for byte in range(256):
        try:
            characters.append(ord(bytes([byte]).decode(codec)))
        except UnicodeDecodeError:
            characters.append(byte & 0x7f if codec == "ascii" else byte)
    back = bytearray([DEFAULT] * 0x10000)
    for byte in reversed(range(256)):
        back[characters[byte]] = byte
    header = words([HEADER_WORDS, number, 1, DEFAULT, DEFAULT, DEFAULT, DEFAULT]) + bytes(12)
    body = words([1 + 256 + 2 + 0, *characters, 0, 0])      # no glyphs, no lead bytes
    return header + body + words([0]) + bytes(back)


def offset_table(distance):
    """The distances of characters by the upper 8 bits, the next 4 and the last 4 of one."""
    leaves = {}
    middles = {}
    top = []
    for high in range(256):
        row = []
        for middle in range(16):
            leaf = tuple(distance(high << 8 | middle << 4 | low) for low in range(16))
            row.append(leaves.setdefault(leaf, len(leaves)))
        top.append(middles.setdefault(tuple(row), len(middles)))
    first_leaf = 256 + 16 * len(middles)
    table = [256 + 16 * index for index in top]
    for row in middles:
        table += [first_leaf + 16 * leaf for leaf in row]
    for leaf in leaves:
        table += leaf
    return table


def case_table(convert, undo):
    """Only a change that can be undone counts."""
    def distance(code):
        other = convert(chr(code))
        if unicodedata.category(chr(code)) == "Cs" or len(other) != 1 or ord(other) > 0xffff or undo(other) != chr(code):
            return 0
        return (ord(other) - code) & 0xffff
    return offset_table(distance)


def upper_or_title(character):
    """Of some Greek letters the one upper-case letter is the title-case one."""
    upper = character.upper()
    return upper if len(upper) == 1 else character.title()


def case_tables():
    upper = case_table(upper_or_title, str.lower)
    lower = case_table(str.lower, upper_or_title)
    return words([1, 1 + len(upper), *upper, 1 + len(lower), *lower])


def main():
    folder = sys.argv[1]
    os.makedirs(folder, exist_ok=True)
    files = {f"c_{number}.nls": code_page(number, codec) for number, codec in CODE_PAGES.items()}
    files["l_intl.nls"] = case_tables()
    for name, data in files.items():
        with open(os.path.join(folder, name), "wb") as file:
            file.write(data)


if __name__ == "__main__":
    main()
