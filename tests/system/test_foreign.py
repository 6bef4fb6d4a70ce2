# SPDX-License-Identifier: BSD-2-Clause
"""Drivers in the shapes of the documentation's samples (foreign/), built by stock mingw gcc outside of the tree's build, and
native programs that ask them, look at what comes of it, and kill them."""

import re

import pytest

from foreign import PROGRAMS, build_all

# Words of a program's command line have it try more.
LINES = ["canceltest", "eventtest events", "ioctltest direct neither", "porttest", "serialtest", "wmitest", "tryexcept", "tryexcept0"]


@pytest.fixture(name="image", scope="module")
def make_image(build, tmp_path_factory):
    """The system with what LINES run."""
    return build_all(build, str(tmp_path_factory.mktemp("foreign")), *sorted({line.split()[0] for line in LINES}))


def run_program(machine, line):
    """Waits for the prompt; no check of the program may fail, and many are made."""
    machine.wait_for_prompt()
    rows = machine.command(line, timeout=120)
    result = re.search(line.split()[0] + r": (\d+) passed, (\d+) failed", "\n".join(rows))
    assert result and int(result[1]) > 10 and result[2] == "0", "\n".join(rows)


@pytest.mark.parametrize("line", LINES)
def test_shape(boot, image, line):
    run_program(boot(initrd=image), line)


def test_every_program_is_listed():
    assert {line.split()[0] for line in LINES} == set(PROGRAMS)
