# SPDX-License-Identifier: BSD-2-Clause
"""The commands of ntcmd, as a user meets them."""

import re

import pytest

COMMANDS = ("help", "ver", "echo", "cls", "ps", "ls", "cat", "beep", "kill", "start", "time", "mem", "shutdown",
            "reboot")


def text_of(machine, line):
    return "\n".join(machine.command(line))


def test_help_names_every_command(machine):
    text = text_of(machine, "help")
    assert [name for name in COMMANDS if not re.search(rf"\b{name}\b", text)] == []


def test_ver(machine):
    text = text_of(machine, "ver")
    assert "Neptune OS" in text and "10.0.19045" in text


def test_unknown_command(machine):
    assert "frobnicate" in text_of(machine, "frobnicate now")
    assert machine.command("echo on") == ["on"]


def test_commands_ignore_case(machine):
    assert machine.command("ECHO Hello") == ["Hello"]


def test_cls(machine):
    machine.command("echo something")
    machine.command("cls")
    assert machine.rows()[0] == machine.last_row()


def test_ps(machine):
    text = text_of(machine, "ps").lower()
    for name in ("system", "smss.exe", "ntcmd.exe", "i8042prt.sys", "kbdclass.sys", "beep.sys", "null.sys"):
        assert name in text


@pytest.mark.parametrize("directory, names", [
    ("\\SystemRoot", ["ntdll.dll", "smss.exe", "ntcmd.exe", "drivers", "readme.txt"]),
    ("\\SystemRoot\\drivers", ["i8042prt.sys", "kbdclass.sys", "beep.sys", "null.sys"]),
    ("\\", ["Device", "Driver", "ObjectTypes", "SystemRoot"]),
    ("\\Device", ["KeyboardClass0", "Null", "Beep"]),
    ("\\Driver", ["i8042prt", "kbdclass", "beep", "null"]),
])
@pytest.mark.parametrize("command", ["ls", "dir"])
def test_ls(machine, command, directory, names):
    text = text_of(machine, f"{command} {directory}").lower()
    assert [name for name in names if name.lower() not in text] == []


def test_ls_of_nothing(machine):
    text = text_of(machine, "ls \\NoSuchDirectory")
    assert re.search("not found|0xc0000034|cannot", text, re.IGNORECASE)


@pytest.mark.parametrize("command", ["cat", "type"])
def test_cat(machine, command):
    """The boot archive holds a text file to be read."""
    assert "Welcome to Neptune OS" in text_of(machine, command + " \\SystemRoot\\readme.txt")


def test_cat_of_nothing(machine):
    assert re.search("not found|0xc0000034|cannot", text_of(machine, "cat \\SystemRoot\\nothing.txt"), re.IGNORECASE)


def test_time(machine):
    assert re.search(r"\d+:\d\d", text_of(machine, "time"))


def test_time_goes_on(machine):
    first = text_of(machine, "time")
    machine.wait(lambda: text_of(machine, "time") != first, "a later time", timeout=90)


def test_mem(machine):
    """About 128 MB of memory in all, most of it free."""
    assert re.search(r"\d", text_of(machine, "mem"))


def test_beep(machine):
    machine.command("beep")
    assert machine.command("echo on") == ["on"]




@pytest.mark.parametrize("line", ["ls" + " x" * 30, "cat", "kill", "kill abc", "kill 999999", "start", "echo",
                                  "cat \\", "ls \\SystemRoot\\ntdll.dll", "kill -1", "kill 0"])
def test_wrong_arguments_leave_the_shell_alive(machine, line):
    machine.command(line)
    assert machine.command("echo on") == ["on"]
