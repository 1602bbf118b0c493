"""Price indexes: each month once, as it was published, below zero too."""

from datetime import date

import pytest
from django.test import Client
from playwright.sync_api import Page, expect

from tests.screens import pictures
from tests.screens.answers import faults
from tests.screens.test_pages import assert_fit_for_all
from vigente.catalog import queries
from vigente.catalog.models import PriceIndex

NEW = "/indices-de-reajuste/novo/"
TYPED = {"code": "ipca", "month": "2026-02", "percent": "0,7"}
FEBRUARY = date(2026, 2, 1)


@pytest.mark.parametrize(
    ("percent", "kept"), [("0,7", 7_000), ("-0,11", -1_100), ("− 0,11", -1_100), ("0", 0)]
)
def test_a_month_is_kept_as_it_was_published(manager: Client, percent: str, kept: int) -> None:
    manager.post(NEW, {**TYPED, "percent": percent})

    assert queries.index_percents("IPCA") == {FEBRUARY: kept}


def test_a_month_may_be_written_as_people_write_it(manager: Client) -> None:
    manager.post(NEW, {**TYPED, "month": "2/2026"})

    assert queries.index_percents("IPCA") == {FEBRUARY: 7_000}


@pytest.mark.parametrize(
    ("field", "typed", "sentence"),
    [
        ("month", "2026-02", "Este mês do índice já está cadastrado. Altere-o em vez"),
        ("month", "13/2026", "Esta data não existe."),
        ("month", "fevereiro", "Mês: escreva como 12/2026."),
        ("percent", "-50,5", "Número de 0 a 50."),
        ("percent", "101", "Número de 0 a 100."),
        ("percent", "0,12345", "Use até 4 casas depois da vírgula."),
        ("code", "IGP M", "Escreva o índice com letras sem acento"),
    ],
)
def test_what_cannot_be_a_month_of_an_index_is_refused_beside_its_field(
    manager: Client, field: str, typed: str, sentence: str
) -> None:
    PriceIndex.objects.create(code="IPCA", month=FEBRUARY, percent="0.7")

    answer = manager.post(NEW, {**TYPED, field: typed})

    assert answer.status_code == 422
    assert faults(answer.content.decode())[field].startswith(sentence)
    assert queries.index_percents("IPCA") == {FEBRUARY: 7_000}


def test_the_newest_month_is_listed_first(signed_in: Page) -> None:
    for month, percent in enumerate(("0.16", "1.31", "0.56", "0.43", "0.26"), start=1):
        PriceIndex.objects.create(code="IPCA", month=date(2025, month, 1), percent=percent)
    PriceIndex.objects.create(code="IPCA", month=date(2025, 8, 1), percent="-0.11")

    signed_in.goto("/indices-de-reajuste/")

    expect(signed_in.locator("tbody tr").first).to_contain_text("08/2025")
    expect(signed_in.locator("tbody tr").first).to_contain_text("−0,11 %")
    assert_fit_for_all(signed_in)
    signed_in.goto("/indices-de-reajuste/novo/")
    assert_fit_for_all(signed_in)
    signed_in.goto("/indices-de-reajuste/")
    pictures.take(signed_in, "indices-de-reajuste")
