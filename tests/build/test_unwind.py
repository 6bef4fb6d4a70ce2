# SPDX-License-Identifier: BSD-2-Clause
"""AMD64 finds a function's caller by its unwind data. Every function of the system's PE images has some, but for leaf
functions, which touch neither the stack nor the registers that are their caller's.
"""

import os
import re
import struct
import subprocess

import pytest

EXCEPTION_DIRECTORY = 3
ENTRY = struct.Struct("<III")
# The tests' own assembler routines do strange things on purpose.
IMAGES = ("ntdll.dll", "ntoskrnl.exe", "smss.exe", "ntcmd.exe")
LABEL = re.compile(r"^([0-9a-f]{16}) <(.*)>:$")
# What a function with a frame does: calls, pushes, moves the stack pointer, saves registers.
FRAME = re.compile(r"\t(call|push|pop|(sub|add|lea|mov)q\t.*, %rsp$)")


def ranges(image):
    """Base of the image, and where unwind data says that functions begin and end."""
    with open(image, "rb") as file:
        data = file.read()
    headers = struct.unpack_from("<I", data, 0x3c)[0]
    sections, optional_size = struct.unpack_from("<H12xH", data, headers + 6)
    base = struct.unpack_from("<Q", data, headers + 24 + 24)[0]
    rva, size = struct.unpack_from("<II", data, headers + 24 + 112 + 8 * EXCEPTION_DIRECTORY)
    for i in range(sections):
        _, start, length, offset = struct.unpack_from("<IIII", data, headers + 24 + optional_size + 40 * i + 8)
        if size and start <= rva < start + length:
            begin = offset + rva - start
            return base, [entry[:2] for entry in ENTRY.iter_unpack(data[begin:begin + size])]
    return base, []


def functions_without(image):
    """Names of functions that have a frame and no unwind data."""
    base, covered = ranges(image)
    code = subprocess.run(["llvm-objdump", "-d", "--no-show-raw-insn", image], capture_output=True, text=True, check=True)
    name, bare, found = None, False, []
    for line in code.stdout.splitlines():
        label = LABEL.match(line)
        if label:
            name, rva = label[2], int(label[1], 16) - base
            bare = not any(begin <= rva < end for begin, end in covered)
        elif bare and FRAME.search(line) and found[-1:] != [name]:
            found.append(name)
    return found, len(covered)


def started_drivers(build):
    """The images of the drivers that smss starts."""
    with open(os.path.join(build, "drivers.txt"), encoding="ascii") as file:
        return [name + ".sys" for name in file.read().split()]


def test_functions_have_unwind_data(build, arch):
    if arch != "amd64":
        pytest.skip("i386 has no unwind data")
    for name in (*IMAGES, *started_drivers(build)):
        found, covered = functions_without(os.path.join(build, "images", name + ".sym"))
        assert covered and (name, found) == (name, [])
