#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""Measures the images of a build folder against the project's bounds; see bench.sh."""

import argparse
import gzip
import os
import re
import statistics
import subprocess
import sys
import time

import kernel_bench

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", "tests", "system"))
from machine import TEST_SYSTEM, Machine     # pylint: disable=wrong-import-position

# One guest instruction is one virtual nanosecond, and one tick of rdtsc.
COUNT_INSTRUCTIONS = ["-icount", "shift=0,sleep=off"]
RESULT = re.compile(r"^([A-Za-z][\w-]*) (\d+)$", re.MULTILINE)

# name: (unit, bound or None, to compare with); what others take is on x86_64 where nothing else is said
KNOWN = {
    "null-service": ("instructions", 700, "NeptuneOS v0.3: 2650; Linux 6.1 getpid: 321"),
    "null-service-ratio": ("round-trips", 1.65, "NeptuneOS v0.3: 6.3"),
    "images-gzip": ("bytes", 700000, ""),
    "idle-processor": ("%", 3, "NeptuneOS v0.3: 100"),
}
KNOWN_OF = {
    "amd64": {
        "raw-round-trip": ("instructions", None, "genuine seL4: 423"),
        "boot-to-prompt": ("s", 1.0, "NeptuneOS v0.3: 0.99"),
        "memory-to-prompt": ("MB", 16, "NeptuneOS v0.3: 65"),
    },
    "i686": {
        "boot-to-prompt": ("s", 0.85, ""),
        "memory-to-prompt": ("MB", 12, "NeptuneOS v0.3: 29"),
    },
}


class Report:
    def __init__(self, build):
        self.exceeded = []
        self.known = KNOWN | KNOWN_OF[kernel_bench.architecture(build)] | kernel_bench.known(build)

    def add(self, name, value, beside=None):
        """beside: what another kernel takes, if that was asked for."""
        fact = self.known.get(name, ("instructions", None, ""))
        text = f"{value:g}" if isinstance(value, float) else str(value)
        if fact[1] is not None and not value <= fact[1]:
            self.exceeded.append(name)
        print(kernel_bench.format_line(name, text, beside, fact), flush=True)


def native_benchmarks(build):
    """Runs nbench.exe on the system; returns its results."""
    with Machine(build, initrd=TEST_SYSTEM, options=COUNT_INSTRUCTIONS) as machine:
        machine.wait_for_prompt(120)
        return results("\n".join(machine.command("nbench", 300)))


def results(text):
    found = {name: int(value) for name, value in RESULT.findall(text.replace("\r", ""))}
    if not found:
        raise RuntimeError("no results in:\n" + text)
    return found


def images_gzip(build):
    def packed(name):
        with open(os.path.join(build, "images", name), "rb") as file:
            return len(gzip.compress(file.read(), 9))
    return packed("kernel.elf") + packed("ntos.elf")


def boot_to_prompt(build):
    """Median of five, from QEMU's start."""
    def boot():
        with Machine(build) as machine:
            return machine.wait_for_prompt(60)
    return round(statistics.median(boot() for _ in range(5)), 3)


def memory_to_prompt(build):
    """The least of some memory sizes with which the prompt comes and ps runs."""
    least = float("inf")
    for memory in (16, 14, 12, 10, 8, 7, 6, 5, 4):
        try:
            with Machine(build, memory=memory) as machine:
                machine.wait_for_prompt(10)
                assert any("ntcmd.exe" in row for row in machine.command("ps"))
        except AssertionError:
            break
        least = memory
    return least


def idle_processor(build, seconds=10):
    """Percent of a host core that QEMU takes while the prompt waits for a key."""
    with Machine(build) as machine:
        machine.wait_for_prompt(60)
        time.sleep(1)
        before = machine.qemu.cpu_seconds()
        time.sleep(seconds)
        return round((machine.qemu.cpu_seconds() - before) / seconds * 100, 2)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("build", help="build folder")
    parser.add_argument("--exact", action="store_true", help="only what is the same on every machine")
    parser.add_argument("--kernel", help="another kernel image, to print its figures beside ours")
    options = parser.parse_args()
    report = Report(options.build)

    report.add("images-gzip", images_gzip(options.build))
    kernel_bench.report(options.build, options.kernel, report.add)
    native = native_benchmarks(options.build)
    for name, value in native.items():
        report.add(name, value)
    report.add("null-service-ratio", round(native["null-service"] / native["raw-round-trip"], 3))
    if not options.exact:
        report.add("boot-to-prompt", boot_to_prompt(options.build))
        report.add("memory-to-prompt", memory_to_prompt(options.build))
        report.add("idle-processor", idle_processor(options.build))
    if report.exceeded:
        sys.exit("bound exceeded: " + ", ".join(report.exceeded))


if __name__ == "__main__":
    main()
