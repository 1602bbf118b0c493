"""What the address of a list asks for; what makes no sense asks for nothing."""

from datetime import date
from urllib.parse import urlencode

from django.http import QueryDict

LONGEST_NUMBER = 17


def number(asked: QueryDict, name: str) -> int | None:
    """Return a number of the address."""
    return a_number(asked.get(name, ""))


def day(asked: QueryDict, name: str) -> date | None:
    """Return a day of the address."""
    return a_day(asked.get(name, ""))


def words(asked: QueryDict) -> str:
    """Return the words that are looked for."""
    return asked.get("q", "")[:100].replace("\x00", "")


def address(asked: QueryDict, *, keep: tuple[str, ...], **changes: object) -> str:
    """Return the address of this list with some filters changed, from its first page."""
    kept = {name: asked[name] for name in keep if name in asked}
    return "?" + urlencode({k: v for k, v in {**kept, **changes}.items() if v not in ("", None)})


def a_day(text: str) -> date | None:
    """Return the day that a text names."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def a_number(text: str) -> int | None:
    """Return the number that a text is."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= LONGEST_NUMBER else None
