#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""Makes the boot archive: mkarchive.py OUTPUT NAME=FILE...

A newc cpio with the named files, sorted, and the folders that their names mention. The bytes depend on nothing but the
names and the contents. Names are stored as given; a file's data starts at a multiple of four bytes.
"""

import sys

FOLDER, FILE = 0o040755, 0o100644


def padded(data):
    return data + bytes(-len(data) % 4)


def entry(number, mode, name, data):
    fields = [number, mode, 0, 0, 1, 0, len(data), 0, 0, 0, 0, len(name) + 1, 0]
    header = b"070701" + b"".join(b"%08x" % field for field in fields)
    return padded(header + name.encode("latin-1") + b"\0") + padded(data)


def folders_of(name):
    """All folders on the way to a file: a and a/b for a/b/c."""
    parts = name.split("/")[:-1]
    return ["/".join(parts[:count]) for count in range(1, len(parts) + 1)]


def archive(files):
    """The archive of the files that a dictionary gives: their bytes by name."""
    folders = {folder for name in files for folder in folders_of(name)}
    entries = [entry(number, FOLDER if name in folders else FILE, name, files.get(name, b""))
               for number, name in enumerate(sorted(folders | set(files)), 1)]
    return b"".join(entries) + entry(0, 0, "TRAILER!!!", b"")


def main():
    output, files = sys.argv[1], {}
    for argument in sys.argv[2:]:
        name, filename = argument.split("=", 1)
        with open(filename, "rb") as file:
            files[name] = file.read()
    with open(output, "wb") as file:
        file.write(archive(files))


if __name__ == "__main__":
    main()
