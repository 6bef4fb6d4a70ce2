#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""Prints docs/services.md: each system service of services.def as complete, partial or missing; what a partial one refuses
stands in include/neptune/missing_classes.def and tests/native/refused.def.  mkservices.py > docs/services.md
"""

import os
import re

ROOT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..")
LINE = re.compile(r"^(|MISSING_|DRIVER_)SERVICE\((\w+), (\d+)\)")
FAMILY = re.compile(r"^/\* ([^*]+?)(?: \*/)?$")
REFUSED = re.compile(r"REFUSED\((\w+),\s*(\w+),\s*(\w+)\)")
CLASSES = re.compile(r"^#define MISSING_(\w+)\(CLASS\)((?:.*\\\n)+.*\n)", re.M)
HEAD = """<!-- SPDX-License-Identifier: BSD-2-Clause -->
<!-- Made by tools/generate/mkservices.py; do not edit. -->
# The system services

Of the list `include/neptune/services.def`. **Complete** does what Windows documents, but for what
the pages of [native-api/](native-api/) tell; **partial** refuses the classes or
flags named beside it, with that status; **missing** returns STATUS_NOT_IMPLEMENTED and does nothing. Windows' classes are
those of 10.0.19045. The group `refused` of the native tests asks for everything that is refused or missing, and that no
other class gives STATUS_NOT_IMPLEMENTED. The driver runtime's own services (`Drv...`) are not listed.
"""


def read(*path):
    with open(os.path.join(ROOT, *path), encoding="utf-8") as file:
        return file.read()


def refusals():
    """Service -> what it refuses, as text."""
    found = {}
    for service, names in CLASSES.findall(read("include", "neptune", "missing_classes.def")):
        found[service] = {"STATUS_NOT_IMPLEMENTED": re.findall(r"CLASS\((\w+)\)", names)}
    for service, what, status in REFUSED.findall(re.sub(r"/\*.*?\*/", "", read("tests", "native", "refused.def"), flags=re.S)):
        found.setdefault(service, {}).setdefault(status, []).append(what.replace("__", " "))
    return {service: "; ".join(f"{', '.join(names)}: {status}" for status, names in kinds.items())
            for service, kinds in found.items()}


def main():
    refused, family, rows, counts = refusals(), None, {}, {"complete": 0, "partial": 0, "missing": 0}

    for line in read("include", "neptune", "services.def").split("\n"):
        heading, service = FAMILY.match(line), LINE.match(line)
        if heading:
            family = heading[1]
        if not service or service[1] == "DRIVER_":
            continue
        name = service[2]
        state = "missing" if service[1] else "partial" if name in refused else "complete"
        counts[state] += 1
        rows.setdefault(family, []).append(f"| {name} | {state} | {refused.pop(name, '')} |")
    assert not refused, f"no such services: {refused}"
    print(HEAD)
    print(", ".join(f"{count} {state}" for state, count in counts.items()) + ".")
    for family, lines in rows.items():
        print(f"\n## {family}\n\n| service | | refuses |\n|---|---|---|")
        print("\n".join(lines))


main()
