#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""Boots a build, starts umtests.exe there and prints its result.

Failures and the closing count are read from the screen, which every build has. A debug build also
logs one TAP line per check, which is printed too.
"""

import argparse
import os
import re
import sys

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", "system"))
from machine import TEST_SYSTEM, Machine     # pylint: disable=wrong-import-position

SUMMARY = re.compile(r"^umtests: (\d+) passed, (\d+) failed$", re.MULTILINE)
CRASH = re.compile(r"^It ended: .*$", re.MULTILINE)
FAILURE = re.compile(r"^(not ok .*|# .*)$", re.MULTILINE)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("build", help="build folder, such as build/amd64-debug")
    parser.add_argument("group", nargs="?", metavar="GROUP", help="a group of umtests.c; without one all run")
    options = parser.parse_args()
    failures = {}       # as an ordered set

    # The third serial port is that of the driver traptest.
    with Machine(options.build, initrd=TEST_SYSTEM, options=["-serial", "null"] * 2) as machine:
        machine.wait_for_prompt()
        machine.type(f"umtests {options.group or ''}".rstrip() + "\n")

        def summary():
            screen = machine.text()
            failures.update(dict.fromkeys(FAILURE.findall(screen)))
            return SUMMARY.search(screen) or CRASH.search(screen)

        try:
            match = machine.wait(summary, "summary of umtests", timeout=600)
        except AssertionError as error:
            print(machine.describe())
            print(f"not ok - {error}")
            return 1
        if not SUMMARY.match(match[0]):
            print(machine.describe())
            print(f"not ok - umtests: {match[0]}")
            return 1
        for line in re.findall(r"^ok .*$", machine.serial(), re.MULTILINE):
            print(" ", line)
        for line in failures:
            print(" ", line)
        print(match[0])
        return int(match[1] == "0" or match[2] != "0")


if __name__ == "__main__":
    sys.exit(main())
