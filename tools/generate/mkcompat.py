#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""Makes ntdll/rtl/compatibility.def, the decompositions by compatibility of the first plane: mkcompat.py > ntdll/rtl/compatibility.def

Of Python's Unicode data (the file that is in the tree: Unicode 14.0). Run by hand when a newer version is wanted.
"""

import unicodedata

HEAD = """/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Decompositions by compatibility of the first plane, all the way down, sorted. (Unicode %s: UnicodeData.txt; licence:
 * https://www.unicode.org/license.txt; made by tools/generate/mkcompat.py)
 * COMPATIBLE(character, place): where its text is among TEXTs.
 * TEXT(word): a length, and so many characters.
 */"""


def lines(words):
    line = ""
    for word in words:
        if len(line) + len(word) > 117:
            yield line
            line = ""
        line += (" " if line else "") + word
    yield line


def main():
    places, texts, entries = {}, [], []
    for code in range(0x80, 0x10000):
        character = chr(code)
        if 0xD800 <= code < 0xE000:
            continue
        text = unicodedata.normalize("NFKD", character)
        if text == unicodedata.normalize("NFD", character) or max(map(ord, text)) > 0xffff:
            continue
        if text not in places:
            places[text] = len(texts)
            texts += [len(text), *map(ord, text)]
        entries.append((code, places[text]))
    print(HEAD % unicodedata.unidata_version)
    print("#ifdef COMPATIBLE")
    print("\n".join(lines(f"COMPATIBLE({code:#06x}, {place})" for code, place in entries)))
    print("#endif\n#ifdef TEXT")
    print("\n".join(lines(f"TEXT({word:#x})" for word in texts)))
    print("#endif")


if __name__ == "__main__":
    main()
