# SPDX-License-Identifier: BSD-2-Clause
"""Two builds of one commit have the same bytes, boot media included: whoever doubts an image can build it again."""

import os
import shutil
import subprocess

import pytest

TOP = os.path.abspath(os.path.join(os.path.dirname(__file__), "..", ".."))
MEDIA = ("floppy.img", "neptune.iso")


def copy_tree(to):
    """A clone of the project with the files as they are here; what only tests need is left out, which saves time."""
    subprocess.run(["git", "clone", "-q", "--shared", "--no-checkout", TOP, to], check=True)
    names = subprocess.run(["git", "-C", TOP, "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
                           capture_output=True, text=True, check=True).stdout.split("\0")
    for name in names:
        if name and not name.startswith(("tests/", "bench/")) and os.path.exists(os.path.join(TOP, name)):
            os.makedirs(os.path.dirname(os.path.join(to, name)), exist_ok=True)
            shutil.copy(os.path.join(TOP, name), os.path.join(to, name))


def build_elsewhere(folder, arch, kind):
    """Builds in the folder, as another user would: other file modes, another zone. Returns the images' folder."""
    words = [word for word in (arch, kind) if word in ("amd64", "release")]
    environment = {**os.environ, "TZ": "Asia/Kathmandu", "LC_ALL": "C"}
    for command in ("mkfloppy.sh", "mkiso.sh"):
        run = subprocess.run(["./" + command, *words], cwd=folder, env=environment, umask=0o077,
                             capture_output=True, text=True, check=False)
        assert run.returncode == 0, run.stdout[-5000:] + run.stderr
    return os.path.join(folder, "build", f"{arch}-{kind}", "images")


def contents(file):
    with open(file, "rb") as opened:
        return opened.read()


def test_same_bytes_in_another_folder(build, arch, long, tmp_path):
    kind = os.path.basename(build).split("-")[1]
    if kind != "release" and not long:
        pytest.skip("one type of build is enough, as they differ in compiler options only")
    copy_tree(tmp_path / "other place")
    there = build_elsewhere(tmp_path / "other place", arch, kind)
    here = os.path.join(build, "images")
    names = set(os.listdir(there)) - {"ntos-tests.elf", "ntos-tests.sym.elf"}     # they have the tests
    assert {"kernel.elf", "ntos.elf", *MEDIA} <= names
    assert [name for name in sorted(names)
            if contents(os.path.join(here, name)) != contents(os.path.join(there, name))] == []
