#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""Takes the picture in the README: a driver is killed, and the system goes on.
tools/picture.py [build/i686-release [docs/prompt.png]]"""

import os
import sys

TOP = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..")
sys.path.insert(0, os.path.join(TOP, "tests", "system"))
from machine import Machine     # pylint: disable=wrong-import-position


def main():
    build = sys.argv[1] if len(sys.argv) > 1 else os.path.join(TOP, "build", "i686-release")
    output = sys.argv[2] if len(sys.argv) > 2 else os.path.join(TOP, "docs", "prompt.png")
    with Machine(build) as machine:
        machine.wait_for_prompt(60)
        machine.command("ver")
        beep = next(row for row in machine.command("ps") if "beep.sys" in row).split()[0]
        for line in ("beep", f"kill {beep}", "ps", "beep"):
            machine.command(line)
        machine.type("echo still here")
        machine.wait(lambda: machine.last_row().endswith("echo still here"), "echo of the last line")
        machine.picture(output)


if __name__ == "__main__":
    main()
