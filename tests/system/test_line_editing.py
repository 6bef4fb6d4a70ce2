# SPDX-License-Identifier: BSD-2-Clause
"""What a typist does at the prompt: real keys in, cells of the text screen out."""

import random
import re

import pytest

from machine import COLUMNS, PROMPT, ROWS


def expect_line(machine, text, column=None):
    """Waits until the prompt's row holds the text and the cursor stands in the column of the text."""
    machine.wait(lambda: machine.last_row() == (PROMPT + text).rstrip(), f"'{text}' at the prompt")
    if column is not None:
        machine.wait(lambda: machine.cursor()[1] == len(PROMPT) + column, f"cursor in column {column}")


def test_echo(machine):
    assert machine.command("echo hello") == ["hello"]


def test_every_printable_character(machine):
    text = "".join(chr(code) for code in range(33, 127))
    for part in (text[:47], text[47:]):
        assert machine.command("echo " + part) == [part]


def test_case_by_shift_and_caps_lock(machine):
    machine.type("echo ")
    machine.press("caps_lock")
    machine.type("abC1!")
    machine.press("caps_lock")
    machine.type("abC1!")
    expect_line(machine, "echo ABc1!abC1!")


def test_either_shift_key(machine):
    for shift in ("shift", "shift_r"):
        machine.press(shift, "x")
    expect_line(machine, "XX")


def test_backspace(machine):
    machine.type("echo abc")
    machine.press("backspace")
    machine.press("backspace")
    expect_line(machine, "echo a", 6)
    for _ in range(10):     # past the start of the line: the prompt stays
        machine.press("backspace")
    expect_line(machine, "", 0)


def test_left_right_insert_in_the_middle(machine):
    machine.type("echo ac")
    machine.press("left")
    expect_line(machine, "echo ac", 6)
    machine.type("b")
    expect_line(machine, "echo abc", 7)
    machine.press("right")
    machine.type("d")
    expect_line(machine, "echo abcd", 9)
    machine.press("left")
    machine.press("left")
    machine.press("ret")
    machine.wait_for("^abcd$")


def test_left_and_right_stop_at_the_ends(machine):
    machine.type("ab")
    for _ in range(5):
        machine.press("left")
    expect_line(machine, "ab", 0)
    for _ in range(5):
        machine.press("right")
    expect_line(machine, "ab", 2)


def test_home_end_delete(machine):
    machine.type("xecho abc")
    machine.press("home")
    expect_line(machine, "xecho abc", 0)
    machine.press("delete")
    expect_line(machine, "echo abc", 0)
    machine.press("end")
    expect_line(machine, "echo abc", 8)
    machine.press("delete")     # nothing under the cursor
    machine.type("d")
    expect_line(machine, "echo abcd", 9)


def test_escape_clears_the_line(machine):
    machine.type("echo nonsense")
    machine.press("esc")
    expect_line(machine, "", 0)


def test_words(machine):
    """Ctrl with an arrow goes to the next start of a word."""
    machine.type("echo one two")
    for key, column in (("left", 9), ("left", 5), ("left", 0), ("left", 0), ("right", 5), ("right", 9), ("right", 12)):
        machine.press("ctrl", key)
        expect_line(machine, "echo one two", column)


def test_control_c_abandons_the_line(machine):
    machine.type("echo nonsense")
    machine.press("ctrl", "c")
    machine.wait_for(re.escape(PROMPT) + r"echo nonsense\^C$")
    machine.wait_for_prompt()
    machine.press("up")     # it is not remembered
    assert machine.last_row() == PROMPT


def test_history(machine):
    for word in ("one", "two", "three"):
        machine.command("echo " + word)
    for key, line in (("up", "echo three"), ("up", "echo two"), ("up", "echo one"), ("up", "echo one"),
                      ("down", "echo two"), ("down", "echo three"), ("down", "")):
        machine.press(key)
        expect_line(machine, line, len(line))
    machine.press("up")
    machine.press("up")
    machine.press("backspace")
    machine.type("ice\n")
    machine.wait_for("^twice$")


def test_empty_line(machine):
    before = machine.text().count(PROMPT)
    machine.press("ret")
    machine.press("ret")
    machine.wait(lambda: machine.text().count(PROMPT) == before + 2, "two more prompts")


@pytest.mark.parametrize("length", [COLUMNS - len(PROMPT) - 1, COLUMNS - len(PROMPT), COLUMNS, 200])
def test_line_that_wraps(machine, length):
    """The line runs over the right edge; editing at its start moves all of it."""
    words = "echo " + "".join(chr(ord("a") + index % 26) for index in range(length - 5))

    def shown():
        text = "".join(row.ljust(COLUMNS) for row in machine.rows())
        return text[text.rindex(PROMPT) + len(PROMPT):].rstrip()

    machine.type(words)
    machine.wait(lambda: shown() == words, "the long line")
    machine.press("home")
    machine.press("delete")
    machine.wait(lambda: shown() == words[1:], "the line without its first letter")
    machine.type("e")
    machine.press("end")
    machine.type("!")
    machine.wait(lambda: shown() == words + "!", "the line with an exclamation mark")
    machine.press("backspace")
    machine.press("ret")
    machine.wait(lambda: machine.last_row() == PROMPT, "prompt")
    text = "".join(row.ljust(COLUMNS) for row in machine.rows())
    assert text.count(words[5:]) == 2


def test_long_line_scrolls_at_the_bottom(machine):
    machine.type("\n" * ROWS)
    machine.wait(lambda: machine.rows()[-1] == PROMPT, "prompt in the lowest row")
    words = "echo " + "0123456789" * 20
    machine.type(words)
    lines = [PROMPT + words[:COLUMNS - len(PROMPT)]]
    rest = words[COLUMNS - len(PROMPT):]
    lines += [rest[:COLUMNS], rest[COLUMNS:]]
    machine.wait(lambda: machine.rows()[-3:] == lines, "the line in the three lowest rows")
    assert machine.cursor() == (ROWS - 1, len(lines[-1]))


def test_screen_scrolls(machine):
    for number in range(ROWS):
        machine.type(f"echo line {number}\n")
    machine.wait_for(f"^line {ROWS - 1}$")
    machine.wait(lambda: machine.rows()[-1] == PROMPT, "prompt in the lowest row")
    expected = [row for number in range(ROWS - 12, ROWS) for row in (f"{PROMPT}echo line {number}", f"line {number}")]
    assert machine.rows()[:-1] == expected
    assert machine.cursor() == (ROWS - 1, len(PROMPT))


def test_longest_line(machine):
    """A line of 512 characters is taken, what is typed beyond is not."""
    words = "echo " + "".join(chr(ord("a") + index % 26) for index in range(507))
    machine.type(words + "xyz\n")
    machine.wait_for_prompt()
    text = "".join(row.ljust(COLUMNS) for row in machine.rows())
    assert text.count(words[5:] + " ") == 2


def test_fast_typing(machine, long):
    """2,000 characters and more in one go, none lost or doubled.

    The pace is that of the emulated hardware: the keyboard's queue (16 bytes) is filled again as soon
    as the guest has emptied it, without waiting for the system to echo anything. Each line's echo and
    output are collected from the screen while typing goes on; all must have been seen, to the letter.
    """
    letters = random.Random(1)
    alphabet = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789!@#$%^&*()-_=+[]{};:'\",.<>/?`~"
    lines = [f"{number:03}" + "".join(letters.choices(alphabet, k=62)) for number in range(300 if long else 30)]
    assert sum(len(line) + len("echo \n") for line in lines) > 2000
    seen = set()
    for line in lines:
        machine.type(f"echo {line}\n")
        seen.update(machine.rows())

    def complete():
        rows = machine.rows()
        seen.update(rows)
        return lines[-1] in rows and machine.last_row() == PROMPT

    machine.wait(complete, "the last line", interval=0.002)
    missing = [line for line in lines if line not in seen or f"{PROMPT}echo {line}" not in seen]
    assert not missing


def test_held_key_and_release_order(machine):
    """Rolling over keys: the second is pressed before the first is released."""
    for qcode, down in (("a", True), ("b", True), ("a", False), ("c", True), ("b", False), ("c", False)):
        machine.hold(qcode, down)
    expect_line(machine, "abc", 3)


def test_unused_keys_type_nothing(machine):
    for qcode in ("f1", "f12", "pause", "print", "scroll_lock", "num_lock", "meta_l", "menu", "alt", "alt_r",
                  "ctrl", "ctrl_r", "shift", "shift_r", "insert"):
        machine.press(qcode)
    machine.press("num_lock")
    machine.press("scroll_lock")
    assert machine.command("echo still") == ["still"]
