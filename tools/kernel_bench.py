#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""Measures the kernel alone: instructions of its operations by kbench.elf as root task, instructions from power-on
(firmware included) to the root task, bytes of text. With --kernel, the same of another kernel image is printed beside.
    tools/kernel_bench.py build/i686-release [--kernel FILE]"""

import argparse
import contextlib
import os
import re
import subprocess
import sys
import tempfile
import threading

# One guest instruction is one virtual nanosecond, and one tick of rdtsc.
COUNT_INSTRUCTIONS = ["-icount", "shift=0,sleep=off"]
OTHERS_PROCESSOR = ["-cpu", "max"]     # all that another kernel may have been built for
RESULT = re.compile(r"^([a-z]\w*) (\d+)$", re.MULTILINE)

# Of i686: 1.15 times that of amd64, and those that were set before.
BOUNDS_OF_BOTH = {"round_trip_other_space_0": 380, "round_trip_other_space_10": 1450, "send_to_higher": 740,
                  "page_map": 460, "page_unmap": 290, "cnode_mint": 690, "cnode_delete": 550, "retype_page": 700,
                  "fault_delivery": 560, "page_fault_delivery": 560, "page_fault_mapped": 1400}
BOUNDS = {
    "amd64": {**BOUNDS_OF_BOTH, "boot_to_root_task": 40_000_000, "kernel_text": 100_000},
    "i686": {**{name: bound * 115 // 100 for name, bound in BOUNDS_OF_BOTH.items()},
             "round_trip_other_space_0": 432, "send_to_higher": 734,
             "boot_to_root_task": 40_000_000, "kernel_text": 80_000},
}
# seL4 16.0.0, release, with its fast path: kbench.elf on it, and the size of its image.
GENUINE = {
    "amd64": {"round_trip_other_space_0": 491, "kernel_text": 111_514},
    "i686": {"kernel_text": 83_006},
}
SECONDS_TO_COME_UP = 30     # takes less than one on an idle machine
SECONDS_TO_MEASURE = 300
DONE = 1    # QEMU's status when kbench.elf ends well


def architecture(build):
    return os.path.basename(os.path.normpath(build)).split("-")[0]


def start_kbench(build, kernel, processor):
    emulator = "qemu-system-x86_64" if architecture(build) == "amd64" else "qemu-system-i386"
    return subprocess.Popen(
        [emulator, "-accel", "tcg", *COUNT_INSTRUCTIONS, *processor, "-m", "128M", "-nic", "none", "-display", "none",
         "-no-reboot", "-device", "isa-debug-exit,iobase=0xf4,iosize=4", "-serial", "stdio",
         "-kernel", kernel, "-initrd", os.path.join(build, "images", "kbench.elf")],
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace")


def output_of(qemu, seconds, last=None):
    """The lines that come until one matches `last`, the machine stops, or the time is over, which ends the machine."""
    timer = threading.Timer(seconds, qemu.kill)
    timer.start()
    lines = []
    for line in qemu.stdout:
        lines.append(line)
        if last and last.match(line):
            break
    timer.cancel()
    return "".join(lines)


def wait_until_up(qemu, kernel):
    """Ends the program unless the root task begins to print its figures; returns the output so far."""
    output = output_of(qemu, SECONDS_TO_COME_UP, RESULT)
    if not RESULT.search(output):
        qemu.kill()
        sys.exit(f"{kernel} does not come up: no root task within {SECONDS_TO_COME_UP} seconds. Is it a kernel of this "
                 "architecture? One that is built for the FSGSBASE instructions needs a processor with them (-cpu max). "
                 f"Its output:\n{output}")
    return output


def run_kbench(build, kernel, processor=()):
    """What kbench.elf measures on a kernel."""
    with start_kbench(build, kernel, processor) as qemu:
        output = wait_until_up(qemu, kernel) + output_of(qemu, SECONDS_TO_MEASURE)
        if qemu.wait() != DONE:
            sys.exit(f"{kernel} did not measure all. Its output:\n{output}")
    return {name: int(value) for name, value in RESULT.findall(output)}


@contextlib.contextmanager
def bootable(kernel):
    """QEMU wants a 32-bit container, also around 64-bit code."""
    with tempfile.TemporaryDirectory() as folder:
        container = os.path.join(folder, os.path.basename(kernel))
        subprocess.run(["llvm-objcopy", "-O", "elf32-i386", kernel, container], check=True)
        yield container


def check_comes_up(build, kernel):
    """On the processor that the tests give another kernel."""
    with bootable(kernel) as container, start_kbench(build, container, OTHERS_PROCESSOR) as qemu:
        wait_until_up(qemu, kernel)
        qemu.kill()


def text_size(image):
    """Bytes of code and read-only data."""
    table = subprocess.run(["llvm-size", image], capture_output=True, text=True, check=True).stdout
    return int(table.splitlines()[1].split()[0])


def figures(build):
    """What our kernel of this build takes, by name."""
    images = os.path.join(build, "images")
    return {**run_kbench(build, os.path.join(images, "kernel.elf")),
            "kernel_text": text_size(os.path.join(images, "kernel.sym.elf"))}


def figures_of_other(build, kernel):
    """What a kernel image of the same architecture takes, on a processor that has all that one may be built for."""
    with bootable(kernel) as container:
        return {**run_kbench(build, container, OTHERS_PROCESSOR), "kernel_text": text_size(kernel)}


def known(build):
    """name: (unit, bound or None, what others take), as bench.py prints them."""
    arch = architecture(build)
    names = BOUNDS[arch].keys() | GENUINE[arch].keys()
    return {name: ("bytes" if name == "kernel_text" else "instructions", BOUNDS[arch].get(name),
                   f"genuine seL4: {GENUINE[arch][name]}" if name in GENUINE[arch] else "") for name in names}


def report(build, kernel, add):
    """Calls add(name, value, value of the other kernel or None) for each figure."""
    other = figures_of_other(build, kernel) if kernel else {}
    for name, value in figures(build).items():
        add(name, value, other.get(name))


def format_line(name, value, beside, fact):
    unit, bound, others = fact
    line = f"{name} {value} {unit}" + (f" bound {bound}" if bound is not None else "")
    notes = ([f"other kernel: {beside}"] if beside is not None else []) + ([others] if others else [])
    return line + (f"  ({'; '.join(notes)})" if notes else "")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("build", help="build folder")
    parser.add_argument("--kernel", help="another kernel image to print beside")
    parser.add_argument("--comes-up", metavar="KERNEL", help="only check that this kernel image boots")
    options = parser.parse_args()
    if options.comes_up:
        check_comes_up(options.build, options.comes_up)
        return
    facts = known(options.build)
    exceeded = []

    def add(name, value, beside):
        fact = facts.get(name, ("instructions", None, ""))
        print(format_line(name, value, beside, fact), flush=True)
        if fact[1] is not None and value > fact[1]:
            exceeded.append(name)

    report(options.build, options.kernel, add)
    if exceeded:
        sys.exit("bound exceeded: " + ", ".join(exceeded))


if __name__ == "__main__":
    main()
