# SPDX-License-Identifier: BSD-2-Clause
"""From power-on to the prompt, and back off."""

import os

import pytest

from machine import PROMPT

SLOW_HOST_SECONDS = 30      # no measure, only what separates slow from hung; bench.sh measures


def test_prompt(boot):
    machine = boot()
    machine.wait_for_prompt(SLOW_HOST_SECONDS)
    assert machine.cursor()[1] == len(PROMPT)


def test_twenty_boots_in_a_row(boot, long):
    for number in range(100 if long else 20):
        machine = boot()
        machine.wait_for_prompt(SLOW_HOST_SECONDS)
        assert machine.command(f"echo boot {number}") == [f"boot {number}"]
        machine.close()


@pytest.mark.our_kernel("what a kernel needs for itself is its own affair")
def test_small_memory(boot, build):
    machine = boot(memory=12 if os.path.basename(build).startswith("i686-") else 16)
    machine.wait_for_prompt(SLOW_HOST_SECONDS)
    assert machine.command("echo small") == ["small"]
    assert any("ntcmd.exe" in row for row in machine.command("ps"))


def test_large_memory(boot):
    machine = boot(memory=1024)
    machine.wait_for_prompt(SLOW_HOST_SECONDS)
    assert machine.command("echo large") == ["large"]


def test_reaches_prompt_only_by_its_own_words(machine):
    """A quiet boot: nothing on the screen after the prompt, no failure in the serial log."""
    log = machine.serial().lower()
    assert "assert" not in log and "unhandled" not in log


def test_shutdown(boot):
    machine = boot()
    machine.wait_for_prompt(SLOW_HOST_SECONDS)
    machine.type("shutdown\n")
    assert machine.qemu.wait_for_end(SLOW_HOST_SECONDS) == 0


def test_reboot(boot):
    machine = boot()
    machine.wait_for_prompt(SLOW_HOST_SECONDS)
    machine.command("echo before the reboot")
    machine.type("reboot\n")
    machine.wait(lambda: "before the reboot" not in machine.text(), "reboot")
    machine.wait_for_prompt(SLOW_HOST_SECONDS)
    assert machine.command("echo after") == ["after"]
