"""A sale: customer, plan, everything filled in, adjusted, saved; by keyboard alone."""

from datetime import date

import pytest
from django.test import Client
from playwright.sync_api import Page, expect

from tests.provider import Provider, provider
from vigente.contracts.models import Contract
from vigente.domain.permissions import Role
from vigente.staff import actions as staff

pytestmark = pytest.mark.django_db


def seller(isp: Provider) -> Client:
    user = staff.create_user(
        email="caio@example.com",
        name="Caio",
        password="abacate-verde",
        branches=[isp.branch],
        roles=[Role.SELLER],
    )
    client = Client()
    client.force_login(user)
    return client


def test_a_contract_is_sold_by_keyboard(signed_in: Page, isp: Provider) -> None:
    isp.plan()
    isp.customer(name="Marina Alves Teixeira")
    page = signed_in

    page.keyboard.press("n")
    page.wait_for_url("**/contratos/novo/")
    page.keyboard.type("marina teixeira")
    page.wait_for_selector("#clientes >> text=Marina Alves")
    page.keyboard.press("Enter")
    page.wait_for_url("**cliente=*")
    page.keyboard.press("Control+Enter")
    page.wait_for_selector("#venda")
    assert page.input_value("[name=items-0-price_cents]") == "90,00"
    page.fill("[name=due_day]", "10")
    page.press("[name=due_day]", "Tab")
    expect(page.locator("#previa")).to_contain_text("Vence")
    page.keyboard.press("Control+s")
    page.wait_for_selector("text=Falta ativar")

    contract = Contract.objects.get()
    assert (contract.status, contract.due_day) == ("PRE", 10)
    assert contract.items.get().price_cents == 90_00


def opened(client: Client, address: str) -> dict[str, str]:
    """Return the fields of the form as it opens."""
    context = client.get(address).context
    typed = {"envio": context["key"]}
    for form in (context["form"], *context["formset"]):
        for bound in form:
            value = bound.field.prepare_value(bound.value())
            if bound.widget_type == "checkbox":
                typed |= {bound.html_name: "on"} if bound.value() else {}
            else:
                typed[bound.html_name] = "" if value is None else str(value)
    management = context["formset"].management_form
    return typed | {b.html_name: str(b.value()) for b in management}


@pytest.fixture
def sold() -> tuple[Client, str, Provider]:
    isp = provider()
    address = f"/contratos/novo/?cliente={isp.customer().pk}&plano={isp.plan().pk}"
    return seller(isp), address, isp


def test_what_the_plan_fills_in_may_be_adjusted(sold: tuple[Client, str, Provider]) -> None:
    client, address, _isp = sold
    typed = opened(client, address) | {
        "due_day": "15",
        "items-0-price_cents": "79,90",
        "items-0-description": "Fibra promocional",
        "loyalty_months": "12",
        "note": "Instalar à tarde",
    }

    answer = client.post(address, typed)
    again = client.post(address, typed)

    contract = Contract.objects.get()
    item = contract.items.get()
    assert (answer.status_code, again.status_code) == (302, 302)
    assert (item.price_cents, item.description) == (79_90, "Fibra promocional")
    assert (contract.due_day, contract.loyalty_months) == (15, 12)
    assert contract.note == "Instalar à tarde"


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"due_day": ""}, "informe um dia de 1 a 31"),
        ({"due_day": "32"}, "Número inteiro de 1 a 31"),
        ({"items-0-price_cents": "-1"}, "não pode ser negativo"),
        ({"items-0-DELETE": "on"}, "nenhum produto"),
        (
            {"activation_fee_cents": "1,00", "activation_product_id": ""},
            "Escolha o produto da taxa",
        ),
        ({"address_id": ""}, "Informe endereço de instalação"),
        ({"sold_on": "31/02/2026"}, "Esta data não existe"),
        ({"branch_id": "999999"}, "Escolha uma das opções"),
    ],
)
def test_what_does_not_fit_is_said_and_nothing_is_written(
    sold: tuple[Client, str, Provider], changes: dict[str, str], sentence: str
) -> None:
    client, address, _isp = sold

    answer = client.post(address, {**opened(client, address), "due_day": "10", **changes})

    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert not Contract.objects.exists()


def test_a_preview_writes_nothing(sold: tuple[Client, str, Provider]) -> None:
    client, address, _isp = sold
    typed = opened(client, address) | {"due_day": "10", "previa": "1"}

    shown = client.post(address, typed).content.decode()

    assert "Vence" in shown
    assert not Contract.objects.exists()


def test_an_inactive_customer_buys_nothing(sold: tuple[Client, str, Provider]) -> None:
    client, address, isp = sold
    typed = opened(client, address) | {"due_day": "10"}
    isp.branch.customers.update(is_active=False)

    answer = client.post(address, typed)

    assert "está inativo" in answer.content.decode()
    assert not Contract.objects.exists()


@pytest.mark.parametrize("query", ["cliente=abc", "cliente=999999999", "cliente=%00"])
def test_an_address_that_names_nobody_is_not_found(
    sold: tuple[Client, str, Provider], query: str
) -> None:
    client, _address, _isp = sold

    assert client.get(f"/contratos/novo/?{query}").status_code == 404


def test_a_customer_of_another_branch_is_not_found(sold: tuple[Client, str, Provider]) -> None:
    client, _address, _isp = sold
    elsewhere = provider(code="OUTRA")
    stranger = elsewhere.customer(name="Pessoa de Fora")

    assert client.get(f"/contratos/novo/?cliente={stranger.pk}").status_code == 404
    assert "Pessoa de Fora" not in client.get("/contratos/novo/?q=pessoa").content.decode()


def test_the_sold_day_starts_the_items(sold: tuple[Client, str, Provider]) -> None:
    client, address, _isp = sold

    client.post(address, {**opened(client, address), "due_day": "10", "sold_on": "2026-03-05"})

    assert Contract.objects.get().items.get().starts_on == date(2026, 3, 5)
