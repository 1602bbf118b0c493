"""Bytes of issued documents on disk: written once, and given out only as they were written."""

import hashlib
from datetime import datetime
from pathlib import Path
from uuid import uuid4

from django.conf import settings


class FileChanged(ValueError):
    """O arquivo guardado não é mais o que foi emitido."""


def keep(content: bytes, *, now: datetime) -> str:
    """Write bytes under a new name of ours, and return it.

    The file is written before its row: a transaction that fails leaves a file that no row names.
    """
    stored_as = f"{now:%Y/%m}/{uuid4().hex}"
    place = path(stored_as)
    place.parent.mkdir(parents=True, exist_ok=True)
    with place.open("xb") as kept:
        kept.write(content)
    place.chmod(0o440)
    return stored_as


def read(stored_as: str, *, sha256: str) -> bytes:
    """Return the bytes as they were written.

    :raises FileChanged: if they are gone, or no longer have their SHA-256.
    """
    try:
        content = path(stored_as).read_bytes()
    except FileNotFoundError:
        content = b""
    if digest(content) != sha256:
        raise FileChanged(
            "O arquivo guardado falta ou não é mais o que foi emitido. Recupere a cópia de "
            "segurança da pasta de dados, ou emita outro documento."
        )
    return content


def digest(content: bytes) -> str:
    """Return the SHA-256 of bytes, as it is kept and shown."""
    return hashlib.sha256(content).hexdigest()


def path(stored_as: str) -> Path:
    """Return where the bytes lie."""
    return Path(settings.MEDIA_ROOT) / "documents" / stored_as
