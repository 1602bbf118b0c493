"""The detalhamento financeiro on the screen and as files."""

from datetime import date
from io import BytesIO

import pytest
from django.test import Client
from openpyxl import load_workbook
from playwright.sync_api import Page, expect

from tests.apps.money import DUE_ON, owe, pay, reverse
from tests.provider import Provider, provider
from tests.screens import pictures
from tests.screens.test_pages import assert_fit_for_all
from vigente.contracts.models import Contract

pytestmark = pytest.mark.django_db


def with_history(isp: Provider) -> Contract:
    """Return a contract of R$ 90,00 billed, 40,00 paid, and 50,00 paid and reversed."""
    contract = isp.activate()
    bill = owe(contract)
    pay(bill, 4000, on=date(2026, 3, 2))
    reverse(pay(bill, 5000, key="2", on=date(2026, 3, 5)))
    return contract


def test_each_movement_is_told_with_the_balance_after_it(small: Provider, manager: Client) -> None:
    contract = with_history(small)

    page = manager.get(f"/clientes/{contract.customer_id}/detalhamento/")

    rows = [row for row, _ in page.context["rows"]]
    assert [row.movement.cents for row in reversed(rows)] == [9000, -4000, -5000, 5000]
    assert page.context["told"].closing_cents == 5000


def test_days_narrow_it_and_tell_the_balance_before(small: Provider, manager: Client) -> None:
    contract = with_history(small)

    page = manager.get(f"/clientes/{contract.customer_id}/detalhamento/?de=2026-03-03")

    assert "Saldo antes de 03/03/2026: R$ 50,00" in page.content.decode()


@pytest.mark.parametrize("of", ["clientes/{customer}", "contratos/{contract}"])
def test_it_is_taken_along_as_files(small: Provider, manager: Client, of: str) -> None:
    contract = with_history(small)
    page = "/" + of.format(customer=contract.customer_id, contract=contract.pk) + "/detalhamento/"

    sheet = manager.get(f"{page}?formato=csv").content.decode("utf-8-sig").splitlines()
    book = load_workbook(BytesIO(manager.get(f"{page}?formato=xlsx").content))
    pdf = manager.get(f"{page}?formato=pdf")

    assert sheet[0] == "Data;O que;Detalhe;Cálculo;Contrato;Valor (R$);Saldo (R$)"
    assert any(";90,00;90,00" in line for line in sheet)
    assert book.active.max_row == len(sheet)
    assert pdf.content.startswith(b"%PDF-")


def test_another_branch_is_not_told(small: Provider, manager: Client) -> None:
    contract = with_history(provider(code="OUTRA"))

    for of in (f"clientes/{contract.customer_id}", f"contratos/{contract.pk}"):
        assert manager.get(f"/{of}/detalhamento/").status_code == 404


def test_rubbish_in_the_address_asks_for_nothing(small: Provider, manager: Client) -> None:
    contract = with_history(small)

    for asked in ("de=x", "ate=9999-99-99", "formato=exe", "de=2027-01-01&ate=2020-01-01"):
        page = manager.get(f"/clientes/{contract.customer_id}/detalhamento/?{asked}")
        assert page.status_code == 200


def test_a_statement_is_read_and_unfolded(signed_in: Page, isp: Provider) -> None:
    contract = with_history(isp)
    page = signed_in
    page.goto(f"/contratos/{contract.pk}/?aba=faturas")
    page.get_by_role("link", name="Detalhamento financeiro").click()
    expect(page.locator("h1")).to_have_text("Detalhamento financeiro")
    assert_fit_for_all(page)
    page.goto(f"/clientes/{contract.customer_id}/")
    page.get_by_role("link", name="Detalhamento financeiro").click()
    page.locator("summary", has_text="Fatura").last.click()
    expect(page.locator("main")).to_contain_text("Taxa")
    expect(page.locator(".figures")).to_contain_text("R$ 50,00")
    assert_fit_for_all(page)
    pictures.take(page, "detalhamento-financeiro")
    assert DUE_ON
