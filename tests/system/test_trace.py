# SPDX-License-Identifier: BSD-2-Clause
"""trace: each system service of a program, with arguments, status and how long it took."""

import os
import re
import subprocess

import pytest

from test_added_files import TOOL

CALL = r"\d+ {}\({}\) = {}, \d+ ticks"


def traced(machine, line):
    """What the command prints; long lines stand on several rows of the screen."""
    return "".join(machine.command(line))


@pytest.mark.test_programs
def test_a_program_is_traced_to_its_end(machine):
    text = traced(machine, "trace nothing")
    assert re.search(CALL.format("NtTerminateProcess", "[0-9a-f]+, 0", "0"), text), text


@pytest.mark.test_programs
def test_names_handles_and_statuses_are_shown(machine):
    call = CALL.format("NtOpenFile", r'\[[0-9a-f]+\], [0-9a-f]+, \{"\\Device\\KeyboardClass0" 40\}, \{.*?', "0")
    machine.type("trace keyhold\n")
    machine.wait(lambda: re.search(call, "".join(machine.rows())), "the open of the keyboard")
    machine.press("ctrl", "c")
    machine.wait_for_prompt()


@pytest.mark.test_programs
def test_quotes_within_a_string_are_told_from_its_own(machine):
    text = traced(machine, 'trace args "q"')
    assert r'NtDisplayString("args \"q\"") = 0' in text, text


def test_what_a_failed_call_has_not_written_is_not_shown(machine):
    """Neither the handle nor the status block: their addresses stand there, without brackets and braces."""
    process = re.search(r"^ *(\d+) .*ntcmd\.exe", "\n".join(machine.command("ps")), re.MULTILINE)[1]
    call = CALL.format("NtOpenFile", r'[0-9a-f]+, [0-9a-f]+, \{"[^"]*\\none" 40\}, [0-9a-f]+, 3, 60', "c0000034")
    machine.type(f"trace {process}\ncls\ntype none\n")
    machine.wait(lambda: re.search(call, "".join(machine.rows())), "a failed open")
    machine.type(f"cls\ntrace {process} off\n")
    machine.wait_for_prompt()


def test_a_running_program_is_traced_and_left(machine):
    process = re.search(r"^ *(\d+) .*ntcmd\.exe", "\n".join(machine.command("ps")), re.MULTILINE)[1]
    machine.type(f"trace {process}\n")
    machine.wait(lambda: re.search(CALL.format("NtClose", "[0-9a-f]+", "0"), "".join(machine.rows())), "a traced close")
    machine.type(f"cls\ntrace {process} off\n")
    machine.wait_for_prompt()
    assert machine.command("echo quiet") == ["quiet"]
    assert "c000000b" in traced(machine, "trace 1000000")


@pytest.mark.test_programs
def test_others_are_not_traced(machine):
    machine.command("trace args")
    assert "Nt" not in "".join(machine.command("echo quiet"))


def test_bad_words_are_explained(machine):
    assert "which program" in traced(machine, "trace")
    assert "c0000034" in traced(machine, "trace frobnicate")


def test_the_boot_option_traces_a_program_from_its_start(boot, build, tmp_path):
    """The value that ./run.sh --trace puts into the registry."""
    option, image = tmp_path / "boot.reg", str(tmp_path / "ntos-added.elf")
    option.write_text('Windows Registry Editor Version 5.00\n\n'
                      '[HKEY_LOCAL_MACHINE\\System\\CurrentControlSet\\Control\\Session Manager]\n'
                      '"TraceServices"="other.exe NOTHING.EXE"\n', encoding="ascii")
    subprocess.run([TOOL, os.path.join(build, "images", "ntos-tests.elf"), image, f"{option}=config\\boot.reg"], check=True)
    machine = boot(initrd=image)
    machine.wait_for_prompt()
    assert "Nt" not in traced(machine, "tests\\args")
    text = traced(machine, "nothing")
    assert re.search(CALL.format("NtTerminateProcess", "[0-9a-f]+, 0", "0"), text), text
