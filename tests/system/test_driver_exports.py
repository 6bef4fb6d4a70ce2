# SPDX-License-Identifier: BSD-2-Clause
"""What drivers that were built elsewhere find in ntoskrnl.exe and hal.dll, compared with mingw-w64's import libraries."""

import glob
import os
import re
import subprocess

import pytest

# mingw-w64's library counts the arguments of these otherwise than its own header or the documentation; in registers that
# makes no difference, and RtlRaiseException has one.
KNOWN_DIFFERENCES = {"ExAcquireRundownProtectionCacheAwareEx", "ExAcquireRundownProtectionEx", "ExfReleasePushLock",
                     "KeAcquireSpinLockForDpc", "RtlRaiseException"}
# The compiler's helpers on i686 have a convention of their own, and no suffix.
HELPER = re.compile(r"_a(u)?ll")
SYMBOL = re.compile(r"(?:__imp_)?(?P<symbol>@(?P<fast>\w+)@\d+|_(?P<plain>\w+?)(?:@\d+)?)$")


def lines_of(*command):
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.splitlines()


def names(image, what):
    """What an image imports, as {DLL: names}, or exports, as {"": names}."""
    module, found = "", {}
    for line in lines_of("llvm-readobj", f"--coff-{what}", image):
        key, _, value = line.strip().partition(": ")
        if key == "Name" and what == "imports":
            module = value.lower()
        elif key in ("Name", "Symbol") and value:
            found.setdefault(module, set()).add(value.split()[0])
    return found


def symbols(library):
    """{routine: its symbol}, which tells the calling convention on i686."""
    found = {}
    for line in lines_of("llvm-nm", "--defined-only", "--extern-only", "--format=just-symbols", library):
        match = SYMBOL.match(line)
        if match:
            found[match["fast"] or match["plain"]] = match["symbol"]
    return found


def test_stock_drivers_find_their_imports(build):
    """Every driver of the build is also linked with the libraries of mingw-w64. Some drivers are libraries of others."""
    drivers = glob.glob(os.path.join(build, "stock", "*.sys"))
    assert len(drivers) >= 5
    for driver in drivers:
        for module, wanted in names(driver, "imports").items():
            missing = wanted - names(os.path.join(build, "images", module), "exports")[""]
            assert not missing, (driver, module, missing)


@pytest.mark.parametrize("name", ["ntoskrnl", "hal"])
def test_calling_conventions(build, name):
    if not os.path.basename(build).startswith("i686-"):
        pytest.skip("amd64 has one calling convention")
    ours = symbols(os.path.join(build, f"{name}.lib"))
    theirs = symbols(f"/usr/i686-w64-mingw32/lib/lib{name}.a")
    common = {routine for routine in ours.keys() & theirs.keys() - KNOWN_DIFFERENCES if not HELPER.match(routine)}
    assert len(common) > 30
    assert {routine: ours[routine] for routine in common} == {routine: theirs[routine] for routine in common}
