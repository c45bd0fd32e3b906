"""Commands that only print: nginx's configuration for a server whose processes systemd runs."""

import os
from pathlib import Path

from . import web_server
from .home import CHECKOUT, Home, current_account
from .options import Options
from .say import line

SERVER_STATE = Path("/var/lib/nearcast/main")
SERVER_SOCKETS = Path("/run/nearcast")


def nginx(options: Options) -> None:
    """Print nginx.conf for the systemd layout: state in /var/lib/nearcast/main, sockets in /run/nearcast."""
    state = Path(os.environ.get("STATE") or SERVER_STATE)
    home = Home(options.instance, CHECKOUT, state, SERVER_SOCKETS, CHECKOUT, current_account())
    words = {**web_server.words_for(home, options), "MAIN": "daemon off;"}
    line(web_server.render(web_server.TEMPLATE.read_text(), words))
