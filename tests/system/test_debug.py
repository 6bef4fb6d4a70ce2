# SPDX-License-Identifier: BSD-2-Clause
"""The debug log: what a debug build writes there, and that a release build is quiet."""

import pytest

LEVELS = {"all": "error", "ke": "error", "mm": "error", "ob": "error", "ps": "error", "io": "error", "hal": "error",
          "ex": "error"}


@pytest.mark.test_programs
def test_release_build_writes_nothing(machine, debug):
    machine.command("nullread")     # an unhandled exception
    assert ("unhandled exception" in machine.serial()) == debug
    if not debug:
        assert machine.serial() == ""


def test_the_log_is_for_debug_builds(machine, debug):
    rows = machine.command("log")
    if debug:
        assert dict(row.split() for row in rows) == LEVELS
    else:
        assert "no such command" in rows[0]


@pytest.mark.test_programs
def test_a_component_is_traced_while_the_level_says_so(machine, debug):
    if not debug:
        pytest.skip("release builds have no such log")
    assert machine.command("log ps trace") == []
    assert dict(row.split() for row in machine.command("log")) == {**LEVELS, "ps": "trace"}
    machine.command("nullread")
    machine.wait_for_log(r"^ps: process \d+ is .*nullread\.exe")
    machine.wait_for_log(r"^ps: process \d+ ends with c0000005")
    assert machine.command("log ps error") == []
    before = machine.serial().count("ps: process")
    machine.command("nullread")
    assert machine.serial().count("ps: process") == before
    assert "ke: thread" not in machine.serial()


def test_every_service_of_a_command_is_traced(machine, debug):
    if not debug:
        pytest.skip("release builds have no such log")
    machine.command("log ke trace")
    machine.command("time")
    machine.wait_for_log(r"^ke: thread \d+: NtQuerySystemInformation = 00000000")
    machine.command("log ke off")


def test_bad_names_are_explained(machine, debug):
    if not debug:
        pytest.skip("release builds have no such log")
    for line in ("log nothing info", "log ke loud", "log ke"):
        assert machine.command(line)[0].startswith("log [all|")
