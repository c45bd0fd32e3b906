"""TLS=1: the names a certificate must cover, and having it made by the instance's own authority."""

import os
import socket
from pathlib import Path

from .home import CHECKOUT, Home
from .options import LOCAL, Options
from .ports import local_addresses
from .run import run


def names(options: Options) -> list[str]:
    """Return every host name and address that the certificate covers, the first being the one we print."""
    wild = options.bind in {"0.0.0.0", "::"}  # noqa: S104 - compared, not bound
    own = [*local_addresses(), socket.gethostname()] if wild else [options.bind]
    return list(dict.fromkeys([*options.hosts, *own, "localhost", LOCAL]))


def ensure(home: Home, options: Options, venv: Path) -> str:
    """Make authority and certificate when absent, near their end, or short of a name; return what was done."""
    script = CHECKOUT / "deploy" / "setup" / "inside" / "make_certificates.py"
    folder = home.state / "tls"
    folder.mkdir(mode=0o700, exist_ok=True)
    said = run(
        [venv / "bin" / "python", script, folder, *names(options)], what="making the certificate", log=home.setup_log
    )
    for file in (folder, *folder.iterdir()):
        # The authority's key stays with whoever called make: nginx never needs it.
        if home.account.drop and file.name != "ca.key":
            os.chown(file, home.account.uid, home.account.gid)
    return said.strip()
