# SPDX-License-Identifier: BSD-2-Clause
"""A QEMU process and the QMP connection to it."""

import json
import os
import socket
import subprocess


class QemuError(Exception):
    pass


class Qemu:
    """Starts QEMU with a QMP monitor on an inherited socket; close() always ends it."""

    def __init__(self, program, arguments, timeout=60):
        ours, theirs = socket.socketpair()
        with theirs:
            self.process = subprocess.Popen(
                [program, *arguments,
                 "-chardev", f"socket,id=qmp,fd={theirs.fileno()}", "-mon", "chardev=qmp,mode=control"],
                pass_fds=[theirs.fileno()], stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        ours.settimeout(timeout)
        self.socket = ours
        self.stream = ours.makefile("rwb")
        try:
            self._receive()     # the greeting
            self.execute("qmp_capabilities")
        except BaseException:
            self.close()
            raise

    def _receive(self):
        try:
            line = self.stream.readline()
        except ConnectionError:
            line = b""
        except OSError as error:    # after a timeout, also "cannot read from timed out object"
            raise QemuError(f"QEMU does not answer: {error}") from error
        if not line:
            raise QemuError("QEMU has ended: " + self.process.stdout.read().decode(errors="replace"))
        return json.loads(line)

    def execute(self, command, **arguments):
        self._request([{"execute": command, "arguments": arguments}])
        return self._reply(command)

    def execute_in_a_row(self, command, many):
        """The command once for each dictionary of arguments, as fast as QEMU goes: no answer is awaited between."""
        self._request([{"execute": command, "arguments": arguments} for arguments in many])
        for _ in many:
            self._reply(command)

    def _request(self, requests):
        try:
            self.stream.write(b"".join(json.dumps(request).encode() + b"\n" for request in requests))
            self.stream.flush()
        except OSError as error:
            raise QemuError(f"QEMU does not listen: {error}") from error

    def _reply(self, command):
        while True:
            reply = self._receive()
            if "return" in reply:
                return reply["return"]
            if "error" in reply:
                raise QemuError(f"{command}: {reply['error']['desc']}")
            # anything else is an event

    def answer_within(self, seconds):
        """How long a request may take; 60 s where nothing is said."""
        self.socket.settimeout(seconds)

    def monitor(self, line):
        """Runs a command of the human monitor and returns what it prints."""
        return self.execute("human-monitor-command", **{"command-line": line})

    def cpu_seconds(self):
        """Host processor time that QEMU has used so far."""
        with open(f"/proc/{self.process.pid}/stat", encoding="ascii") as stat:
            fields = stat.read().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def wait_for_end(self, timeout):
        """Waits until QEMU ends by itself; returns its exit status."""
        return self.process.wait(timeout)

    def close(self):
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        try:
            self.stream.close()
        except OSError:
            pass
        self.socket.close()
        self.process.stdout.close()
