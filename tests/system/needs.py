# SPDX-License-Identifier: BSD-2-Clause
"""Tests of foreign/ that cannot pass yet, each with what it needs. Not collected; by hand:
    pytest-3 -q tests/system/needs.py --build build/amd64-debug
What passes belongs into test_foreign.py."""

import pytest

from foreign import build_all
from test_foreign import run_program

# needs: devices of the root by the registry, children of bus drivers, IoRequestDeviceEject: bustest
LINES = ["bustest"]


@pytest.mark.parametrize("line", LINES)
def test_shape(boot, build, tmp_path, line):
    run_program(boot(initrd=build_all(build, str(tmp_path), line.split()[0])), line)


# needs: UpperFilters of a device's key, IRPs of plug and play through filters
def test_key_filter(boot, build, tmp_path):
    """A key that the filter changes is another one at the prompt; the keyboard survives its drivers' end, filter included."""
    machine = boot(initrd=build_all(build, str(tmp_path), "keyfilter"))
    run_program(machine, "keyfilter")
    machine.command("keyfilter remap")
    machine.type("xaaax")
    machine.wait(lambda: machine.last_row().endswith("xbbbx"), "the other letter")
