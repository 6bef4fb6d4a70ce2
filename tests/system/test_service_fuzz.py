# SPDX-License-Identifier: BSD-2-Clause
"""Every system service with random and half-valid arguments, from several threads and processes at once
(tests/native/svcfuzz). The system lives on, and nothing is lost. A seed's calls are the same in each run, as far as they do
not depend on one another; "svcfuzz SEED COUNT FIRST" at the prompt goes on where a run has ended.
"""

import re

from machine import TEST_SYSTEM

SUMMARY = re.compile(r"^svcfuzz: (\d+) calls, (\d+) returned, (\d+) processes, (\d+) failures$", re.MULTILINE)
CALLS, LONG_CALLS = 150000, 2500000     # of each of four builds
SEEDS = {"amd64-debug": 1, "amd64-release": 2, "i686-debug": 3, "i686-release": 4}


def test_services_survive_any_arguments(boot, build, long):
    calls = LONG_CALLS if long else CALLS
    seed = SEEDS[build.rstrip("/").rsplit("/", maxsplit=1)[-1]]
    machine = boot(memory=64, initrd=TEST_SYSTEM)
    machine.wait_for_prompt()
    machine.type(f"tests\\svcfuzz {seed} {calls}\n")
    summary = machine.wait(lambda: SUMMARY.search(machine.text()), "svcfuzz's summary", timeout=300 + calls // 50)
    assert int(summary[1]) == calls
    assert int(summary[2]) > calls // 2     # the others ended their threads or processes
    assert summary[4] == "0"
    assert machine.command("echo alive") == ["alive"]
