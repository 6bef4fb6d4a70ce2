#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""Prints docs/driver-api.md: what ntoskrnl.exe and hal.dll export to drivers.

    tools/generate/mkdriverapi.py > docs/driver-api.md

The names come from the module definition files and services.def, the places from the sources; what is refused or does
less than on Windows is told below. Missing names are those of mingw-w64's import libraries, and those that drivers
written elsewhere import (driver_imports.tsv).
"""

import glob
import os
import re
import subprocess
import sys

ROOT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..")
FAMILIES = ("Cc", "Dbg", "Etw", "Ex", "FsRtl", "Hal", "Io", "Kd", "Ke", "Ldr", "Mm", "Nt", "Ob", "Po", "Ps", "Rtl", "Se", "Zw")
ALIASES = {"Exf": "Ex", "Exp": "Ex", "Kf": "Ke", "Kef": "Ke", "vDbg": "Dbg", "Iof": "Io", "Obf": "Ob"}
# Routines that only say no, or only return.
HOLLOW = re.compile(r"\b(\w+)\([^;{}]*\)\n\{\n(?P<body>(?:    \*ResultLength = 0;\n)?(?:    return (?:STATUS_NOT_IMPLEMENTED|NULL);\n)?)\}")

# What a driver gets less of than on Windows, in a word or two. A name that is not here works as documented.
PARTIAL = {
    "ExCreateCallback": "names of this host; the system's own are never notified",
    "ExAllocatePoolWithQuota": "no quota", "ExAllocatePoolWithQuotaTag": "no quota",
    "ExAllocatePool3": "knows priorities only",
    "ExSetTimerResolution": "one resolution for all", "ExQueueWorkItem": "one queue",
    "ExDisableResourceBoostLite": "there is no boost",
    "KeSetPriorityThread": "kept, without effect", "KeSetBasePriorityThread": "kept, without effect",
    "KeStackAttachProcess": "identity, no memory", "KeAttachProcess": "identity, no memory",
    "KeRegisterBugCheckReasonCallback": "kept, no dump is made",
    "KeWaitForMultipleObjects": "an event of the Executive alone",
    "KeInitializeQueue": "its count limits nothing",
    "MmIsVerifierEnabled": "refuses: no verifier",
    "ObReferenceObjectByHandle": "threads, events, sections, tokens, processes",
    "ObReferenceObjectByName": "drivers of this host, events, sections",
    "ObOpenObjectByPointer": "to a driver's own objects: for ObReferenceObjectByHandle alone",
    "ObQueryNameString": "no names of devices",
    "PsGetThreadId": "not a number that programs know", "PsGetCurrentThreadId": "not a number that programs know",
    "PsReferenceImpersonationToken": "refuses: never one",
    "PsSetCreateProcessNotifyRoutine": "refuses", "PsSetCreateThreadNotifyRoutine": "refuses",
    "PsSetLoadImageNotifyRoutine": "refuses", "PsRemoveCreateThreadNotifyRoutine": "refuses",
    "PsRemoveLoadImageNotifyRoutine": "refuses",
    "SeAccessCheck": "tells no privileges", "SeCaptureSubjectContext": "primary token only",
    "SeAppendPrivileges": "three at most",
    "IoThreadToProcess": "only while the thread serves the request",
    "IoGetConfigurationInformation": "counts of this host", "IoWriteErrorLogEntry": "to the debug log",
    "KdDisableDebugger": "refuses: none", "KdEnableDebugger": "refuses: none", "KdSystemDebugControl": "refuses: none",
    "KdChangeOption": "refuses: none",
}

HEAD = """<!-- SPDX-License-Identifier: BSD-2-Clause -->
# What drivers can call

Made by tools/generate/mkdriverapi.py: change the exports (wdm/exports.def.in, wdm/hal/hal.def.in) or the generator, then
make it anew. `ntoskrnl.exe` exports all of this; what `hal.dll` exports besides is marked. A name that is marked **i686**
or **amd64** exists on that architecture only, as on Windows.

**tested** tells that a driver of the tests calls the name. The third column is empty if the name does what the
documentation of Windows says, and else says what it lacks. Routines of `ntdll` are the same as a program's.

The operators of C++ (`new`, `delete`) are absent on purpose: a driver in C++ brings its own, on pool, as with Microsoft's
kit, and links without exceptions of the language. Structured exceptions (`__try`) work in drivers built with clang:
`__C_specific_handler` on amd64, `_except_handler3` on i686; gcc has no `__try`.
"""


def read(*path):
    with open(os.path.join(ROOT, *path), encoding="utf-8") as file:
        return file.read()


def exports(*path):
    """[(name, what it is inside, architecture or "")] of a definition file."""
    found = []
    for line in read(*path).split("\n"):
        match = re.match(r"(?:@(?P<arch>AMD64|I686)@)?(?P<name>\w+)(?:=(?P<inside>[\w.]+))?(?:\s+DATA)?$", line)
        if match and match["name"] not in ("EXPORTS",):
            found.append((match["name"], match["inside"] or match["name"], (match["arch"] or "").lower()))
    return found


def services():
    return re.findall(r"^SERVICE\(Nt(\w+),", read("include", "neptune", "services.def"), re.MULTILINE)


def places():
    """{routine or variable: the file that defines it}."""
    found = {}
    for folder in ("rtl", "ntdll", "wdm"):
        for path in sorted(glob.glob(os.path.join(ROOT, folder, "**", "*.[cS]"), recursive=True)):
            name = os.path.relpath(path, ROOT)
            with open(path, encoding="utf-8") as file:
                text = file.read()
            for symbol in re.findall(r"^(?!static|typedef|extern|#| ).*?\b(\w+)\([^;]*?\)?\s*$", text, re.MULTILINE):
                found.setdefault((folder, symbol), name)
            for symbol in re.findall(r"^(?!static|typedef|extern|#| ).*?\b(\w+)\(", text, re.MULTILINE):
                found.setdefault((folder, symbol), name)
            for line in re.findall(r"^(?!static|typedef|extern|#| )[A-Za-z].*\w = .*", text, re.MULTILINE):
                for symbol in re.findall(r"\b(\w+) =", line):
                    found.setdefault((folder, symbol), name)
            for symbol in re.findall(r"^\s*\.globl _?(\w+)|^FUNCTION\((\w+)", text, re.MULTILINE):
                found.setdefault((folder, symbol[0] or symbol[1]), name)
    return found


def place_of(known, inside):
    if inside.startswith("ntdll."):
        name = inside.partition(".")[2]
        place = known.get(("rtl", name)) or known.get(("ntdll", name))
        return place or "ntdll"
    return known.get(("wdm", inside)) or known.get(("rtl", inside)) or "wdm"


def hollow():
    """{routine: what it does instead of what it should}."""
    found = {}
    for path in glob.glob(os.path.join(ROOT, "wdm", "**", "*.c"), recursive=True):
        with open(path, encoding="utf-8") as file:
            for match in HOLLOW.finditer(file.read()):
                found[match[1]] = "refuses" if match["body"] else "does nothing"
    return found


def family(name):
    for prefix in sorted(ALIASES, key=len, reverse=True):
        if re.match(prefix + "[A-Z]", name):
            return ALIASES[prefix]
    for prefix in sorted(FAMILIES, key=len, reverse=True):
        if re.match(prefix + "[A-Z]", name):
            return prefix
    return "C routines, ports and others"


def called():
    """Every word of the drivers of the tests."""
    words = set()
    for path in glob.glob(os.path.join(ROOT, "drivers", "test", "**", "*.[ch]"), recursive=True):
        with open(path, encoding="utf-8") as file:
            words.update(re.findall(r"\w+", file.read()))
    return words


def known_elsewhere():
    """The names of mingw-w64's import libraries."""
    names = set()
    for library in ("ntoskrnl", "hal"):
        listing = subprocess.run(["llvm-nm", "--defined-only", "--extern-only", "--format=just-symbols",
                                  f"/usr/x86_64-w64-mingw32/lib/lib{library}.a"], capture_output=True, text=True,
                                 check=True).stdout
        names.update(re.findall(r"^__imp_(\w+)$", listing, re.MULTILINE))
    return names


def main():
    known, words, rows, have = places(), called(), {}, set()
    hal = {name for name, _, _ in exports("wdm", "hal", "hal.def.in")}
    every = exports("wdm", "exports.def.in")
    every += [(f"Zw{name}", f"ntdll.Zw{name}", "") for name in services() if name != "Close"]
    partial = dict(PARTIAL)
    nothing = hollow()

    for name, inside, arch in sorted(set(every), key=lambda row: (row[0].lower(), row)):
        marks = "".join((f" **{arch}**" if arch else "", " hal" if name in hal else ""))
        place = "the Executive" if name.startswith("Zw") and inside.startswith("ntdll.") else place_of(known, inside)
        rows.setdefault(family(name), []).append(
            f"| {name}{marks} | {place} | {partial.pop(name, None) or nothing.get(inside, '')} | {'tested' if name in words else ''} |")
        have.add(name)
    unknown = [name for name in partial if name not in have]
    assert not unknown, f"not exported: {unknown}"
    missing = known_elsewhere() - have
    wanted = [line.split("\t") for line in read("tools", "generate", "driver_imports.tsv").split("\n")
              if line and not line.startswith("#")]
    wanted = [(int(uses), name) for uses, name in wanted if name not in have]
    tested = sum("| tested |" in row for lines in rows.values() for row in lines)
    print(HEAD)
    print(f"{len(have)} names, {tested} of them called by a driver of the tests. Of the names in mingw-w64's import libraries "
          f"for drivers {len(missing)} are missing.")
    for title in sorted(rows, key=str.lower):
        print(f"\n## {title}\n\n| name | where | lacks | |\n|---|---|---|---|")
        print("\n".join(rows[title]))
    print("\n## Missing, and imported by drivers that other people wrote\n\nWith the number of those drivers.\n")
    by_family = {}
    for uses, name in sorted(wanted, key=lambda row: (-row[0], row[1])):
        by_family.setdefault(family(name), []).append(f"{name} {uses}")
    for title in sorted(by_family, key=str.lower):
        print(f"- {title}: {', '.join(by_family[title])}")


if __name__ == "__main__":
    sys.exit(main())
