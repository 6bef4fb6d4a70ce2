# SPDX-License-Identifier: BSD-2-Clause
"""Drivers as other people build them: with the stock compilers of mingw-w64 (or clang), outside of the tree's build.

foreign/NAME.c are drivers and programs in the shapes of the documentation's samples. One by hand, with its screen:
    python3 tests/system/foreign.py build/amd64-debug "ioctltest direct"
"""

import os
import re
import shutil
import subprocess
import sys
import tempfile

from machine import Machine

HERE = os.path.dirname(os.path.abspath(__file__))
TOP = os.path.abspath(os.path.join(HERE, "..", ".."))
DDK = os.path.join(TOP, "include", "ddk")
EXAMPLE = os.path.join(TOP, "examples", "driver")
ADD_FILES = os.path.join(TOP, "tools", "generate", "addfiles.py")
CPU = {"amd64": "x86_64", "i686": "i686"}


def architecture(build):
    return os.path.basename(os.path.abspath(build)).split("-")[0]


def build_example(arch, compiler, folder):
    """A copy of examples/driver outside the tree, made there as its Makefile says; returns the folder with what was made."""
    copy = os.path.join(folder, f"driver-{compiler}")
    shutil.copytree(EXAMPLE, copy, ignore=shutil.ignore_patterns("out"))
    subprocess.run(["make", "-s", f"DDK={DDK}", f"ARCH={CPU[arch]}", f"COMPILER={compiler}"], cwd=copy, check=True)
    return os.path.join(copy, "out", f"{CPU[arch]}-{compiler}")


def add(build, output, *files):
    """The system of a build with files more."""
    subprocess.run([ADD_FILES, os.path.join(build, "images", "ntos.elf"), output, *files], check=True)
    return output


SOURCES = os.path.join(HERE, "foreign")
# Driver: what it is linked with beside the system's own libraries, and the .def of what it exports.
IMPORTS = {"fgnmini": ["fgnport"], "fgnmini2": ["fgnport"], "fgnwmi": ["wmilib"]}
EXPORTS = {"fgnport": "port.def"}
DRIVERS = {"fgnioctl": "ioctl.c", "fgncancel": "cancel.c", "fgnevent": "event.c", "fgnport": "port.c", "fgnmini": "mini.c",
           "fgnmini2": "mini.c", "fgnserial": "serial.c", "fgnwmi": "wmi.c"}
DEFINES = {"fgnmini2": ["-DSECOND"]}
PROGRAMS = {"ioctltest": ["fgnioctl"], "canceltest": ["fgncancel"], "eventtest": ["fgnevent"],
            "porttest": ["fgnport", "fgnmini", "fgnmini2"], "serialtest": ["fgnserial"], "wmitest": ["fgnwmi"],
            "tryexcept": [], "tryexcept0": []}
TRIES = ["-DExRaiseStatus=RtlRaiseStatus", f"-I{DDK}"]
OPTIONS = {"tryexcept": [*TRIES, '-DPROGRAM=L"tryexcept"'], "tryexcept0": [*TRIES, '-DPROGRAM=L"tryexcept0"', "-O0"]}


def decorations(arch, folder):
    """A file for objcopy: the names of imports with the size of their arguments, which gcc's -mrtd leaves out."""
    names = os.path.join(folder, "stdcall.syms")
    if os.path.exists(names):
        return names
    libraries = [f"/usr/{CPU[arch]}-w64-mingw32/lib/lib{name}.a" for name in ("ntoskrnl", "hal", "wmilib")]
    shown = subprocess.run([f"{CPU[arch]}-w64-mingw32-nm", *libraries], capture_output=True, text=True, check=False).stdout
    found = sorted(set(re.findall(r"\b_(?:_imp__)?([^@\s]+)@(\d+)$", shown, re.MULTILINE)))
    with open(names, "w", encoding="ascii") as file:
        for name, size in found:
            file.write(f"__imp__{name} __imp__{name}@{size}\n_{name} _{name}@{size}\n")
    return names


def build_driver(arch, name, folder):
    """NAME.sys of stock gcc, as a DLL, as the sources of Microsoft's samples want it: stdcall where nothing is said."""
    tools, mingw = f"{CPU[arch]}-w64-mingw32-", f"/usr/{CPU[arch]}-w64-mingw32"
    image, thing = os.path.join(folder, f"{name}.sys"), os.path.join(folder, f"{name}.o")
    options = ["-O2", "-Wall", "-Werror", "-DDBG=1", *os.environ.get("FOREIGN_CFLAGS", "").split(), f"-I{DDK}", f"-I{mingw}/include/ddk", *DEFINES.get(name, [])]
    entry, libraries = "DriverEntry", ["-lntoskrnl", "-lhal", "-lgcc"]
    exports = [os.path.join(SOURCES, EXPORTS[name])] if name in EXPORTS else []
    for other in IMPORTS.get(name, []):
        if other in DRIVERS and not os.path.exists(os.path.join(folder, f"lib{other}.a")):
            build_driver(arch, other, folder)
        libraries.insert(0, f"-l{other}")
    if arch == "i686":
        options.append("-mrtd")
        entry = "_DriverEntry"
    subprocess.run([tools + "gcc", *options, "-c", "-o", thing, os.path.join(SOURCES, DRIVERS[name])], check=True)
    if arch == "i686":
        subprocess.run([tools + "objcopy", f"--redefine-syms={decorations(arch, folder)}", thing], check=True)
    if exports:
        subprocess.run([tools + "dlltool", "-d", exports[0], "-l", os.path.join(folder, f"lib{name}.a")], check=True)
    subprocess.run([tools + "gcc", "-nostdlib", "-shared", "-s", "-Wl,--subsystem,native", f"-Wl,-e,{entry}", "-o", image, thing,
                    *exports, f"-L{folder}", *libraries], check=True)
    return image


def build_program(arch, name, folder):
    """NAME.exe, a native program."""
    tools, image = f"{CPU[arch]}-w64-mingw32-", os.path.join(folder, f"{name}.exe")
    entry = "_start" if arch == "i686" else "start"
    options = [*OPTIONS[name], f"-I/usr/{CPU[arch]}-w64-mingw32/include/ddk"] if name in OPTIONS else []
    subprocess.run([tools + "gcc", "-O2", "-Wall", "-Werror", "-Wno-unused", *options, "-nostdlib", "-s", f"-Wl,-e,{entry}", "-o", image,
                    os.path.join(SOURCES, f"{name.rstrip('0')}.c"), "-lntdll", "-lgcc"], check=True)
    return image


def build_all(build, folder, *programs):
    """The system of a build with programs and the drivers that they ask; returns its file."""
    arch = architecture(build)
    drivers = sorted({driver for program in programs for driver in PROGRAMS[program]})
    files = [build_driver(arch, name, folder) for name in drivers]
    files += [build_program(arch, name, folder) for name in programs]
    files.append(os.path.join(SOURCES, "services.reg") + "=config\\added.reg")
    return add(build, os.path.join(folder, "ntos-foreign.elf"), *files)


def main():
    build, lines = sys.argv[1], sys.argv[2:]
    with tempfile.TemporaryDirectory() as folder:
        image = build_all(build, folder, *{line.split()[0] for line in lines})
        with Machine(build, initrd=image) as machine:
            machine.wait_for_prompt()
            for line in lines:
                machine.command("cls")
                print("\n".join(machine.command(line, timeout=120)))
            print(machine.serial()[-600:])


if __name__ == "__main__":
    main()
