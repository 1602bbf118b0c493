"""Every promise of the table of price indexes, seen to refuse what it forbids."""

from datetime import date

import pytest

from tests.apps.test_payment_promises import refused_by
from vigente.catalog import queries
from vigente.catalog.models import PriceIndex

pytestmark = pytest.mark.django_db
JULY = date(2026, 7, 1)


def vary(code: str = "IPCA", *, month: date = JULY, percent: str = "0.26") -> None:
    PriceIndex.objects.create(code=code, month=month, percent=percent)


def test_an_index_varies_once_a_month() -> None:
    vary()

    with refused_by("price_index_once_a_month"):
        vary(percent="0.5")


def test_a_month_is_told_by_its_first_day() -> None:
    with refused_by("price_index_month_by_its_first_day"):
        vary(month=date(2026, 7, 2))


@pytest.mark.parametrize("code", ["", "ipca", "IGP M"])
def test_an_index_is_named_in_capital_letters(code: str) -> None:
    with refused_by("price_index_code"):
        vary(code)


@pytest.mark.parametrize("percent", ["-50.0001", "100.0001"])
def test_a_month_varies_within_reason(percent: str) -> None:
    with refused_by("price_index_percent"):
        vary(percent=percent)


def test_variations_are_read_in_ten_thousandths() -> None:
    vary()
    vary(month=date(2026, 6, 1), percent="-0.08")
    vary("IGP-M")

    assert queries.index_codes() == ["IGP-M", "IPCA"]
    assert queries.index_percents("IPCA") == {JULY: 2600, date(2026, 6, 1): -800}
