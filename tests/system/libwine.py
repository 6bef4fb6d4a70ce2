# SPDX-License-Identifier: BSD-2-Clause
"""The Win32 DLLs of Debian's libwine, and programs made for them by mingw-w64 and by clang's MSVC target.

The package comes by apt, from the machine's own mirrors. Its lists and the package stay in build/libwine, so that nothing of
the machine's changes; root is not needed. Of the package what is listed below is kept, without debug information.
"""

import fcntl
import os
import shutil
import subprocess

HERE = os.path.dirname(os.path.abspath(__file__))
PROGRAMS = os.path.join(HERE, "programs")
CACHE = os.path.join(HERE, "..", "..", "build", "libwine")
SYSTEM = "windows\\system32\\"
DLLS = ("kernelbase", "kernel32", "msvcrt", "ucrtbase", "advapi32", "sechost")
PROGRAM_FILES = ("cmd.exe",)
TABLES = ("locale", "sortdefault", "normnfc", "normnfd", "normnfkc", "normnfkd", "normidna", "l_intl", "c_437", "c_1252",
          "c_20127")
IMAGES = tuple(f"{name}.dll" for name in DLLS) + PROGRAM_FILES
KEPT = " ".join(IMAGES + TABLES)
DEBIAN = {"amd64": "amd64", "i686": "i386"}
CPU = {"amd64": "x86_64", "i686": "i686"}


class NotFetched(Exception):
    """The package is not to be had: why."""


def run(*words, **options):
    return subprocess.run(words, check=False, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, **options)


def apt(folder, debian, *words):
    """apt-get for an architecture, with lists and caches of its own."""
    for name in ("lists/partial", "cache/archives/partial"):
        os.makedirs(os.path.join(folder, name), exist_ok=True)
    return run("apt-get", "-q", f"-oAPT::Architecture={debian}", f"-oAPT::Architectures={debian}", "-oAPT::Sandbox::User=root",
               f"-oDir::State::Lists={folder}/lists", f"-oDir::Cache={folder}/cache", *words, cwd=folder)


def download(folder, debian):
    """The package's file. Sources that have nothing for an architecture make the update fail, but the others count."""
    if not shutil.which("apt-get"):
        raise NotFetched("libwine comes by apt-get, which is not here")
    update = apt(folder, debian, "update")
    result = apt(folder, debian, "download", "libwine")
    packages = [name for name in os.listdir(folder) if name.endswith(".deb")]
    if len(packages) != 1:
        raise NotFetched(f"apt-get cannot download libwine for {debian}:\n{update.stdout}{result.stdout}")
    return os.path.join(folder, packages[0])


def unpack(package, folder, cpu):
    """The DLLs and tables that are wanted, stripped, into the folder."""
    if cpu == "i686":
        cpu = "i386"
    wanted = [f"./usr/lib/{cpu}-linux-gnu/wine/{cpu}-windows/{name}" for name in IMAGES]
    wanted += [f"./usr/share/wine/nls/{name}.nls" for name in TABLES]
    with subprocess.Popen(["dpkg-deb", "--fsys-tarfile", package], stdout=subprocess.PIPE) as archive:
        result = run("tar", "-x", "-C", folder, "--transform=s,.*/,,", *wanted, stdin=archive.stdout)
    if result.returncode:
        raise NotFetched(f"{os.path.basename(package)} is not as it was:\n{result.stdout}")
    for name in IMAGES:
        subprocess.run(["llvm-strip", os.path.join(folder, name)], check=True)


def is_fetched(done):
    """Whether all that is wanted now was fetched."""
    if not os.path.exists(done):
        return False
    with open(done, encoding="ascii") as file:
        return file.read() == KEPT


def fetch(arch):
    """The folder with the DLLs and tables for an architecture of ours. NotFetched."""
    folder = os.path.abspath(os.path.join(CACHE, arch))
    done = os.path.join(folder, "done")
    os.makedirs(CACHE, exist_ok=True)
    with open(os.path.join(CACHE, "lock"), "w", encoding="ascii") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)        # two builds are tested at a time
        if not is_fetched(done):
            shutil.rmtree(folder, ignore_errors=True)
            os.makedirs(folder)
            package = download(folder, DEBIAN[arch])
            unpack(package, folder, CPU[arch])
            os.remove(package)
            with open(done, "w", encoding="ascii") as file:
                file.write(KEPT)
    return folder


def compile_program(arch, name, output):
    """Makes NAME.exe in the folder output, and returns its path."""
    path = os.path.join(output, f"{name}.exe")
    mingw = f"{CPU[arch]}-w64-mingw32"
    source = os.path.join(PROGRAMS, name)
    if name == "hello":
        entry = "_start" if arch == "i686" else "start"
        words = [f"{mingw}-gcc", "-Os", "-s", "-nostdlib", f"-Wl,-e,{entry}", "-o", path, f"{source}.c", "-lkernel32"]
    elif name == "throw":
        words = [f"{mingw}-g++", "-Os", "-s", "-static", "-o", path, f"{source}.cc"]
    else:
        words = [f"{mingw}-gcc", "-Os", "-s", "-o", path, f"{source}.c"]
    subprocess.run(words, check=True)
    return path


def compile_dll(arch, name, output):
    """Makes NAME.dll of a program's source and its definitions, and returns what addfiles.py takes for it."""
    path = os.path.join(output, f"{name}.dll")
    source = os.path.join(PROGRAMS, name)
    entry = "_DllMain@12" if arch == "i686" else "DllMain"
    subprocess.run([f"{CPU[arch]}-w64-mingw32-gcc", "-Os", "-s", "-shared", "-nostdlib", "-Wl,--enable-stdcall-fixup", f"-Wl,-e,{entry}", "-o", path,
                    f"{source}.c", f"{source}.def", "-lmsvcrt", "-lkernel32"], check=True)
    return f"{path}={SYSTEM}{name}.dll"


def compile_for_msvc(arch, name, output):
    """The same by clang's MSVC target and lld-link, with the C++ runtime of msvcrt.dll."""
    path, library, code = (os.path.join(output, f"{name}.{end}") for end in ("exe", "lib", "obj"))
    mingw = f"/usr/{CPU[arch]}-w64-mingw32/lib"
    machine = "i386" if arch == "i686" else "i386:x86-64"
    subprocess.run(["llvm-dlltool", "-m", machine, "-d", os.path.join(PROGRAMS, "msvcrt.def"), "-l", library], check=True)
    subprocess.run(["clang++", f"--target={CPU[arch]}-pc-windows-msvc", "-O1", "-fexceptions", "-fcxx-exceptions",
                    "-c", os.path.join(PROGRAMS, f"{name}.cc"), "-o", code], check=True)
    subprocess.run(["lld-link", "/nologo", "/nodefaultlib", "/safeseh:no", "/subsystem:console", "/entry:start", f"/out:{path}",
                    code, library, f"{mingw}/libkernel32.a", f"{mingw}/libmsvcrt.a"], check=True)
    return path


def additions(arch, without=()):
    """What addfiles.py takes, for all that is fetched but some tables."""
    folder = fetch(arch)
    names = list(IMAGES) + [f"{name}.nls" for name in TABLES if name not in without]
    return [f"{os.path.join(folder, name)}={SYSTEM}{name}" for name in names]
