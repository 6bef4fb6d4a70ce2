#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""Boots our kernel: on machines that lack something, with root tasks that are linked in unusual ways, with some that
cannot be loaded, and, in debug builds, into what stops it. Checks what it says on the text screen, white on red, and on
the serial port. Prints TAP.  tests/kernel/boots.py build/i686-debug"""

import glob
import os
import re
import struct
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", "system"))
from machine import Machine     # pylint: disable=wrong-import-position

WHITE_ON_RED = 0x4F
CANNOT = "Neptune kernel: boot failed: "
NO_PIT = CANNOT + "no clock to set the timer by: the PIT is missing, or counts wrong"

# By architecture: processors of QEMU, and what they lack.
LACKING = {
    "amd64": [("qemu32", "LM"), ("pentium3", "LM SSE2"), ("qemu64,-apic", "APIC"),
              ("qemu64,-fxsr", "FXSR"), ("qemu64,-sse", "SSE"), ("qemu64,-pge", "PGE"), ("qemu64,-pae", "PAE"),
              ("qemu64,-pse", "PSE"), ("qemu64,-tsc", "TSC"), ("qemu64,-msr", "MSR"), ("qemu64,-fpu", "FPU"),
              ("qemu64,-cmov", "CMOV"), ("qemu64,-sse2", "SSE2")],
    "i686": [("486", "TSC MSR CX8 APIC SEP PGE CMOV FXSR SSE"), ("pentium", "SEP PGE CMOV FXSR SSE"), ("pentium2", "SSE"),
             ("qemu32,-pse", "PSE"), ("qemu32,-sep", "SEP"), ("qemu32,-pge", "PGE"), ("qemu32,-fpu", "FPU"),
             ("qemu32,-fxsr", "FXSR"), ("qemu32,-apic", "APIC"), ("qemu32,-cmov", "CMOV"), ("qemu32,-tsc", "TSC"),
             ("qemu32,-cx8", "CX8")],
}
ENOUGH = {"amd64": ["qemu64", "core2duo", "phenom", "qemu64,-nx", "qemu64,-pat", "max"],
          "i686": ["pentium3", "athlon", "n270", "qemu64", "qemu32,-pat", "max"]}

TESTS = os.path.dirname(os.path.abspath(__file__))
# The last checks of ktest.elf about its own image, and about memory.
IMAGE_CHECKED = "boot_frames: the image's table is mapped"
MEMORY_CHECKED = "boot_untyped_are_full: device frames start where the list says"

SCRIPT = """
ENTRY(_start)
PHDRS {{ text PT_LOAD {headers} FLAGS(5); data PT_LOAD FLAGS(6); {phdrs} }}
SECTIONS
{{
    . = {base};
    image_start = .;
    {before}
    .text : {{ *(.text .text.*) }} :text
    .rodata : {{ *(.rodata .rodata.*) }} :text
    . = ALIGN({align});
    .tdata : {{ QUAD(0x1234) }} :data {tls}
    .data : {{ *(.data .data.*) . = ALIGN(16); tests_start = .; KEEP(*(tests)) tests_end = .; {data} }} :data
    .bss : {{ *(.bss .bss.* COMMON) . += {bss}; . = ALIGN(4096); }} :data
    image_end = .;
    /DISCARD/ : {{ *(.comment) *(.note*) *(.eh_frame*) }}
}}
"""
USUAL = {"base": "0x400000", "align": 4096, "headers": "", "phdrs": "", "before": "", "tls": "", "data": "", "bss": 0}
HIGH = {"amd64": "0x7e000000", "i686": "0xdf000000"}    # as far as the code models of ktest reach


def root_tasks(arch):
    """Ways to link a root task: name, what differs from USUAL."""
    return [
        ("at a low address", {"base": "0x1000"}),
        ("at address 0", {"base": "0"}),
        ("at a high address", {"base": HIGH[arch]}),
        ("that crosses the reach of a page table", {"base": "0x5f0000"}),
        ("whose segments share a page", {"align": 16}),
        ("with its headers in memory", {"headers": "FILEHDR PHDRS", "before": ". += SIZEOF_HEADERS;"}),
        ("with thread-local storage", {"phdrs": "tls PT_TLS;", "tls": ":tls"}),
        ("of 8 MB of data and 40 MB of zeros", {"data": ". += 0x800000;", "bss": "0x2800000"}),
    ]


class Boots:
    def __init__(self, build):
        self.build = build
        self.folder = tempfile.TemporaryDirectory()
        self.arch = os.path.basename(os.path.normpath(build)).split("-")[0]
        self.count = self.failures = 0

    def link(self, changes, *options):
        """Links ktest.elf's objects in another way; returns the file."""
        script, image = (os.path.join(self.folder.name, name) for name in ("root.lds", "root.elf"))
        with open(script, "w", encoding="ascii") as file:
            file.write(SCRIPT.format(**USUAL | changes))
        objects = glob.glob(os.path.join(self.build, "tests/kernel/CMakeFiles/ktest_objects.dir/**/*.obj"),
                            recursive=True)
        objects.sort(key=lambda path: (os.path.basename(path) != "boot.c.obj", path))   # its tests come first
        emulation = "elf_x86_64" if self.arch == "amd64" else "elf_i386"
        subprocess.run(["ld.lld", "-m", emulation, "-z", "max-page-size=4096", "-z", "noexecstack", "-nostdlib",
                        "--gc-sections", "--strip-all", "-T", script, "-o", image, *options, *objects], check=True)
        return image

    def check(self, name, condition, machine_options=(), initrd="ktest.elf", memory=128):
        """Boots with the options and waits until condition(machine) is true."""
        self.count += 1
        with Machine(self.build, memory=memory, initrd=os.path.abspath(initrd) if os.sep in initrd else initrd,
                     options=machine_options) as machine:
            try:
                machine.wait(lambda: condition(machine), name, 60)
                print(f"ok {self.count} - {name}", flush=True)
            except AssertionError:
                self.failures += 1
                print(f"not ok {self.count} - {name}")
                print("\n".join("# " + line for line in machine.describe().splitlines()), flush=True)

    def says(self, text, machine_options=(), **options):
        self.check("boots: " + " ".join([*machine_options, text]),
                   lambda machine: is_last_word(machine, text), machine_options, **options)

    def loads(self, name, image, last=IMAGE_CHECKED, **options):
        """ktest.elf, linked as it may be, finds what the boot information says. What it checks after that takes the
        usual addresses and an exact clock for granted."""
        def checked(machine):
            before, found, _ = machine.serial().partition(last)
            return found and "not ok" not in before

        self.check(f"boots: a root task {name}", checked, initrd=image, **options)

    def changed(self, changes):
        """ktest.elf with other bytes at some offsets; returns the file."""
        with open(os.path.join(self.build, "images", "ktest.elf"), "rb") as file:
            data = bytearray(file.read())
        for offset, new in changes.items():
            data[offset:offset + len(new)] = new
        image = os.path.join(self.folder.name, "changed.elf")
        with open(image, "wb") as file:
            file.write(data)
        return image


def is_last_word(machine, text):
    """Whether the text is the screen's first row, white on red."""
    row = machine.cells()[0]
    return (machine.rows()[0] == text and {attribute for _, attribute in row} == {WHITE_ON_RED} and
            text in machine.serial())


def check_processors(boots):
    for processor, features in LACKING[boots.arch]:
        boots.says(f"Neptune kernel: this processor lacks {features}", ["-cpu", processor])
    if boots.arch == "amd64":
        # Some processors show it in 64-bit mode only, so it is looked for later.
        boots.says(CANNOT + "this processor lacks SYSCALL", ["-cpu", "qemu64,-syscall"])
    for processor in ENOUGH[boots.arch]:
        boots.check(f"boots: -cpu {processor} is enough", lambda machine: "ok 20 " in machine.serial(),
                    ["-cpu", processor])
    boots.check("boots: a machine without a PIT is refused", lambda machine: NO_PIT in machine.serial() and
                has_stopped(machine), ["-machine", "microvm,pit=off,acpi=on"])
    boots.says(CANNOT + "no ACPI tables (on UEFI, multiboot 2 is needed)", ["-machine", "acpi=off"])


def check_root_tasks(boots):
    for name, changes in root_tasks(boots.arch):
        boots.loads(name, boots.link(changes), memory=256)
    image = boots.link({})
    subprocess.run(["llvm-objcopy", "--strip-sections", image], check=True)
    boots.loads("without section headers", image)
    boots.loads("of type DYN", boots.changed({16: struct.pack("<H", 3)}))
    for memory in (64, 600, 3500, 5000):
        boots.loads(f"in {memory} MB of memory", boots.link({}), MEMORY_CHECKED, memory=memory)


def check_bad_root_tasks(boots):
    address = "<Q" if boots.arch == "amd64" else "<I"
    bad_extent = CANNOT + "ELF image has a bad extent"
    boots.says(CANNOT + "boot module is not an ELF image for this kernel", initrd=os.path.join(TESTS, "README.md"))
    boots.says(CANNOT + "boot module is not an ELF image for this kernel",
               initrd=boots.changed({4: b"\1" if boots.arch == "amd64" else b"\2"}))
    boots.says(bad_extent, initrd=boots.changed({24: struct.pack(address, 0x1000)}))   # the entry point
    boots.says(bad_extent, initrd=boots.link({"base": "0x400010"}))
    boots.says(CANNOT + "no room for the root task behind the kernel", initrd=boots.link({"bss": "0x8000000"}))


def check_stops(boots):
    """Debug system calls that stop the machine: ktest.elf makes one if it is linked with stop_mode."""
    for mode, text in ((1, "Debug halt syscall from user thread"), (2, "kernel panic: DebugNameThread"),
                       (3, "kernel panic: DebugNameThread: name without end")):
        boots.check(f"boots: {text}", lambda machine, text=text: text in machine.serial() and has_stopped(machine),
                    initrd=boots.link({}, f"--defsym=stop_mode={mode}"))


def has_stopped(machine):
    """Halted for good: with interrupts off."""
    registers = machine.qemu.monitor("info registers")
    return "HLT=1" in registers and not int(re.search(r"E?R?FL=([0-9a-f]+)", registers)[1], 16) & 0x200


def main():
    boots = Boots(sys.argv[1])
    if os.path.normpath(boots.build).endswith("-debug"):
        check_stops(boots)
    else:
        check_processors(boots)
        check_root_tasks(boots)
        check_bad_root_tasks(boots)
    print(f"1..{boots.count}")
    return boots.failures != 0


if __name__ == "__main__":
    sys.exit(main())
