"""What any supplier of signatures does: say where a person signs, and close what was signed."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """A document that one person is asked to sign, until a moment.

    `page` is the address of our own page; a supplier with pages of its own leads elsewhere.
    """

    key: str
    title: str
    pdf: bytes
    signer_name: str
    signer_tax_id: str
    page: str
    expires_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Signed:
    """A document that was signed, and the page that tells how, which is put at its end."""

    key: str
    pdf: bytes
    evidence: bytes
    signer_name: str
    at: datetime


class SealFailed(RuntimeError):
    """O documento não pôde ser selado."""


class Signatures(Protocol):
    """A supplier of signatures."""

    def begin(self, order: Order) -> str:
        """Return the address at which the person signs; the same key begins once.

        :raises DeliveryFailed: of messages, saying whether another try may help.
        """

    def seal(self, signed: Signed) -> bytes:
        """Return the document with its evidence, closed: any change afterwards shows.

        It begins with the very bytes that were signed.

        :raises SealFailed: saying why.
        """

    def is_intact(self, sealed: bytes) -> bool:
        """Tell whether a sealed document is still as it was sealed here."""
