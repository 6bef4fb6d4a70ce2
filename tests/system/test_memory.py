# SPDX-License-Identifier: BSD-2-Clause
"""Much memory: more than the 32-bit kernel itself can reach, all of it used and looked at."""

import re

import pytest

from machine import TEST_SYSTEM

KERNEL_REACH = 508      # MB: what lies above is device memory to the kernel of i686
SUMMARY = re.compile(r"^memtest: (\d+) MB, (\d+) failures$", re.MULTILINE)
HOG = re.compile(r"^hog: (\d+) resources, (\d+) failures$", re.MULTILINE)
COMMITTED = re.compile(r"(\d+) K committed, of at most (\d+) K")
VIEWHOG = re.compile(r"^viewhog: (\d+) of (\d+) bystanders were refused$", re.MULTILINE)
PROMISE = re.compile(r"^promise: (\d+) KB, (\d+) events, (\d+) failures$", re.MULTILINE)


def test_every_page_of_a_large_machine(boot):
    machine = boot(memory=768, initrd=TEST_SYSTEM)
    machine.wait_for_prompt()
    machine.type("tests\\memtest\n")
    summary = machine.wait(lambda: SUMMARY.search(machine.text()), "memtest's summary", timeout=300)
    assert summary[2] == "0"
    assert int(summary[1]) > KERNEL_REACH
    assert machine.command("echo alive") == ["alive"]


@pytest.mark.our_kernel("what a kernel leaves of 16 and 24 MB is its own affair")
@pytest.mark.parametrize("memory", [16, 24, 64])
def test_a_hog_harms_nobody_else(boot, memory, debug, long):
    """Each resource is taken by one process; processes started before and after still work (tests/native/hog.c)."""
    if memory > 16 and debug and not long:
        pytest.skip("takes minutes; release builds do it")
    machine = boot(memory=memory, initrd=TEST_SYSTEM)
    machine.wait_for_prompt()
    machine.type("tests\\hog\n")
    summary = machine.wait(lambda: HOG.search(machine.text()), "hog's summary", timeout=600)
    assert int(summary[1]) > 10
    assert summary[2] == "0"


@pytest.mark.our_kernel("what a kernel leaves of 16 MB is its own affair")
@pytest.mark.parametrize("memory", [16, 64])
def test_the_prompt_comes_back_beside_a_hog(boot, memory):
    """While one program holds all that programs can have, the prompt works, and a new one is started when it ends."""
    machine = boot(memory=memory, initrd=TEST_SYSTEM)
    machine.wait_for_prompt()
    machine.type("start tests\\hog hold\n")
    machine.wait_for("hog holds all", timeout=300)
    machine.type("\n")
    machine.wait_for_prompt()
    processes = {row.split()[4]: row.split()[0] for row in machine.command("ps") if row.rstrip().endswith("running")}
    machine.type(f"kill {processes['ntcmd.exe']}\n")
    machine.wait_for("the command prompt has ended")
    machine.wait_for_prompt()
    machine.command(f"kill {processes['hog.exe']}")
    machine.type("tests\\promise\n")
    summary = machine.wait(lambda: PROMISE.search(machine.text()), "promise's summary", timeout=120)
    assert summary[3] == "0"


def test_views_leave_others_their_objects(boot):
    """The capability slots of large views are no pool, and must not take the room of what is promised of that."""
    machine = boot(memory=64, initrd=TEST_SYSTEM)
    machine.wait_for_prompt()
    machine.type("tests\\viewhog\n")
    summary = machine.wait(lambda: VIEWHOG.search(machine.text()), "viewhog's summary", timeout=300)
    assert summary[1] == "0"


@pytest.mark.our_kernel("what a kernel leaves of 24 MB is its own affair")
def test_what_is_promised_is_there(boot):
    machine = boot(memory=24, initrd=TEST_SYSTEM)
    machine.wait_for_prompt()
    committed, limit = map(int, COMMITTED.search("\n".join(machine.command("mem"))).groups())
    machine.type("tests\\promise\n")
    summary = machine.wait(lambda: PROMISE.search(machine.text()), "promise's summary", timeout=120)
    assert int(summary[1]) > (limit - committed) * 3 / 4    # the rest is tables, and what is kept for the system
    assert int(summary[2]) > 100
    assert summary[3] == "0"
    assert any("ntcmd.exe" in row for row in machine.command("ps"))
