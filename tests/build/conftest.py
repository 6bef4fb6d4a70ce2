# SPDX-License-Identifier: BSD-2-Clause
"""Options and fixtures of the tests of the build: pytest tests/build --build build/amd64-release"""

import os

import pytest


def pytest_addoption(parser):
    parser.addoption("--build", action="append", default=[], help="build folder to look at (may repeat)")
    parser.addoption("--long", action="store_true", help="run the long forms of the tests")


def pytest_generate_tests(metafunc):
    if "build" in metafunc.fixturenames:
        builds = [os.path.abspath(build) for build in metafunc.config.getoption("--build")]
        metafunc.parametrize("build", builds, ids=[os.path.basename(build) for build in builds], scope="session",
                             indirect=True)    # tests of one module stay together


@pytest.fixture(scope="session")
def build(request):
    """The build folder that is tested."""
    return request.param


@pytest.fixture(scope="session")
def arch(build):
    return os.path.basename(build).split("-")[0]


@pytest.fixture(scope="session")
def kind(build):
    """debug or release"""
    return os.path.basename(build).split("-")[1]


@pytest.fixture(scope="session")
def long(request):
    return request.config.getoption("--long")
