# SPDX-License-Identifier: BSD-2-Clause
"""tools/gdb: symbols of the kernel, the Executive, a process and a driver; breakpoints of one process."""

import os
import socket
import subprocess

GDB = os.path.join(os.path.dirname(__file__), "..", "..", "tools", "gdb")


def free_port():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


def gdb(machine, port, targets, commands):
    """What gdb says; when it has said ready and lets the machine go on, a key is pressed."""
    words = [word for command in commands for word in ("-ex", command)]
    with subprocess.Popen(["timeout", "120", GDB, "--build", machine.build, "--port", str(port), "--log", machine.serial_file, *targets,
                           "--", "-batch", *words],
                          stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as process:
        said = ""
        for line in process.stdout:
            said += line
            if line == "ready\n":
                machine.wait(lambda: machine.qemu.execute("query-status")["running"], "the machine to go on")
                machine.press("a")
    return said


def test_gdb_knows_every_part(boot, debug):
    """On i686 the Executive, programs and drivers overlap, each in a space of its own: one at a time."""
    port = free_port()
    machine = boot(options=["-gdb", f"tcp:127.0.0.1:{port}"])
    machine.wait_for_prompt()
    said = gdb(machine, port, ["kernel", "ntos"], ["info symbol handle_interrupt", "info symbol KiDispatch", "process"])
    assert "handle_interrupt in section .text" in said and "KiDispatch in section .text" in said
    assert "the kernel, or the Executive" in said
    said = gdb(machine, port, ["ntcmd.exe", "i8042prt.sys"], ["info symbol I8xDecodeByte"])
    assert "I8xDecodeByte in section .text" in said
    if debug:       # release builds may inline it
        said = gdb(machine, port, ["ntcmd.exe", "i8042prt.sys"],
                   ['hbreak I8xDecodeByte if $in_process("ntcmd.exe")',      # never
                    'hbreak TranslateScanCode if $in_process("ntcmd.exe")', "echo ready\\n", "continue", "process",
                    "backtrace 1"])
        assert "#0  TranslateScanCode" in said and "\nntcmd.exe\n" in said
        said = gdb(machine, port, ["i8042prt.sys"], ['hbreak I8xDecodeByte if $in_process("i8042prt.sys")', "echo ready\\n",
                                                     "continue", "process"])
        assert "\ni8042prt.sys\n" in said
