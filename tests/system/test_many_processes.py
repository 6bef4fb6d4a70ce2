# SPDX-License-Identifier: BSD-2-Clause
"""Many processes, one after the other and at once (tests/native/many.c)."""

import re

import pytest

from machine import TEST_SYSTEM

SUMMARY = re.compile(r"^many: (\d+) processes, (\d+) failures$", re.MULTILINE)


def run(machine, command):
    machine.wait_for_prompt()
    machine.type(f"tests\\many {command}\n")
    summary = machine.wait(lambda: SUMMARY.search(machine.text()), "many's summary", timeout=900)
    assert summary[2] == "0", machine.text()
    assert machine.command("echo alive") == ["alive"]


def test_one_after_the_other(boot, long):
    run(boot(initrd=TEST_SYSTEM), f"after {10000 if long else 500}")


@pytest.mark.our_kernel("what a kernel leaves of 512 MB is its own affair")
def test_alive_at_once(boot, long):
    run(boot(memory=512, initrd=TEST_SYSTEM), f"alive {1000 if long else 200}")
