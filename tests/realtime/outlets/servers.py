"""Foreign servers on this machine: a push service by https with a certificate of its own, an SMS gateway by http."""

import ipaddress
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat


@dataclass
class Foreign:
    """A server that notes what it is asked and answers as it is told, once `let` is set."""

    port: int = 0
    status: int = 201
    headers: dict[str, str] = field(default_factory=dict)
    words: bytes = b""
    asked: list[tuple[str, dict[str, str], bytes]] = field(default_factory=list)
    let: threading.Event = field(default_factory=threading.Event)

    def __post_init__(self) -> None:
        self.let.set()

    def handler(self) -> type[BaseHTTPRequestHandler]:
        """Return a handler bound to this server's notes."""
        notes = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
                notes.asked.append((self.path, dict(self.headers), body))
                notes.let.wait(60)
                self.send_response(notes.status)
                for name, value in notes.headers.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(notes.words)))
                self.end_headers()
                self.wfile.write(notes.words)

            do_GET = do_POST  # noqa: N815

            def log_message(self, *args: Any) -> None:
                """Say nothing."""

        return Handler


@contextmanager
def serving(foreign: Foreign, certificate: Path | None = None) -> Iterator[Foreign]:
    """Run the server while the block lasts."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), foreign.handler())
    if certificate:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate)
        server.socket = context.wrap_socket(server.socket, server_side=True)
    foreign.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield foreign
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def make_certificate(path: Path) -> Path:
    """Write a self-signed certificate for localhost and its key into one file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "localhost")])
    now = datetime.now(UTC)
    names = x509.SubjectAlternativeName([x509.DNSName("localhost"), x509.IPAddress(ipaddress.ip_address("127.0.0.1"))])
    builder = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
    builder = (
        builder.serial_number(1).not_valid_before(now - timedelta(days=1)).not_valid_after(now + timedelta(days=9))
    )
    builder = builder.add_extension(names, critical=False)
    made = builder.add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
    certificate = made.sign(key, hashes.SHA256())
    path.write_bytes(
        key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()) + certificate.public_bytes(Encoding.PEM)
    )
    return path
