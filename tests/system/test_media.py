# SPDX-License-Identifier: BSD-2-Clause
"""Every medium boots, and what it boots is the system that the other tests look at."""

import os
import re

import pytest

MEDIA = ("floppy", "iso", "stick", "uefi")
SLOW_HOST_SECONDS = 120     # firmware and loader come first


@pytest.fixture(name="machine")
def machine_from_medium(boot, medium):
    started = boot(medium=medium)
    started.wait_for_prompt(SLOW_HOST_SECONDS)
    return started


@pytest.mark.parametrize("medium", MEDIA)
def test_from_power_on_to_power_off(machine):
    """Keys go in, text comes out, the drivers run; a reboot comes back here; shutdown ends it."""
    assert machine.command("echo Hello, World!") == ["Hello, World!"]
    text = "\n".join(machine.command("ps"))
    for name in ("smss.exe", "ntcmd.exe", "i8042prt.sys", "kbdclass.sys", "beep.sys", "null.sys"):
        assert re.search(rf"{re.escape(name)} +running", text)
    assert "readme.txt" in "\n".join(machine.command("ls \\SystemRoot"))
    machine.type("echo editting")
    for _ in range(4):
        machine.press("left")
    machine.press("backspace")
    machine.press("ret")
    machine.wait_for("^editing$")
    machine.wait_for_prompt()
    machine.type("reboot\n")
    machine.wait(lambda: "editing" not in machine.text(), "reboot")
    machine.wait_for_prompt(SLOW_HOST_SECONDS)
    assert machine.command("echo after") == ["after"]
    machine.type("shutdown\n")
    assert machine.qemu.wait_for_end(30) == 0


@pytest.mark.parametrize("medium", ["floppy"])
def test_no_test_programs_on_media(machine):
    assert "tests" not in "\n".join(machine.command("ls \\SystemRoot")).split()


def floppy_files(build):
    """{name: bytes} of what is on the floppy, by the FAT file system's own word."""
    listing = os.popen(f"mdir -b -a -/ -i {build}/images/floppy.img ::").read().split()
    return listing
