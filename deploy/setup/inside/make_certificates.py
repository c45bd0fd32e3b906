"""make_certificates.py FOLDER NAME…: an authority of this instance's own and one server certificate signed by it.

Kept while they cover every NAME and last another month. Prints what was done.
"""

import datetime as dt
import ipaddress
import os
import sys
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

# Phones refuse server certificates that last longer than 825 days.
SERVER_DAYS = 397
AUTHORITY_DAYS = 3650
RENEW_BEFORE = dt.timedelta(days=30)


def main(folder: Path, names: list[str]) -> str:
    """Make what is missing in `folder` and say what was done."""
    now = dt.datetime.now(dt.UTC)
    if not (folder / "ca.crt").exists() or _read(folder / "ca.crt").not_valid_after_utc < now + RENEW_BEFORE:
        make_authority(folder, now)
    if covers(folder, names, now):
        return "certificate still good"
    make_server(folder, names, now)
    return f"certificate made for {', '.join(names)}"


def covers(folder: Path, names: list[str], now: dt.datetime) -> bool:
    """Return True when the server certificate is signed by our authority, lasts, and holds every name."""
    path = folder / "server.crt"
    if not path.exists() or not (folder / "server.key").exists():
        return False
    found = _read(path)
    held = found.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    return (
        found.not_valid_after_utc > now + RENEW_BEFORE
        and found.issuer == _read(folder / "ca.crt").subject
        and set(held) == {_general(name) for name in names}
    )


def make_authority(folder: Path, now: dt.datetime) -> None:
    """Write ca.key and ca.crt. The subject holds a serial, so that a remade authority is told from the old."""
    key = ec.generate_private_key(ec.SECP256R1())
    serial = x509.random_serial_number()
    subject = x509.Name([
        x509.NameAttribute(NameOID.ORGANIZATION_NAME, "Nearcast"),
        x509.NameAttribute(NameOID.COMMON_NAME, f"Nearcast instance authority {serial:x}"[:60]),
    ])  # fmt: skip
    usage = x509.KeyUsage(False, False, False, False, False, True, True, False, False)
    made = _builder(subject, subject, key, serial=serial, now=now, days=AUTHORITY_DAYS)
    made = made.add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True).add_extension(
        usage, critical=True
    )
    _write(folder, "ca", key, made.sign(key, hashes.SHA256()))
    (folder / "server.crt").unlink(missing_ok=True)


def make_server(folder: Path, names: list[str], now: dt.datetime) -> None:
    """Write server.key and server.crt for `names`."""
    authority = _read(folder / "ca.crt")
    authority_key = serialization.load_pem_private_key((folder / "ca.key").read_bytes(), password=None)
    assert isinstance(authority_key, ec.EllipticCurvePrivateKey)
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, names[0][:60])])
    made = _builder(subject, authority.subject, key, serial=x509.random_serial_number(), now=now, days=SERVER_DAYS)
    for extension, critical in (
        (x509.SubjectAlternativeName([_general(name) for name in names]), False),
        (x509.BasicConstraints(ca=False, path_length=None), True),
        (x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), False),
    ):
        made = made.add_extension(extension, critical=critical)
    _write(folder, "server", key, made.sign(authority_key, hashes.SHA256()))


def _builder(
    subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePrivateKey, *, serial: int, now: dt.datetime, days: int
) -> x509.CertificateBuilder:
    builder = x509.CertificateBuilder().subject_name(subject).issuer_name(issuer).public_key(key.public_key())
    builder = builder.serial_number(serial).not_valid_before(now - dt.timedelta(hours=1))
    return builder.not_valid_after(now + dt.timedelta(days=days))


def _general(name: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ipaddress.ip_address(name))
    except ValueError:
        return x509.DNSName(name)


def _read(path: Path) -> x509.Certificate:
    return x509.load_pem_x509_certificate(path.read_bytes())


def _write(folder: Path, name: str, key: ec.EllipticCurvePrivateKey, certificate: x509.Certificate) -> None:
    secret = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    (folder / f"{name}.key").unlink(missing_ok=True)
    handle = os.open(folder / f"{name}.key", os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(secret)
    (folder / f"{name}.crt").write_bytes(certificate.public_bytes(serialization.Encoding.PEM))


if __name__ == "__main__":
    print(main(Path(sys.argv[1]), sys.argv[2:]))
