# SPDX-License-Identifier: BSD-2-Clause
"""The kernel started in every way that a boot loader may choose, by the loader of tests/loader."""

import os
import re
import struct
import tempfile
import time

import pytest

from machine import COLUMNS, TEXT_SCREEN, emulator
from qmp import Qemu

pytestmark = pytest.mark.our_kernel("how it reads what a boot loader says, and what it says itself")

CHUNK_VBE, CHUNK_MAP, CHUNK_RSDP, CHUNK_FRAMEBUFFER, CHUNK_TSC = 1, 2, 3, 4, 5
MEGABYTE = 1 << 20
SECONDS = 30
WHITE_ON_RED = 0x4F
IN_RELEASE = ["test_module_anywhere", "test_what_the_loader_does_wrong_is_said"]
KERNEL_START = 1 * MEGABYTE


class Boot:
    """One boot of the probe: what it printed, taken apart; failure is the kernel's message, on the port and on the
    screen, if it gave up."""

    def __init__(self, build, words, memory=128, options=()):
        images = os.path.join(build, "images")
        program, *processor = emulator(build)
        with tempfile.TemporaryDirectory(prefix="neptune-") as folder:
            self.log, self.dump = os.path.join(folder, "serial"), os.path.join(folder, "screen")
            qemu = Qemu(program, [
                *processor, "-accel", "tcg", "-m", f"{memory}M", "-nic", "none", "-display", "none",
                "-serial", f"file:{self.log}", "-kernel", os.path.join(images, "loader.elf"), "-append", words,
                "-initrd", ",".join(os.path.join(images, name) for name in ("kernel.elf", "bootprobe.elf")), *options])
            try:
                self.output, self.failure = self._wait(qemu)
            finally:
                qemu.close()
        self.complete = self.output.endswith("end\n")
        self.chunks = [(int(number), bytes.fromhex(data)) for number, length, data
                       in re.findall(r"^chunk (\d+) (\d+) ([0-9a-f]*)$", self.output, re.MULTILINE)
                       if int(length) * 2 == len(data)]
        self.untypeds = [(kind == "device", int(base, 16), 1 << int(bits)) for kind, base, bits
                         in re.findall(r"^(device|ram) ([0-9a-f]+) (\d+)$", self.output, re.MULTILINE)]
        found = re.search(r"^image ([0-9a-f]+) (\d+)$", self.output, re.MULTILINE)
        self.image = found and (int(found[1], 16), int(found[2]) << 12)

    def _wait(self, qemu):
        """(serial output, message of failure or None), when there is nothing more to come."""
        deadline = time.monotonic() + SECONDS
        while True:
            time.sleep(0.05)
            with open(self.log, encoding="ascii", errors="replace") as file:
                output = file.read().replace("\r", "")
            failure = re.search(r"^Neptune kernel: boot failed: (.*)\n", output, re.MULTILINE)
            if failure:
                assert self._red_text(qemu) == failure[0].strip()
                return output, failure[1]
            if output.endswith("end\n") or time.monotonic() > deadline:
                return output, None

    def _red_text(self, qemu):
        """The white text on red in the screen's first two rows."""
        qemu.execute("pmemsave", val=TEXT_SCREEN, size=2 * 2 * COLUMNS, filename=self.dump)
        with open(self.dump, "rb") as file:
            cells = file.read()
        return bytes(code for code, attribute in zip(cells[::2], cells[1::2])
                     if attribute == WHITE_ON_RED).decode("cp437").strip()

    def chunk(self, number):
        found = [data for chunk, data in self.chunks if chunk == number]
        return found[0] if found else None

    def ram(self):
        return sum(size for device, _, size in self.untypeds if not device)

    def covered(self, address, device):
        return any(kind == device and base <= address < base + size for kind, base, size in self.untypeds)

    def check(self):
        """What must hold of every boot that succeeds."""
        assert self.complete, self.output
        assert "\ndamaged 0\n" in self.output
        assert [number for number, _ in self.chunks] == [number for number in (1, 3, 4, 2, 5) if self.chunk(number)]
        assert len(self.chunk(CHUNK_MAP)) == 1204
        assert len(self.chunk(CHUNK_RSDP)) == 36 and self.chunk(CHUNK_RSDP).startswith(b"RSD PTR ")
        assert len(self.chunk(CHUNK_TSC)) == 4
        blocks = sorted((base, size) for _, base, size in self.untypeds)
        assert all(base + size <= following for (base, size), (following, _) in zip(blocks, blocks[1:]))
        start, size = self.image
        assert start >= KERNEL_START and not any(base < start + size and start < base + length
                                                 for base, length in blocks)
        return self


@pytest.fixture
def start(request, build, long):
    """start(words, ...) boots the probe. Release builds, whose boot is the same code, take a part of the tests."""
    if build.endswith("-release") and not long and request.node.originalname not in IN_RELEASE:
        pytest.skip("for debug builds, and --long")
    return lambda *arguments, **options: Boot(build, *arguments, **options)


def protocols(test):
    return pytest.mark.parametrize("protocol", ["mb1", "mb2"])(test)


@protocols
@pytest.mark.parametrize("memory", [64, 3072, 6144])
def test_memory_sizes(start, protocol, memory):
    boot = start(protocol, memory=memory).check()
    if boot.covered(0x20000000, False):     # x86_64: all of it is RAM
        assert boot.ram() > (memory - 8) * MEGABYTE
    else:                                   # ia32: beyond 508 MB, memory is a device's
        assert boot.ram() > (min(memory, 508) - 8) * MEGABYTE
        assert memory < 512 or boot.covered(0x1FC00000, True)


def kernel_end(start):
    """Where the image goes, and how large it is."""
    image, size = start("mb1").check().image
    return image, size


@protocols
@pytest.mark.parametrize("place", ["behind", "inside", "end", "odd", "beyond", "high"])
def test_module_anywhere(start, protocol, place):
    image, size = kernel_end(start)
    address = {"behind": image, "inside": image + 0x3000, "end": image + size - 0x1000, "odd": image + 0x12345,
               "beyond": image + size, "high": 120 * MEGABYTE}[place]
    boot = start(f"{protocol} at={address:x}").check()
    assert boot.image == (image, size)
    assert boot.covered(120 * MEGABYTE, False)  # the module's memory is free again


@protocols
def test_holes_in_memory(start, protocol):
    boot = start(f"{protocol} hole=f00000-1000000 hole=2000000-2012345 hole=4fff001-5000001").check()
    for hole in (0xF00000, 0xFFF000, 0x2000000, 0x2012000, 0x4FFF000, 0x5000000):
        assert boot.covered(hole, True) and not boot.covered(hole, False)
    for beside in (0xEFF000, 0x1000000, 0x1FFF000, 0x2013000, 0x4FFE000, 0x5001000):
        assert boot.covered(beside, False)


def test_hole_where_the_root_task_goes(start):
    image, _ = kernel_end(start)
    boot = start(f"mb1 at=7000000 hole={image + 0x20000:x}-{image + 0x21000:x}")
    assert boot.failure == "no room for the root task behind the kernel"


@protocols
def test_large_map_entries(start, protocol):
    start(f"{protocol} entry=18").check()


@protocols
@pytest.mark.parametrize("told", ["size", "efi", "none"])
def test_memory_told_otherwise(start, protocol, told):
    boot = start(f"{protocol} map={told} hole=5000000-5001000")
    if told == "none" or (told == "efi" and protocol == "mb1"):
        assert boot.failure == "the boot loader told of no memory where the kernel is"
        return
    boot.check()
    assert boot.covered(0x4FFF000, False) and boot.covered(0x5000000, True)
    assert boot.covered(0x5001000, told == "size")     # a size says nothing of what is behind the hole


@pytest.mark.parametrize("kind", ["old", "new", "both"])
def test_rsdp_of_the_loader(start, kind):
    boot = start(f"mb2 rsdp={kind}").check()
    assert boot.chunk(CHUNK_RSDP)[15] == (0 if kind == "old" else 2)


def test_bad_rsdp_of_the_loader_is_not_believed(start):
    assert start("mb2 rsdp=bad").check().chunk(CHUNK_RSDP)[15] == 0


def test_framebuffer_chunk(start):
    boot = start("mb2 fb=3fd000000,1400,500,320,20,1").check()
    assert boot.chunk(CHUNK_FRAMEBUFFER) == struct.pack("<QIIIBB", 0x3FD000000, 0x1400, 0x500, 0x320, 0x20, 1)
    assert boot.chunk(CHUNK_VBE) is None


def test_vbe_chunk(start):
    boot = start("mb1 fb=fd000000,1000,400,300,20,1").check()
    chunk = boot.chunk(CHUNK_VBE)
    assert len(chunk) == 784 and chunk.startswith(b"VESA")
    assert struct.unpack_from("<HHH", chunk, 512 + 16) == (0x1000, 0x400, 0x300)
    assert struct.unpack_from("<I", chunk, 512 + 40) == (0xFD000000,)
    assert struct.unpack_from("<IIII", chunk, 768) == (0xF144, 0x1118, 0x2233, 0x20)
    assert boot.chunk(CHUNK_FRAMEBUFFER) is None


def test_memory_map_chunk(start):
    length, = struct.unpack_from("<I", start("mb1").check().chunk(CHUNK_MAP))
    assert length and length % 24 == 0
    assert struct.unpack_from("<I", start("mb2").check().chunk(CHUNK_MAP)) == (0,)


@protocols
@pytest.mark.parametrize("words, message", [
    ("nomodule", "the boot loader gave no module"),
    ("cut=20", "boot module is not an ELF image for this kernel"),
    ("cut=40", "ELF program headers reach beyond the file"),
    ("cut=2000", "ELF segment reaches beyond the file"),
    ("cut=fe000000", "the boot loader put the module where it cannot be read"),
    ("hole=100000-2000000", "the boot loader told of no memory where the kernel is"),
])
def test_what_the_loader_does_wrong_is_said(start, protocol, words, message):
    boot = start(f"{protocol} {words}")
    assert boot.failure == message
    assert not boot.complete


def test_machine_without_acpi(start):
    assert start("mb1", options=["-no-acpi"]).failure == "no ACPI tables (on UEFI, multiboot 2 is needed)"
