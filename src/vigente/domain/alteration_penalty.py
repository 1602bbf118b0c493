"""The penalty of leaving a loyalty term for less: the benefit, for the months not completed.

It is always shown, and charged only where the person asks for it. An upgrade never touches the
term.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from vigente.domain import cycles, explanation, money
from vigente.domain.alteration_terms import DraftedItem, Loyalty, WantedTerms
from vigente.domain.codes import AlterationKind, Charge, ItemKind, ItemOrigin
from vigente.domain.items import Item
from vigente.domain.sale import ItemDraft

LEAVES_FOR_LESS = (AlterationKind.DW, AlterationKind.DV)


@dataclass(frozen=True, slots=True, kw_only=True)
class Penalty:
    """What leaving the term costs; `item` charges it on the next invoice, None where waived."""

    months_left: int
    cents: int
    explanation: str
    item: DraftedItem | None


def penalty(
    loyalty: Loyalty | None,
    *,
    wanted: WantedTerms,
    kind: AlterationKind,
    present: Sequence[Item],
) -> Penalty | None:
    """Return the penalty of a downgrade within the loyalty term, or None."""
    if loyalty is None or kind not in LEAVES_FOR_LESS or wanted.until is not None:
        return None
    left = months_left(loyalty, wanted=wanted)
    cents = money.share(loyalty.benefit_cents, part=left, whole=max(loyalty.months, 1))
    if cents == 0:
        return None
    text = explanation.months_of_term(
        loyalty.benefit_cents, months=loyalty.months, left=left, cents=cents
    )
    item = _item(cents, text, wanted=wanted, present=present) if wanted.charges_penalty else None
    return Penalty(months_left=left, cents=cents, explanation=text, item=item)


def months_left(loyalty: Loyalty, *, wanted: WantedTerms) -> int:
    """Return the months of the term that are not completed on the alteration's day."""
    completed = sum(
        cycles.months_after(loyalty.starts_on, months=month) <= wanted.on
        for month in range(1, loyalty.months + 1)
    )
    return loyalty.months - completed


def _item(
    cents: int, text: str, *, wanted: WantedTerms, present: Sequence[Item]
) -> DraftedItem | None:
    """Return the penalty as an item of the plan's dearest product."""
    products = [item for item in present if item.kind is ItemKind.PLAN]
    if not products:
        return None
    dearest = max(products, key=lambda item: item.price_cents)
    draft = ItemDraft(
        kind=ItemKind.ADDITIONAL,
        product_id=dearest.product_id,
        description="Multa de fidelidade",
        starts_on=wanted.on,
        price_cents=cents,
        charge=Charge.TIMES,
        times=1,
        origin=ItemOrigin.PENALTY,
        explanation=text,
    )
    return DraftedItem(draft=draft, tax_class=dearest.tax_class)
