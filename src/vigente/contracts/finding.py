"""Finds contracts by what people remember, a page at a time, whatever their number.

Indexes give, newest first, what contracts are filed under: branch, status, due day, plan. What no
index tells in that order, a name or a condition of another app, is looked into contract by
contract: the next thousands fill the page where it is true of many, a name of few gives all its
contracts at once, and only what is left is searched to its end. Counting stops where it would
take long, and says so.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import chain

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, Q, QuerySet
from django.db.models.expressions import Combinable

from vigente.contracts import words
from vigente.contracts.models import Contract
from vigente.staff.models import Branch

PAGE = 20
COUNTED_AT_MOST = 1_000
LOOKED_INTO_AT_ONCE = 5_000
ENOUGH = 5  # found among them: going on fills the page soon
ENDLESS = 2**63 - 1


@dataclass(frozen=True, slots=True)
class Condition:
    """What another app asks of a contract, and what is true of its customer where that holds."""

    of_contract: Combinable
    of_customer: Combinable


@dataclass(frozen=True, slots=True, kw_only=True)
class Search:
    """What the list is filtered by; `branch_ids` are those that the person may see, None is all."""

    branch_ids: tuple[int, ...] | None
    words: str = ""
    statuses: tuple[str, ...] = ()
    sale_plan_id: int | None = None
    due_day: int | None = None
    branch_id: int | None = None
    condition: Condition | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Cursor:
    """Which contracts are still to be shown, by number, and whether the newest come first."""

    above: int = 0
    below: int = ENDLESS
    goes_down: bool = True


@dataclass(frozen=True, slots=True)
class _Look:
    """The contracts found among the next thousands, and where it goes on if those are not all."""

    ids: list[int]
    goes_on_at: Cursor | None


@dataclass(frozen=True, slots=True)
class Count:
    """How many contracts there are; unless it `is_all`, there are at least so many."""

    number: int
    is_all: bool


@dataclass(frozen=True, slots=True)
class Page:
    """A page of contracts, newest first, whether there are more on each side, and how many."""

    contracts: Sequence[Contract]
    has_newer: bool
    has_older: bool
    total: Count


def page(search: Search, cursor: Cursor) -> Page:
    """Return the page of the contracts that the search finds."""
    ids, total = _found(search, cursor)
    has_more, is_first, goes_down = len(ids) > PAGE, cursor == Cursor(), cursor.goes_down
    return Page(
        _contracts(ids[:PAGE]),
        has_newer=not is_first if goes_down else has_more,
        has_older=has_more if goes_down else True,
        total=total,
    )


def _found(search: Search, cursor: Cursor) -> tuple[list[int], Count]:
    """Return the ids of a page, with one more if there is, and how many there are."""
    if words.has_number(search.words):
        return _found_at_once(search, cursor, words.is_numbered(search.words))
    if not _conditions(search):
        return _next_ids(search, cursor, PAGE + 1), _count(search)
    look = _look(search, cursor)
    ids = look.ids
    if len(ids) <= PAGE and look.goes_on_at is not None:
        few = _known(search) if len(ids) < ENOUGH else None
        if few is not None:
            return _found_at_once(search, cursor, few)
        more, conditions = PAGE + 1 - len(ids), _conditions(search)
        ids = [*ids, *_next_ids(search, look.goes_on_at, more, conditions=conditions)]
    newest = look if cursor == Cursor() else _look(search, Cursor())
    # the page may show more than there are among the newest
    number = max(len(newest.ids), len(ids[:PAGE]))
    return ids, Count(number, is_all=newest.goes_on_at is None)


def _found_at_once(search: Search, cursor: Cursor, told: Q | Combinable) -> tuple[list[int], Count]:
    """Return what is few enough to be read whole."""
    conditions = () if search.condition is None else (search.condition.of_contract,)
    found = _filed(search).filter(told, *conditions)
    ids = sorted(found.values_list("pk", flat=True), reverse=cursor.goes_down)
    here = [pk for pk in ids if cursor.above < pk < cursor.below]
    return here, Count(len(ids), is_all=True)


def _known(search: Search) -> Combinable | None:
    """Return where the contracts of a name are, if there is one, of few customers."""
    if not search.words.strip():
        return None
    condition = search.condition
    return words.is_of_few(search.words, () if condition is None else (condition.of_customer,))


def _look(search: Search, cursor: Cursor) -> _Look:
    """Look into the next contracts, and keep those that meet the conditions, in their order."""
    near, far = cursor, None
    for end in _next_ids(search, cursor, 1, skip=LOOKED_INTO_AT_ONCE):
        if cursor.goes_down:
            near, far = replace(cursor, above=end), replace(cursor, below=end + 1)
        else:
            near, far = replace(cursor, below=end), replace(cursor, above=end - 1)
    found = _filed(search).filter(_within(near), *_conditions(search))
    return _Look(sorted(found.values_list("pk", flat=True), reverse=cursor.goes_down), far)


def _count(search: Search) -> Count:
    """Return how many contracts are filed so, up to a cap."""
    number = len(_filed(search).values_list("pk", flat=True)[: COUNTED_AT_MOST + 1])
    return Count(min(number, COUNTED_AT_MOST), is_all=number <= COUNTED_AT_MOST)


def _next_ids(
    search: Search,
    cursor: Cursor,
    most: int,
    *,
    skip: int = 0,
    conditions: tuple[Combinable, ...] = (),
) -> list[int]:
    """Return the next ids from the cursor on: without the rows, an index is enough for them."""
    found = _filed(search).filter(_within(cursor), *conditions)
    in_order = found.order_by("-pk" if cursor.goes_down else "pk")
    branch_ids = _branches(search)
    if branch_ids is None or len(branch_ids) == 1 or search.sale_plan_id is not None:
        return list(in_order.values_list("pk", flat=True)[skip : skip + most])
    # each branch by itself is in order in its index; several at once are not
    own = in_order.filter(branch=OuterRef("pk")).values("pk")[: skip + most]
    each = Branch.objects.filter(pk__in=branch_ids).values_list(ArraySubquery(own), flat=True)
    ids = sorted(chain.from_iterable(each), reverse=cursor.goes_down)
    return ids[skip : skip + most]


def _within(cursor: Cursor) -> Q:
    return Q(pk__gt=cursor.above, pk__lt=cursor.below)


def _filed(search: Search) -> QuerySet[Contract]:
    """Return the contracts by what they are filed under."""
    contracts, branch_ids = Contract.objects.all(), _branches(search)
    if branch_ids is not None:
        contracts = contracts.filter(branch_id__in=branch_ids)
    if search.statuses:
        contracts = contracts.filter(status__in=search.statuses)
    if search.due_day is not None:
        contracts = contracts.filter(due_day=search.due_day)
    if search.sale_plan_id is not None:
        # a join finds none twice: one plan is in force (`one_contract_plan_per_day`)
        contracts = contracts.filter(plans__ends_on=None, plans__sale_plan_id=search.sale_plan_id)
    return contracts


def _conditions(search: Search) -> tuple[Combinable, ...]:
    """Return what has to be looked into for each contract."""
    named = (words.is_named(search.words),) if search.words.strip() else ()
    return named if search.condition is None else (*named, search.condition.of_contract)


def _branches(search: Search) -> tuple[int, ...] | None:
    """Return the branches that are asked for and may be seen; None is all."""
    asked, seen = search.branch_id, search.branch_ids
    if asked is None:
        return seen
    return (asked,) if seen is None or asked in seen else ()


def _contracts(ids: Sequence[int]) -> list[Contract]:
    """Return these contracts with what a line of the list shows, the newest first."""
    rows = Contract.objects.filter(pk__in=ids).select_related("customer", "branch").defer("note")
    return sorted(rows, key=lambda contract: -contract.pk)
