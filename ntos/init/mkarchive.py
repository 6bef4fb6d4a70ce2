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
    return padded(header + name.encode("ascii") + b"\0") + padded(data)


def main():
    output, files = sys.argv[1], dict(argument.split("=", 1) for argument in sys.argv[2:])
    folders = {name.rsplit("/", 1)[0] for name in files if "/" in name}
    archive = b""
    for number, name in enumerate(sorted(folders | set(files)), 1):
        if name in folders:
            archive += entry(number, FOLDER, name, b"")
        else:
            with open(files[name], "rb") as file:
                archive += entry(number, FILE, name, file.read())
    archive += entry(0, 0, "TRAILER!!!", b"")
    with open(output, "wb") as file:
        file.write(archive)


if __name__ == "__main__":
    main()
