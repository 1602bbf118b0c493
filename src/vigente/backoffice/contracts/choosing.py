"""Choosing the customer of a contract: found by name or document, then named in the address."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404

from vigente.contracts import queries
from vigente.customers.models import Customer

CUSTOMERS_SHOWN = 12


@dataclass(frozen=True, slots=True)
class Found:
    """The customers that the words of the address mean; `is_part` where only a list is asked."""

    words: str
    customers: Sequence[Customer]
    is_part: bool

    @property
    def only(self) -> Customer | None:
        """Return the one that was meant, once Enter is pressed."""
        return self.customers[0] if len(self.customers) == 1 and not self.is_part else None


def found(request: HttpRequest, *, branch_ids: Sequence[int]) -> Found:
    """Return the active customers of these branches that are asked for."""
    words = request.GET.get("q", "")[:100].replace("\x00", "").strip()
    named = queries.customers_named(words, branch_ids=branch_ids)
    shown = list(named[:CUSTOMERS_SHOWN]) if words else []
    return Found(words, shown, bool(request.headers.get("HX-Request")))


def chosen(found: QuerySet[Any], request: HttpRequest, name: str) -> Any | None:
    """Return the row that the address names; none where it names nothing.

    :raises Http404: for a row that is not there, or not the person's to see.
    """
    text = request.GET.get(name, "")
    if not text:
        return None
    if not (text.isascii() and text.isdigit() and len(text) < 18):
        raise Http404
    return get_object_or_404(found, pk=int(text))
