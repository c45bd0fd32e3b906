"""A home in a folder of the test's own, and a port that somebody listens on."""

import os
import socket

import pytest

from deploy.setup import home as homes
from deploy.setup.home import Home


@pytest.fixture
def home(tmp_path):
    """Return a home whose state is in the test's folder and whose processes are ourselves."""
    own = homes.Account("whoever runs the tests", os.geteuid(), os.getegid(), drop=False)
    state = tmp_path / "state"
    for folder in (state, state / "log", state / "nginx", state / "run"):
        folder.mkdir()
    return Home("t", homes.CHECKOUT, state, state / "run", homes.CHECKOUT, own)


@pytest.fixture
def busy_port():
    """Yield a port of this machine that is taken."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen(1)
        yield taken.getsockname()[1]
