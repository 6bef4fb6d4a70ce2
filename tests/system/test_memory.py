# SPDX-License-Identifier: BSD-2-Clause
"""Much memory: more than the 32-bit kernel itself can reach, all of it used and looked at."""

import re

from machine import TEST_SYSTEM

KERNEL_REACH = 508      # MB: what lies above is device memory to the kernel of i686
SUMMARY = re.compile(r"^memtest: (\d+) MB, (\d+) failures$", re.MULTILINE)
PROMISE = re.compile(r"^promise: (\d+) KB, (\d+) events, (\d+) failures$", re.MULTILINE)


def test_every_page_of_a_large_machine(boot):
    machine = boot(memory=768, initrd=TEST_SYSTEM)
    machine.wait_for_prompt()
    machine.type("tests\\memtest\n")
    summary = machine.wait(lambda: SUMMARY.search(machine.text()), "memtest's summary", timeout=300)
    assert summary[2] == "0"
    assert int(summary[1]) > KERNEL_REACH
    assert machine.command("echo alive") == ["alive"]


def test_what_is_promised_is_there(boot):
    machine = boot(memory=24, initrd=TEST_SYSTEM)
    machine.wait_for_prompt()
    machine.type("tests\\promise\n")
    summary = machine.wait(lambda: PROMISE.search(machine.text()), "promise's summary", timeout=120)
    assert int(summary[1]) > 12 * 1024
    assert int(summary[2]) > 100
    assert summary[3] == "0"
    assert any("ntcmd.exe" in row for row in machine.command("ps"))
