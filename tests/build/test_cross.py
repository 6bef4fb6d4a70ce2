# SPDX-License-Identifier: BSD-2-Clause
"""Nothing of the machine that builds gets into what is built, nor decides it: every compiler and linker call names its
target, no header or library is the host's, and no program that was built is run. So the host's processor does not matter.
"""

import os
import re
import shlex
import subprocess

import pytest

TOP = os.path.abspath(os.path.join(os.path.dirname(__file__), "..", ".."))
# One file of tests, which has __try; its target comes behind the other, and the last one counts.
MSVC = "i686-pc-windows-msvc"
# Of clang, ld.lld and lld-link. The boot loader of tests/loader has 32 bits in both builds.
TARGETS = {"amd64": ({"x86_64-unknown-none-elf", "x86_64-w64-windows-gnu", "i686-unknown-none-elf"},
                     {"elf_x86_64", "elf_i386"}, "x64"),
           "i686": ({"i686-unknown-none-elf", "i686-w64-windows-gnu", MSVC}, {"elf_i386"}, "x86")}
MINGW = {"amd64": "/usr/x86_64-w64-mingw32", "i686": "/usr/i686-w64-mingw32"}
MINGW_HEADERS = "/usr/share/mingw-w64/include"
# Tools whose work is the same on every machine: text and bytes in, text and bytes out.
NEUTRAL = {"cmake", "python3", "llvm-objcopy", "llvm-ar"}


def output_of(*command):
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


def commands_of(build):
    """Every command that the build runs, as a list of words; "cd FOLDER &&" is left out."""
    for line in output_of("ninja", "-C", build, "-t", "commands", "all").splitlines():
        if line.startswith("ninja:"):
            continue
        words = shlex.split(line)
        while words:
            end = words.index("&&") if "&&" in words else len(words)
            if words[0] not in ("cd", ":"):
                yield words[:end]
            words = words[end + 1:]


def inputs_of(build):
    """Every file that a compiler read, by its own word."""
    lines = output_of("ninja", "-C", build, "-t", "deps").splitlines()
    return {os.path.normpath(os.path.join(build, line.strip())) for line in lines if line.startswith("    ")}


def check_command(arch, words):
    """What is wrong with a command, or None."""
    known, emulations, machine = TARGETS[arch]
    tool = os.path.basename(words[0])
    if any(re.search(r"=native$|^-L", word) for word in words):
        return "takes something of the host"
    if tool == "clang":
        targets = [word for word in words if word.startswith("--target=")]
        named = [target[len("--target="):] for target in targets]
        good = (len(named) == 1 or named[1:] == [MSVC]) and set(named) <= known and "-nostdlibinc" in words
    elif tool == "ld.lld":
        good = words[words.index("-m") + 1] in emulations and "-nostdlib" in words
    elif tool == "lld-link":
        good = f"/machine:{machine}" in words and "/nodefaultlib" in words
    elif tool == "llvm-dlltool":
        good = arch == "i686" and words[words.index("-m") + 1] == "i386"
    else:
        good = tool in NEUTRAL and os.path.dirname(words[0]) in ("", "/usr/bin")
    return None if good else "names no target"


def test_every_command_names_its_target(build, arch):
    commands = list(commands_of(build))
    tools = {os.path.basename(words[0]) for words in commands}
    assert {"clang", "ld.lld", "lld-link"} <= tools     # that is, they were understood
    assert [(words, wrong) for words in commands if (wrong := check_command(arch, words))] == []


def test_no_header_of_the_host(build, arch):
    compiler = output_of("clang", "-print-resource-dir").strip()
    allowed = tuple(os.path.realpath(folder) + "/" for folder in (TOP, build, compiler, MINGW[arch], MINGW_HEADERS))
    files = inputs_of(build)
    assert os.path.join(TOP, "kernel", "boot", "main.c") in files
    assert [file for file in files if not os.path.realpath(file).startswith(allowed)] == []


def test_no_library_of_the_host(build, arch):
    words = {word for words in commands_of(build) for word in words if not word.startswith(("/implib:", "/out:"))}
    libraries = {word for word in words if os.path.isabs(word) and re.search(r"\.(a|lib|o|so)$", word)}
    assert any(name.startswith(MINGW[arch]) for name in libraries)
    assert [name for name in libraries if not name.startswith((build + "/", MINGW[arch] + "/lib/"))] == []


@pytest.mark.parametrize("command, wrong", [
    (["/usr/bin/clang", "-nostdlibinc", "-c", "a.c"], "names no target"),
    (["clang", "--target=x86_64-linux-gnu", "-nostdlibinc", "-c", "a.c"], "names no target"),
    (["clang", "--target=x86_64-unknown-none-elf", "-nostdlibinc", "-march=native", "a.c"], "takes something"),
    (["ld.lld", "-m", "elf_x86_64_fbsd", "-nostdlib"], "names no target"),
    (["lld-link", "/machine:x86", "/nodefaultlib"], "names no target"),
    (["build/made", "x"], "names no target"),
    (["gcc", "a.c"], "names no target"),
])
def test_the_check_itself(command, wrong):
    assert check_command("amd64", command).startswith(wrong)
