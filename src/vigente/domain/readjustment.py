"""The yearly readjustment of prices: who may be readjusted, from when and to which prices.

Never before 12 months since the last readjustment, or since the activation where there was none:
what is agreed for less is void (Lei 10.192/2001, art. 2º, § 1º).
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from vigente.domain import cycles, money
from vigente.domain.alteration_terms import AlterationFacts, DraftedItem, WantedTerms
from vigente.domain.codes import AlterationDefinition, ItemKind, MassSkipReason, ServiceKind
from vigente.domain.items import Item
from vigente.domain.sale import ItemDraft

MONTHS = 12
WHOLE_E4 = 1_000_000  # 100 %, in ten-thousandths of 1 %


class IndexMonthsMissing(LookupError):
    """O índice não tem a variação de todos os 12 meses."""


class ReadjustmentRefused(ValueError):
    """O contrato não pode ser reajustado agora; `reason` diz por quê."""

    def __init__(self, reason: MassSkipReason, sentence: str) -> None:
        super().__init__(sentence)
        self.reason = reason


@dataclass(frozen=True, slots=True, kw_only=True)
class Readjustment:
    """By how much: each percent upon what the one before made, in ten-thousandths of 1 %.

    >>> Readjustment(percents_e4=(48_700,)).price(8990)
    9428
    >>> print(Readjustment(percents_e4=(5_600, -800)).explanation)
    (1 + 0,56 %) × (1 − 0,08 %) − 1 = 0,4796 %
    """

    percents_e4: tuple[int, ...]

    @property
    def percent_e4(self) -> int:
        """Return the percent that they come to, rounded; prices are made from the exact one."""
        numerator, denominator = self._ratio
        return money.round_half_up((numerator - denominator) * WHOLE_E4, denominator)

    @property
    def explanation(self) -> str:
        """Return the sum that the percent comes from."""
        if len(self.percents_e4) == 1:
            return percent_words(self.percent_e4)
        factors = " × ".join(map(_factor, self.percents_e4))
        return f"{factors} − 1 = {percent_words(self.percent_e4)}"

    def price(self, cents: int) -> int:
        """Return a price readjusted: the exact ratio, rounded once."""
        numerator, denominator = self._ratio
        return money.round_half_up(cents * numerator, denominator)

    @property
    def _ratio(self) -> tuple[int, int]:
        numerator = math.prod(WHOLE_E4 + percent for percent in self.percents_e4)
        return numerator, WHOLE_E4 ** len(self.percents_e4)


def accumulated(known: Mapping[date, int], *, until: date) -> Readjustment:
    """Return what an index accumulates in the 12 months up to that of `until`.

    `known` are percents in ten-thousandths, by the first day of their months.

    :raises IndexMonthsMissing: naming the months that are not known.
    """
    first = until.replace(day=1)
    months = [cycles.months_after(first, months=-back) for back in reversed(range(MONTHS))]
    missing = [f"{month:%m/%Y}" for month in months if month not in known]
    if missing:
        raise IndexMonthsMissing(
            f"Falta a variação do índice em {', '.join(missing)}. Cadastre-a e volte, ou escolha "
            "outro mês final."
        )
    return Readjustment(percents_e4=tuple(known[month] for month in months))


def first_day(last: date) -> date:
    """Return the first day on which what was last set on a day may be readjusted.

    >>> first_day(date(2025, 1, 31)), first_day(date(2024, 2, 29))
    (datetime.date(2026, 1, 31), datetime.date(2025, 3, 1))
    """
    day = cycles.months_after(last, months=MONTHS)
    return day if day.day == last.day else day + timedelta(days=1)


def wanted(
    facts: AlterationFacts,
    *,
    by: Readjustment,
    on: date,
    readjusted_on: date | None = None,
    with_additional: bool = False,
    service_kinds: Mapping[int, ServiceKind] | None = None,
) -> WantedTerms:
    """Return the terms that the readjustment of a contract asks for: the same at new prices.

    `readjusted_on` is the day of the last one; `service_kinds` are those of additional services.

    :raises ReadjustmentRefused: before its time, or where prices are about to change anyway.
    """
    _refuse_before_time(facts, on=on, readjusted_on=readjusted_on)
    kinds = {ItemKind.PLAN, ItemKind.ADDITIONAL} if with_additional else {ItemKind.PLAN}
    priced = [i for i in facts.contract.items if i.kind in kinds and _is_priced(i, on=on)]
    changing = [item for item in priced if _readjusted(item, by=by) != item]
    refuse_what_is_to_change(facts, changing, on=on)
    plan_items = [item for item in changing if item.kind is ItemKind.PLAN]
    others = [item for item in changing if item.kind is not ItemKind.PLAN]
    places = {item.id: -n for n, item in enumerate((*plan_items, *others), start=1)}
    discounts = _discounts_on(facts, places, on=on)
    kinds_of = service_kinds or {}
    return WantedTerms(
        on=on,
        plan=facts.plan if plan_items else None,
        plan_items=tuple(_again(_readjusted(item, by=by), on=on) for item in plan_items),
        kept_item_ids=_kept(facts, plan_items, on=on),
        added=(
            *(_again(_readjusted(i, by=by), on=on, kind=kinds_of.get(i.id)) for i in others),
            *(_again(i, on=on, of=places[i.discounted_item_id or 0]) for i in discounts),
        ),
        ended_item_ids=frozenset(item.id for item in others),
        definition=AlterationDefinition.NONE,
    )


def percent_words(percent_e4: int) -> str:
    """Return ten-thousandths of 1 % as people write them.

    >>> percent_words(48_700), percent_words(-800), percent_words(50_000)
    ('4,87 %', '−0,08 %', '5 %')
    """
    whole, part = divmod(abs(percent_e4), 10_000)
    told = f"{whole},{part:04d}".rstrip("0").rstrip(",")
    return f"{'−' if percent_e4 < 0 else ''}{told} %"


def _factor(percent_e4: int) -> str:
    sign = "−" if percent_e4 < 0 else "+"
    return f"(1 {sign} {percent_words(abs(percent_e4))})"


def _refuse_before_time(facts: AlterationFacts, *, on: date, readjusted_on: date | None) -> None:
    last = readjusted_on or facts.activated_on
    if last is None:
        raise ReadjustmentRefused(
            MassSkipReason.NO_ACTIVATION,
            "O contrato não tem data de ativação, de que se contam os 12 meses. Informe-a no "
            "contrato.",
        )
    if on < first_day(last):
        since = "foi reajustado" if readjusted_on else "foi ativado"
        raise ReadjustmentRefused(
            MassSkipReason.TOO_EARLY,
            f"O contrato {since} em {last:%d/%m/%Y}: só pode ser reajustado a partir de "
            f"{first_day(last):%d/%m/%Y} (12 meses; Lei 10.192/2001, art. 2º, § 1º).",
        )


def refuse_what_is_to_change(facts: AlterationFacts, changing: list[Item], *, on: date) -> None:
    """Refuse where products of the plan, or discounts on what changes, begin later than the day.

    A temporary alteration leaves them so: its end would be lost.

    :raises ReadjustmentRefused: saying from which day on it may be done.
    """
    ids = {item.id for item in changing}
    coming = [
        item.starts_on
        for item in facts.contract.items
        if item.starts_on > on
        and item.ends_on != item.starts_on
        and (item.kind is ItemKind.PLAN or item.discounted_item_id in ids)
    ]
    if coming:
        raise ReadjustmentRefused(
            MassSkipReason.TEMPORARY,
            f"O contrato já tem uma mudança para {min(coming):%d/%m/%Y}. Altere-o depois desse "
            "dia.",
        )


def _is_priced(item: Item, *, on: date) -> bool:
    is_in_force = item.starts_on <= on and (item.ends_on is None or item.ends_on > on)
    return is_in_force and item.is_recurring and item.percent_e4 is None


def _readjusted(item: Item, *, by: Readjustment) -> Item:
    cycle_cents = item.cycle_price_cents
    return item._replace(
        price_cents=by.price(item.price_cents),
        cycle_price_cents=None if cycle_cents is None else by.price(cycle_cents),
    )


def _kept(facts: AlterationFacts, changing: list[Item], *, on: date) -> frozenset[int]:
    """Return the products of the plan whose prices stay, such as those that cost nothing."""
    if not changing:
        return frozenset()
    lasting = {
        item.id
        for item in facts.contract.items
        if item.kind is ItemKind.PLAN and (item.ends_on is None or item.ends_on > on)
    }
    return frozenset(lasting - {item.id for item in changing})


def _discounts_on(facts: AlterationFacts, places: Mapping[int, int], *, on: date) -> list[Item]:
    """Return the discounts on items that end and begin again: so do they, or they would be lost."""
    return [
        item
        for item in facts.contract.items
        if item.discounted_item_id in places
        and (item.ends_on is None or item.ends_on > on)
        and (item.is_recurring or item.charges_left)
    ]


def _again(
    item: Item, *, on: date, kind: ServiceKind | None = None, of: int | None = None
) -> DraftedItem:
    draft = ItemDraft(
        kind=item.kind,
        product_id=item.product_id,
        description=item.description,
        starts_on=on,
        quantity=Decimal(item.quantity_milli) / 1000,
        price_cents=item.price_cents,
        cycle_price_cents=item.cycle_price_cents,
        percent=None if item.percent_e4 is None else Decimal(item.percent_e4) / 10_000,
        discounted_item_id=of,
        service_kind=kind,
        charge=item.charge,
        times=item.times,
        charges_before=item.charged,
        ends_on=item.ends_on,
        prorate=item.prorate,
        only_if_paid_by_due=item.only_if_paid_by_due,
        origin=item.origin,
        explanation=item.explanation,
    )
    return DraftedItem(draft=draft, tax_class=item.tax_class)
