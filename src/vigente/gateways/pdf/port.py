"""What any printer does: turn one page of HTML into a PDF, reaching for nothing outside it."""

from typing import Protocol


class PrintFailed(RuntimeError):
    """A página não pôde ser impressa."""


class Printer(Protocol):
    """A printer of HTML."""

    def pdf(self, page: str) -> bytes:
        """Return the page as a PDF; the same page gives the same bytes.

        What the page names elsewhere, such as an image, is never fetched: all it needs is in it.

        :raises PrintFailed: saying why.
        """
