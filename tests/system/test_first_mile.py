# SPDX-License-Identifier: BSD-2-Clause
"""The first mile of Win32: programs of mingw-w64 and of clang's MSVC target on the DLLs of Debian's libwine, which come
unchanged, on our ntdll. What they print goes through a file handle to the console. cmd.exe needs two DLLs more, whose
libwine's versions want a window system: user32 and shell32 are small ones of our own (programs/)."""

import os
import subprocess

import pytest

import libwine
from test_added_files import TOOL


@pytest.fixture(name="arch", scope="module")
def architecture(build):
    return os.path.basename(os.path.abspath(build)).split("-")[0]


def fetched(arch, **options):
    try:
        return libwine.additions(arch, **options)
    except libwine.NotFetched as error:
        return pytest.fail(str(error))


@pytest.fixture(name="image", scope="module")
def make_image(build, arch, tmp_path_factory):
    """The system with the DLLs, their tables and the programs."""
    folder = str(tmp_path_factory.mktemp("firstmile"))
    output = os.path.join(folder, "ntos-added.elf")
    added = fetched(arch)
    added += [libwine.compile_program(arch, name, folder) for name in ("hello", "puts", "throw", "pipe", "normal", "locale")]
    added += [libwine.compile_dll(arch, name, folder) for name in ("user32", "shell32")]
    added.append(libwine.compile_for_msvc(arch, "msthrow", folder))
    subprocess.run([TOOL, os.path.join(build, "images", "ntos.elf"), output, *added], check=True)
    return output


# Of either locale.nls: libwine's and the system's own.
LOCALES = [
    "7f Invariant Language: Tuesday, 05 May 2026, 15:04, 3;0",
    "409 English: Tuesday, May 5, 2026, 3:04 PM, 3;0",
    "407 Deutsch: Dienstag, 5. Mai 2026, 15:04, 3;0",
    "en-US, several, 0", "850 Montag USD", "USA May ff41 ff22 3",
]


@pytest.mark.parametrize("line, rows", [
    ("locale", LOCALES),
    ("hello", ["hello, world"]),
    ("puts one two", ["puts was here", "3 two 3.142"]),
    ("throw", ["unwound", "unwound", "unwound", "caught: thrown 3"]),
    ("pipe", ["line 0 of the child", "line 1 of the child", "line 2 of the child", "then error 109", "exit code 7, type 3"]),
    ("msthrow", ["unwound", "unwound", "unwound", "caught: 3"]),
    ("normal", ["1: fb01 d835 dc00 ac00 c5", "2: fb01 d835 dc00 1100 1161 41 30a", "5: 66 69 41 ac00 c5",
                "6: 66 69 41 1100 1161 41 30a", "13: 66 69 61 ac00 e5"]),
    ("cmd /c echo hi", ["hi"]),
    ("cmd /c ver", ["", "Microsoft Windows 10.0.19045"]),
    ("cmd /c for %i in (1 2) do @echo %i", ["1", "2"]),
    ("cmd /c exit 3", ["It ended: status 00000003"]),
    ("cmd /c hello", ["hello, world"]),
])
def test_program(boot, image, line, rows):
    machine = boot(initrd=image)
    machine.wait_for_prompt()
    assert machine.command(line, timeout=60) == rows


def test_current_directory(boot, image):
    """Programs begin where the prompt is."""
    machine = boot(initrd=image)
    machine.wait_for_prompt()
    assert machine.command("cmd /c cd", timeout=60) == ["C:\\"]
    machine.type("cd drivers\ncmd /c cd\n")
    machine.wait(lambda: "\nC:\\drivers\nC:\\drivers>" in machine.text(), "the other directory", timeout=60)


def test_own_locales(boot, build, arch, tmp_path):
    """kernelbase is content with the system's own locale.nls."""
    output = str(tmp_path / "ntos-added.elf")
    added = fetched(arch, without=("locale",))
    added += [libwine.compile_program(arch, name, str(tmp_path)) for name in ("hello", "puts", "locale")]
    subprocess.run([TOOL, os.path.join(build, "images", "ntos.elf"), output, *added], check=True)
    machine = boot(initrd=output)
    machine.wait_for_prompt()
    assert machine.command("hello", timeout=60) == ["hello, world"]
    assert machine.command("puts one two", timeout=60) == ["puts was here", "3 two 3.142"]
    assert machine.command("locale", timeout=60) == LOCALES
