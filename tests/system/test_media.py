# SPDX-License-Identifier: BSD-2-Clause
"""Every medium boots, and what it boots is the system that the other tests look at."""

import os
import re
import subprocess

import pytest

from machine import started_drivers, state_of

MEDIA = ("floppy", "iso", "stick", "uefi")
SLOW_HOST_SECONDS = 120     # firmware and loader come first


@pytest.fixture(name="machine")
def machine_from_medium(boot, medium):
    started = boot(medium=medium)
    started.wait_for_prompt(SLOW_HOST_SECONDS)
    return started


@pytest.mark.parametrize("medium", MEDIA)
def test_from_power_on_to_power_off(machine, build):
    """Keys go in, text comes out, the drivers run; a reboot comes back here; shutdown ends it."""
    assert machine.command("echo Hello, World!") == ["Hello, World!"]
    text = "\n".join(machine.command("ps"))
    for name in ("smss.exe", "ntcmd.exe"):
        assert re.search(rf"{re.escape(name)} +running", text)
    for driver in started_drivers(build):
        assert state_of(machine, driver)[2] == "running"
    assert "readme.txt" in "\n".join(machine.command("ls \\SystemRoot"))
    machine.type("echo editting")
    for _ in range(4):
        machine.press("left")
    machine.press("backspace")
    machine.press("ret")
    machine.wait_for("^editing$")
    machine.wait_for_prompt()
    machine.type("reboot\n")
    machine.wait(lambda: "editing" not in machine.text(), "reboot", SLOW_HOST_SECONDS)
    machine.wait_for_prompt(SLOW_HOST_SECONDS)
    assert machine.command("echo after") == ["after"]
    machine.type("shutdown\n")
    assert machine.qemu.wait_for_end(30) == 0


@pytest.mark.parametrize("medium", ["floppy"])
def test_no_test_programs_on_media(machine):
    assert "tests" not in "\n".join(machine.command("ls \\SystemRoot")).split()


FLOPPY_BYTES = 1440 * 1024
RELEASE_BOUND = 1_100_000       # bytes of all files of a release floppy


def floppy_files(build):
    """{name: bytes} of the files on the floppy."""
    listing = subprocess.run(["mdir", "-a", "-i", os.path.join(build, "images", "floppy.img"), "::"],
                             capture_output=True, text=True, check=True).stdout
    return {f"{name}.{extension}": int(size) for name, extension, size in
            re.findall(r"^(\w+) +(\w+) +(\d+) \d{4}-", listing, re.MULTILINE)}


def test_floppy_size(build, debug):
    """The image is a 1.44 MB disk; the files of a release leave a third of it for what comes later."""
    files = floppy_files(build)
    assert {"kernel.gz", "ntos.gz", "ldlinux.sys", "mboot.c32"} <= files.keys()
    assert os.path.getsize(os.path.join(build, "images", "floppy.img")) == FLOPPY_BYTES
    assert sum(files.values()) <= (FLOPPY_BYTES if debug else RELEASE_BOUND)
