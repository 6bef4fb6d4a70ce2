# SPDX-License-Identifier: BSD-2-Clause
"""Drivers as other people build them: with the stock compilers of mingw-w64 (or clang), outside of the tree's build."""

import os
import shutil
import subprocess

HERE = os.path.dirname(os.path.abspath(__file__))
TOP = os.path.abspath(os.path.join(HERE, "..", ".."))
DDK = os.path.join(TOP, "include", "ddk")
EXAMPLE = os.path.join(TOP, "examples", "driver")
ADD_FILES = os.path.join(TOP, "tools", "generate", "addfiles.py")
CPU = {"amd64": "x86_64", "i686": "i686"}


def architecture(build):
    return os.path.basename(os.path.abspath(build)).split("-")[0]


def build_example(arch, compiler, folder):
    """A copy of examples/driver outside the tree, made there as its Makefile says; returns the folder with what was made."""
    copy = os.path.join(folder, f"driver-{compiler}")
    shutil.copytree(EXAMPLE, copy, ignore=shutil.ignore_patterns("out"))
    subprocess.run(["make", "-s", f"DDK={DDK}", f"ARCH={CPU[arch]}", f"COMPILER={compiler}"], cwd=copy, check=True)
    return os.path.join(copy, "out", f"{CPU[arch]}-{compiler}")


def add(build, output, *files):
    """The system of a build with files more."""
    subprocess.run([ADD_FILES, os.path.join(build, "images", "ntos.elf"), output, *files], check=True)
    return output
