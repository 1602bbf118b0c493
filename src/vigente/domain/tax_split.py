"""One amount divided among tax classes, in proportion to what each product has in it.

Each class gets its rounded part and the greatest one the rest, so that nothing is lost.
"""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from vigente.domain import explanation, money
from vigente.domain.codes import TaxClass
from vigente.domain.proration import Cost


class Own(NamedTuple):
    """What one product has in an amount; only the proportion between products counts."""

    product_id: int | None
    tax_class: TaxClass
    weight: int


class Share(NamedTuple):
    """One class's part; below zero where its products go against the whole.

    The explanation comes to the part without its sign. The product is the one with the most in
    it.
    """

    tax_class: TaxClass
    product_id: int | None
    cents: int
    explanation: str


def by_tax_class(amount: Cost, own: Sequence[Own]) -> tuple[Share, ...]:
    """Return the parts of an amount, by tax class; they add up to it.

    >>> internet, app = Own(1, TaxClass.SCM, 7990), Own(2, TaxClass.SVA, 1000)
    >>> for share in by_tax_class(Cost(2900, "R$ 29,00"), [internet, app]):
    ...     print(share.tax_class.value, share.explanation)
    SCM R$ 29,00 − R$ 3,23 = R$ 25,77
    SVA R$ 29,00 × R$ 10,00 ÷ R$ 89,90 = R$ 3,23
    """
    products = _summed(own)
    weights = _by_class(products)
    whole = sum(weights.values())
    if amount.cents == 0:
        return ()
    if not weights:
        return (Share(TaxClass.NONE, None, amount.cents, amount.explanation),)
    greatest = max(weights, key=lambda tax_class: abs(weights[tax_class]))
    parts = {
        tax_class: _part(amount.cents, weight, whole)
        for tax_class, weight in weights.items()
        if tax_class is not greatest and whole
    }
    rest = amount.cents - sum(parts.values())
    told = {tax_class: _told(amount.cents, weights[tax_class], whole) for tax_class in parts} | {
        greatest: _rest(amount, list(parts.values()))
    }
    parts[greatest] = rest
    return tuple(
        Share(tax_class, _most(products, tax_class), parts[tax_class], told[tax_class])
        for tax_class in weights
        if parts.get(tax_class)
    )


def _summed(own: Iterable[Own]) -> list[Own]:
    weights: dict[tuple[int | None, TaxClass], int] = {}
    for one in own:
        key = (one.product_id, one.tax_class)
        weights[key] = weights.get(key, 0) + one.weight
    return [Own(product_id, tax_class, w) for (product_id, tax_class), w in weights.items() if w]


def _by_class(products: Iterable[Own]) -> dict[TaxClass, int]:
    weights: dict[TaxClass, int] = {}
    for product in products:
        weights[product.tax_class] = weights.get(product.tax_class, 0) + product.weight
    return {tax_class: weight for tax_class, weight in weights.items() if weight}


def _most(products: Iterable[Own], tax_class: TaxClass) -> int | None:
    of_class = (product for product in products if product.tax_class is tax_class)
    return max(of_class, key=lambda product: abs(product.weight)).product_id


def _part(cents: int, weight: int, whole: int) -> int:
    """Return weight ÷ whole of an amount, whatever their signs."""
    sign = -1 if whole < 0 else 1
    return money.round_half_up(cents * weight * sign, whole * sign)


def _told(cents: int, weight: int, whole: int) -> str:
    part = abs(_part(cents, weight, whole))
    ratio = f"{money.brl(abs(weight))} ÷ {money.brl(abs(whole))}"
    return f"{money.brl(abs(cents))} × {ratio} = {money.brl(part)}"


def _rest(amount: Cost, others: Sequence[int]) -> str:
    if not others:
        return amount.explanation
    sign = -1 if amount.cents < 0 else 1
    return explanation.addition([amount.cents * sign, *(-part * sign for part in others)])
