# SPDX-License-Identifier: BSD-2-Clause
"""An emulated PC running Neptune OS: its keyboard, its text screen, its serial log."""

import os
import re
import shutil
import subprocess
import tempfile
import time

from keyboard import queue_bytes, strokes
from pixels import Picture
from qmp import Qemu, QemuError

PROMPT = "C:\\>"
TEST_SYSTEM = "ntos-tests.elf"      # the system with the test programs added, in \SystemRoot\tests
STOP_SCREEN = "*** STOP:"         # of the Executive, on the screen and on the serial port of every build
COLUMNS, ROWS = 80, 25
TEXT_SCREEN = 0xB8000
KEYBOARD_QUEUE_BYTES = 16       # of QEMU's emulated PS/2 keyboard; what does not fit is lost
KEYBOARD_STATUS_PORT, KEYBOARD_OUTPUT_FULL = 0x64, 1
UEFI_FIRMWARE = "/usr/share/ovmf/OVMF.fd"
CRTC_INDEX_PORT, CRTC_DATA_PORT = 0x3D4, 0x3D5


def emulator(build, medium="direct"):
    """QEMU's program, with the least processor that must do, for a build folder. What another kernel needs depends on how
    it was built: it gets the processor that has everything."""
    is_i686 = os.path.basename(os.path.abspath(build)).startswith("i686-")
    if os.path.exists(os.path.join(build, "prebuilt-kernel.elf")):
        return ["qemu-system-i386" if is_i686 and medium != "uefi" else "qemu-system-x86_64", "-cpu", "max"]
    if is_i686 and medium != "uefi":
        return ["qemu-system-i386", "-cpu", "pentium3"]
    return ["qemu-system-x86_64"]       # UEFI itself is 64-bit


def started_drivers(build):
    """The names of the drivers that smss starts, without ".sys"."""
    with open(os.path.join(build, "drivers.txt"), encoding="ascii") as file:
        return file.read().split()


def state_of(machine, driver):
    """What the command drivers says of a driver: (the number of its process or None, restarts, state)."""
    for row in machine.command("drivers"):
        words = row.split(None, 4)
        if words and words[0].lower() == driver.lower():
            return None if words[1] == "-" else int(words[1]), int(words[3]), words[4]
    return None


def boot_options(build, medium, kernel, initrd):
    """QEMU's options to boot a build from a medium. "stick" is the ISO as a hard disk."""
    images = os.path.join(build, "images")
    iso = os.path.join(images, "neptune.iso")
    modules = ",".join(os.path.join(images, name) for name in initrd.split(","))
    return {
        "direct": ["-kernel", os.path.join(images, kernel), "-initrd", modules],
        "floppy": ["-drive", f"if=floppy,format=raw,readonly=on,file={images}/floppy.img"],
        "iso": ["-cdrom", iso],
        "stick": ["-drive", f"format=raw,snapshot=on,file={iso}"],
        "uefi": ["-bios", UEFI_FIRMWARE, "-cdrom", iso],
    }[medium]


class Stopped(AssertionError):
    """The Executive has stopped: its stop screen, with functions and lines."""


class Machine:
    """Boots a build folder's images in QEMU: from the medium named (boot_options), or other kernel and initrd files.

    initrd may be several files, separated by commas. framebuffer (address, pitch, width, height) is memory where the
    screen is to be looked for. memory is in MB. options are further QEMU arguments. Use as a context manager: the end of the
    block ends QEMU.
    """

    def __init__(self, build, memory=128, options=(), medium="direct", kernel="kernel.elf", initrd="ntos.elf",
                 framebuffer=None):
        self.build = build
        self.framebuffer = framebuffer
        self.graphics = medium == "uefi" or framebuffer is not None     # else the screen is VGA text
        self.folder = tempfile.mkdtemp(prefix="neptune-")
        self.serial_file = os.path.join(self.folder, "serial.log")
        self.started = time.monotonic()
        try:
            program, *processor = emulator(build, medium)
            self.qemu = Qemu(program, [*processor, "-accel", "tcg", "-m", f"{memory}M", "-nic", "none",
                                       "-display", "none", "-serial", f"file:{self.serial_file}",
                                       *boot_options(build, medium, kernel, initrd), *options])
        except BaseException:
            shutil.rmtree(self.folder)
            raise

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def close(self):
        self.qemu.close()
        shutil.rmtree(self.folder, ignore_errors=True)

    # The screen

    def _picture(self):
        filename = os.path.join(self.folder, "picture")
        if not self.framebuffer:
            self.qemu.execute("screendump", filename=filename, format="ppm")
            return Picture.of_file(filename)
        address, pitch, width, height = self.framebuffer
        self.qemu.execute("pmemsave", val=address, size=pitch * height, filename=filename)
        with open(filename, "rb") as file:
            return Picture.of_memory(file.read(), pitch, width, height)

    def cells(self):
        """The 80x25 cells of VGA's text screen: a list of rows of (character, attribute) byte pairs."""
        dump = os.path.join(self.folder, "screen")
        self.qemu.execute("pmemsave", val=TEXT_SCREEN, size=COLUMNS * ROWS * 2, filename=dump)
        with open(dump, "rb") as file:
            data = file.read()
        pairs = list(zip(data[::2], data[1::2]))
        return [pairs[row * COLUMNS:(row + 1) * COLUMNS] for row in range(ROWS)]

    def rows(self):
        """The screen as strings without trailing blanks: VGA's 25 rows, or as many as the pixels show."""
        if self.graphics:
            return [codes.decode("cp437").rstrip() for codes in self._picture().codes()]
        return [bytes(code or 32 for code, _ in row).decode("cp437").rstrip() for row in self.cells()]

    def text(self):
        return "\n".join(self.rows()).rstrip("\n")

    def last_row(self):
        """The last row that is not blank."""
        return self.text().rpartition("\n")[2]

    def cursor(self):
        """(row, column) of the text cursor. Stops the machine for a moment, as it may be between two
        accesses to the same registers."""
        if self.graphics:
            return self._picture().cursor()
        self.qemu.execute("stop")
        index = self._in(CRTC_INDEX_PORT)
        position = 0
        for register in (0x0E, 0x0F):
            self._out(CRTC_INDEX_PORT, register)
            position = position << 8 | self._in(CRTC_DATA_PORT)
        self._out(CRTC_INDEX_PORT, index)
        self.qemu.execute("cont")
        return divmod(position, COLUMNS)

    def picture(self, filename):
        """Writes the screen, as a monitor would show it, to a PNG file."""
        self.qemu.execute("screendump", filename=os.path.abspath(filename), format="png")

    def _in(self, port):
        return int(self.qemu.monitor(f"i /b {port:#x}").rpartition("=")[2], 16)

    def _out(self, port, value):
        self.qemu.monitor(f"o /b {port:#x} {value:#x}")

    # The keyboard

    def press(self, *qcodes):
        """Presses the keys in turn, then releases them in reverse: press("shift", "a")."""
        self._send([(qcode, True) for qcode in qcodes] + [(qcode, False) for qcode in reversed(qcodes)])

    def hold(self, qcode, down):
        """Presses (down) or releases one key."""
        self._send([(qcode, down)])

    def type(self, text):
        """Types as fast as the machine takes keys out of the emulated keyboard: fills the keyboard's
        queue, waits until the guest has emptied it, and goes on at once."""
        self._send(list(strokes(text)))

    def _send(self, events):
        queue, used = [], 0
        for qcode, down in events:
            size = queue_bytes(qcode)
            if used + size > KEYBOARD_QUEUE_BYTES:
                self._fill_queue(queue)
                queue, used = [], 0
            queue.append({"type": "key", "data": {"down": down, "key": {"type": "qcode", "data": qcode}}})
            used += size
        if queue:
            self._fill_queue(queue)

    def _fill_queue(self, events, timeout=30):
        deadline = time.monotonic() + timeout
        while self._in(KEYBOARD_STATUS_PORT) & KEYBOARD_OUTPUT_FULL:
            if time.monotonic() > deadline:
                raise AssertionError("the guest does not read the keyboard")
        self.qemu.execute("input-send-event", events=events)

    # Waiting

    def wait(self, condition, what, timeout=30, interval=0.02):
        """Waits until condition() is true and returns its value; fails otherwise."""
        deadline = time.monotonic() + timeout
        while True:
            value = condition()
            if value:
                return value
            self._check_stop(what)
            if time.monotonic() > deadline:
                raise AssertionError(f"no {what} within {timeout} s")
            time.sleep(interval)

    def _check_stop(self, what):
        """Nothing comes of a system that has stopped, so waiting ends at once, with the reason."""
        if STOP_SCREEN not in self.serial():
            return
        time.sleep(1)       # the rest of it
        raise Stopped(f"no {what}: the system has stopped\n{self.stop_screen()}")

    def stop_screen(self):
        """The stop screen as it went to the serial port, with functions and lines; "" if there is none."""
        _, mark, rest = self.serial().partition(STOP_SCREEN)
        if not mark:
            return ""
        tool = os.path.join(os.path.dirname(__file__), "..", "..", "tools", "symbolize")
        return subprocess.run([tool, "--images", os.path.join(self.build, "images")], input=mark + rest, text=True,
                              capture_output=True, check=False).stdout

    def wait_for(self, pattern, timeout=30):
        """Waits until the regular expression matches somewhere on the screen (^ and $ are of a row)."""
        expression = re.compile(pattern, re.MULTILINE)
        return self.wait(lambda: expression.search(self.text()), f"'{pattern}' on the screen", timeout)

    def wait_for_prompt(self, timeout=30):
        """Waits until the last row is an empty prompt; returns the seconds since QEMU's start."""
        self.wait(lambda: self.last_row() == PROMPT.rstrip(), "prompt", timeout)
        return time.monotonic() - self.started

    def wait_for_log(self, pattern, timeout=30):
        """Waits until the regular expression matches in the serial log."""
        expression = re.compile(pattern, re.MULTILINE)
        return self.wait(lambda: expression.search(self.serial()), f"'{pattern}' in the log", timeout)

    # The command prompt

    def command(self, line, timeout=30):
        """Types a command at the prompt, waits for the next prompt, and returns the rows in between
        (those that have not scrolled off). The line must fit one row."""
        echoed = (PROMPT + line).rstrip()
        self.type(line)
        self.wait(lambda: self.last_row() == echoed, f"echo of '{line}'", timeout)
        self.type("\n")
        self.wait(lambda: self.last_row() == PROMPT.rstrip(), f"prompt after '{line}'", timeout)
        rows = self.text().split("\n")[:-1]
        if echoed in rows:
            rows = rows[len(rows) - rows[::-1].index(echoed):]
        return rows

    # The rest

    def serial(self):
        try:
            with open(self.serial_file, encoding="utf-8", errors="replace") as file:
                return file.read().replace("\r", "")
        except FileNotFoundError:
            return ""

    def describe(self):
        """Screen and end of the serial log, for the message of a failed test."""
        try:
            screen = self.text()
        except (QemuError, OSError, ValueError) as error:   # half a picture, or none
            screen = f"no screen: {error}"
        log = "\n".join(self.serial().splitlines()[-40:])
        return f"--- screen ---\n{screen}\n--- end of the serial log ---\n{log}\n---"
