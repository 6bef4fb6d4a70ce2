# SPDX-License-Identifier: BSD-2-Clause
"""The Executive's own end: a stop screen in every build. The images have no bug to call for, so one is written into
them: the first instructions of NtQueryDirectoryObject, which "ls" calls."""

import os
import re
import struct
import subprocess

import pytest

from machine import Stopped

VICTIM = "NtQueryDirectoryObject"
ENTRY = "CallNtQueryDirectoryObject"    # where a release build has it in line
TEXT = b"a test's reason\0"


def symbols(build):
    names = subprocess.run(["llvm-nm", os.path.join(build, "images", "ntos.sym.elf")],
                           capture_output=True, text=True, check=True).stdout
    return {name: int(address, 16) for address, _, name in re.findall(r"^([0-9a-f]+) (\w) (\w+)$", names, re.MULTILINE)}


def write_to_page_0(_victim, _bug_check, is_64_bit):
    return bytes.fromhex("c70425" if is_64_bit else "c705") + struct.pack("<II", 0x10, 0)


def undefined_instruction(*_):
    return bytes.fromhex("0f0b")


def bug_check(victim, routine, is_64_bit):
    """A call with the address of TEXT, which follows: in EDI, or in ECX and on the stack, as the linker has chosen."""
    registers = b"\xbf" if is_64_bit else b"\xb9\x68"     # mov edi; mov ecx and push
    end = victim + 5 * len(registers) + 5
    arguments = b"".join(bytes([register]) + struct.pack("<I", end) for register in registers)
    return arguments + b"\xe8" + struct.pack("<i", routine - end) + TEXT


def image_with(build, folder, make_code):
    """ntos.elf with other first bytes of the victim; returns its path."""
    with open(os.path.join(build, "images", "ntos.elf"), "rb") as file:
        image = bytearray(file.read())
    is_64_bit = image[4] == 2
    headers, = struct.unpack_from("<Q" if is_64_bit else "<I", image, 32 if is_64_bit else 28)
    offset, address = struct.unpack_from("<8xQQ" if is_64_bit else "<4xII", image, headers)
    known = symbols(build)
    victim = known[VICTIM] if VICTIM in known else known[ENTRY]
    code = make_code(victim, known["KeBugCheck"], is_64_bit)
    place = victim - address + offset
    image[place:place + len(code)] = code
    path = folder / "ntos.elf"
    path.write_bytes(image)
    return str(path)


@pytest.mark.parametrize("make_code, reason", [
    (write_to_page_0, "0000001e KMODE_EXCEPTION_NOT_HANDLED: writing 0x10"),
    (undefined_instruction, "0000001e KMODE_EXCEPTION_NOT_HANDLED: exception 6"),
    (bug_check, "a test's reason"),
])
def test_the_screen_says_why_the_executive_has_stopped(boot, build, tmp_path, make_code, reason):
    machine = boot(initrd=image_with(build, tmp_path, make_code))
    machine.wait_for_prompt()
    machine.type("ls \\\n")
    with pytest.raises(Stopped) as stopped:
        machine.wait(lambda: False, "end of the system", timeout=60)
    assert f"*** STOP: {reason}" in machine.text()
    assert "*** The system has stopped. Switch the machine off, or end the emulator." in machine.text()
    # Release builds may have a service in its entry, and the dispatcher in what calls it.
    victim = rf"({VICTIM} \((\.\./\.\./)?ntos/ob/directory_query\.c|{ENTRY} \(.*services\.def)"
    dispatcher = r"(KiDispatch|StackStart) \((\.\./\.\./)?ntos/ke/(dispatch|stack)\.c"
    assert re.search(rf"ntos\.elf\+0x[0-9a-f]+  (.* <- )?{victim}:\d+\)", str(stopped.value))
    assert re.search(rf"{dispatcher}:\d+\)", str(stopped.value))
    assert (make_code is bug_check) != bool(re.search(r"[re]ip=[0-9a-f]{8}", machine.serial()))
