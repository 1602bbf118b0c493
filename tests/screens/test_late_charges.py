"""Late charges on the screen: told with their sums, received, and waived by who may."""

from datetime import date

import pytest
from django.test import Client
from playwright.sync_api import Page, expect

from tests.apps.money import owe
from tests.provider import Provider
from tests.screens import pictures
from tests.screens.test_pages import assert_fit_for_all
from vigente.billing.models import Receivable
from vigente.catalog.models import Wallet
from vigente.domain.permissions import Role
from vigente.payments.models import ChargeWaiver
from vigente.staff import actions as staff
from vigente.staff.models import Branch

pytestmark = pytest.mark.django_db
DUE, TENTH = date(2026, 3, 10), date(2026, 3, 20)


@pytest.fixture(autouse=True)
def the_tenth_day(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("django.utils.timezone.localdate", lambda *_: TENTH)


def late_bill(isp: Provider) -> Receivable:
    """Return R$ 89,90 that is 10 days late, at 2 % and 1 % a month."""
    Wallet.objects.update(fine_percent=2, interest_percent_month=1)
    return owe(isp.activate(), 8990, due_on=DUE)


def attendant(branch: Branch) -> Client:
    user = staff.create_user(
        email="rui@example.com",
        name="Rui",
        password="abacate-verde",
        branches=[branch],
        roles=[Role.ATTENDANT],
    )
    client = Client()
    client.force_login(user)
    return client


def test_the_page_and_the_copy_tell_the_sums(small: Provider, manager: Client) -> None:
    bill = late_bill(small)

    for page in ("", "segunda-via/"):
        told = manager.get(f"/contas-a-receber/{bill.pk}/{page}").content.decode()
        assert "R$ 89,90 × 2% = R$ 1,80" in told
        assert "R$ 89,90 × 1% ÷ 30 × 10 dias = R$ 0,30" in told
        assert "92,00" in told


def test_who_may_not_waive_is_neither_asked_nor_heard(small: Provider) -> None:
    bill = late_bill(small)
    client = attendant(small.branch)
    page = f"/contas-a-receber/{bill.pk}/"

    assert "Dispensar" not in client.get(page).content.decode()
    assert "waives_for" not in client.get(f"{page}receber/").content.decode()
    assert client.post(f"{page}dispensar/", {"reason": "x"}).status_code == 403
    client.post(
        f"{page}receber/",
        {"amount_cents": "92,00", "means": "CASH", "on": "2026-03-20", "waives_for": "x"},
    )
    bill.refresh_from_db()
    assert bill.is_settled
    assert not ChargeWaiver.objects.exists()


def test_nothing_is_waived_in_time(small: Provider, manager: Client) -> None:
    bill = owe(small.activate(), 8990, due_on=TENTH)

    page = manager.get(f"/contas-a-receber/{bill.pk}/dispensar/").content.decode()

    assert "Não há multa nem juros a dispensar" in page


def test_a_late_bill_is_received_with_and_without_its_charges(
    signed_in: Page, isp: Provider
) -> None:
    bill = late_bill(isp)
    page = signed_in
    page.goto(f"/contas-a-receber/{bill.pk}/")
    expect(page.locator("main")).to_contain_text("Total de hoje")
    assert_fit_for_all(page)
    pictures.take(page, "conta-em-atraso")
    page.locator(".acts a", has_text="Receber").click()
    expect(page.locator("#id_amount_cents")).to_have_value("92,00")
    expect(page.locator("#previa")).to_contain_text("Multa")
    page.fill("[name=waives_for]", "Queda do sinal")
    page.fill("#id_amount_cents", "89,90")
    page.keyboard.press("Tab")
    expect(page.locator("#previa")).not_to_contain_text("Juros")
    expect(page.locator("#previa")).to_contain_text("A conta fica quitada")
    assert_fit_for_all(page)
    page.get_by_role("button", name="Receber").click()

    expect(page.locator("main")).to_contain_text("dispensados R$ 1,80 de multa e R$ 0,30 de juros")
    expect(page.locator("main")).to_contain_text("Queda do sinal")
    assert_fit_for_all(page)


def test_charges_are_waived_alone(signed_in: Page, isp: Provider) -> None:
    bill = late_bill(isp)
    page = signed_in
    page.goto(f"/contas-a-receber/{bill.pk}/")
    page.get_by_role("link", name="Dispensar multa e juros").click()
    expect(page.locator("#previa")).to_contain_text("2,10")
    page.fill("[name=reason]", "Acordo")
    page.get_by_role("button", name="Dispensar").click()

    expect(page.locator("main")).to_contain_text("Multa e juros dispensados")
    expect(page.locator("main")).not_to_contain_text("Total de hoje")
    assert_fit_for_all(page)
