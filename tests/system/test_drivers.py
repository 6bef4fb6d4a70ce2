# SPDX-License-Identifier: BSD-2-Clause
"""The driver runtime, checked from inside by a driver that uses all of it (drivers/test)."""

import pytest

pytestmark = pytest.mark.test_programs


def test_driver_runtime(machine):
    machine.type("start \\SystemRoot\\tests\\drvtest.exe\n")
    result = machine.wait_for(r"drvtest: (\d+) passed, (\d+) failed", timeout=60)
    assert int(result[1]) > 20 and result[2] == "0"
