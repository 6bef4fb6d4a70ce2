# SPDX-License-Identifier: BSD-2-Clause
"""What the boot media hold for a kernel that has holes in its image."""

import os
import struct
import subprocess
import sys

import pytest

TOP = os.path.join(os.path.dirname(__file__), "..", "..")
PAD_MODULE = os.path.join(TOP, "tools", "media", "pad_module.py")
MODULE = b"\x7fELF" + b"module" * 1000


def kernel(wide, *segments):
    """An ELF file with segments of (physical address, size in memory)."""
    head = struct.pack("<4sB11xHHI", b"\x7fELF", 2 if wide else 1, 2, 62 if wide else 3, 1)
    head += struct.pack("<QQQIHHHHHH", 0, 64, 0, 0, 64, 56, len(segments), 0, 0, 0) if wide else \
        struct.pack("<IIIIHHHHHH", 0, 52, 0, 0, 52, 32, len(segments), 0, 0, 0)
    for start, size in segments:
        head += struct.pack("<IIQQQQQQ", 1, 5, 0, start + 0xFFFFFFFF80000000 & (1 << 64) - 1, start, 0, size, 4096) if wide \
            else struct.pack("<IIIIIIII", 1, 0, start + 0xE0000000 & 0xFFFFFFFF, start, 0, size, 5, 4096)
    return head


@pytest.mark.parametrize("wide", [True, False])
@pytest.mark.parametrize("segments, size", [
    ([(0x100000, 0x20000)], len(MODULE)),
    ([(0x100000, 0x20000), (0x120800, 0x1000)], len(MODULE)),       # a hole that is too small for it
    ([(0x100000, 0x610E40), (0x801C90, 0x410370)], 0xB12000),       # of seL4 16.0.0 on x86_64
    ([(0x801C90, 0x410370), (0x100000, 0x610E40)], 0xB12000),
])
def test_module_fits_into_no_hole_of_the_kernel(tmp_path, wide, segments, size):
    files = [tmp_path / name for name in ("kernel", "module", "output")]
    files[0].write_bytes(kernel(wide, *segments))
    files[1].write_bytes(MODULE)
    subprocess.run([sys.executable, PAD_MODULE, *files], check=True)
    padded = files[2].read_bytes()
    assert len(padded) == size and padded.startswith(MODULE)
    assert not any(padded[len(MODULE):])


def test_what_is_no_kernel_is_refused(tmp_path):
    file = tmp_path / "file"
    file.write_bytes(MODULE[1:])
    assert subprocess.run([sys.executable, PAD_MODULE, file, file, tmp_path / "output"], check=False).returncode != 0
