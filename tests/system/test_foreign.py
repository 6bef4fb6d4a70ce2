# SPDX-License-Identifier: BSD-2-Clause
"""Drivers in the shapes of the documentation's samples (foreign/), built by stock mingw gcc outside of the tree's build, and
native programs that ask them, look at what comes of it, and kill them."""

import re

import pytest

from foreign import PROGRAMS, build_all

# Words of a program's command line have it try more. What cannot pass yet is below, with what it needs; then it belongs here.
LINES = ["canceltest", "eventtest", "porttest", "serialtest", "wmitest"]
# needs: ProbeForRead, exceptions that reach a driver's handlers: "ioctltest"
# needs: direct IO of any size, without a reason to refuse METHOD_IN_DIRECT: "ioctltest direct"
# needs: the requestor's addresses in the driver, MmProbeAndLockPages of them: "ioctltest direct neither"
# needs: ObReferenceObjectByHandle of a program's event: "eventtest events"


@pytest.fixture(name="image", scope="module")
def make_image(build, tmp_path_factory):
    """The system with what LINES run."""
    return build_all(build, str(tmp_path_factory.mktemp("foreign")), *sorted({line.split()[0] for line in LINES}))


@pytest.mark.parametrize("line", LINES)
def test_shape(boot, image, line):
    machine = boot(initrd=image)
    machine.wait_for_prompt()
    rows = machine.command(line, timeout=120)
    result = re.search(line.split()[0] + r": (\d+) passed, (\d+) failed", "\n".join(rows))
    assert result and int(result[1]) > 20 and result[2] == "0", "\n".join(rows)


def test_every_program_is_listed():
    with open(__file__, encoding="utf-8") as file:
        text = file.read()
    assert [name for name in PROGRAMS if f'"{name}' not in text] == []
