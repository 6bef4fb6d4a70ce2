# SPDX-License-Identifier: BSD-2-Clause
"""Files that --add puts into \\SystemRoot: the archive behind the Executive's image, good, large and damaged."""

import os
import re
import subprocess

import pytest

TOOL = os.path.join(os.path.dirname(__file__), "..", "..", "tools", "generate", "addfiles.py")
REFUSED = "The files added to this system are no sound archive: ignored."
PAGE = 4096


@pytest.fixture(name="add")
def add_files(build, tmp_path):
    """add("FILE=PATH", ...) makes an image with the files, and returns its name. The image of the build stays as it is."""
    def make(*files):
        image, output = os.path.join(build, "images", "ntos.elf"), str(tmp_path / "ntos-added.elf")
        with open(image, "rb") as file:
            before = file.read()
        subprocess.run([TOOL, image, output, *files], check=True)
        with open(image, "rb") as file:
            assert file.read() == before
        return output
    return make


@pytest.fixture(name="note")
def write_note(tmp_path):
    note = tmp_path / "note.txt"
    note.write_text("This came later.\n", encoding="ascii")
    return str(note)


def start(boot, image, **options):
    machine = boot(initrd=image, **options)
    machine.wait_for_prompt()
    return machine


def test_program_driver_and_texts(boot, build, add, note):
    """Each of them does what it does in the system's own archive; one of a name that was there replaces that file."""
    images = os.path.join(build, "images")
    machine = start(boot, add(f"{note}=notes\\old\\later.txt", f"{note}=notes/new/later.txt", f"{note}=README.TXT",
                              os.path.join(images, "drvtest.exe"), os.path.join(images, "wdmtest.sys")))
    for folder in ("old", "new"):
        assert machine.command(f"type \\SystemRoot\\notes\\{folder}\\later.txt") == ["This came later."]
    assert machine.command("type \\SystemRoot\\readme.txt") == ["This came later."]
    assert "wdmtest.sys" in "\n".join(machine.command("ls \\SystemRoot\\drivers"))
    names = " ".join(machine.command("ls \\SystemRoot")).split()
    assert "drvtest.exe" in names and "notes" in names and names.count("readme.txt") + names.count("README.TXT") == 1
    assert any(re.search(r"drvtest: \d\d+ passed, 0 failed", row) for row in machine.command("drvtest wdmtest", timeout=60))
    assert REFUSED not in machine.text()


def test_large_file(boot, add, tmp_path):
    large = tmp_path / "large.bin"
    large.write_bytes(bytes(range(256)) * (20 << 12))
    machine = start(boot, add(str(large)))
    assert f"{20 << 20}  large.bin" in "\n".join(machine.command("ls \\SystemRoot"))


@pytest.mark.parametrize("damage", ["magic", "end", "folder"])
def test_damaged_archive(boot, add, note, damage):
    """It is refused as a whole, with a message, and the system is there without it."""
    image = add(f"{note}=folder/note.txt")
    with open(image, "rb") as file:
        data = file.read()
    archive = data.rindex(b"070701", 0, data.rindex(b"folder\0"))
    assert archive % PAGE == 0
    old, new = {"magic": (b"070701", b"070709"), "end": (b"TRAILER!!!", b"TRAILER!!?"), "folder": (b"folder\0", b"f*lder\0")}[damage]
    place = data.index(old, archive)
    with open(image, "wb") as file:
        file.write(data[:place] + new + data[place + len(new):])
    machine = start(boot, image)
    assert REFUSED in machine.text()
    assert "folder" not in "\n".join(machine.command("ls \\SystemRoot"))


@pytest.mark.parametrize("words", [["missing.txt"], ["NOTE=a/../b"], ["NOTE=a:b"], ["NOTE=x", "NOTE=X"], ["NOTE=TRAILER!!!"]])
def test_refused_by_the_tool(build, tmp_path, note, words):
    output = tmp_path / "ntos-added.elf"
    result = subprocess.run([TOOL, os.path.join(build, "images", "ntos.elf"), str(output),
                             *(word.replace("NOTE", note) for word in words)], capture_output=True, text=True, check=False)
    assert result.returncode == 1 and result.stderr.startswith("addfiles: ")
    assert not output.exists()
