# SPDX-License-Identifier: BSD-2-Clause
"""Programs and drivers that die or misbehave; the rest of the system goes on."""

import re

import pytest


def pid_of(machine, name):
    """The process id that ps shows for an image, or None."""
    for row in machine.command("ps"):
        if name.lower() in row.lower().split():
            return int(re.search(r"\d+", row).group())
    return None


def test_kill_a_driver(machine, debug):
    pid = pid_of(machine, "beep.sys")
    machine.command(f"kill {pid}")
    assert pid_of(machine, "beep.sys") is None
    machine.command("beep")     # fails, and says so or not, but comes back
    assert machine.command("echo on") == ["on"]
    if debug:
        machine.wait_for_log(r"(?i)beep")


@pytest.mark.parametrize("driver", ["kbdclass.sys", "i8042prt.sys"])
def test_kill_the_keyboard_driver(machine, driver, debug):
    """The shell waits for a key that can never come; the system goes on all the same."""
    pid = pid_of(machine, driver)
    machine.type(f"kill {pid}\n")
    if debug:
        machine.wait_for_log(rf"(?i){driver}.*(terminated|died|ended|killed|exit)")
    assert machine.qemu.execute("query-status")["status"] == "running"


def test_kill_smss_leaves_the_shell(machine):
    machine.command(f"kill {pid_of(machine, 'smss.exe')}")
    assert machine.command("echo on") == ["on"]


@pytest.mark.parametrize("program, status", [
    ("nullread.exe", "c0000005"),       # reads address 0
    ("nullcall.exe", "c0000005"),       # calls address 0
    ("garbage.exe", "c000001d"),        # executes an illegal instruction
])
def test_program_that_faults(machine, program, status, debug):
    """Ends with the NTSTATUS as exit code and a report for the developer; the shell lives."""
    machine.command("start \\SystemRoot\\tests\\" + program)
    assert machine.command("echo on") == ["on"]
    assert pid_of(machine, program) is None
    if debug:
        machine.wait_for_log(rf"(?i){program}.*{status}|{status}.*{program}")
        machine.wait_for_log(rf"(?i){program}\+0x[0-9a-f]+")
