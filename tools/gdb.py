# SPDX-License-Identifier: BSD-2-Clause
"""What tools/gdb adds to gdb: $in_process("NAME"), for conditions of breakpoints, and "process".

All programs lie at the same addresses, each in an address space of its own, and a breakpoint stops whoever comes by. Whose
thread it is stands behind the TEB, which the FS or GS register finds in user mode. (layouts: include/nt/ntpsapi.h)
"""

import gdb

# By the size of a pointer: segment base; the offsets of TEB's PEB, its ProcessParameters, and their ImagePathName, which
# CommandLine follows.
LAYOUTS = {8: ("$gs_base", 0x60, 0x20, 0x60), 4: ("$fs_base", 0x30, 0x10, 0x38)}
DRIVER_RUNTIME = "ntoskrnl.exe"     # the image of every driver's process; the driver is the command line


def pointer(address, size):
    memory = gdb.selected_inferior().read_memory(address, size)
    return int.from_bytes(memory.tobytes(), "little")


def string_at(address, size):
    """The text of a UNICODE_STRING."""
    length, buffer = pointer(address, 2), pointer(address + size, size)
    return gdb.selected_inferior().read_memory(buffer, length).tobytes().decode("utf-16-le", errors="replace")


def process_name():
    """The last part of the image's path, for a driver's process that of its driver; "" in the kernel, in the Executive and
    before a process has begun."""
    size = 8 if "x86-64" in gdb.selected_frame().architecture().name() else 4
    base, peb, parameters, path = LAYOUTS[size]
    try:
        teb = int(gdb.parse_and_eval(base)) & (1 << 8 * size) - 1
        string = pointer(pointer(teb + peb, size) + parameters, size) + path
        name = string_at(string, size).rpartition("\\")[2]
        return string_at(string + 2 * size, size) if name == DRIVER_RUNTIME else name
    except gdb.error:
        return ""


class InProcess(gdb.Function):
    """$in_process("ntcmd.exe"): the thread that runs is of that process."""

    def __init__(self):
        super().__init__("in_process")

    def invoke(self, name):     # pylint: disable=arguments-differ
        return process_name().lower() == name.string().lower()


class Process(gdb.Command):
    """process: prints whose thread runs."""

    def __init__(self):
        super().__init__("process", gdb.COMMAND_STATUS)

    def invoke(self, argument, from_tty):
        print(process_name() or "the kernel, or the Executive")


InProcess()
Process()
