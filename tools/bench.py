#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""Measures the images of a build folder against the project's bounds; see bench.sh."""

import argparse
import gzip
import os
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

import kernel_bench

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", "tests", "system"))
from machine import TEST_SYSTEM, Machine     # pylint: disable=wrong-import-position

# One guest instruction is one virtual nanosecond, and one tick of rdtsc.
COUNT_INSTRUCTIONS = ["-icount", "shift=0,sleep=off"]
WATCHDOG = "kept the processor"     # in what the Executive says of a driver that it ends (ntos/io/watchdog.c)
# Each fits the screen with what it prints. longest-files comes last of its kind: null.sys closes its 10,000 files for a while
# after it, in time slices that the others would take for waits.
BENCHMARKS = ("nbench", "nbench costs", "heapload", "nbench growth", "nbench objects", "nbench longest", "nbench longest-touch",
              "nbench longest-names", "nbench longest-threads", "nbench longest-registry", "nbench registry", "nbench longest-files",
              "iobench")
THREADS, THREADS_MEMORY = "nbench threads", 512     # 10,000 of them, and the MB that the machine has for this
RESULT = re.compile(r"^([A-Za-z][\w-]*) (\d+)$", re.MULTILINE)

# name: (unit, bound or None, to compare with); what others take is on x86_64 where nothing else is said
KNOWN = {
    "null-service-ratio": ("round-trips", 1.65, "NeptuneOS v0.3: 6.3"),
    "images-gzip": ("bytes", 700000, ""),
    "heap-committed": ("%", 175, "of what is allocated"),
    "idle-processor": ("%", 3, "NeptuneOS v0.3: 100"),
}
KNOWN_OF = {
    "amd64": {
        "allocate-touch-free": ("instructions", 5500, "Linux 6.1: 17600; Wine 8: 39244"),
        "section-map-unmap-close": ("instructions", 6100, "Linux 6.1: 24819; Wine 8: 168837"),
        "protect-and-back": ("instructions", 4500, "Wine 8: 15256"),
        "read-another-process-64k": ("instructions", 12000, ""),
        "create-close-event": ("instructions", 1900, "Linux 6.1: 4172; Wine 8: 34521"),
        "duplicate-close-event": ("instructions", 1650, ""),
        "thread-start-to-end": ("instructions", 28000, "Linux 6.1: 35050; Wine 8: 1565260"),
        "process-start-to-end": ("instructions", 160000, "Linux 6.1: 226072; Wine 8: 24372262"),
        "heap-ratio": ("times", 1.5, "glibc's malloc"),
        "null-service": ("instructions", 444, "NeptuneOS v0.3: 2650; Linux 6.1 getpid: 321"),
        "signalled-wait": ("instructions", 690, ""),
        "NtSetEvent": ("instructions", 620, "Linux 6.1, eventfd: 702; Wine 8: 16610"),
        "event-ping-pong": ("instructions", 4400, "Linux 6.1, eventfd: 8770"),
        "event-ping-pong-processes": ("instructions", 4400, "Wine 8: 65593"),
        "raise-and-handle": ("instructions", 9000, "an exception raised and handled"),
        "apc-to-waiting-thread": ("instructions", 3500, "from its queueing to its first instruction"),
        "lpc-round-trip": ("instructions", 4200, "Linux 6.1, pipes: 10530"),
        "pipe-round-trip": ("instructions", 8000, "Linux 6.1: 10530"),
        "alpc-round-trip": ("instructions", 4700, ""),
        "driver-raise-lower": ("instructions", 600, "KeRaiseIrql and KeLowerIrql, inline"),
        "driver-port-read": ("instructions", 1500, "READ_PORT_UCHAR, inline"),
        "driver-rep-insw-512": ("instructions", 200000, ""),
        "page-fault-fresh": ("instructions", 4000, ""),
        "page-fault-fresh-down": ("instructions", 4000, ""),
        "page-fault-reused": ("instructions", 2600, "Linux 6.1: 3160"),
        "page-fault-reused-down": ("instructions", 2600, "Linux 6.1: 3160"),
        "boot-to-prompt": ("s", 1.0, "NeptuneOS v0.3: 0.99"),
        "memory-to-prompt": ("MB", 16, "NeptuneOS v0.3: 65"),
    },
    "i686": {
        "allocate-touch-free": ("instructions", 7425, ""),
        "section-map-unmap-close": ("instructions", 8235, ""),
        "protect-and-back": ("instructions", 6075, ""),
        "read-another-process-64k": ("instructions", 22000, ""),
        "create-close-event": ("instructions", 2565, ""),
        "duplicate-close-event": ("instructions", 2228, ""),
        "heap-ratio": ("times", 2.02, "glibc's malloc on x86_64"),
        "null-service": ("instructions", 599, ""),
        "signalled-wait": ("instructions", 931, ""),
        "NtSetEvent": ("instructions", 837, ""),
        "event-ping-pong": ("instructions", 5940, ""),
        "event-ping-pong-processes": ("instructions", 5940, ""),
        "apc-to-waiting-thread": ("instructions", 4725, "from its queueing to its first instruction"),
        "lpc-round-trip": ("instructions", 5670, ""),
        "pipe-round-trip": ("instructions", 10800, ""),
        "alpc-round-trip": ("instructions", 6345, ""),
        "thread-start-to-end": ("instructions", 37800, ""),
        "process-start-to-end": ("instructions", 216000, ""),
        "page-fault-fresh": ("instructions", 4800, ""),
        "page-fault-fresh-down": ("instructions", 4800, ""),
        "page-fault-reused": ("instructions", 3300, ""),
        "page-fault-reused-down": ("instructions", 3300, ""),
        "boot-to-prompt": ("s", 0.85, ""),
        "memory-to-prompt": ("MB", 12, "NeptuneOS v0.3: 29"),
    },
}
INEXACT = {"boot-to-prompt", "memory-to-prompt", "idle-processor"}      # not measured with --exact
# What is measured beside few and many neighbours
GROWTHS = {name + "-growth" for name in (
    "armed-timers", "directory-query", "grow-vads", "grow-vads-thread", "grow-vads-top-down", "handles", "named-create",
    "open-files", "open-thread", "registry-create-delete", "registry-enumerate", "registry-open", "registry-set-delete-value",
    "run-thread", "timed-waits", "waiters", "write-beside-files")}
# Facts of names that begin, and end, like this.
KNOWN_KINDS = {
    ("", "-growth"): ("times", 2, "beside 10,000 neighbours against 10"),
    ("longest-", ""): ("instructions", 200000, "others wait"),
}


def fact_of_kind(name):
    for (start, end), fact in KNOWN_KINDS.items():
        if name.startswith(start) and name.endswith(end):
            return fact
    return ("instructions", None, "")


class Report:
    def __init__(self, build):
        self.exceeded, self.seen = [], set()
        self.known = KNOWN | KNOWN_OF[kernel_bench.architecture(build)] | kernel_bench.known(build)

    def add(self, name, value, beside=None):
        """beside: what another kernel takes, if that was asked for."""
        fact = self.known.get(name) or fact_of_kind(name)
        text = f"{value:g}" if isinstance(value, float) else str(value)
        self.seen.add(name)
        if fact[1] is not None and not value <= fact[1]:
            self.exceeded.append(name)
        print(kernel_bench.format_line(name, text, beside, fact), flush=True)

    def missing(self, exact):
        """What has a bound and has not been measured."""
        wanted = {name for name, fact in self.known.items() if fact[1] is not None} | GROWTHS
        return sorted(wanted - self.seen - (INEXACT if exact else set()))


def run_benchmarks(build, commands, **options):
    """The results of programs on a system that has just been started."""
    with Machine(build, initrd=TEST_SYSTEM, options=COUNT_INSTRUCTIONS, **options) as machine:
        machine.wait_for_prompt(120)
        found = {}
        for command in commands:
            found |= results("\n".join(machine.command(command, 300)))
            if WATCHDOG in machine.text() + machine.serial():
                raise RuntimeError("a driver was ended while " + command + " ran:\n" + machine.describe())
    return found


def native_benchmarks(build):
    """Runs nbench.exe and iobench.exe on the system; returns their results, and what grows with what others hold."""
    found = run_benchmarks(build, BENCHMARKS) | run_benchmarks(build, (THREADS,), memory=THREADS_MEMORY)
    if found.get("heap-sound") != 1:
        raise RuntimeError("the heap is damaged after its workload")
    if found.get("reads-held-at-once") != 32:
        raise RuntimeError(f"of 32 reads in flight {found.get('reads-held-at-once')} were held at once")
    return found | growth(found)


def growth(found):
    """name-growth for each name-10: how often that is in name-10000. Without that: infinite."""
    few = {name.removesuffix("-10"): value for name, value in found.items() if name.endswith("-10")}
    return {f"{name}-growth": round(found.get(f"{name}-10000", float("inf")) / value, 2) for name, value in few.items()}


def results(text):
    found = {name: int(value) for name, value in RESULT.findall(text.replace("\r", ""))}
    if not found or ": failed" in text:
        raise RuntimeError("not all results in:\n" + text)
    return found


HEAP_LOAD = os.path.join(os.path.dirname(__file__), "..", "bench", "heap", "heapload.c")
GLIBC_HEAP_LOAD = 16103552      # instructions of a round: Debian 12's glibc 2.36, x86_64


def glibc_heap_load():
    """What a round of the heap's workload takes with the host's malloc, counted by valgrind; else as it was counted once."""
    if not shutil.which("valgrind") or not shutil.which("cc"):
        return GLIBC_HEAP_LOAD
    with tempfile.TemporaryDirectory() as folder:
        program = os.path.join(folder, "heapload")
        subprocess.run(["cc", "-O2", "-pthread", HEAP_LOAD, "-o", program], check=True)

        def counted(rounds):
            said = subprocess.run(["valgrind", "--tool=callgrind", "--callgrind-out-file=/dev/null", program, str(rounds)],
                                  capture_output=True, text=True, check=True).stderr
            return int(re.search(r"Collected : (\d+)", said)[1])
        return (counted(4) - counted(1)) // 3


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
    for memory in (16, 14, 12, 10, 9, 8, 7, 6, 5, 4):
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
    report.add("heap-ratio", round(native["heap-workload"] / glibc_heap_load(), 3))
    report.add("null-service-ratio", round(native["null-service"] / native["raw-round-trip"], 3))
    if not options.exact:
        report.add("boot-to-prompt", boot_to_prompt(options.build))
        report.add("memory-to-prompt", memory_to_prompt(options.build))
        report.add("idle-processor", idle_processor(options.build))
    if report.missing(options.exact):
        sys.exit("not measured: " + ", ".join(report.missing(options.exact)))
    if report.exceeded:
        sys.exit("bound exceeded: " + ", ".join(report.exceeded))


if __name__ == "__main__":
    main()
