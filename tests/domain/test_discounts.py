"""What a person may give away is a percent of what is charged a month, before discounts."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vigente.domain.codes import Charge, ItemKind, TaxClass
from vigente.domain.discounts import limit_percent, most_cents
from vigente.domain.items import Item
from vigente.domain.parameters import DISCOUNT_LIMITS
from vigente.domain.permissions import Role

DAY = date(2026, 3, 1)


def item(cents: int, kind: ItemKind = ItemKind.PLAN, **changes: object) -> Item:
    known = {
        "id": 1,
        "kind": kind,
        "product_id": 1,
        "tax_class": TaxClass.SCM,
        "description": "x",
        "starts_on": date(2026, 1, 1),
        "price_cents": cents,
    }
    return Item(**{**known, **changes})  # type: ignore[arg-type]


@given(st.lists(st.integers(0, 1_000_00), max_size=5), st.integers(0, 100))
def test_the_most_is_never_above_the_percent(prices: list[int], percent: int) -> None:
    most = most_cents([item(cents) for cents in prices], limit_percent=percent, on=DAY)

    assert most * 100 <= sum(prices) * percent < (most + 1) * 100


@given(st.integers(0, 1_000_00), st.integers(0, 1_000_00), st.integers(0, 100))
def test_discounts_given_before_change_no_limit(price: int, before: int, percent: int) -> None:
    alone = most_cents([item(price)], limit_percent=percent, on=DAY)
    discount = item(before, ItemKind.DISCOUNT)

    assert most_cents([item(price), discount], limit_percent=percent, on=DAY) == alone


@pytest.mark.parametrize(
    ("items", "percent", "most"),
    [
        ([item(89_90)], 10, 8_99),  # 89,90 × 10 %
        ([item(89_99)], 10, 8_99),  # 8,999, rounded down
        ([item(89_90), item(10_10)], 15, 15_00),  # 100,00 × 15 %
        ([item(89_90), item(50_00, charge=Charge.TIMES, times=1)], 10, 8_99),  # recurring alone
        ([], 100, 0),
    ],
)
def test_limits_in_reais(items: list[Item], percent: int, most: int) -> None:
    assert most_cents(items, limit_percent=percent, on=DAY) == most


def test_of_several_roles_the_largest_limit_counts() -> None:
    values = {parameter.name: parameter.default for parameter in DISCOUNT_LIMITS.values()}

    assert limit_percent([Role.SELLER, Role.COLLECTIONS], values=values) == 30
    assert limit_percent([Role.NETWORK], values=values) == 0
    assert limit_percent([], values=values, is_administrator=True) == 100
