# SPDX-License-Identifier: BSD-2-Clause
"""The commands of ntcmd, as a user meets them."""

import datetime
import os
import re
import time

import pytest

from machine import started_drivers, state_of

TOP = os.path.abspath(os.path.join(os.path.dirname(__file__), "..", ".."))

COMMANDS = ("help", "ver", "echo", "cls", "ps", "ls", "dir", "cd", "cat", "type", "beep", "kill", "start", "time", "mem",
            "shutdown", "reboot", "load", "fg", "keys", "exit")


def text_of(machine, line):
    return "\n".join(machine.command(line))


def test_help_names_every_command(machine):
    text = text_of(machine, "help")
    assert [name for name in (*COMMANDS, r"Ctrl\+C") if not re.search(rf"\b{name}\b", text)] == []


def test_ver(machine):
    text = text_of(machine, "ver")
    assert "Neptune OS" in text and "10.0.19045" in text


def test_unknown_command(machine):
    assert machine.command("frobnicate now")[0].startswith("frobnicate: no such command")
    assert machine.command("echo on") == ["on"]


def test_commands_ignore_case(machine):
    assert machine.command("ECHO Hello") == ["Hello"]


def test_cls(machine):
    machine.command("echo something")
    machine.command("cls")
    assert machine.rows()[0] == machine.last_row()


def test_ps(machine):
    text = text_of(machine, "ps").lower()
    for name in ("smss.exe", "ntcmd.exe"):
        assert name in text


def test_drivers(machine, build):
    """Those that the same device has are in one process."""
    for driver in started_drivers(build):
        process, restarts, state = state_of(machine, driver)
        assert process and restarts == 0 and state == "running"
    assert state_of(machine, "kbdclass")[0] == state_of(machine, "i8042prt")[0]
    assert state_of(machine, "beep")[0] != state_of(machine, "null")[0]
    assert machine.command("drivers now") == ["drivers: takes no arguments"]


@pytest.mark.parametrize("directory, names", [
    ("\\SystemRoot", ["ntdll.dll", "smss.exe", "ntcmd.exe", "drivers", "readme.txt"]),
    ("\\", ["Device", "Driver", "ObjectTypes", "SystemRoot"]),
    ("\\Device", ["KeyboardClass0", "Null", "Beep"]),
])
@pytest.mark.parametrize("command", ["ls", "dir"])
def test_ls(machine, command, directory, names):
    text = text_of(machine, f"{command} {directory}").lower()
    assert [name for name in names if name.lower() not in text] == []


@pytest.mark.parametrize("directory, suffix", [("\\SystemRoot\\drivers", ".sys"), ("\\Driver", "")])
def test_ls_of_drivers(machine, build, directory, suffix):
    text = text_of(machine, f"ls {directory}").lower()
    assert [name for name in started_drivers(build) if name + suffix not in text] == []


def test_ls_of_nothing(machine):
    text = text_of(machine, "ls \\NoSuchDirectory")
    assert re.search("not found|0xc0000034|cannot", text, re.IGNORECASE)


@pytest.mark.parametrize("command", ["cat", "type"])
def test_cat(machine, command):
    """The boot archive holds a text file to be read."""
    assert "Welcome to Neptune OS" in text_of(machine, command + " \\SystemRoot\\readme.txt")


def test_cat_of_nothing(machine):
    assert re.search("not found|0xc0000034|cannot", text_of(machine, "cat \\SystemRoot\\nothing.txt"), re.IGNORECASE)


@pytest.mark.parametrize("line", ["cat", "type", "CAT none", "type none", "ls \\none", "dir \\none"])
def test_messages_name_the_command_as_it_was_typed(machine, line):
    assert machine.command(line)[0].startswith(line.split()[0] + ": ")


def test_the_first_text_fits_the_screen(machine):
    with open(os.path.join(TOP, "ntos", "init", "readme.txt"), encoding="ascii") as file:
        assert machine.command("type readme.txt") == file.read().splitlines()


def test_cd(machine):
    for directory, shown in (("drivers", "C:\\drivers"), ("..", "C:\\"), ("\\Device", "\\Device"), ("C:", "C:\\")):
        machine.type(f"cd {directory}\n")
        machine.wait(lambda: machine.last_row() == shown + ">", f"prompt {shown}>")
    assert machine.command("cd nowhere")[0].startswith("cd: ")


def test_relative_names(machine):
    machine.type("cd drivers\n")
    machine.wait(lambda: machine.last_row() == "C:\\drivers>", "prompt in drivers")
    machine.type("ls\n")
    machine.wait_for("beep.sys")
    machine.type("cd ..\ncat readme.txt\n")
    machine.wait_for("Welcome to Neptune OS")


def test_time(machine):
    """The date is the host's, and the time goes on as the host's does."""
    def now():
        text = text_of(machine, "time")
        date, hours, minutes, seconds = re.match(r"(\d+-\d+-\d+ \d+:\d+:\d+) UTC, up for (\d+):(\d+):(\d+)$",
                                                 text).groups()
        clock = datetime.datetime.fromisoformat(date + "+00:00").timestamp()
        return clock, (int(hours) * 60 + int(minutes)) * 60 + int(seconds)

    start, (clock, uptime) = time.time(), now()
    assert abs(clock - start) < 60
    time.sleep(3)
    later_clock, later_uptime = now()
    passed = time.time() - start
    assert 2 <= later_uptime - uptime <= passed + 1
    assert 2 <= later_clock - clock <= passed + 1


def test_mem(machine):
    figures = {words[-1]: int(words[0]) for words in (row.replace(", of", "").split()[:3] for row in
                                                      machine.command("mem"))}
    assert 120_000 < figures["memory"] <= 128 * 1024
    assert 0 < figures["free"] < figures["memory"]


@pytest.mark.parametrize("line", ["beep", "beep 440 50"])
def test_beep(machine, line):
    assert machine.command(line) == []


def test_start_of_nothing(machine):
    assert "not found" in text_of(machine, "start nosuch.exe")


@pytest.mark.parametrize("line", ["ls" + " x" * 30, "cat", "kill", "load", "fg", "fg x", "kill abc", "kill 999999", "start", "beep x",
                                  "cat \\", "cat C:\\drivers", "ls \\SystemRoot\\ntdll.dll", "kill -1", "kill 0",
                                  "readme.txt", "ntdll.dll", "ls " + "\\x" * 30, "cd readme.txt", "kill 16 now",
                                  "shutdown now"])
def test_wrong_arguments_are_answered(machine, line):
    assert machine.command(line) != []
    assert machine.command("echo on") == ["on"]


@pytest.mark.parametrize("name, why", [("smss.exe", "the system needs that process"), ("ntcmd.exe", "that is this prompt")])
def test_fg_of_what_must_not_have_the_keyboard(machine, name, why):
    """The end of smss stops the system; a prompt that waits for itself waits for ever."""
    number = re.search(rf"^ *(\d+) .*{name}", text_of(machine, "ps"), re.MULTILINE)[1]
    assert why in text_of(machine, f"fg {number}")
    machine.press("ctrl", "c")
    machine.wait_for_prompt()
    assert machine.command("echo on") == ["on"]


@pytest.mark.test_programs
def test_load_says_in_words_what_is_wrong(machine):
    """A driver may be named by its file, too."""
    for driver, words in (("null.sys", "loaded already"), ("Null.SYS", "loaded already"), ("null.sy", "not found"),
                          (".sys", "not found"), ("peordinal.sys", "function that it needs is missing")):
        assert words in text_of(machine, f"load {driver}")


@pytest.mark.test_programs
def test_a_wrong_group_of_checks_is_told_the_right_ones(machine):
    text = text_of(machine, "umtests nosuch")
    assert "not ok 1 - there is such a group" in text and "# there are: objects" in text and " filelocks" in text
