# SPDX-License-Identifier: BSD-2-Clause
"""Nothing polls: at the prompt the processor halts."""

import time


def test_processor_halts_at_the_prompt(machine):
    """Host processor time of an idle machine. The bound is loose, as other tests may run beside it;
    bench.sh has the strict one. A loop that polls takes the whole second."""
    before = machine.qemu.cpu_seconds()
    time.sleep(2)
    assert (machine.qemu.cpu_seconds() - before) / 2 < 0.3
