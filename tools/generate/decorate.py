#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""Completes a module definition file for i686, where the name of a symbol tells its calling convention.

    decorate.py --link out.def --forward out.rsp --library lib.def --map out.map [--imports other.map...]
                exports.def OBJECT...

The definition file names routines as the exports of a DLL on Windows do: NtClose. Their symbols are _NtClose@4
(stdcall), @IofCompleteRequest@8 (fastcall) or _DbgPrint (cdecl), and that is how callers ask for them. From the objects
(and, for what only passes through this image, from the maps of the images it imports) this makes
    --link     the file to link with: undecorated name = decorated symbol;
    --forward  options for lld-link, for what is forwarded to another DLL (in a definition file lld-link decorates
               the DLL's name);
    --library  the file for llvm-dlltool -k: decorated symbols, to be imported by their undecorated names;
    --map      lines "name decorated" for images that import from this one.
"""

import argparse
import re
import subprocess
import sys

EXPORT = re.compile(r"(?P<name>[\w.]+)(=(?P<internal>[\w.]+))?(?P<data>\s+DATA)?$")
# The assembler puts an underscore before every symbol but those of fastcall routines.
SYMBOL = re.compile(r"_(?P<plain>\w+)(?P<stdcall>@\d+)?$|(?P<fastcall>@(?P<fast>\w+)@\d+)$")


def symbols_of(objects):
    """{name in C: decorated name, without the assembler's underscore} of what the objects define."""
    listing = subprocess.run(["llvm-nm", "--defined-only", "--extern-only", "--format=just-symbols", *objects],
                             capture_output=True, text=True, check=True).stdout
    found = {}
    for match in map(SYMBOL.match, listing.split()):
        if match and match["fastcall"]:
            found[match["fast"]] = match["fastcall"]
        elif match:
            found[match["plain"]] = match["plain"] + (match["stdcall"] or "")
    return found


def imported_names(maps):
    found = {}
    for path in maps:
        with open(path) as lines:
            found.update(line.split() for line in lines)
    return found


def renamed(decorated, name):
    """The decoration of one name on another."""
    return re.sub(r"^(@?)\w+", rf"\g<1>{name}", decorated)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("definitions")
    for option in ("--link", "--forward", "--library", "--map"):
        parser.add_argument(option, required=True)
    parser.add_argument("--imports", action="append", default=[])
    parser.add_argument("objects", nargs="*")
    options = parser.parse_args()

    known = imported_names(options.imports)
    known.update(symbols_of(options.objects))
    link, forward, library, names = [], [], [], []
    with open(options.definitions) as lines:
        for number, line in enumerate(lines, 1):
            line = line.split(";")[0].strip()
            export = EXPORT.match(line)
            if not export or line == "EXPORTS":
                link.append(line)
                library.append(line)
                continue
            name, internal, data = export["name"], export["internal"] or export["name"], export["data"] or ""
            routine = internal.rpartition(".")[2]
            if routine not in known:
                sys.exit(f"{options.definitions}:{number}: nothing defines {internal}")
            outside = renamed(known[routine], name)
            if routine == internal:
                link.append(f"{name}={known[routine]}{data}")
            else:
                forward.append(f"/export:{name}={internal}")
            library.append(outside + data)
            names.append(f"{name} {outside}")
    for path, content in ((options.link, link), (options.forward, forward), (options.library, library),
                          (options.map, names)):
        with open(path, "w") as file:
            file.write("\n".join(content) + "\n")


if __name__ == "__main__":
    main()
