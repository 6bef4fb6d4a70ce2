# SPDX-License-Identifier: BSD-2-Clause
"""Options and fixtures of the whole-system tests: pytest tests/system --build build/amd64-debug"""

import os
import subprocess

import pytest

from machine import TEST_SYSTEM, Machine

SYMBOLIZE = os.path.join(os.path.dirname(__file__), "..", "..", "tools", "symbolize")


def pytest_addoption(parser):
    parser.addoption("--build", action="append", default=[], help="build folder to test (may repeat)")
    parser.addoption("--long", action="store_true", help="run the long forms of the tests")


def pytest_configure(config):
    config.addinivalue_line("markers", "test_programs: needs the programs in \\SystemRoot\\tests")
    config.addinivalue_line("markers", "our_kernel(reason): asks for what another seL4 kernel does not give")


def pytest_runtest_setup(item):
    mark = item.get_closest_marker("our_kernel")
    build = getattr(item, "callspec", None) and item.callspec.params.get("build")
    if mark and build and os.path.exists(os.path.join(build, "prebuilt-kernel.elf")):
        pytest.skip(f"of our kernel only: {mark.args[0]}")


def pytest_generate_tests(metafunc):
    if "build" in metafunc.fixturenames:
        builds = metafunc.config.getoption("--build")
        metafunc.parametrize("build", builds, ids=[os.path.basename(build) for build in builds], scope="session",
                             indirect=True)    # tests of one module stay together


@pytest.fixture(scope="session")
def build(request):
    """The build folder that is tested."""
    return request.param


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item, call):
    """Adds screen and serial log of the test's last machine, crash addresses resolved, to a failure's report."""
    report = (yield).get_result()
    if report.failed and getattr(item, "machines", None):
        try:
            text = described(item.machines[-1])
        except Exception as error:  # pylint: disable=broad-except
            text = f"cannot be described: {error!r}"    # an error in a hook would end the session
        report.sections.append(("machine", text))


def described(machine):
    result = subprocess.run([SYMBOLIZE, "--images", os.path.join(machine.build, "images")],
                            input=machine.describe(), capture_output=True, text=True, check=False)
    return result.stdout + result.stderr


@pytest.fixture
def boot(request, build):
    """boot(**options) starts a Machine of the build; all are ended after the test."""
    request.node.machines = []

    def start(**options):
        machine = Machine(build, **options)
        request.node.machines.append(machine)
        return machine

    yield start
    for machine in request.node.machines:
        machine.close()


@pytest.fixture
def machine(request, boot):
    """A machine that shows the prompt; of the system with the test programs, where the mark asks for them."""
    started = boot(**{"initrd": TEST_SYSTEM} if request.node.get_closest_marker("test_programs") else {})
    started.wait_for_prompt()
    return started


@pytest.fixture
def debug(build):
    """True for a debug build, which has a serial log."""
    return build.endswith("-debug")


@pytest.fixture
def long(request):
    return request.config.getoption("--long")
