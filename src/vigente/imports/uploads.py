"""Uploaded spreadsheets: kept under a name of ours, and only as long as an import needs them."""

import hashlib
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from uuid import uuid4

from django.conf import settings

MOST_MEGABYTES = 50
MOST_BYTES = MOST_MEGABYTES * 1_000_000


class UploadRefused(ValueError):
    """Este arquivo não pode ser recebido."""


class UploadGone(ValueError):
    """O arquivo enviado não está mais aqui."""


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that was received."""

    stored_as: str
    size: int
    sha256: str


def keep(chunks: Iterable[bytes]) -> Upload:
    """Write a file into the folder of uploads; nothing of its name is used.

    :raises UploadRefused: for a file above the limit.
    """
    stored_as = uuid4().hex
    place = path(stored_as)
    place.parent.mkdir(parents=True, exist_ok=True)
    digest, size = hashlib.sha256(), 0
    try:
        with place.open("xb") as kept:
            for chunk in _within_the_limit(chunks):
                size += len(chunk)
                digest.update(chunk)
                kept.write(chunk)
    except BaseException:
        remove(stored_as)
        raise
    return Upload(stored_as, size, digest.hexdigest())


def _within_the_limit(chunks: Iterable[bytes]) -> Iterator[bytes]:
    size = 0
    for chunk in chunks:
        size += len(chunk)
        if size > MOST_BYTES:
            raise UploadRefused(
                f"O arquivo passa de {MOST_MEGABYTES} MB. Divida-o ou salve-o como CSV."
            )
        yield chunk


def remove(stored_as: str) -> None:
    """Delete a file; one that is gone is no trouble."""
    path(stored_as).unlink(missing_ok=True)


def remove_strays(*, before: datetime, kept: Collection[str]) -> None:
    """Delete files older than a moment that no import names, as a broken request leaves them."""
    folder = path("")
    for place in folder.iterdir() if folder.exists() else ():
        if place.name not in kept and place.stat().st_mtime < before.timestamp():
            place.unlink(missing_ok=True)


def there(stored_as: str) -> Path:
    """Return where a file lies that must be there.

    :raises UploadGone: where it is not, as for a worker that does not share the folder.
    """
    place = path(stored_as)
    if not place.is_file():
        raise UploadGone(
            "O arquivo enviado não foi encontrado. Envie-o de novo; se isso se repetir, o servidor "
            "das páginas e o das tarefas não usam a mesma pasta de arquivos."
        )
    return place


def path(stored_as: str) -> Path:
    """Return where a file lies."""
    return Path(settings.MEDIA_ROOT) / "imports" / stored_as
