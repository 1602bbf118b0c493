"""Reads of receivables for screens: the list, a page at a time, and one with what it holds."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import F, Prefetch, Q, QuerySet, Sum
from django.db.models.fields.tuple_lookups import Tuple, TupleGreaterThan, TupleLessThan

from vigente.billing.models import Invoice, InvoiceLine, Receivable
from vigente.contracts import owners
from vigente.domain.codes import ReceivableState

PAGE = 20
COUNTED_AT_MOST = 1_000
NAMED_COUNTED_AT_MOST = 100  # a name is looked into row by row

NEWEST_FIRST = frozenset({ReceivableState.SETTLED, ReceivableState.CANCELLED})
IS_OPEN = Q(cancelled_on=None, amount_cents__gt=F("received_cents") + F("discounted_cents"))
IS_SETTLED = Q(cancelled_on=None, amount_cents=F("received_cents") + F("discounted_cents"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Search:
    """What the list is filtered by; without a state it finds what is open."""

    branch_ids: tuple[int, ...]
    today: date
    state: ReceivableState | None = None
    words: str = ""
    due_from: date | None = None
    due_until: date | None = None

    @property
    def counted_at_most(self) -> int:
        """How far what is found is counted."""
        return NAMED_COUNTED_AT_MOST if self.words.strip() else COUNTED_AT_MOST


@dataclass(frozen=True, slots=True)
class Place:
    """Where a receivable stands in the order of the list."""

    due_on: date
    customer_id: int
    receivable_id: int


@dataclass(frozen=True, slots=True)
class Page:
    """A page of receivables, and whether there are more on each side."""

    receivables: Sequence[Receivable]
    has_earlier: bool
    has_later: bool


def found(search: Search) -> QuerySet[Receivable]:
    """Return the receivables that the search finds, in no order."""
    receivables = Receivable.objects.filter(
        _in_state(search.state, today=search.today), branch_id__in=search.branch_ids
    )
    if search.due_from is not None:
        receivables = receivables.filter(due_on__gte=search.due_from)
    if search.due_until is not None:
        receivables = receivables.filter(due_on__lte=search.due_until)
    return receivables.filter(_named(search.words)) if search.words.strip() else receivables


def page(
    search: QuerySet[Receivable],
    *,
    state: ReceivableState | None,
    after: Place | None = None,
    before: Place | None = None,
) -> Page:
    """Return the page that follows `after`, or the one that leads to `before`, by due date."""
    falls = state in NEWEST_FIRST
    rows = search.select_related("customer", "branch")
    if before is not None:
        earlier = list(_beyond(rows, before, falls=not falls)[: PAGE + 1])
        return Page(earlier[:PAGE][::-1], has_earlier=len(earlier) > PAGE, has_later=True)
    if after is not None:
        rows = _beyond(rows, after, falls=falls)
    later = list(_ordered(rows, falls=falls)[: PAGE + 1])
    return Page(later[:PAGE], has_earlier=after is not None, has_later=len(later) > PAGE)


def place(receivable: Receivable) -> Place:
    """Return where a receivable stands in the list."""
    return Place(receivable.due_on, receivable.customer_id, receivable.pk)


def capped_count(search: QuerySet[Receivable], *, most: int) -> int:
    """Return how many there are, counting no further than one above the cap.

    In the order of the list, so that its index is read only as far as that.
    """
    counted = _ordered(search, falls=False).values_list("pk", flat=True)
    return len(counted[: most + 1])


def open_of(customer_id: int, *, branch_ids: Sequence[int] | None = None) -> QuerySet[Receivable]:
    """Return what a customer owes, in these branches or in all, the oldest due first."""
    found = Receivable.objects.filter(IS_OPEN, customer=customer_id)
    if branch_ids is not None:
        found = found.filter(branch_id__in=branch_ids)
    return found.order_by("due_on", "pk")


def open_cents(receivables: QuerySet[Receivable]) -> int:
    """Return what is open of these."""
    left = F("amount_cents") - F("received_cents") - F("discounted_cents")
    return int(receivables.order_by().aggregate(cents=Sum(left))["cents"] or 0)


def invoices(receivable_id: int) -> QuerySet[Invoice]:
    """Return the invoices of a receivable with their lines."""
    lines = Prefetch("lines", queryset=InvoiceLine.objects.order_by("number"))
    return (
        Invoice.objects.filter(receivable_id=receivable_id)
        .select_related("contract__address", "receivable")
        .prefetch_related(lines)
        .order_by("pk")
    )


def _in_state(state: ReceivableState | None, *, today: date) -> Q:
    match state:
        case None:
            return IS_OPEN
        case ReceivableState.DUE:
            return IS_OPEN & Q(due_on__gte=today)
        case ReceivableState.OVERDUE:
            return IS_OPEN & Q(due_on__lt=today)
        case ReceivableState.SETTLED:
            return IS_SETTLED
        case ReceivableState.CANCELLED:
            return Q(cancelled_on__isnull=False)


def _named(words: str) -> Q:
    """Match a customer, the receivable's own number, or the number that it has here."""
    text = words.strip()
    where = Q(owners.is_named(text, of="customer_id")) | Q(number=text)
    if text.isascii() and text.isdigit() and len(text) < 18:
        where |= Q(pk=int(text))
    return where


def _beyond(rows: QuerySet[Receivable], place: Place, *, falls: bool) -> QuerySet[Receivable]:
    lookup = TupleLessThan if falls else TupleGreaterThan
    order = Tuple(F("due_on"), F("customer_id"), F("pk"))
    bound = (place.due_on, place.customer_id, place.receivable_id)
    return _ordered(rows.filter(lookup(order, bound)), falls=falls)


def _ordered(rows: QuerySet[Receivable], *, falls: bool) -> QuerySet[Receivable]:
    names = ("due_on", "customer_id", "pk")
    return rows.order_by(*(f"-{name}" if falls else name for name in names))
