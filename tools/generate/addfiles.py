#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""Adds files to a system that is built: addfiles.py NTOS_ELF OUTPUT FILE[=PATH]...

PATH is where a file is to be seen in \\SystemRoot: drivers\\NAME for NAME.sys and else NAME unless given; one that ends
in a slash is a folder for NAME. A file that the system has already is replaced.

The files become an archive like the one inside the image (mkarchive.py). A boot loader hands the Executive nothing but
its image, so the archive is one more segment of it, on the first page behind the others, where ntos/init/startup.c
looks. web/site/addfiles.js does the same to the same bytes in the browser.
"""

import os
import struct
import sys

from mkarchive import archive

PAGE = 4096
PT_LOAD, READABLE = 1, 4
MOST_BYTES = 128 << 20      # the Executive's address space on i686, and its first capabilities
LONGEST_PATH = 255
FORBIDDEN = '\\:*?"<>|'

# By EI_CLASS: where the ELF header has e_phoff and e_phnum, their format, and the program header's format.
PHOFF_AT, PHOFF, PHNUM_AT = {1: 28, 2: 32}, {1: "<I", 2: "<Q"}, {1: 44, 2: 56}
SEGMENT = {1: "<8I", 2: "<2I6Q"}


def fail(text):
    sys.exit(f"addfiles: {text}")


def segment_words(elf_class, offset, address, size):
    """The words of a program header for a read-only segment."""
    if elf_class == 1:
        return PT_LOAD, offset, address, address, size, size, READABLE, PAGE
    return PT_LOAD, READABLE, offset, address, address, size, size, PAGE


def extent(elf_class, words):
    """(file offset, address above) of a segment."""
    offset, address, size = (words[1], words[2], words[5]) if elf_class == 1 else (words[2], words[3], words[6])
    return offset, address + size


def append_segment(image, data):
    """The ELF image with data as one more segment behind its only one."""
    if image[:4] != b"\x7fELF" or image[4] not in SEGMENT or len(image) < 64:
        fail("this is no ELF image")
    kind = image[4]
    table, = struct.unpack_from(PHOFF[kind], image, PHOFF_AT[kind])
    count, = struct.unpack_from("<H", image, PHNUM_AT[kind])
    size = struct.calcsize(SEGMENT[kind])
    if count != 1:
        fail("files can be added only to ntos.elf or ntos-tests.elf as they are built, and once")
    first, end = extent(kind, struct.unpack_from(SEGMENT[kind], image, table))
    if table + 2 * size > first:
        fail("the image has no room for a program header")
    offset = len(image) + -len(image) % PAGE
    output = bytearray(image + bytes(offset - len(image)) + data)
    struct.pack_into(SEGMENT[kind], output, table + size,
                     *segment_words(kind, offset, end + -end % PAGE, len(data)))
    struct.pack_into("<H", output, PHNUM_AT[kind], count + 1)
    return bytes(output)


def split(argument):
    """(file name, path or "") of FILE[=PATH]; a file's name may have an = in it."""
    if os.path.exists(argument) or "=" not in argument:
        return argument, ""
    return tuple(argument.rsplit("=", 1))


def path_for(filename, path):
    name = os.path.basename(filename)
    path = path.replace("\\", "/").strip() or ("drivers/" if name.lower().endswith(".sys") else "") + name
    return path.lstrip("/") + (name if path.endswith("/") else "")


def check_path(path):
    """The rules that ntos/io/archivetable.c has for names."""
    characters = all(" " <= character <= "\xff" and character not in FORBIDDEN for character in path)
    if (not characters or len(path) > LONGEST_PATH or path == "TRAILER!!!" or
            any(part in ("", ".", "..") for part in path.split("/"))):
        fail(f"\\SystemRoot can have no '{path}'")


def read_files(arguments):
    files, seen = {}, set()
    for argument in arguments:
        filename, path = split(argument)
        path = path_for(filename, path)
        check_path(path)
        if path.lower() in seen:
            fail(f"'{path}' is added twice")
        seen.add(path.lower())
        try:
            with open(filename, "rb") as file:
                files[path] = file.read()
        except OSError as error:
            fail(error)
    return files


def main():
    if len(sys.argv) < 4:
        fail("usage: addfiles.py NTOS_ELF OUTPUT FILE[=PATH]...")
    data = archive(read_files(sys.argv[3:]))
    if len(data) > MOST_BYTES:
        fail(f"{len(data) >> 20} MB of files are too many: the limit is {MOST_BYTES >> 20} MB")
    with open(sys.argv[1], "rb") as file:
        image = append_segment(file.read(), data)
    with open(sys.argv[2], "wb") as file:
        file.write(image)


if __name__ == "__main__":
    main()
