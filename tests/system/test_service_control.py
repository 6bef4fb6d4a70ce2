# SPDX-License-Identifier: BSD-2-Clause
"""sc at the prompt, with the driver of examples/driver, which is built outside of the tree by each compiler that its Makefile
knows."""

import os

import pytest

from foreign import EXAMPLE, add, architecture, build_example

NO_SERVICE = "The specified service does not exist as an installed service."


@pytest.fixture(name="made", scope="module", params=["gcc", "clang"])
def make_example(request, build, tmp_path_factory):
    return build_example(architecture(build), request.param, str(tmp_path_factory.mktemp("example")))


@pytest.fixture(name="example")
def boot_with_example(boot, build, made, tmp_path):
    """A machine with the driver, its service and its program."""
    files = [os.path.join(made, "echo.sys"), os.path.join(made, "echotest.exe"), f"{EXAMPLE}/echo.reg=config\\added.reg"]
    machine = boot(initrd=add(build, str(tmp_path / "ntos.elf"), *files))
    machine.wait_for_prompt()
    return machine


def text_of(machine, line):
    machine.command("cls")
    return "\n".join(machine.command(line, timeout=60))


def state_of(machine, name):
    return text_of(machine, f"sc query {name}").partition("STATE              : ")[2].partition("\n")[0].split()[-1]


def test_start_use_and_stop(example):
    """What docs/writing-drivers.md tells its reader to do."""
    assert "does not open" in text_of(example, "echotest early")
    assert state_of(example, "echo") == "STOPPED"
    assert "RUNNING" in text_of(example, "sc start echo")
    assert text_of(example, "echotest  one two").split("\n") == ["echotest  one two", "writes: 1", "bytes: 34"]
    assert text_of(example, "echotest three").split("\n")[1] == "writes: 2"
    assert "FAILED 1056" in text_of(example, "sc start echo")
    assert "STOPPED" in text_of(example, "sc stop echo")
    assert "does not open" in text_of(example, "echotest late")
    assert "FAILED 1062" in text_of(example, "sc stop echo")
    assert "RUNNING" in text_of(example, "sc start ECHO")
    assert text_of(example, "echotest again").split("\n")[1] == "writes: 1"


def test_create_configure_and_delete(example):
    """The registry text's service is deleted, and made anew at the prompt."""
    assert text_of(example, "sc delete echo") == "[SC] DeleteService SUCCESS"
    for line in ("sc start echo", "sc delete echo", "sc qc echo", "sc config echo start= auto"):
        shown = text_of(example, line)
        assert "FAILED 1060" in shown and NO_SERVICE in shown
    line = "sc create echo type= kernel binPath= C:\\windows\\drivers\\echo.sys"
    assert text_of(example, line) == "[SC] CreateService SUCCESS"
    assert "FAILED 1073" in text_of(example, line)
    shown = text_of(example, "sc qc echo")
    for row in ("TYPE               : 1  KERNEL_DRIVER", "START_TYPE         : 3  DEMAND_START", "ERROR_CONTROL      : 1  NORMAL",
                "BINARY_PATH_NAME   : \\??\\C:\\windows\\drivers\\echo.sys"):
        assert row in shown
    assert text_of(example, "sc config echo start= disabled error= ignore group= Base depend= null/beep") == \
        "[SC] ChangeServiceConfig SUCCESS"
    assert "FAILED 1058" in text_of(example, "sc start echo")
    shown = text_of(example, "sc qc echo")
    for row in ("4  DISABLED", "0  IGNORE", "LOAD_ORDER_GROUP   : Base", "DEPENDENCIES       : null/beep"):
        assert row in shown
    text_of(example, "sc config echo start= demand")
    assert "RUNNING" in text_of(example, "sc start echo")
    assert text_of(example, "echotest made").split("\n")[1] == "writes: 1"


def test_query_lists(example):
    assert "SERVICE_NAME: echo" not in text_of(example, "sc query")
    assert "SERVICE_NAME: echo" in text_of(example, "sc query state= inactive")
    assert "SERVICE_NAME: echo" in text_of(example, "sc query type= driver state= all")
    text_of(example, "sc start echo")
    assert "SERVICE_NAME: echo" not in text_of(example, "sc query state= inactive")
    assert "SERVICE_NAME: echo" in text_of(example, "sc query state= active")
    assert "USAGE" in text_of(example, "sc query state= sideways")


@pytest.mark.parametrize("line, says", [
    ("sc", "USAGE"), ("sc frobnicate echo", "USAGE"), ("sc start", "USAGE"), ("sc delete", "USAGE"), ("sc create new", "USAGE"),
    ("sc create new type=kernel binPath=x.sys", "USAGE"),       # as with Windows, there is a blank behind =
    ("sc create new type= own binPath= x.exe", "USAGE"), ("sc create new type= kernel", "USAGE"),
    ("sc create new type= kernel binPath=", "USAGE"), ("sc config echo", "USAGE"), ("sc config echo start= never", "USAGE"),
    ("sc config echo color= red", "USAGE"), ("sc query nothing", "FAILED 1060"), ("sc stop nothing", "FAILED 1060"),
    ("sc create a\\b type= kernel binPath= x.sys", "FAILED 123"), ("sc stop a\\b", "FAILED 1060"), ('sc start ""', "FAILED 1060"),
    ("sc start " + "n" * 60, "FAILED 1060"),
])
def test_what_is_refused(machine, line, says):
    """And nothing changes."""
    assert says in text_of(machine, line)
    assert NO_SERVICE in text_of(machine, "sc query new")


def test_missing_file(machine):
    """A service without a file is one, but does not start."""
    assert text_of(machine, "sc create ghost type= kernel binPath= C:\\windows\\drivers\\ghost.sys") == "[SC] CreateService SUCCESS"
    assert "FAILED 2:" in text_of(machine, "sc start ghost")
    assert state_of(machine, "ghost") == "STOPPED"
