# SPDX-License-Identifier: BSD-2-Clause
"""Drivers linked by stock mingw gcc in the ways that recipes have: as DLLs and as programs."""

import os
import subprocess

import pytest

from machine import state_of

HERE = os.path.dirname(__file__)
TOOL = os.path.join(HERE, "..", "..", "tools", "generate", "addfiles.py")
CPU = {"amd64": "x86_64", "i686": "i686"}
WAYS = {
    "linkdll": ("-shared", "DriverEntry"),
    "linkexe": ("", "DriverEntry"),
    "linkcrt": ("-shared", "Start"),
    "linkfix": ("-shared -Wl,--image-base,0x180000", "DriverEntry"),    # where something else is
}


def link(arch, name, folder):
    """NAME.sys, linked as WAYS say."""
    options, entry = WAYS[name]
    if arch == "i686":
        entry = f"_{entry}@8"
    image = os.path.join(folder, name + ".sys")
    subprocess.run([f"{CPU[arch]}-w64-mingw32-gcc", "-O2", "-Wall", f"-I/usr/{CPU[arch]}-w64-mingw32/include/ddk", "-nostdlib", "-s",
                    *options.split(), "-Wl,--subsystem,native", f"-Wl,-e,{entry}", "-o", image,
                    os.path.join(HERE, "linked", "linked.c"), "-lntoskrnl", "-lhal"], check=True)
    return image


@pytest.fixture(name="image")
def image_with_drivers(build, tmp_path):
    arch = os.path.basename(build).split("-")[0]
    output = str(tmp_path / "ntos-linked.elf")
    subprocess.run([TOOL, os.path.join(build, "images", "ntos.elf"), output,
                    *(link(arch, name, str(tmp_path)) for name in WAYS)], check=True)
    return output


def test_all_are_entered_at_their_entry_point(boot, image, debug):
    machine = boot(initrd=image)
    machine.wait_for_prompt()
    for name in WAYS:
        assert not machine.command("load " + name)
        assert state_of(machine, name)[1:] == (0, "running")
        if debug:
            machine.wait_for_log(rf"^linked: .*{name}")
