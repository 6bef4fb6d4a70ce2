# SPDX-License-Identifier: BSD-2-Clause
"""A C program of stock mingw-w64, linked with its import library of ntdll alone, uses every family of the native API."""

import os
import subprocess

import pytest

from libwine import CPU, PROGRAMS
from test_added_files import TOOL

FAMILIES = ["objects", "waits", "memory", "processes", "exceptions", "ports", "security", "loader", "runtime", "registry",
            "files", "system"]


@pytest.fixture(name="image")
def make_image(build, tmp_path):
    """The system with the program."""
    arch = os.path.basename(os.path.abspath(build)).split("-")[0]
    program, output = str(tmp_path / "contract.exe"), str(tmp_path / "ntos-added.elf")
    entry = "_start" if arch == "i686" else "start"
    subprocess.run([f"{CPU[arch]}-w64-mingw32-gcc", "-Os", "-s", "-nostdlib", f"-Wl,-e,{entry}", "-o", program,
                    os.path.join(PROGRAMS, "contract.c"), "-lntdll"], check=True)
    imports = subprocess.run(["llvm-readobj", "--coff-imports", program], check=True, capture_output=True, text=True).stdout
    assert [line.split()[-1] for line in imports.splitlines() if "Name:" in line] == ["ntdll.dll"]
    subprocess.run([TOOL, os.path.join(build, "images", "ntos.elf"), output, program], check=True)
    return output


def test_every_family(boot, image):
    machine = boot(initrd=image)
    machine.wait_for_prompt()
    assert machine.command("contract", timeout=120) == FAMILIES + ["0 failures"]
