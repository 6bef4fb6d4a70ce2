#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""Makes the API set schema of a table: mkapiset.py APISETS.tsv OUTPUT.c

The table has a line "name<tab>host" for each API set; without a host nobody implements it. The schema is what PEB.ApiSetMap
points to, in the format of Windows 10 (version 6), little endian:
    header      Version, Size, Flags, Count, EntryOffset, HashOffset, HashFactor
    entries     Flags, NameOffset, NameLength, HashedLength, ValueOffset, ValueCount; sorted by name
    values      Flags, NameOffset, NameLength, ValueOffset, ValueLength; the same host's are one
    hashes      Hash, Index of the entry; sorted by Hash
    text        UTF-16
All are ULONGs; offsets are from the header, lengths are bytes. The hash of a name is that of its characters in lower case
up to the last hyphen, which separates the revision: the sum of character * HashFactor^(distance from the end).
"""

import struct
import sys

VERSION, HASH_FACTOR = 6, 31
SEALED = 1
HEADER, ENTRY, VALUE = 28, 24, 20


def read_table(filename):
    """{API set: host or ""}"""
    table = {}
    with open(filename, encoding="ascii") as file:
        for line in file:
            if line.startswith("#"):
                continue
            name, host = line.rstrip("\n").split("\t")
            if name in table or name != name.lower() or not name.startswith(("api-", "ext-")):
                sys.exit(f"mkapiset: {name}: twice, or no API set's name")
            table[name] = host
    return table


def name_hash(name):
    value = 0
    for character in name:
        value = (value * HASH_FACTOR + ord(character)) & 0xFFFFFFFF
    return value


class Text:
    """The strings behind all tables, each once."""

    def __init__(self, base):
        self.base, self.data, self.places = base, bytearray(), {}

    def add(self, text):
        """(offset, length) of a string."""
        if not text:
            return 0, 0
        if text not in self.places:
            self.places[text] = self.base + len(self.data)
            self.data += text.encode("utf-16-le")
        return self.places[text], len(text) * 2


def schema(table):
    names = sorted(table)
    hosts = sorted(set(table.values()))
    values_at = HEADER + ENTRY * len(names)
    hashes_at = values_at + VALUE * len(hosts)
    text = Text(hashes_at + 8 * len(names))
    entries, values, hashes = b"", b"", []
    for index, name in enumerate(names):
        hashed = name.rpartition("-")[0]
        offset, length = text.add(name)
        entries += struct.pack("<6I", SEALED if name.startswith("api-") else 0, offset, length, len(hashed) * 2,
                               values_at + VALUE * hosts.index(table[name]), 1)
        hashes.append((name_hash(hashed), index))
    if len({value for value, _ in hashes}) != len(hashes):
        sys.exit("mkapiset: two names have the same hash")
    for host in hosts:
        values += struct.pack("<5I", 0, 0, 0, *text.add(host))
    tables = entries + values + b"".join(struct.pack("<2I", *pair) for pair in sorted(hashes))
    size = text.base + len(text.data)
    return struct.pack("<7I", VERSION, size, 0, len(names), HEADER, hashes_at, HASH_FACTOR) + tables + bytes(text.data)


def main():
    if len(sys.argv) != 3:
        sys.exit("usage: mkapiset.py APISETS.tsv OUTPUT.c")
    data = schema(read_table(sys.argv[1]))
    data += bytes(-len(data) % 4)
    words = struct.unpack(f"<{len(data) // 4}I", data)
    with open(sys.argv[2], "w", encoding="ascii") as file:
        file.write("/* Made by mkapiset.py. */\n#include \"ldrp.h\"\n\nconst ULONG LdrpApiSetSchema[] = {\n")
        for start in range(0, len(words), 8):
            file.write("    " + ", ".join(f"0x{word:08x}" for word in words[start:start + 8]) + ",\n")
        file.write("};\n")


if __name__ == "__main__":
    main()
