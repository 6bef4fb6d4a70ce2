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


def pytest_generate_tests(metafunc):
    if "build" in metafunc.fixturenames:
        builds = metafunc.config.getoption("--build")
        metafunc.parametrize("build", builds, ids=[os.path.basename(build) for build in builds], scope="session")


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item, call):
    """Adds screen and serial log of the test's last machine, crash addresses resolved, to a failure's report."""
    report = (yield).get_result()
    if report.failed and getattr(item, "machines", None):
        machine = item.machines[-1]
        result = subprocess.run([SYMBOLIZE, "--images", os.path.join(machine.build, "images")],
                                input=machine.describe(), capture_output=True, text=True, check=False)
        report.sections.append(("machine", result.stdout + result.stderr))


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
