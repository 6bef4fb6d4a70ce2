# SPDX-License-Identifier: BSD-2-Clause
"""The text screen on a linear framebuffer. The loader of tests/loader tells of it, in the memory of QEMU's VGA adapter, which
stays in text mode: any size can be tried, and what is drawn is read from that memory."""

import subprocess

import pytest

from qmp import QemuError

VIDEO_MEMORY = 0xF8000000       # with 64 MB of it
OPTIONS = ["-vga", "none", "-device", "VGA,vgamem_mb=64"]


def start(boot, protocol, pitch, width, height, address=VIDEO_MEMORY, bits=32, readable=True):
    words = f"{protocol} fb={address:x},{pitch:x},{width:x},{height:x},{bits:x},1"
    return boot(kernel="loader.elf", initrd="kernel.elf,ntos.elf", options=[*OPTIONS, "-append", words],
                framebuffer=(address, pitch, width, height) if readable else None)


@pytest.mark.parametrize("pitch, width, height, columns, rows", [
    (2560, 640, 480, 80, 30),
    (4096, 800, 600, 100, 37),          # lines longer than their pixels
    (15360, 3840, 2160, 240, 67),       # points of two by two
])
def test_any_size(boot, pitch, width, height, columns, rows):
    machine = start(boot, "mb2", pitch, width, height)
    machine.wait_for_prompt()
    assert machine.command("echo Hello, pixels!") == ["Hello, pixels!"]
    screen = machine.rows()
    assert len(screen) == rows
    assert machine.cursor() == (screen.index("C:\\>", 1), len("C:\\>"))
    for _ in range(rows):
        machine.type("echo\n")
    machine.wait(lambda: machine.rows()[-1] == "C:\\>" and machine.rows()[0] in ("", "C:\\>echo"), "scrolled screen")
    assert machine.cursor() == (rows - 1, len("C:\\>"))
    machine.type("y" * (columns + 10))
    machine.wait(lambda: machine.rows()[-1] == "y" * 14, "a line as wide as the screen")
    assert machine.rows()[-2] == "C:\\>" + "y" * (columns - 4)


def test_vbe_mode(boot):
    """Told of by multiboot 1, as BIOS has it; red is the lowest byte."""
    machine = start(boot, "mb1", 4096, 1024, 768)
    machine.wait_for_prompt()
    assert machine.command("echo VBE") == ["VBE"]


@pytest.mark.parametrize("pitch, width, height, address, bits", [
    (4096, 1024, 768, VIDEO_MEMORY, 24),
    (4092, 1024, 768, VIDEO_MEMORY, 32),
    (4096, 1024, 768, 0x2000000, 32),               # RAM
    (4096, 1024, 768, 0xFEE00000, 32),              # the local APIC, which is the kernel's
    (4096, 1024, 768, 0x7FFFFFF00000, 32),          # beyond all memory
])
def test_framebuffer_that_cannot_be_used(boot, debug, pitch, width, height, address, bits):
    """There is no screen then, but all the rest: what is typed is carried out."""
    machine = start(boot, "mb2", pitch, width, height, address, bits, readable=False)
    if debug:
        machine.wait_for_log("^hal: the (boot loader's graphics mode|framebuffer)")
    for _ in range(10):
        try:
            machine.type("\nshutdown\n")     # the first ones may come before there is a driver
            assert machine.qemu.wait_for_end(3) == 0
            return
        except subprocess.TimeoutExpired:
            continue
        except QemuError:
            break                               # it ended while we typed
    assert machine.qemu.wait_for_end(3) == 0
