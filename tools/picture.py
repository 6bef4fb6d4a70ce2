#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""Takes the picture in the README: a driver is killed, and the system goes on."""

import argparse
import os
import sys

TOP = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..")
sys.path.insert(0, os.path.join(TOP, "tests", "system"))
from machine import Machine     # pylint: disable=wrong-import-position


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("build", nargs="?", default=os.path.join(TOP, "build", "i686-release"), help="build folder")
    parser.add_argument("output", nargs="?", default=os.path.join(TOP, "docs", "prompt.png"), help="the picture, a PNG file")
    options = parser.parse_args()
    with Machine(options.build) as machine:
        machine.wait_for_prompt(60)
        machine.command("ver")
        beep = next(row for row in machine.command("ps") if "beep.sys" in row).split()[0]
        for line in ("beep", f"kill {beep}", "ps", "beep"):
            machine.command(line)
        machine.type("echo still here")
        machine.wait(lambda: machine.last_row().endswith("echo still here"), "echo of the last line")
        machine.picture(options.output)


if __name__ == "__main__":
    main()
