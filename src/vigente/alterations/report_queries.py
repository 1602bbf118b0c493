"""Reads of alterations for screens: the list, a page at a time, and the report's sums.

Only confirmed alterations count in the sums; undone ones are summed apart.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from django.db.models import Count, Q, QuerySet, Sum
from django.db.models.functions import TruncMonth

from vigente.alterations.models import Alteration
from vigente.alterations.queries import SHOWN
from vigente.billing.receivable_queries import COUNTED_AT_MOST, PAGE
from vigente.contracts import owners
from vigente.domain.codes import AlterationKind, AlterationStatus

FIGURES = {
    "alterations": Count("pk"),
    "before": Sum("monthly_before_cents", default=0),
    "after": Sum("monthly_after_cents", default=0),
    "charged": Sum("difference_cents", filter=Q(difference_cents__gt=0), default=0),
    "given_back": Sum("difference_cents", filter=Q(difference_cents__lt=0), default=0),
    "shifted": Sum("shift_cents", default=0),
    "penalties": Sum("penalty_cents", default=0),
    "cancelled": Sum("cancelled_cents", default=0),
}


class By(StrEnum):
    """What the report is grouped by."""

    KIND = "KIND"
    MONTH = "MONTH"
    SELLER = "SELLER"
    BRANCH = "BRANCH"
    PLAN = "PLAN"


# The columns of each dimension: what tells its groups apart, and what they are called.
COLUMNS = {
    By.KIND: ("kind", "kind"),
    By.MONTH: ("month", "month"),
    By.SELLER: ("seller_id", "seller__name"),
    By.BRANCH: ("branch_id", "branch__name"),
    By.PLAN: ("sale_plan_after_id", "sale_plan_after__name"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Search:
    """What is asked for; `branch_ids` are those that the person may see, `until` is included.

    `branch_id` is the branch that the alteration was recorded at, `plan_id` the plan after it.
    """

    branch_ids: tuple[int, ...]
    branch_id: int | None = None
    seller_id: int | None = None
    plan_id: int | None = None
    kind: AlterationKind | None = None
    status: AlterationStatus | None = None
    since: date | None = None
    until: date | None = None
    words: str = ""


@dataclass(frozen=True, slots=True)
class Page:
    """A page of alterations, newest first, and whether there are more on each side."""

    alterations: Sequence[Alteration]
    has_newer: bool
    has_older: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """Sums over alterations, in centavos; what is given back is below zero."""

    alterations: int
    before: int
    after: int
    charged: int
    given_back: int
    shifted: int
    penalties: int
    cancelled: int

    @property
    def change(self) -> int:
        """Return by how much the revenue a month changes."""
        return self.after - self.before


@dataclass(frozen=True, slots=True)
class Group:
    """The sums of one group; `name` is None where the alterations have none."""

    name: str | date | None
    figures: Figures


def found(search: Search) -> QuerySet[Alteration]:
    """Return the alterations that the search finds, in no order, without those dropped."""
    wanted = {
        "branch_id": search.branch_id,
        "seller_id": search.seller_id,
        "sale_plan_after_id": search.plan_id,
        "kind": search.kind,
        "status": search.status,
        "on__gte": search.since,
        "on__lte": search.until,
    }
    rows = Alteration.objects.filter(
        contract__branch_id__in=search.branch_ids,
        status__in=SHOWN,
        **{name: value for name, value in wanted.items() if value is not None},
    )
    return rows.filter(_named(search.words)) if search.words.strip() else rows


def told(rows: QuerySet[Alteration]) -> QuerySet[Alteration]:
    """Return alterations with all that a line of the list says, the newest first."""
    return rows.select_related(
        *("contract__customer", "seller", "branch"), "sale_plan_before", "sale_plan_after"
    ).order_by("-pk")


def page(
    search: QuerySet[Alteration], *, before: int | None = None, after: int | None = None
) -> Page:
    """Return the page of alterations older than `before`, or newer than `after`."""
    rows = told(search)
    if after is not None:
        newer = list(rows.filter(pk__gt=after).order_by("pk")[: PAGE + 1])
        return Page(newer[:PAGE][::-1], has_newer=len(newer) > PAGE, has_older=True)
    if before is not None:
        rows = rows.filter(pk__lt=before)
    older = list(rows[: PAGE + 1])
    return Page(older[:PAGE], has_newer=before is not None, has_older=len(older) > PAGE)


def capped_count(search: QuerySet[Alteration]) -> int:
    """Return how many there are, counting no further than one above the cap."""
    return len(search.order_by("pk").values_list("pk", flat=True)[: COUNTED_AT_MOST + 1])


def confirmed(rows: QuerySet[Alteration]) -> Figures:
    """Return the sums of those that stand."""
    return _sums(rows, AlterationStatus.CONFIRMED)


def undone(rows: QuerySet[Alteration]) -> Figures:
    """Return the sums of those that were undone, which no other sum holds."""
    return _sums(rows, AlterationStatus.UNDONE)


def groups(rows: QuerySet[Alteration], *, by: By) -> list[Group]:
    """Return the sums of those that stand, a group each, in the order of their names."""
    key, name = COLUMNS[by]
    standing = rows.filter(status=AlterationStatus.CONFIRMED.value)
    if by is By.MONTH:
        standing = standing.annotate(month=TruncMonth("on"))
    grouped = standing.values(*dict.fromkeys((key, name))).annotate(**FIGURES).order_by(name, key)
    return [Group(row[name], _figures(row)) for row in grouped]


def _sums(rows: QuerySet[Alteration], status: AlterationStatus) -> Figures:
    return _figures(rows.filter(status=status.value).aggregate(**FIGURES))


def _figures(row: dict[str, int]) -> Figures:
    """Return a row's sums; sums of bigint come from the database as decimals."""
    return Figures(**{name: int(row[name]) for name in FIGURES})


def _named(words: str) -> Q:
    """Match who holds the contract, the alteration's number, or its contract's."""
    text = words.strip()
    where = Q(owners.is_named(text, of="contract__customer_id"))
    if text.isascii() and text.isdigit() and len(text) < 18:
        where |= Q(pk=int(text)) | Q(contract_id=int(text))
    return where
