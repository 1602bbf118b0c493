"""How an alteration settles the issued period that contains its day: both policies, and the items.

The branch's policy decides; where MANUAL does not apply PERIOD_BALANCE takes its place, and the
reason is told. The amount becomes items for the next invoice, one for each tax class.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from vigente.domain import alteration_difference, recurring, tax_split
from vigente.domain.alteration_difference import Difference
from vigente.domain.alteration_terms import DraftedItem
from vigente.domain.codes import Charge, DifferencePolicy, ItemKind, ItemOrigin
from vigente.domain.cycles import Periodicity
from vigente.domain.items import Item
from vigente.domain.proration import Cost
from vigente.domain.sale import ItemDraft
from vigente.domain.schedule import ServicePeriod
from vigente.domain.tax_split import Own, Share


@dataclass(frozen=True, slots=True, kw_only=True)
class Settlement:
    """Both policies side by side, the one that counts, and the items it makes.

    `manual` is None where it does not apply, and `why_not_manual` says why. `shortfall_cents` is
    what the customer gets less than by PERIOD_BALANCE; above zero it asks for a tick.
    """

    service: ServicePeriod
    manual: Difference | None
    balance: Difference
    chosen: Difference
    why_not_manual: str | None
    shortfall_cents: int
    items: tuple[DraftedItem, ...]


def settle(
    before: Sequence[Item],
    after: Sequence[Item],
    *,
    service: ServicePeriod,
    on: date,
    periodicity: Periodicity,
    policy: DifferencePolicy,
    altered_on: Sequence[date],
    is_temporary: bool,
) -> Settlement:
    """Return what changing `before` into `after` on a day makes of an issued period."""
    balance = alteration_difference.period_balance(
        before, after, service=service, on=on, periodicity=periodicity
    )
    old, new = (
        alteration_difference.value_of_cycle(items, service=service, on=on, periodicity=periodicity)
        for items in (before, after)
    )
    why_not = alteration_difference.why_not_manual(
        service,
        altered_on=altered_on,
        is_temporary=is_temporary,
        lower_cents=min(old, new),
    )
    manual = None
    if why_not is None:
        manual = alteration_difference.manual(old, new, period=service.period, on=on)
    chosen = manual if manual and policy is DifferencePolicy.MANUAL else balance
    own = _own(before, after, service=service, on=on, periodicity=periodicity)
    return Settlement(
        service=service,
        manual=manual,
        balance=balance,
        chosen=chosen,
        why_not_manual=why_not,
        shortfall_cents=alteration_difference.shortfall_cents(chosen, balance=balance),
        items=tuple(
            _item(share, chosen=chosen, service=service, on=on)
            for share in tax_split.by_tax_class(Cost(chosen.cents, chosen.explanation), own)
            if share.product_id is not None
        ),
    )


def _own(
    before: Sequence[Item],
    after: Sequence[Item],
    *,
    service: ServicePeriod,
    on: date,
    periodicity: Periodicity,
) -> list[Own]:
    """Return each product's own difference in the period, or, if they cancel out, in a cycle."""
    lines = [
        (line, sign)
        for items, sign in ((after, 1), (before, -1))
        for line in recurring.recurring_lines(items, service=service, periodicity=periodicity)
    ]
    if sum(line.amount_cents * sign for line, sign in lines) == 0:
        lines = [
            (line, sign)
            for items, sign in ((after, 1), (before, -1))
            for line in recurring.cycle_lines(
                items, service=service, on=on, periodicity=periodicity
            )
        ]
    return [Own(line.product_id, line.tax_class, line.amount_cents * sign) for line, sign in lines]


def _item(share: Share, *, chosen: Difference, service: ServicePeriod, on: date) -> DraftedItem:
    """Return one class's part as an item that the next invoice charges, or takes off."""
    is_charged = (chosen.signed_cents > 0) == (share.cents > 0)
    assert share.product_id is not None
    draft = ItemDraft(
        kind=ItemKind.ADDITIONAL if is_charged else ItemKind.DISCOUNT,
        product_id=share.product_id,
        description=f"Diferença da alteração de {on:%d/%m/%Y}, uso de {service.period.label()}",
        starts_on=on,
        price_cents=abs(share.cents),
        charge=Charge.TIMES,
        times=1,
        origin=ItemOrigin.ALTERATION,
        explanation=share.explanation,
    )
    return DraftedItem(draft=draft, tax_class=share.tax_class)
