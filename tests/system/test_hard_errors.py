# SPDX-License-Identifier: BSD-2-Clause
"""Hard errors as the user sees them: smss shows what programs, and the loader in them, have to say."""

import re

import pytest

from machine import TEST_SYSTEM, Stopped


@pytest.mark.test_programs
def test_a_program_that_cannot_start_says_all_that_is_missing(boot):
    machine = boot(initrd=TEST_SYSTEM)
    machine.wait_for_prompt()
    lines = "\n".join(machine.command("tests\\pe\\missing"))
    for name in ("NoSuchRoutine", "NoOtherRoutine"):
        assert re.search(rf"^missing\.exe \(process \d+\): ntdll\.dll has no function {name} \(c0000139\)$", lines,
                         re.MULTILINE)
    assert "NtYieldExecution" not in lines
    assert re.search(r"^It ended: .*\(c0000139\)$", lines, re.MULTILINE)
    lines = "\n".join(machine.command("tests\\sxs\\without"))
    assert re.search(r"^without\.exe \(process \d+\): the DLL sxslib\.dll is missing \(c0000135\)$", lines, re.MULTILINE)
    lines = "\n".join(machine.command("tests\\sxs\\alone"))
    assert re.search(r"^alone\.exe \(process \d+\): it cannot start: status c015000[0-9a-f] \(c0000145\)$", lines, re.MULTILINE)


@pytest.mark.test_programs
def test_a_driver_that_cannot_be_loaded_says_all_that_is_missing(boot):
    machine = boot(initrd=TEST_SYSTEM)
    machine.wait_for_prompt()
    lines = "".join(machine.command("load pemany"))
    for number in range(12):
        assert f"pemany.sys needs ntoskrnl.exe!NoRoutine{number} (c0000263)" in lines
    assert "load: a function that it needs is missing (c0000263)" in lines
    lines = "".join(machine.command("load penames"))
    assert "NoSuchRoutine" in lines and "NoOtherRoutine" in lines and "DbgPrint" not in lines
    lines = "".join(machine.command("load peordinal"))
    assert "peordinal.sys needs number 60000 of ntoskrnl.exe (c0000262)" in lines
    lines = "".join(machine.command("load penodll"))
    assert "the DLL nosuch.sys is missing (c0000135)" in lines


@pytest.mark.test_programs
def test_an_error_that_shuts_the_system_down_stops_it(boot):
    machine = boot(initrd=TEST_SYSTEM)
    machine.wait_for_prompt()
    machine.type("umtests stopscreen\n")
    with pytest.raises(Stopped):
        machine.wait(lambda: False, "end of the system", timeout=60)
    assert 'error c000021a "a test of hard errors" 5' in machine.text()
    assert "*** STOP: 0000004c FATAL_UNHANDLED_HARD_ERROR: c000021a" in machine.text()
