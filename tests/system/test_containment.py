# SPDX-License-Identifier: BSD-2-Clause
"""Programs and drivers that die or misbehave; the rest of the system goes on."""

import re

import pytest


def process(machine, name):
    """The row of ps for an image, or None."""
    for row in machine.command("ps"):
        if name.lower() in row.lower().split():
            return row
    return None


def kill(machine, name):
    """Kills a process by the number that ps shows; returns what kill says."""
    return machine.command(f"kill {process(machine, name).split()[0]}")


def test_kill_a_driver(machine, debug):
    assert "running" in process(machine, "beep.sys")
    assert kill(machine, "beep.sys") == []
    row = process(machine, "beep.sys")
    assert row is None or "ended" in row
    assert machine.command("beep")[0].startswith("beep: ")
    assert "running" in process(machine, "null.sys")
    if debug:
        machine.wait_for_log(r"(?i)beep.*(ended|died|terminated)")


@pytest.mark.parametrize("driver", ["kbdclass.sys", "i8042prt.sys"])
def test_kill_the_keyboard_driver(machine, driver, debug):
    """The shell waits for a key that can never come. It learns of the failure and shows the processes: the
    Executive and all others go on."""
    machine.type(f"kill {process(machine, driver).split()[0]}\n")
    machine.wait_for("The keyboard is gone")
    machine.wait_for(rf"{re.escape(driver)} +ended")
    machine.wait_for(r"ntcmd\.exe +running")
    if debug:
        machine.wait_for_log(rf"(?i){driver.removesuffix('.sys')}.*(ended|died|terminated)")


def test_killed_shell_is_started_again(machine):
    first = process(machine, "ntcmd.exe").split()[0]
    machine.type(f"kill {first}\n")
    machine.wait_for("prompt has ended")
    machine.wait_for_prompt()
    assert process(machine, "ntcmd.exe").split()[0] != first


def test_kill_smss_leaves_the_shell(machine):
    kill(machine, "smss.exe")
    assert machine.command("echo on") == ["on"]


@pytest.mark.test_programs
@pytest.mark.parametrize("program, status", [
    ("nullread.exe", "c0000005"),       # reads address 0
    ("nullcall.exe", "c0000005"),       # calls address 0
    ("garbage.exe", "c000001d"),        # executes an illegal instruction
])
def test_program_that_faults(machine, program, status, debug):
    """Ends with the NTSTATUS as exit code and a report for the developer; the shell lives."""
    assert status in machine.command("tests\\" + program)[0]
    assert process(machine, program) is None
    if debug:
        machine.wait_for_log(rf"\*\*\* {program} .* unhandled exception {status}")
        if program != "nullcall.exe":
            machine.wait_for_log(rf"^ +#0 {program}\+0x[0-9a-f]+")


@pytest.mark.test_programs
def test_many_faulting_programs_leave_nothing_behind(machine, long):
    """Memory in use after many crashes is what it was after a few."""
    def free():
        return int(re.search(r"(\d+) K free", "\n".join(machine.command("mem")))[1])

    for _ in range(3):
        machine.command("nullread")
    before = free()
    for _ in range(200 if long else 20):
        machine.command("nullread")
    assert before - free() <= 16


@pytest.mark.test_programs
def test_control_c_ends_a_program(machine):
    machine.type("umtests sleep\n")
    machine.wait(lambda: machine.last_row().endswith("umtests sleep"), "echo of the command")
    machine.press("ctrl", "c")
    machine.wait_for("interrupted")
    machine.wait_for_prompt()
    assert machine.command("echo on") == ["on"]


@pytest.mark.test_programs
def test_start_does_not_wait(machine):
    number = re.fullmatch(r"process (\d+)", machine.command("start umtests sleep")[0])[1]
    assert process(machine, "umtests.exe").split()[0] == number
    assert machine.command(f"kill {number}") == []
    assert process(machine, "umtests.exe") is None
