# SPDX-License-Identifier: BSD-2-Clause
"""Two builds of one commit have the same bytes, boot media included: whoever doubts an image can build it again."""

import gzip
import os
import shutil
import subprocess

import pytest

TOP = os.path.abspath(os.path.join(os.path.dirname(__file__), "..", ".."))
MEDIA = ("floppy.img", "neptune.iso")
ELF_CLASS_32 = 1


def copy_tree(to):
    """A clone of the project with the files as they are here; what only tests need is left out, which saves time."""
    subprocess.run(["git", "clone", "-q", "--shared", "--no-checkout", TOP, to], check=True)
    names = subprocess.run(["git", "-C", TOP, "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
                           capture_output=True, text=True, check=True).stdout.split("\0")
    for name in names:
        if name and not name.startswith(("tests/", "bench/")) and os.path.exists(os.path.join(TOP, name)):
            os.makedirs(os.path.dirname(os.path.join(to, name)), exist_ok=True)
            shutil.copy(os.path.join(TOP, name), os.path.join(to, name))


def run_in(folder, command, arch, kind, *options):
    """Runs one of the project's commands there as another user would: other file modes, another zone."""
    words = [word for word in (arch, kind) if word in ("amd64", "release")]
    run = subprocess.run(["./" + command, *words, *options], cwd=folder, umask=0o077, capture_output=True, text=True,
                         env={**os.environ, "TZ": "Asia/Kathmandu", "LC_ALL": "C"}, check=False)
    assert run.returncode == 0, run.stdout[-5000:] + run.stderr


def contents(file):
    with open(file, "rb") as opened:
        return opened.read()


@pytest.fixture(scope="module")
def elsewhere(build, arch, kind, long, tmp_path_factory):
    """Another build of the same: its top folder, whose name has a blank."""
    if kind != "release" and not long:
        pytest.skip("one type of build is enough, as they differ in compiler options only")
    folder = tmp_path_factory.mktemp("other place")
    copy_tree(folder)
    for command in ("mkfloppy.sh", "mkiso.sh"):
        run_in(folder, command, arch, kind)
    return folder


def test_same_bytes_in_another_folder(build, elsewhere):
    there, here = (os.path.join(top, "images") for top in (elsewhere / "build" / os.path.basename(build), build))
    names = set(os.listdir(there)) - {"ntos-tests.elf", "ntos-tests.sym.elf"}     # they have the tests
    assert {"kernel.elf", "ntos.elf", *MEDIA} <= names
    assert [name for name in sorted(names)
            if contents(os.path.join(here, name)) != contents(os.path.join(there, name))] == []


def kernel_on_floppy(image):
    packed = subprocess.run(["mtype", "-i", image, "::kernel.gz"], capture_output=True, check=True).stdout
    return gzip.decompress(packed)


def kernel_on_iso(image, folder):
    unpacked = os.path.join(folder, "kernel.gz")
    subprocess.run(["xorriso", "-osirrox", "on", "-indev", image, "-extract", "/boot/kernel.gz", unpacked],
                   capture_output=True, check=True)
    return gzip.decompress(contents(unpacked))


def test_prebuilt_kernel(build, arch, kind, elsewhere, tmp_path):
    """--kernel puts another kernel on the media, as it is or in a 32-bit container; a build without brings ours back."""
    images = elsewhere / "build" / os.path.basename(build) / "images"
    ours = contents(images / "kernel.elf")
    other = tmp_path / "other.elf"
    shutil.copy(os.path.join(build, "images", "kernel.sym.elf"), other)
    run_in(elsewhere, "build.sh", arch, kind, "--kernel", other)
    run_in(elsewhere, "mkfloppy.sh", arch, kind)
    run_in(elsewhere, "mkiso.sh", arch, kind)
    packaged = contents(images / "kernel.elf")
    assert packaged != ours and packaged[4] == ELF_CLASS_32
    assert kernel_on_floppy(images / "floppy.img") == packaged
    assert kernel_on_iso(images / "neptune.iso", tmp_path) == packaged
    run_in(elsewhere, "build.sh", arch, kind)
    run_in(elsewhere, "mkfloppy.sh", arch, kind)
    assert kernel_on_floppy(images / "floppy.img") == contents(images / "kernel.elf") == ours
