"""nginx as the one origin: the template filled in, checked, started, stopped."""

import contextlib
import os
import signal
import time
from pathlib import Path

from .home import Home
from .options import Options
from .packages import program
from .run import open_files, run
from .say import RefusedError

TEMPLATE = Path(__file__).resolve().parents[1] / "nginx.conf"
UPLOAD_MB, FORM_MB = 512, 8  # the default of IMPORT_MAX_MB in the settings, and what the form around a file takes
SETPRIV = ("--inh-caps=+net_bind_service", "--ambient-caps=+net_bind_service")


def render(template: str, words: dict[str, str]) -> str:
    """Fill the words between @ signs.

    Raises:
        RefusedError: a path holds a character that nginx would read as something else.
    """
    for name, value in words.items():
        if name in {"STATE", "LOG", "SOCKETS", "STATIC"} and any(char in value for char in '"$;{}\\\n'):
            raise RefusedError(f'nginx cannot work under {value}: its name holds one of " $ ; {{ }} \\.')
        template = template.replace(f"@{name}@", value)
    return template


def words_for(home: Home, options: Options) -> dict[str, str]:
    """Return the template's words for one instance."""
    address = f"[{options.bind}]" if ":" in options.bind else options.bind
    listen = f"listen {address}:{options.port}"
    authority = ""
    if options.tls:
        folder = home.state / "tls"
        listen += (
            f' ssl http2;\n        ssl_certificate "{folder}/server.crt";\n        ssl_certificate_key "{folder}/server.key";'
            "\n        ssl_protocols TLSv1.2 TLSv1.3;\n        ssl_session_cache shared:tls:4m"
        )
        authority = f'location = /nearcast-ca.crt {{ alias "{folder}/ca.crt"; }}'
    upload_mb = int(os.environ.get("IMPORT_MAX_MB") or UPLOAD_MB)
    return {
        "MAIN": "daemon on;",
        "WORKERS": "2",
        "STATE": str(home.state),
        "LOG": str(home.log),
        "SOCKETS": str(home.sockets),
        "STATIC": str(home.state / "static"),
        "LISTEN": f"{listen};",
        "CA": authority,
        "UPLOAD": str(upload_mb + FORM_MB),
        "UPLOAD_BYTES": str(upload_mb * 1_000_000),  # of the file itself, as dispatch.uploads counts
    }


def write(home: Home, options: Options) -> Path:
    """Write the instance's nginx.conf and let nginx check it; return its path."""
    path = home.state / "nginx" / "nginx.conf"
    path.write_text(render(TEMPLATE.read_text(), words_for(home, options)))
    os.chown(path, home.account.uid, home.account.gid)
    _nginx(home, options, "-t", what="nginx's check of its configuration")
    return path


def start(home: Home, options: Options) -> None:
    """Start nginx in the background; returns once it listens."""
    write(home, options)
    _nginx(home, options, what="nginx")


def _nginx(home: Home, options: Options, *more: str, what: str) -> None:
    command: list[str | Path] = [
        program("nginx") or "nginx",
        "-c",
        home.state / "nginx" / "nginx.conf",
        "-p",
        home.state / "nginx",
    ]
    command += ["-e", home.log / "nginx-error.log", *more]
    account = home.account
    if account.drop and options.port < 1024:
        # The one right that a low port needs, without running anything as root.
        ids = [f"--reuid={account.uid}", f"--regid={account.gid}", "--clear-groups"]
        command = [program("setpriv") or "setpriv", *ids, *SETPRIV, *command]
        run(command, what=what, cwd=Path("/"), log=home.setup_log)
        return
    run(command, what=what, account=account, cwd=Path("/"), log=home.setup_log)


def pid(home: Home) -> int:
    """Return the process id of this instance's living nginx, 0 when it does not run."""
    try:
        number = int((home.state / "nginx" / "nginx.pid").read_text())
        title = Path(f"/proc/{number}/cmdline").read_bytes()
    except (OSError, ValueError):
        return 0
    return number if b"nginx" in title and os.fsencode(home.state) in title else 0


def orphans(home: Home) -> list[int]:
    """Return workers whose master was killed: they still hold the port, and only our log file in their hands names them."""
    ours = str(home.log / "nginx-access.log")
    found = []
    for entry in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            if (entry / "comm").read_text().strip() == "nginx" and ours in open_files(entry.name):
                found.append(int(entry.name))
    return found


def stop(home: Home, *, patience_s: float = 5) -> None:
    """Stop nginx if it runs; open sockets are closed at once."""
    number = pid(home)
    for kind in (signal.SIGTERM, signal.SIGKILL):
        if not number:
            break
        os.kill(number, kind)
        until = time.monotonic() + patience_s
        while pid(home) and time.monotonic() < until:
            time.sleep(0.05)
        number = pid(home)
    for worker in orphans(home):
        os.kill(worker, signal.SIGKILL)
