#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""Boots our kernel on machines that lack something, and checks what it says: on the text screen, white on red,
and on the serial port. Prints TAP.  tests/kernel/boots.py build/i686-debug"""

import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", "system"))
from machine import Machine     # pylint: disable=wrong-import-position

WHITE_ON_RED = 0x4F
CANNOT = "Neptune kernel: boot failed: "

# By architecture: processors of QEMU, and what they lack.
LACKING = {
    "amd64": [("qemu32", "LM"), ("pentium3", "LM"), ("qemu64,-pat", "PAT"), ("qemu64,-apic", "APIC"),
              ("qemu64,-fxsr", "FXSR"), ("qemu64,-sse", "SSE"), ("qemu64,-pge", "PGE"), ("qemu64,-pae", "PAE"),
              ("qemu64,-pse", "PSE"), ("qemu64,-tsc", "TSC"), ("qemu64,-msr", "MSR")],
    "i686": [("486", "TSC MSR APIC SEP PGE CMOV PAT FXSR"), ("pentium", "SEP PGE CMOV PAT FXSR"),
             ("qemu32,-pse", "PSE"), ("qemu32,-sep", "SEP"), ("qemu32,-pge", "PGE"), ("qemu32,-pat", "PAT"),
             ("qemu32,-fxsr", "FXSR"), ("qemu32,-apic", "APIC"), ("qemu32,-cmov", "CMOV"), ("qemu32,-tsc", "TSC")],
}
ENOUGH = {"amd64": ["qemu64", "core2duo", "phenom", "qemu64,-nx", "max"],
          "i686": ["pentium2", "pentium3", "athlon", "n270", "qemu64", "max"]}


class Boots:
    def __init__(self, build):
        self.build = build
        self.arch = os.path.basename(os.path.normpath(build)).split("-")[0]
        self.count = self.failures = 0

    def check(self, name, condition, machine_options):
        """Boots with the options and waits until condition(machine) is true."""
        self.count += 1
        with Machine(self.build, initrd="ktest.elf", options=machine_options) as machine:
            try:
                machine.wait(lambda: condition(machine), name, 60)
                print(f"ok {self.count} - {name}", flush=True)
            except AssertionError:
                self.failures += 1
                print(f"not ok {self.count} - {name}")
                print("\n".join("# " + line for line in machine.describe().splitlines()), flush=True)

    def says(self, text, machine_options):
        self.check(f"boots: {' '.join(machine_options)}: {text}",
                   lambda machine: is_last_word(machine, text), machine_options)


def is_last_word(machine, text):
    """Whether the text is the screen's first row, white on red."""
    row = machine.cells()[0]
    return (machine.rows()[0] == text and {attribute for _, attribute in row} == {WHITE_ON_RED} and
            text in machine.serial())


def main():
    boots = Boots(sys.argv[1])
    for processor, features in LACKING[boots.arch]:
        boots.says(f"Neptune kernel: this processor lacks {features}", ["-cpu", processor])
    if boots.arch == "amd64":
        # Some processors show it in 64-bit mode only, so it is looked for later.
        boots.says(CANNOT + "this processor lacks SYSCALL", ["-cpu", "qemu64,-syscall"])
    for processor in ENOUGH[boots.arch]:
        boots.check(f"boots: -cpu {processor} is enough", lambda machine: "ok 20 " in machine.serial(),
                    ["-cpu", processor])
    boots.says(CANNOT + "no ACPI tables (on UEFI, multiboot 2 is needed)", ["-machine", "acpi=off"])
    print(f"1..{boots.count}")
    return boots.failures != 0


if __name__ == "__main__":
    sys.exit(main())
