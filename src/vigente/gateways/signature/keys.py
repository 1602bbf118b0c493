"""The key that seals documents: given as a PKCS #12 file, or made at its first use and kept.

A key of our own proves that a file was not changed since this installation sealed it; who the
installation is, a certificate of ICP-Brasil proves, given as a file.
"""

import os
from datetime import datetime, timedelta
from pathlib import Path
from uuid import uuid4

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID

from vigente.gateways.signature.port import SealFailed

BITS = 3072
LASTS = timedelta(days=20 * 365)
NAME = "Vigente, selo de documentos"
KEY, CERTIFICATE = "seal.key.pem", "seal.pem"


def kept_in(folder: Path, *, made_at: datetime | None) -> tuple[Path, Path]:
    """Return the files of the key and of its certificate, made where there are none.

    Whoever is first makes them: the folder comes into being whole, or not at all.

    :raises SealFailed: where there are none and they are not to be made.
    """
    if not folder.exists():
        if made_at is None:
            raise SealFailed("Nada foi selado aqui ainda.")
        folder.parent.mkdir(parents=True, exist_ok=True)
        draft = folder.with_name(f"{folder.name}.{uuid4().hex}")
        draft.mkdir(mode=0o700)
        _make(draft, at=made_at)
        try:
            draft.rename(folder)
        except OSError:  # somebody was faster
            for file in (KEY, CERTIFICATE):
                (draft / file).unlink()
            draft.rmdir()
    return folder / KEY, folder / CERTIFICATE


def _make(folder: Path, *, at: datetime) -> None:
    key = rsa.generate_private_key(public_exponent=65537, key_size=BITS)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, NAME)])
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(at - timedelta(days=1))
        .not_valid_after(at + LASTS)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_FOR_SIGNING, critical=True)
        .sign(key, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    secret = key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    _write(folder / KEY, secret)
    _write(folder / CERTIFICATE, certificate.public_bytes(pem))


def _write(file: Path, content: bytes) -> None:
    handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as kept:
        kept.write(content)


_FOR_SIGNING = x509.KeyUsage(
    digital_signature=True,
    content_commitment=True,
    key_encipherment=False,
    data_encipherment=False,
    key_agreement=False,
    key_cert_sign=False,
    crl_sign=False,
    encipher_only=False,
    decipher_only=False,
)
