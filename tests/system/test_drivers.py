# SPDX-License-Identifier: BSD-2-Clause
"""The driver runtime, checked from inside by a driver that uses all of it (drivers/test)."""

import pytest

pytestmark = pytest.mark.test_programs


def test_driver_runtime(machine, debug):
    machine.type("start \\SystemRoot\\tests\\drvtest.exe\n")
    result = machine.wait_for(r"drvtest: (\d+) passed, (\d+) failed", timeout=120)
    assert int(result[1]) > 20 and result[2] == "0"
    if debug:
        machine.wait_for_log(r"wdmtest has not freed 77 bytes of pool at \w+, tag Leak")
