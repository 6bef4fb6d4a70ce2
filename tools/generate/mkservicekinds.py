#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""Prints a header with the kinds of each service's arguments, for those who show calls: a letter each (ntos/ke/servicetrace.c).
mkservicekinds.py services.def HEADER...
"""

import re
import sys

SERVICE = re.compile(r"^\w*SERVICE\((\w+), (\d+)\)", re.M)
PROTOTYPE = re.compile(r"NTSTATUS (?:NTAPI )?(\w+)\(([^;]*?)\);")
KINDS = (    # the first that the declaration matches
    (r"POBJECT_ATTRIBUTES", "o"), (r"PC?UNICODE_STRING", "s"), (r"PLARGE_INTEGER|PULONGLONG|PULARGE_INTEGER", "q"),
    (r"PIO_STATUS_BLOCK", "i"), (r"PCLIENT_ID", "c"), (r"PPORT_MESSAGE", "m"), (r"PALPC_MESSAGE_ATTRIBUTES", "a"),
    (r"PHANDLE(?!.*\[)", "h"), (r"(PSIZE_T|PULONG_PTR|(PVOID|HANDLE)( CLIENT)? ?\*)(?!.*\[)", "p"), (r"(PU?LONG|PNTSTATUS|PACCESS_MASK)\b", "u"),
    (r"\bBOOLEAN\b", "b"), (r"\b(ULONG|LONG|NTSTATUS|ACCESS_MASK|[A-Z_]*(CLASS|TYPE|INHERIT))\b", "d"),
)


def kind(declaration):
    return next((letter for pattern, letter in KINDS if re.search(pattern, declaration)), "x")


def main():
    prototypes = {}

    for path in sys.argv[2:]:
        with open(path, encoding="utf-8") as file:
            text = re.sub(r"/\*.*?\*/", " ", file.read(), flags=re.S)
        for name, parameters in PROTOTYPE.findall(text):
            prototypes[name] = [" ".join(each.split()) for each in parameters.replace("CLIENT(", "").replace(")", "").split(",")]
    print("/* Made by tools/generate/mkservicekinds.py. */")
    with open(sys.argv[1], encoding="utf-8") as file:
        for name, count in SERVICE.findall(file.read()):
            kinds = "".join(map(kind, prototypes.get(name, [])))[:int(count)].ljust(int(count), "x")
            print(f'#define SERVICE_KINDS_{name} "{kinds}"')


main()
