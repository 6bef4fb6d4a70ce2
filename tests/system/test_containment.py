# SPDX-License-Identifier: BSD-2-Clause
"""Programs and drivers that die or misbehave; the rest of the system goes on."""

import re

import pytest

from machine import PROMPT, Stopped, TEST_SYSTEM, started_drivers, state_of


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
    """It is started again, in another process; others notice nothing."""
    first = state_of(machine, "beep")
    assert machine.command(f"kill {first[0]}") == []
    machine.wait(lambda: state_of(machine, "beep")[1:] == (1, "running, last end 00000001"), "the driver's restart")
    assert state_of(machine, "beep")[0] != first[0]
    assert machine.command("beep") == []
    assert state_of(machine, "null")[1:] == (0, "running")
    if debug:
        machine.wait_for_log(r"(?i)beep.*(ended|died|terminated)")


def test_kill_the_keyboard_drivers(machine, debug):
    """The shell waits for a key that cannot come. It learns of the failure and goes on when they have been started again."""
    host = state_of(machine, "i8042prt")[0]
    machine.type(f"kill {host}\n")
    machine.wait_for("The keyboard is gone")
    machine.wait_for("The keyboard is back")
    machine.wait_for_prompt()
    for driver in ("kbdclass", "i8042prt"):
        assert state_of(machine, driver)[2].startswith("running")
    assert state_of(machine, "kbdclass")[0] == state_of(machine, "i8042prt")[0] != host
    if debug:
        machine.wait_for_log(r"(?i)i8042prt.*(ended|died|terminated)")


def test_killed_shell_is_started_again(machine):
    first = process(machine, "ntcmd.exe").split()[0]
    machine.type(f"kill {first}\n")
    machine.wait_for("prompt has ended")
    machine.wait_for_prompt()
    assert process(machine, "ntcmd.exe").split()[0] != first


def test_the_end_of_smss_is_the_end_of_the_system(machine):
    """It is critical: nobody would see to the console any more."""
    machine.type(f"kill {process(machine, 'smss.exe').split()[0]}\n")
    with pytest.raises(Stopped, match="CRITICAL_PROCESS_DIED"):
        machine.wait(lambda: False, "the stop screen")


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
    """After some crashes, memory in use does not grow with further ones, whatever is kept for reuse: of several rounds,
    one at least takes nothing."""
    def taken_by_a_round():
        before = free()
        for _ in range(40 if long else 5):
            machine.command("nullread")
        return before - free()

    def free():
        return int(re.search(r"(\d+) K free", "\n".join(machine.command("mem")))[1])

    rounds = [taken_by_a_round() for _ in range(5)]
    assert min(rounds[1:]) <= 0, rounds


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


@pytest.mark.test_programs
def test_the_prompt_comes_again_behind_what_a_started_program_has_printed(machine):
    machine.type("start args one\n")
    machine.wait(lambda: machine.text().endswith("[args one]\n" + PROMPT), "prompt behind the text")
    assert machine.command("echo on") == ["on"]
    number = re.fullmatch(r"process (\d+)", machine.command("start umtests sleep")[0])[1]
    machine.command(f"kill {number}")
    assert machine.command("echo on") == ["on"]
    assert PROMPT * 2 not in machine.text()


# Ways in which looptest.sys keeps the processor, by their numbers in include/neptune/ioctl.h.
SHARING = {"dispatch routine": 0, "signals of a dispatch routine": 1, "work item": 2}
RAISED = {"at DISPATCH_LEVEL": 3, "DPC": 4, "interrupt": 5, "signals at DISPATCH_LEVEL": 6}


@pytest.fixture
def loop(boot):
    """loop(number) has a driver keep the processor; returns the machine."""
    def start(number):
        machine = boot(initrd=TEST_SYSTEM, options=["-serial", "null"])     # its interrupt is the second port's
        machine.wait_for_prompt()
        machine.type(f"start drvloop {number}\n")
        machine.wait_for("drvloop: asking")
        return machine
    return start


@pytest.mark.test_programs
@pytest.mark.parametrize("way", SHARING)
def test_driver_that_loops_shares_the_processor(loop, way):
    """What a driver does at PASSIVE_LEVEL is as urgent as programs are. It goes on until it is killed."""
    machine = loop(SHARING[way])
    machine.type("\n")
    machine.wait_for_prompt()
    for word in ("one", "two", "three"):
        assert machine.command("echo " + word)[-1] == word
    assert "running" in process(machine, "looptest.sys")
    kill(machine, "looptest.sys")
    machine.wait_for("drvloop: c00000c0")
    assert machine.command("echo on")[-1] == "on"


@pytest.mark.test_programs
@pytest.mark.parametrize("way", RAISED)
def test_driver_that_keeps_the_processor_is_ended(loop, way, build, debug):
    """What it does at DISPATCH_LEVEL and above comes before programs, so the watchdog ends it, and only it."""
    machine = loop(RAISED[way])
    machine.wait_for("looptest.sys kept the processor")
    machine.wait_for("drvloop: c00000c0")
    machine.type("\n")
    machine.wait_for_prompt()
    assert machine.command("echo on")[-1] == "on"
    for driver in started_drivers(build):
        assert state_of(machine, driver)[2] == "running"
    assert any(re.search(r" at (looptest\.sys|ntoskrnl\.exe|ntdll\.dll)\+0x[0-9a-f]+$", row) for row in machine.command("drivers"))
    if debug:
        machine.wait_for_log(r"\*\*\* looptest.sys .* DPC watchdog violation")
        machine.wait_for_log(r"^ +#\d looptest.sys\+0x[0-9a-f]+")
