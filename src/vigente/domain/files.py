"""Which files may be attached: a few types, told by their first bytes and never by their name."""

from enum import StrEnum


class AttachmentKind(StrEnum):
    """What an attached file shows."""

    IDENTITY = "IDENTITY"
    ADDRESS_PROOF = "ADDRESS_PROOF"
    PHOTO = "PHOTO"
    SIGNED = "SIGNED"
    OTHER = "OTHER"


class FileType(StrEnum):
    """A type that browsers show without running anything of it."""

    PDF = "application/pdf"
    JPEG = "image/jpeg"
    PNG = "image/png"
    WEBP = "image/webp"


class FileRefused(ValueError):
    """Este arquivo não pode ser anexado."""


BYTES_LOOKED_AT = 16


def file_type(beginning: bytes) -> FileType:
    """Return the type that a file's first bytes tell.

    >>> file_type(b"%PDF-1.7")
    <FileType.PDF: 'application/pdf'>

    :raises FileRefused: for any other type.
    """
    if beginning.startswith(b"%PDF-"):
        return FileType.PDF
    if beginning.startswith(b"\xff\xd8\xff"):
        return FileType.JPEG
    if beginning.startswith(b"\x89PNG\r\n\x1a\n"):
        return FileType.PNG
    if beginning[:4] == b"RIFF" and beginning[8:12] == b"WEBP":
        return FileType.WEBP
    raise FileRefused("Anexe um PDF ou uma imagem (JPEG, PNG ou WebP).")


def safe_name(name: str) -> str:
    """Return a name without folders or control characters, of at most 160 characters.

    >>> safe_name("../../etc/passwd")
    'passwd'
    >>> safe_name("..")
    'arquivo'
    """
    last = name.replace("\\", "/").rsplit("/", 1)[-1]
    shown = "".join(c for c in last if c.isprintable() and c not in '"<>|:*?').strip(". ")
    return shown[-160:] or "arquivo"
