# SPDX-License-Identifier: BSD-2-Clause
"""The tests' own machinery: what one machine does wrong stays the trouble of one test."""

import signal

import pytest

from qmp import QemuError


def test_machine_that_does_not_answer_is_described(boot):
    """A stopped emulator: every request fails after the time that is set, and later ones at once."""
    machine = boot()
    machine.qemu.answer_within(0.5)
    machine.qemu.process.send_signal(signal.SIGSTOP)
    for _ in range(2):
        with pytest.raises(QemuError):
            machine.text()
        assert "no screen: " in machine.describe()


def test_machine_that_has_ended_is_described(boot):
    machine = boot()
    machine.qemu.process.kill()
    machine.qemu.process.wait()
    for _ in range(2):
        assert "no screen: " in machine.describe()
