# SPDX-License-Identifier: BSD-2-Clause
"""The driver runtime, checked from inside by a driver that uses all of it (drivers/test)."""

import pytest

pytestmark = pytest.mark.test_programs


def test_driver_runtime(machine):
    machine.type("start \\SystemRoot\\tests\\drvtest.exe\n")
    result = machine.wait_for(r"drvtest: (\d+) passed, (\d+) failed", timeout=60)
    assert int(result[1]) > 20 and result[2] == "0"


@pytest.mark.parametrize("driver", ["kbdclass", "i8042prt"])
def test_keyboard_driver_started_again(machine, driver):
    """Killed while the shell waits for a key, and loaded again: the user goes on typing."""
    for _ in range(2):
        number = next(row for row in machine.command("ps") if f"{driver}.sys" in row and "running" in row).split()[0]
        machine.command(f"start \\SystemRoot\\tests\\drvtest.exe {driver}")
        machine.type(f"kill {number}\n")
        machine.wait_for("The keyboard is gone")
        machine.wait_for("The keyboard is back")
        machine.type("\n")
        machine.wait_for_prompt()
        assert machine.command("echo on") == ["on"]
        machine.command("cls")
