# SPDX-License-Identifier: BSD-2-Clause
"""The keyboard beyond the editing of a line: keys while the system starts, drivers that die, several readers."""

import os
import random
import re
import subprocess
import time

import pytest

from machine import PROMPT, state_of

ADD_FILES = os.path.join(os.path.dirname(__file__), "..", "..", "tools", "generate", "addfiles.py")
APART = """Windows Registry Editor Version 5.00

[HKEY_LOCAL_MACHINE\\System\\CurrentControlSet\\Services\\kbdclass]
"DriverHost"=""
"RestartLimit"=dword:ffffffff
"""

LETTERS = "qwxz"        # no command consists of them
EDITING_KEYS = ["shift", "ctrl_r", "left", "delete", "home", "end"]
SLOW_HOST_SECONDS = 120
MOST_LINES = 5          # typed during a start, so that none scrolls off


class Typist:
    """Presses, holds and releases keys at random, as fast as QEMU takes them; remembers what was pressed."""

    def __init__(self, machine, seed, keys, most_lines=0):
        self.machine, self.random = machine, random.Random(seed)
        self.keys, self.most_lines = list(keys), most_lines
        self.down, self.pressed = [], ""

    def _touch(self):
        """A key event: a release, or a press, which may be the repetition of one that is held."""
        if self.down and self.random.random() < 0.4:
            return self.down.pop(self.random.randrange(len(self.down))), False
        key = self.random.choice(self.keys)
        if key == "ret":
            if self.pressed.count("\n") == self.most_lines or self.random.random() < 0.7:
                key = self.keys[0]
        self.pressed += "\n" if key == "ret" else key
        if key not in self.down:
            self.down.append(key)
        return key, True

    def _send(self, strokes):
        """Each stroke is a list of key events that come at once."""
        self.machine.qemu.execute_in_a_row("input-send-event", [{"events": [
            {"type": "key", "data": {"down": down, "key": {"type": "qcode", "data": key}}}
            for key, down in stroke]} for stroke in strokes])

    def type_until(self, condition):
        """Types until condition(), in bursts and with pauses."""
        deadline = time.monotonic() + SLOW_HOST_SECONDS
        while not condition():
            assert time.monotonic() < deadline, "no prompt"
            for _ in range(self.random.randrange(1, 5)):
                self._send([[self._touch() for _ in range(self.random.choice((1, 2, 4)))]
                            for _ in range(self.random.choice((1, 5, 40)))])
                time.sleep(self.random.choice((0, 0, 0.01)))
        self._send([[(key, False)] for key in self.down])
        self.down = []


def is_part_in_order(part, whole):
    rest = iter(whole)
    return all(character in rest for character in part)


def typed_on_screen(machine):
    """What stands behind prompts: lines that were executed end in a line feed."""
    rows = [row for row in machine.rows() if row.startswith(PROMPT)]
    return "\n".join(row[len(PROMPT):] for row in rows)


def shows_prompt(machine):
    return lambda: any(row.startswith(PROMPT) for row in machine.rows())


@pytest.mark.parametrize("keys", [LETTERS, list(LETTERS) + ["ret"]], ids=["letters", "lines"])
def test_keys_during_the_start(boot, long, keys):
    """Somebody types from power-on to the prompt. Pressed keys arrive or do not; no others do, and no line is
    executed that was not typed."""
    for seed in range(25 if long else 3):
        machine = boot()
        typist = Typist(machine, seed, keys, MOST_LINES)
        typist.type_until(shows_prompt(machine))
        machine.type("0")
        machine.wait(lambda: machine.last_row().endswith("0"), "the last key", SLOW_HOST_SECONDS)
        shown = typed_on_screen(machine)
        assert is_part_in_order(shown, typist.pressed + "0"), (seed, shown, typist.pressed)
        machine.press("esc")
        machine.wait_for_prompt(SLOW_HOST_SECONDS)
        assert machine.command("echo on") == ["on"]
        machine.close()


def test_editing_keys_during_the_start(boot, long):
    """Keys that type nothing leave an empty line."""
    for seed in range(25 if long else 3):
        machine = boot()
        Typist(machine, seed, EDITING_KEYS).type_until(shows_prompt(machine))
        for key in ("shift", "ctrl_r"):     # bursts overflow QEMU's queue, which then loses releases as a keyboard's does
            machine.press(key)
        assert machine.command("echo on") == ["on"]
        assert len([row for row in machine.rows() if row.startswith(PROMPT)]) == 2
        machine.close()


def number_of(machine, image):
    row = next(row for row in machine.command("ps") if image in row and "running" in row)
    return row.split()[0]


@pytest.fixture(name="hosts")
def keyboard_hosts(boot, build, tmp_path):
    """hosts(where) boots with the keyboard's drivers "together" or "apart"."""
    def start(where):
        options = {}
        if where == "apart":
            text, image = tmp_path / "added.reg", tmp_path / "ntos-added.elf"
            text.write_text(APART, encoding="ascii")
            subprocess.run([ADD_FILES, os.path.join(build, "images", "ntos.elf"), image, f"{text}=config\\added.reg"], check=True)
            options["initrd"] = str(image)
        machine = boot(**options)
        machine.wait_for_prompt()
        return machine
    return start


@pytest.mark.parametrize("where, driver", [("together", "i8042prt"), ("apart", "kbdclass"), ("apart", "i8042prt")])
def test_keyboard_driver_is_started_again(hosts, where, driver, long):
    """Killed many times in a row, after which it comes back later each time: the user goes on typing each time."""
    machine = hosts(where)
    assert (state_of(machine, "kbdclass")[0] == state_of(machine, "i8042prt")[0]) == (where == "together")
    for round in range(10 if long else 7):
        machine.type(f"kill {state_of(machine, driver)[0]}\n")
        machine.wait_for("The keyboard is gone")
        machine.wait_for("The keyboard is back", SLOW_HOST_SECONDS)
        machine.wait_for_prompt()
        assert machine.command(f"echo alive {round}") == [f"alive {round}"]
        machine.command("cls")
    assert state_of(machine, driver)[1] >= round + 1
    assert (state_of(machine, "kbdclass")[0] == state_of(machine, "i8042prt")[0]) == (where == "together")


def test_driver_is_loaded_by_hand(machine):
    assert machine.command("load beep")[0].startswith("load: it is loaded already")
    assert machine.command("load nothing")[0].startswith("load: not found")
    assert machine.command("load " + "x" * 60)[0].startswith("load: ")


def test_nested_prompt_has_the_keyboard(machine):
    """Every key goes to the inner prompt, and after its end to the outer one; Caps Lock stays as it is."""
    for inner in range(3):
        machine.command("ntcmd")
        machine.type("cd drivers\n")
        machine.wait(lambda: machine.last_row() == "C:\\drivers>", "the inner prompt")
        machine.type("echo " + "abcdefgh" * 6 + "\n")
        machine.wait_for("^" + "abcdefgh" * 6 + "$")
        if inner == 2:
            machine.press("caps_lock")
        machine.type("exit\n")
        machine.wait_for_prompt()
        machine.type("cls\n")
        machine.wait(lambda: machine.rows()[0] == PROMPT, "an empty screen")
    machine.type("echo x\n")
    machine.wait_for("^X$")


def test_ctrl_c_is_the_foreground_prompts(machine):
    machine.command("ntcmd")
    machine.type("cd drivers\necho nonsense")
    machine.press("ctrl", "c")
    machine.wait_for(r"\^C$")
    machine.wait(lambda: machine.last_row() == "C:\\drivers>", "the inner prompt")
    machine.type("exit\n")
    machine.wait_for_prompt()
    assert machine.command("echo on") == ["on"]


def test_started_prompt_waits_for_its_turn(machine):
    """One that was started with "start" gets no key until fg hands it the keyboard, or nobody else is there."""
    machine.type("start ntcmd\n")
    number = machine.wait_for(r"^process (\d+)$")[1]
    machine.wait_for(re.escape(PROMPT * 2))     # both
    machine.type("cls\n")
    machine.wait_for_prompt()
    for word in ("one", "two", "three"):
        assert machine.command("echo " + word) == [word]
    machine.type(f"fg {number}\n")
    machine.type("cd drivers\n")
    machine.wait(lambda: machine.last_row() == "C:\\drivers>", "the other prompt")
    machine.type("exit\n")
    machine.wait_for_prompt()
    assert machine.command("echo back") == ["back"]
    assert machine.command("fg 999999")[0].startswith("fg: no such process")


def test_exit_of_the_first_prompt(machine):
    first = number_of(machine, "ntcmd.exe")
    machine.type("exit\n")
    machine.wait_for_prompt()
    machine.wait(lambda: machine.text().count(PROMPT) > 2, "a new prompt")
    assert number_of(machine, "ntcmd.exe") != first
    assert "has ended" not in machine.text()


@pytest.mark.test_programs
def test_lost_keys_are_counted(machine):
    """More keys than there is room for, while nobody reads: it is known how many, and the keyboard works on."""
    room, keys = 128, 200
    lost = 2 * keys - room      # the release of Enter may come first
    assert machine.command("keys")[0].split()[0] == "0"
    machine.type(f"keyhold {lost}\n")
    machine.wait_for("^holding the keyboard$")
    machine.type("z" * keys)
    result = machine.wait_for(r"^(\d+) packets, (\d+) lost$", SLOW_HOST_SECONDS)
    assert int(result[1]) >= room and int(result[2]) in (lost, lost + 1)
    machine.wait_for_prompt()
    assert int(machine.command("keys")[0].split()[0]) in (lost, lost + 1)


@pytest.mark.test_programs
def test_command_lines_reach_programs_as_typed(machine):
    for line in ('args "a b" c', 'args  "a  b"', '"tests\\args.exe" "x"', ".\\tests\\args x", "tests/args",
                 "C:\\tests\\args", "tests\\..\\tests\\.\\args"):
        assert machine.command(line) == [f"[{line}]"]
    machine.type("cd drivers\n")
    machine.wait(lambda: machine.last_row() == "C:\\drivers>", "prompt in drivers")
    machine.type('..\\tests\\args "q r"\n')
    machine.wait_for(r'^\[\.\.\\tests\\args "q r"\]$')
    machine.type("cd ..\n")
    machine.wait_for_prompt()
    machine.type('start  args "a b"\n')
    machine.wait_for(r'\[args "a b"\]$')
