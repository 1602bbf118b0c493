"""Which items an alteration ends, starts and, where it is temporary, takes up again."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from vigente.domain import sale
from vigente.domain.alteration_terms import DraftedItem, WantedTerms
from vigente.domain.codes import Charge, ItemKind, ItemOrigin
from vigente.domain.items import Item


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemChanges:
    """What becomes of a contract's items.

    `ended` are as they were; they end on the alteration's day. `resumed` are copies of them that
    begin when a temporary alteration is over. `after` are all items with that done: started ones
    have the ids −1, −2 and so on, resumed ones those that follow.
    """

    ended: tuple[Item, ...]
    started: tuple[DraftedItem, ...]
    resumed: tuple[Item, ...]
    after: tuple[Item, ...]

    @property
    def is_empty(self) -> bool:
        """Tell whether what starts is the same as what ends."""
        return Counter(map(_terms, self.ended)) == Counter(
            _terms(item) for item in started_items(self.started)
        )


def change(present: Sequence[Item], *, wanted: WantedTerms) -> ItemChanges:
    """Return what the wanted terms make of the items as they stand.

    What would only be replaced by the same stays as it is, unless the plan is another.
    """
    changes = _changes(present, wanted=wanted)
    if wanted.plan is None and changes.is_empty:
        return ItemChanges(ended=(), started=(), resumed=(), after=tuple(present))
    return changes


def started_items(drafted: Sequence[DraftedItem], *, first: int = 1) -> tuple[Item, ...]:
    """Return drafted items as the rules see them, with the ids −`first` and so on."""
    return tuple(
        sale.item_of(item.draft, item_id=-number, tax_class=item.tax_class)
        for number, item in enumerate(drafted, start=first)
    )


def _changes(present: Sequence[Item], *, wanted: WantedTerms) -> ItemChanges:
    ended = tuple(item for item in present if _ends(item, present, wanted=wanted))
    started = tuple(_dated(item, wanted=wanted) for item in (*wanted.plan_items, *wanted.added))
    resumed = _resumed(ended, until=wanted.until, after_number=len(started))
    kept = tuple(
        item._replace(ends_on=max(wanted.on, item.starts_on)) if item in ended else item
        for item in present
    )
    return ItemChanges(
        ended=ended,
        started=started,
        resumed=resumed,
        after=(*kept, *started_items(started), *resumed),
    )


def _ends(item: Item, present: Sequence[Item], *, wanted: WantedTerms) -> bool:
    if item.ends_on is not None and item.ends_on <= wanted.on:
        return False
    if item.id in wanted.ended_item_ids:
        return True
    if item.kind is ItemKind.PLAN:
        return bool(wanted.plan_items) and item.id not in wanted.kept_item_ids
    reduced = next((i for i in present if i.id == item.discounted_item_id), None)
    return reduced is not None and _ends(reduced, present, wanted=wanted)


def _dated(item: DraftedItem, *, wanted: WantedTerms) -> DraftedItem:
    until = wanted.until if item.draft.charge is Charge.RECURRING else None
    ends = [day for day in (item.draft.ends_on, until) if day]
    draft = replace(item.draft, starts_on=wanted.on, ends_on=min(ends, default=None))
    return replace(item, draft=draft)


def _resumed(ended: Sequence[Item], *, until: date | None, after_number: int) -> tuple[Item, ...]:
    if until is None:
        return ()
    lasting = [item for item in ended if item.ends_on is None or item.ends_on > until]
    ids = {item.id: -number for number, item in enumerate(lasting, start=after_number + 1)}
    return tuple(
        item._replace(
            id=ids[item.id],
            starts_on=max(until, item.starts_on),
            discounted_item_id=ids.get(item.discounted_item_id or 0, item.discounted_item_id),
        )
        for item in lasting
    )


def _terms(item: Item) -> Item:
    """Return what makes two items the same, whenever they begin."""
    return item._replace(id=0, starts_on=date.min, charged=0, origin=ItemOrigin.SALE)
