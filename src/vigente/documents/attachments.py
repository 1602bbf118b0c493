"""The only writes to attached files: the bytes on disk, the row in the database."""

import hashlib
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from uuid import uuid4

from django.conf import settings

from vigente.documents.models import Attachment
from vigente.domain import files
from vigente.domain.files import AttachmentKind, FileRefused, FileType

MOST_BYTES = 10_000_000


def attach(
    chunks: Iterable[bytes], *, name: str, kind: AttachmentKind, by_name: str, now: datetime
) -> Attachment:
    """Keep a file as it came, under a name of ours.

    The file is written before its row: a transaction that fails leaves a file that no row names.

    :raises FileRefused: for an empty file, one above the limit, or of another type.
    """
    stored_as = f"{now:%Y/%m}/{uuid4().hex}"
    place = path(stored_as)
    place.parent.mkdir(parents=True, exist_ok=True)
    try:
        content_type, size, sha256 = _keep(chunks, place)
    except FileRefused:
        place.unlink()
        raise
    return Attachment.objects.create(
        kind=kind.value,
        name=files.safe_name(name),
        content_type=content_type.value,
        size=size,
        sha256=sha256,
        stored_as=stored_as,
        at=now,
        by_name=by_name,
    )


def _keep(chunks: Iterable[bytes], place: Path) -> tuple[FileType, int, str]:
    """Write a file, and return its type, its size and its SHA-256."""
    digest, size, beginning = hashlib.sha256(), 0, b""
    with place.open("xb") as kept:
        for chunk in chunks:
            beginning += chunk[: files.BYTES_LOOKED_AT - len(beginning)]
            size += len(chunk)
            if size > MOST_BYTES:
                most = MOST_BYTES // 1_000_000
                raise FileRefused(f"O arquivo passa de {most} MB. Reduza-o e anexe de novo.")
            digest.update(chunk)
            kept.write(chunk)
    if not size:
        raise FileRefused("O arquivo está vazio.")
    return files.file_type(beginning), size, digest.hexdigest()


def remove(attachment: Attachment, *, now: datetime) -> bool:
    """Show a file no more; its bytes stay. Tell whether this call did it."""
    shown = Attachment.objects.filter(pk=attachment.pk, removed_at=None)
    return bool(shown.update(removed_at=now))


def path(stored_as: str) -> Path:
    """Return where a file lies."""
    return Path(settings.MEDIA_ROOT) / "attachments" / stored_as
