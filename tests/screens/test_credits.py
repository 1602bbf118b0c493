"""Customers' credit: who has some, how it came to that, given back and taken back."""

from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from playwright.sync_api import Page, expect

from tests.apps.money import give_back, owe, pay
from tests.provider import Provider, provider
from tests.screens.test_pages import assert_fit_for_all
from vigente.audit.models import AuditEntry
from vigente.contracts.models import Contract
from vigente.domain.permissions import Role
from vigente.payments import credit
from vigente.payments.models import Refund
from vigente.staff import actions as staff

pytestmark = pytest.mark.django_db


def today() -> str:
    return timezone.localdate().isoformat()  # noqa: TID251  the pages read it too


@pytest.fixture
def contract(small: Provider) -> Contract:
    return small.activate(customer=small.customer("Açucena Conceição"))


@pytest.fixture
def credited(contract: Contract) -> Contract:
    """Give the customer R$ 30,00 of credit."""
    pay(owe(contract, 9000), 12_000)
    return contract


def typed(**more: str) -> dict[str, str]:
    told = {"amount_cents": "20,00", "means": "PIX", "on": today(), "note": "chave do titular"}
    return {**told, "envio": str(uuid4()), **more}


def listed(client: Client, query: str = "") -> list[int]:
    return [one.customer.pk for one in client.get(f"/creditos/{query}").context["page"].balances]


def test_only_customers_with_credit_of_the_persons_branches_are_listed(
    manager: Client, small: Provider, credited: Contract
) -> None:
    spent = small.activate()
    give_back(spent)
    elsewhere = provider(code="OUTRA").activate()
    pay(owe(elsewhere), 12_000, key="outra")

    answer = manager.get("/creditos/")

    assert listed(manager) == [credited.customer_id]
    assert "R$ 30,00 ao todo" in answer.text
    assert listed(manager, "?q=acucena") == [credited.customer_id]
    assert listed(manager, f"?q={credited.customer.tax_id}") == [credited.customer_id]
    assert listed(manager, "?q=ninguém") == []


def test_pages_go_forth_and_back_without_missing_or_repeating_one(
    manager: Client, small: Provider
) -> None:
    ids = []
    for number in range(45):
        contract = small.activate()
        pay(owe(contract, 100), 200, key=str(number))
        ids.append(contract.customer_id)

    first = manager.get("/creditos/")
    second = manager.get("/creditos/" + first.context["later"])
    third = manager.get("/creditos/" + second.context["later"])
    back = manager.get("/creditos/" + third.context["earlier"])

    pages = [
        [one.customer.pk for one in a.context["page"].balances]
        for a in (first, second, third, back)
    ]
    assert pages[0] + pages[1] + pages[2] == sorted(ids)
    assert pages[3] == pages[1]
    assert first.context["page"].count == 45


def test_a_page_costs_as_many_queries_whatever_it_shows(
    manager: Client, small: Provider, credited: Contract
) -> None:
    with CaptureQueriesContext(connection) as few:
        manager.get("/creditos/")
    for number in range(10):
        pay(owe(small.activate(), 100), 200, key=f"m{number}")

    with CaptureQueriesContext(connection) as many:
        manager.get("/creditos/")

    assert len(many) == len(few)


@pytest.mark.parametrize("rubbish", ["antes=x", "depois=" + "9" * 30, "filial=0&q=%00", "q=%27;"])
def test_rubbish_in_the_address_asks_for_nothing(manager: Client, rubbish: str) -> None:
    assert manager.get(f"/creditos/?{rubbish}").status_code == 200


def test_credit_is_given_back_once_and_its_page_tells_each_movement(
    manager: Client, credited: Contract
) -> None:
    address, told = f"/creditos/{credited.customer_id}/devolver/", typed()

    seen = manager.post(address, {**told, "previa": "1"}, headers={"HX-Request": "true"}).text
    assert "10,00" in seen  # 30,00 − 20,00
    assert not Refund.objects.exists()
    first, second = manager.post(address, told), manager.post(address, told)

    page = manager.get(f"/creditos/{credited.customer_id}/").text
    assert (first.status_code, second.status_code, Refund.objects.count()) == (302, 302, 1)
    assert credit.balances([credited.customer_id]) == {credited.customer_id: 1000}
    assert "Pago a mais" in page
    assert "Pix, " in page
    assert "chave do titular" in page
    assert AuditEntry.objects.filter(action="credit refunded").count() == 1


def test_a_refund_is_undone_for_a_reason_and_only_once(manager: Client, credited: Contract) -> None:
    manager.post(f"/creditos/{credited.customer_id}/devolver/", typed())
    address = f"/devolucoes/{Refund.objects.get().pk}/desfazer/"

    assert "30,00" in manager.get(address).text  # 10,00 + 20,00
    assert manager.post(address, {"reason": " "}).status_code == 422
    manager.post(address, {"reason": "Pix devolvido pelo banco"})
    again = manager.post(address, {"reason": "de novo"})

    assert credit.balances([credited.customer_id]) == {credited.customer_id: 3000}
    assert (again.status_code, "já foi desfeita" in again.text) == (422, True)
    assert "Pix devolvido pelo banco" in manager.get(f"/creditos/{credited.customer_id}/").text


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"amount_cents": "30,01"}, "devolva no máximo isso"),
        ({"amount_cents": "0"}, "maior que zero"),
        ({"amount_cents": "-1"}, ""),
        ({"amount_cents": ""}, "Informe valor devolvido"),
        ({"means": ""}, "Informe como"),
        ({"means": "ESCAMBO"}, "Escolha uma das opções"),
        ({"on": "2099-01-01"}, "futuro"),
        ({"on": ""}, "Informe data"),
        ({"note": "x" * 201}, ""),
    ],
)
def test_an_absurd_refund_is_refused(
    manager: Client, credited: Contract, wrong: dict[str, str], sentence: str
) -> None:
    address = f"/creditos/{credited.customer_id}/devolver/"

    answer = manager.post(address, typed(**wrong))

    assert (answer.status_code, sentence in answer.text) == (422, True)
    assert not Refund.objects.exists()


def test_without_credit_there_is_nothing_to_give_back(manager: Client, contract: Contract) -> None:
    answer = manager.post(f"/creditos/{contract.customer_id}/devolver/", typed())

    assert (answer.status_code, "não tem crédito" in answer.text) == (422, True)


def test_a_receipt_whose_credit_went_back_says_what_to_undo_first(
    manager: Client, contract: Contract
) -> None:
    receipt = pay(owe(contract, 9000), 12_000)
    manager.post(f"/creditos/{contract.customer_id}/devolver/", typed())

    answer = manager.post(f"/recebimentos/{receipt.pk}/estornar/", {"reason": "engano"})

    assert (answer.status_code, "desfaça antes a devolução" in answer.text) == (422, True)


def test_an_attendant_sees_credit_and_gives_none_back(small: Provider, credited: Contract) -> None:
    attendant = staff.create_user(
        email="t@example.com",
        name="Tião",
        password="abacate-verde",
        branches=[small.branch],
        roles=[Role.ATTENDANT],
    )
    client = Client()
    client.force_login(attendant)

    assert "Devolver" not in client.get(f"/creditos/{credited.customer_id}/").text
    assert client.get(f"/creditos/{credited.customer_id}/devolver/").status_code == 403


def test_movements_older_than_a_page_follow(manager: Client, contract: Contract) -> None:
    for number in range(25):
        pay(owe(contract, 100), 101 + number, key=str(number))

    first = manager.get(f"/creditos/{contract.customer_id}/")
    second = manager.get(f"/creditos/{contract.customer_id}/{first.context['older']}")

    balances = [one.balance_cents for a in (first, second) for one, _ in a.context["movements"]]
    assert balances == [n * (n + 1) // 2 for n in range(25, 0, -1)]


def test_credit_is_given_back_by_keyboard(signed_in: Page, isp: Provider, width: int) -> None:
    contract = isp.activate()
    pay(owe(contract), 12_000)
    page = signed_in
    page.goto("/creditos/")
    assert_fit_for_all(page)
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/creditos/{contract.customer_id}/")
    page.keyboard.press("d")
    page.wait_for_url("**/devolver/")
    expect(page.locator("[name=amount_cents]")).to_have_value("30,00")
    page.fill("[name=amount_cents]", "12,50")
    page.select_option("[name=means]", "CASH")
    expect(page.locator("#previa")).to_contain_text("17,50")
    assert_fit_for_all(page)
    page.keyboard.press("Control+Enter")
    page.wait_for_selector("text=Devolução registrada.")

    assert_fit_for_all(page)
    assert credit.balances([contract.customer_id]) == {contract.customer_id: 1750}
