# SPDX-License-Identifier: BSD-2-Clause
"""The tools that developers use, on the images that were built."""

import fcntl
import os
import re
import struct
import subprocess
import sys

import pytest

TOP = os.path.abspath(os.path.join(os.path.dirname(__file__), "..", ".."))


def output_of(*command, **options):
    return subprocess.run(command, capture_output=True, text=True, check=True, **options).stdout


@pytest.mark.parametrize("module, symbols, function", [
    ("ntdll.dll", "ntdll.dll.sym", "LdrInitializeThunk"),
    ("NTCMD.EXE", "ntcmd.exe.sym", "NtProcessStartup"),
    ("ntos.elf", "ntos.sym.elf", "ObReferenceObjectByHandle"),
])
def test_symbolize(build, module, symbols, function):
    """A place in a log gets its function, file and line; what is no place stays as it is."""
    images = os.path.abspath(os.path.join(build, "images"))
    file = os.path.join(images, symbols)
    # (linked as one unit, the Executive's functions are local to it: t)
    address = int(re.search(rf"^([0-9a-f]+) [Tt] _?{function}(@\d+)?$", output_of("llvm-nm", file), re.MULTILINE)[1], 16)
    headers = output_of("llvm-readobj", "--file-headers", "--program-headers", file)
    base = int(re.search(r"ImageBase: (0x[0-9A-F]+)|VirtualAddress: (0x[0-9A-F]+)", headers).group().split()[1], 16)
    place = f"{module}+{address - base:#x}"
    log = f"one\n rip {place} rsp 0\n#0 {place} in nosuch.exe+0x10\n"
    lines = output_of(os.path.join(TOP, "tools", "symbolize"), "--images", images, input=log).splitlines()
    assert lines[0] == "one"
    source = re.fullmatch(rf" rip .* rsp 0  {function} \((\S+\.c):\d+\)", lines[1])[1]
    assert os.path.exists(os.path.join(TOP, source))
    assert re.fullmatch(rf"#0 .* in nosuch.exe\+0x10  {function} \(\S+\.c:\d+\)", lines[2])


@pytest.mark.parametrize("arguments, words", [
    (["build.sh", "amd64", "nonsense"], "nonsense"),
    (["mkfloppy.sh", "relase"], "relase"),
    (["mkiso.sh", "amd64", "floppy"], "floppy"),
    (["run.sh", "bogus"], "bogus"),
    (["run.sh", "direct", "amd64", "bogus"], "bogus"),
    (["build.sh", "amd64", "--kernel", "nosuchfile"], "nosuchfile"),
    (["test.sh", "nonsense"], "nonsense"),
    (["test.sh", "--only"], "--only needs a word"),
    (["test.sh", "--kernel", "nosuchfile"], "cannot read nosuchfile"),
    (["build.sh", "--kernel"], "--kernel needs a file"),
    (["run.sh", "--kernel", "--add"], "--kernel needs a file"),
    (["mkiso.sh", "--add"], "--add needs a file"),
    (["mkfloppy.sh", "--trace"], "--trace needs the name of a program"),
    (["build.sh", "amd64", "i686"], "'amd64' and 'i686'"),
    (["mkfloppy.sh", "debug", "release"], "'debug' and 'release'"),
    (["run.sh", "floppy", "iso"], "'floppy' and 'iso'"),
    (["web.sh", "amd64"], "cannot boot amd64"),
    (["bench.sh", "iso"], "no media"),
])
def test_what_is_not_there_is_said_in_one_line(arguments, words):
    run = subprocess.run([os.path.join(TOP, arguments[0]), *arguments[1:]], capture_output=True, text=True, check=False)
    assert run.returncode == 2
    assert words in run.stderr and run.stderr.count("\n") == 1 and run.stdout == ""


@pytest.mark.parametrize("script", ["run", "build", "test", "web", "bench", "mkiso", "mkfloppy"])
@pytest.mark.parametrize("words", [["--help"], ["release", "-h"]])
def test_usage_is_the_comment_of_the_script(script, words):
    said = output_of(os.path.join(TOP, script + ".sh"), *words, cwd="/")
    assert said.startswith(f"./{script}.sh [") and "--kernel FILE" in said
    assert script in ("test", "bench") or "[--add FILE[=PATH]]" in said and "[--trace PROGRAM]" in said
    assert "source " not in said and said.count("\n") > 4


@pytest.mark.parametrize("tool", ["tools/picture.py", "tools/bench.py", "tools/setup.sh", "tools/check_format.sh", "tests/native/run.py",
                                  "tests/host/run.sh"])
def test_tools_say_what_they_are_for(tool):
    said = output_of(os.path.join(TOP, tool), "--help", cwd="/")
    assert os.path.basename(tool) in said.splitlines()[0] and said.count("\n") > 2 and "set -" not in said


@pytest.mark.parametrize("script", ["build.sh", "mkfloppy.sh", "mkiso.sh"])
def test_two_builds_of_a_folder_wait_for_each_other(build, script):
    name = os.path.basename(os.path.abspath(build))
    with open(os.path.join(TOP, "build", name, "build.lock"), "w", encoding="ascii") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        with subprocess.Popen([os.path.join(TOP, script), *name.split("-")], stdout=subprocess.PIPE,
                              stderr=subprocess.PIPE, text=True) as process:
            line = process.stderr.readline()
            process.terminate()
            process.wait()
            fcntl.flock(lock, fcntl.LOCK_UN)
            assert line == f"waiting for another build in build/{name} to end\n" and process.stdout.read() == ""


def test_a_word_that_no_host_test_has_is_told_the_names():
    run = subprocess.run(["bash", "-c", "only=nosuch long=; source tests/suites.sh; suite_host"], cwd=TOP, capture_output=True,
                         text=True, check=False)
    assert run.returncode == 1 and run.stdout.startswith("not ok") and " mm_vad" in run.stdout


def only_with(build, name):
    """A test that builds in that folder runs where it is tested: two lanes would be in each other's way."""
    if os.path.basename(os.path.abspath(build)) != name:
        pytest.skip(f"builds {name}")


def test_run_boots_a_debug_system(build):
    """The README's first command, with the serial log in place of a screen."""
    only_with(build, "i686-debug")
    run = subprocess.Popen(["timeout", "300", os.path.join(TOP, "run.sh"), "-display", "none", "-serial", "stdio"],
                           stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True)
    try:
        assert any("NT 10.0.19045 native API" in line for line in run.stdout)
    finally:
        run.terminate()
        run.wait()


def test_run_hands_on_qemu_arguments(build):
    only_with(build, "amd64-release")
    assert "QEMU emulator version" in output_of(os.path.join(TOP, "run.sh"), "direct", "amd64", "release", "-version")


def hanging_kernel(build, folder):
    """A kernel image whose first instruction jumps to itself."""
    with open(os.path.join(build, "images", "kernel.elf"), "rb") as file:
        data = bytearray(file.read())
    entry, headers = struct.unpack_from("<II", data, 24)
    for i in range(struct.unpack_from("<H", data, 44)[0]):
        offset, vaddr, paddr, size = struct.unpack_from("<IIII", data, headers + i * 32 + 4)
        for start in (vaddr, paddr):
            if start <= entry < start + size:
                place = offset + entry - start
                data[place:place + 2] = b"\xeb\xfe"
    path = os.path.join(folder, "hangs.elf")
    with open(path, "wb") as file:
        file.write(data)
    return path


@pytest.mark.parametrize("options", [["--kernel"], ["--comes-up"]])
def test_kernel_that_does_not_come_up_is_said(build, tmp_path, options):
    """In place of the 30 seconds that a loaded machine may need, it gets 3."""
    kernel = hanging_kernel(build, tmp_path)
    program = "import kernel_bench; kernel_bench.SECONDS_TO_COME_UP = 3; kernel_bench.main()"
    run = subprocess.run([sys.executable, "-c", program, os.path.abspath(build), *options, kernel],
                         cwd=os.path.join(TOP, "tools"), capture_output=True, text=True, check=False)
    assert run.returncode == 1 and run.stdout == ""
    assert "hangs.elf does not come up" in run.stderr and "Traceback" not in run.stderr
