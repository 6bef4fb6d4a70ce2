# SPDX-License-Identifier: BSD-2-Clause
"""docs/driver-api.md is what its generator makes of the exports."""

import os
import subprocess

ROOT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..")


def test_page_of_the_driver_api_is_current():
    made = subprocess.run([os.path.join(ROOT, "tools", "generate", "mkdriverapi.py")], check=True, capture_output=True,
                          text=True).stdout
    with open(os.path.join(ROOT, "docs", "driver-api.md"), encoding="utf-8") as file:
        assert file.read() == made, "make it anew: tools/generate/mkdriverapi.py > docs/driver-api.md"
