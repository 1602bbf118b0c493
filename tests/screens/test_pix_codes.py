"""The Pix of a bill on its page and on its copy: what the QR code holds is what is owed."""

from datetime import date, timedelta

import pytest
from django.test import Client
from playwright.sync_api import Page, expect

from tests.apps.money import owe, pay
from tests.apps.test_payment_promises import refused_by
from tests.provider import Provider
from tests.screens import pictures
from tests.screens.test_pages import assert_fit_for_all
from vigente.billing.models import Receivable
from vigente.catalog.models import Wallet
from vigente.domain.brcode import fields
from vigente.imports import cells
from vigente.imports.cells import BadCell

pytestmark = pytest.mark.django_db
DUE = date(2026, 3, 10)
KEY = "pix@provedor.example"


def bill(
    isp: Provider, monkeypatch: pytest.MonkeyPatch, *, days_late: int = 0, **wallet
) -> Receivable:
    told = {"payment_form": "PIX", "pix_key": KEY, "fine_percent": 2, "interest_percent_month": 1}
    Wallet.objects.update(**{**told, **wallet})
    on = DUE + timedelta(days=days_late)
    monkeypatch.setattr("django.utils.timezone.localdate", lambda *_: on)
    return owe(isp.activate(), 8990, due_on=DUE, discount=990)


def asked(client: Client, receivable: Receivable) -> str:
    """Return the amount that the code of the page asks for."""
    code = client.get(f"/contas-a-receber/{receivable.pk}/").context["pix"]["code"]
    read = fields(code.text)
    assert fields(read["62"])["05"] == f"VG{receivable.pk}"
    return read["54"]


@pytest.mark.parametrize(("days_late", "amount"), [(0, "80.00"), (10, "92.00")])
def test_the_code_asks_for_what_is_owed_that_day(
    small: Provider,
    manager: Client,
    monkeypatch: pytest.MonkeyPatch,
    days_late: int,
    amount: str,
) -> None:
    """89,90 − 9,90 in time; 89,90 + 1,80 + 0,30 ten days later."""
    receivable = bill(small, monkeypatch, days_late=days_late)

    assert asked(manager, receivable) == amount
    copy = manager.get(f"/contas-a-receber/{receivable.pk}/segunda-via/").content.decode()
    assert "<svg" in copy
    assert f"54{len(amount):02d}{amount}" in copy


def test_what_was_paid_is_not_asked_again(
    small: Provider, manager: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    receivable = bill(small, monkeypatch)
    pay(receivable, 1000, on=DUE)
    assert asked(manager, receivable) == "70.00"  # 89,90 − 10,00 − 9,90

    pay(receivable, 7000, on=DUE, key="2")

    assert manager.get(f"/contas-a-receber/{receivable.pk}/").context["pix"] is None


@pytest.mark.parametrize("wallet", [{"payment_form": "BOLETO"}, {"pix_key": ""}], ids=str)
def test_where_nobody_pays_by_pix_there_is_no_code(
    small: Provider, manager: Client, monkeypatch: pytest.MonkeyPatch, wallet: dict[str, str]
) -> None:
    receivable = bill(small, monkeypatch, **wallet)

    assert manager.get(f"/contas-a-receber/{receivable.pk}/").context["pix"] is None


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("529.982.247-25", "52998224725"),
        ("Pix@Provedor.example", KEY),
        ("+55 (31) 98765-4321", "+5531987654321"),
        ("123E4567-e12b-12d1-a456-426655440000", "123e4567-e12b-12d1-a456-426655440000"),
    ],
)
def test_a_key_is_kept_as_banks_know_it(small: Provider, typed: str, kept: str) -> None:
    assert cells.pix_key(typed) == kept
    Wallet.objects.update(pix_key=kept)


@pytest.mark.parametrize("typed", ["x", "529.982.247-26", "+1 555 1234", "+55 99", "31987654321"])
def test_what_is_no_key_is_refused(typed: str) -> None:
    with pytest.raises(BadCell):
        cells.pix_key(typed)


def test_the_table_refuses_what_is_no_key(small: Provider) -> None:
    with refused_by("wallet_pix_key"):
        Wallet.objects.update(pix_key="não é chave")


def test_a_bill_is_paid_by_its_code(
    signed_in: Page, isp: Provider, monkeypatch: pytest.MonkeyPatch
) -> None:
    receivable = bill(isp, monkeypatch, days_late=10)
    page = signed_in
    page.goto(f"/contas-a-receber/{receivable.pk}/")
    expect(page.locator(".pix svg")).to_be_visible()
    expect(page.locator("#pix-copia-e-cola")).to_contain_text("540592.00")
    assert_fit_for_all(page)
    pictures.take(page, "conta-com-pix", at=".pix")
    page.goto(f"/contas-a-receber/{receivable.pk}/segunda-via/")
    expect(page.locator(".pix")).to_contain_text("Pague com Pix: R$ 92,00")
    assert_fit_for_all(page)
