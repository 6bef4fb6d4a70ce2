# SPDX-License-Identifier: BSD-2-Clause
"""docs/services.md is what its generator makes of the lists."""

import os
import subprocess

ROOT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..")


def test_page_of_services_is_current():
    made = subprocess.run([os.path.join(ROOT, "tools", "generate", "mkservices.py")], check=True, capture_output=True,
                          text=True).stdout
    with open(os.path.join(ROOT, "docs", "services.md"), encoding="utf-8") as file:
        assert file.read() == made, "make it anew: tools/generate/mkservices.py > docs/services.md"
