"""What the search box finds, each kind by a read of its own and only for who may see it."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import islice
from urllib.parse import urlencode

from django.db.models import Q
from django.http import HttpRequest
from django.urls import reverse

from vigente.backoffice import menu, scope
from vigente.backoffice.templatetags import vigente as tags
from vigente.billing import invoice_queries
from vigente.billing.models import Receivable
from vigente.contracts import finding, owners, words
from vigente.customers.models import Customer
from vigente.domain.lifecycle import ContractStatus
from vigente.domain.permissions import Permission

AT_MOST = 5  # of a kind; the list of the kind shows the others


@dataclass(frozen=True, slots=True)
class Hit:
    """One thing found: its name, what tells it from others, and its page."""

    title: str
    detail: str
    address: str


@dataclass(frozen=True, slots=True)
class Kind:
    """Things of one kind, and the list that has the others where there are more."""

    title: str
    hits: tuple[Hit, ...]
    all_of_them: str = ""


@dataclass(frozen=True, slots=True)
class _Asked:
    """What was typed, and what may be seen of it."""

    told: str
    branch_ids: tuple[int, ...]
    sees_all: bool

    @property
    def number(self) -> int | None:
        """Return the number of a thing, if it can be one."""
        is_number = self.told.isascii() and self.told.isdigit() and len(self.told) < 18
        return int(self.told) if is_number else None


def find(request: HttpRequest, told: str) -> list[Kind]:
    """Return what is found by these words, a kind at a time, without the kinds of nothing."""
    user = scope.person(request)
    asked = _Asked(told, tuple(scope.branch_ids(request)), user.is_administrator)
    allowed = scope.allowed(request)
    kinds = (find(asked) for needed, find in KINDS if needed in allowed)
    pages = Kind("Páginas", tuple(islice(_pages(request, told), AT_MOST)))
    return [kind for kind in (*kinds, pages) if kind.hits]


def _customers(asked: _Asked) -> Kind:
    seen = Customer.objects.filter(branch_id__in=asked.branch_ids)
    found = list(seen.filter(owners.is_told(asked.told))[: AT_MOST + 1])
    hits = (
        Hit(one.name, _of_customer(one), reverse("customer", args=[one.pk]))
        for one in sorted(found, key=lambda one: one.name)[:AT_MOST]
    )
    return Kind("Clientes", tuple(hits))


def _of_customer(one: Customer) -> str:
    return tags.tax_id(one.tax_id) + ("" if one.is_active else " · inativo")


def _contracts(asked: _Asked) -> Kind:
    branch_ids = None if asked.sees_all else asked.branch_ids
    search = finding.Search(branch_ids=branch_ids, words=asked.told)
    page = finding.page(search, finding.Cursor())
    hits = tuple(
        Hit(
            f"{one.pk} · {one.customer.name}",
            tags.STATUSES[ContractStatus(one.status)][0],
            reverse("contract", args=[one.pk]),
        )
        for one in page.contracts[:AT_MOST]
    )
    has_more = page.has_older or len(page.contracts) > AT_MOST
    return Kind("Contratos", hits, _list("contracts", q=asked.told) if has_more else "")


def _receivables(asked: _Asked) -> Kind:
    is_told = Q(number=asked.told)
    if asked.number is not None:
        is_told |= Q(pk=asked.number)
    rows = Receivable.objects.filter(is_told, branch_id__in=asked.branch_ids)
    hits = (
        Hit(
            f"{one.pk} · {one.customer.name}",
            f"vence em {tags.day(one.due_on)} · {tags.brl(one.amount_cents)}",
            reverse("receivable", args=[one.pk]),
        )
        for one in rows.select_related("customer").order_by("-pk")[:AT_MOST]
    )
    return Kind("Contas a receber", tuple(hits))


def _invoices(asked: _Asked) -> Kind:
    if asked.number is None:
        return Kind("Faturas", ())
    rows = invoice_queries.visible(asked.branch_ids).filter(pk=asked.number)
    hits = (
        Hit(
            f"{one.pk} · {one.customer.name}",
            tags.brl(one.total_cents),
            reverse("invoice", args=[one.pk]),
        )
        for one in rows
    )
    return Kind("Faturas", tuple(hits))


def _pages(request: HttpRequest, told: str) -> Iterator[Hit]:
    wanted = words.plain(told).split()
    for group in menu.open_to(scope.allowed(request)):
        for entry in group.entries:
            name = words.plain(f"{group.title} {entry.title}")
            if wanted and all(word in name for word in wanted):
                yield Hit(entry.title, group.title, reverse(entry.address))


def _list(name: str, **asked: str) -> str:
    return f"{reverse(name)}?{urlencode(asked)}"


KINDS: tuple[tuple[Permission, Callable[[_Asked], Kind]], ...] = (
    (Permission.SEE_CUSTOMERS, _customers),
    (Permission.SEE_CONTRACTS, _contracts),
    (Permission.SEE_MONEY, _receivables),
    (Permission.SEE_MONEY, _invoices),
)
