"""Troca de titular: the new holder is found, the consequences are shown, it is done once."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from playwright.sync_api import Page, expect

from tests.apps.money import owe
from tests.provider import Provider, provider
from tests.screens.answers import faults
from tests.screens.test_pages import assert_fit_for_all
from tests.screens.test_permissions import person
from vigente.contracts.models import Contract, HolderChange
from vigente.customers.models import Customer
from vigente.domain.permissions import Role

pytestmark = pytest.mark.django_db


def address(contract: Contract, to: Customer) -> str:
    return f"/contratos/{contract.pk}/titular/?cliente={to.pk}"


def opened(client: Client, at: str) -> dict[str, str]:
    """Return what the form carries as it opens."""
    html = client.get(at).content.decode()
    return {name: _value(html, name) for name in ("envio", "visto")} | {"reason": "venda da casa"}


def _value(html: str, name: str) -> str:
    found = re.search(rf'name="{name}" value="([^"]*)"', html)
    assert found is not None
    return found[1]


@pytest.fixture
def contract(small: Provider) -> Contract:
    began = timezone.localdate() - timedelta(days=3)  # noqa: TID251  the pages read it too
    return small.activate(on=began, customer=small.customer("Marina Alves"))


@pytest.fixture
def bento(small: Provider) -> Customer:
    return small.customer("Bento Lima")


def test_a_contract_passes_on_and_its_history_tells(
    manager: Client, contract: Contract, bento: Customer
) -> None:
    owed = owe(contract)

    shown = manager.get(address(contract, bento)).content.decode()
    done = manager.post(
        address(contract, bento), opened(manager, address(contract, bento)), follow=True
    )
    history = manager.get(f"/contratos/{contract.pk}/?aba=historico").content.decode()
    invoices = manager.get(f"/contratos/{contract.pk}/?aba=faturas").content.decode()
    before = manager.get(f"/clientes/{owed.customer_id}/").content.decode()

    assert "Fica com Marina Alves" in shown
    assert "Próximas faturas, de Bento Lima" in shown
    assert "O contrato passou a Bento Lima." in done.content.decode()
    assert "Titular: Marina Alves → Bento Lima" in history
    assert "de Marina Alves, titular anterior" in invoices
    assert "passou a Bento Lima em" in before
    owed.refresh_from_db()
    assert owed.customer.name == "Marina Alves"


def test_the_papers_of_a_debt_name_who_owes_it(
    manager: Client, contract: Contract, bento: Customer
) -> None:
    owed = owe(contract)
    manager.post(address(contract, bento), opened(manager, address(contract, bento)))
    invoice = owed.invoices.get()

    for at in (
        f"/faturas/{invoice.pk}/",
        f"/faturas/{invoice.pk}/segunda-via/",
        f"/faturas/{invoice.pk}/cancelar/",
        f"/contas-a-receber/{owed.pk}/segunda-via/",
        f"/busca/?q={invoice.pk}",
        "/faturas/",
    ):
        page = manager.get(at).content.decode()
        assert "Marina Alves" in page, at


def test_the_same_form_twice_passes_it_on_once(
    manager: Client, contract: Contract, bento: Customer
) -> None:
    typed = opened(manager, address(contract, bento))

    first = manager.post(address(contract, bento), typed)
    second = manager.post(address(contract, bento), typed)

    assert (first.status_code, second.status_code) == (302, 302)
    assert HolderChange.objects.count() == 1


def test_what_changed_meanwhile_is_shown_again(
    manager: Client, contract: Contract, bento: Customer
) -> None:
    typed = opened(manager, address(contract, bento))
    owe(contract, 12_34)

    answer = manager.post(address(contract, bento), typed)
    again = opened(manager, address(contract, bento))

    assert answer.status_code == 422
    assert "Algo mudou desde que esta página foi aberta" in answer.content.decode()
    assert "12,34" in answer.content.decode()
    assert manager.post(address(contract, bento), again).status_code == 302


def test_without_a_reason_nothing_is_done(
    manager: Client, contract: Contract, bento: Customer
) -> None:
    typed = opened(manager, address(contract, bento)) | {"reason": " "}

    answer = manager.post(address(contract, bento), typed)

    assert answer.status_code == 422
    assert faults(answer.content.decode())["reason"] == "Informe motivo."
    assert not HolderChange.objects.exists()


@pytest.mark.parametrize("rubbish", ["", "x" * 9000, "-1", "9" * 30, "<script>alert(1)</script>"])
def test_rubbish_in_its_fields_is_refused_in_a_sentence(
    manager: Client, contract: Contract, bento: Customer, rubbish: str
) -> None:
    typed = opened(manager, address(contract, bento))
    for name in ("address_id", "visto", "reason", "cancels_not_begun"):
        sent = typed | {name: rubbish}
        if (name, rubbish) in (("address_id", ""), ("cancels_not_begun", "")):
            continue
        answer = manager.post(address(contract, bento), sent | {"visto": "x", name: rubbish})
        assert answer.status_code == 422, (name, rubbish)
        assert "<script>alert(1)" not in answer.content.decode()
    assert not HolderChange.objects.exists()


def test_a_customer_of_another_branch_is_not_there(manager: Client, contract: Contract) -> None:
    stranger = provider(code="B").customer("De outra filial")

    assert manager.get(address(contract, stranger)).status_code == 404
    assert manager.post(address(contract, stranger)).status_code == 404
    found = manager.get(f"/contratos/{contract.pk}/titular/?q=outra filial").content.decode()
    assert "De outra filial" not in found


def test_one_found_by_enter_leads_on_and_an_inactive_one_is_told(
    manager: Client, contract: Contract, bento: Customer
) -> None:
    found = manager.get(f"/contratos/{contract.pk}/titular/?q=bento")
    Customer.objects.filter(pk=bento.pk).update(is_active=False)
    shown = manager.get(address(contract, bento)).content.decode()

    assert found.headers["Location"] == address(contract, bento)
    assert "está inativo. Reative o cadastro" in shown


def test_an_ended_contract_says_so_before_anybody_is_chosen(
    manager: Client, contract: Contract, bento: Customer
) -> None:
    today = timezone.localdate()  # noqa: TID251  the pages read it too
    Contract.objects.filter(pk=contract.pk).update(status="INACTIVE", ends_on=today)

    shown = manager.get(address(contract, bento)).content.decode()
    sent = manager.post(address(contract, bento), {"reason": "x"})

    assert "só um contrato ativo ou em pré-contrato troca de titular" in shown
    assert sent.status_code == 422


def test_a_seller_passes_no_contract_on(small: Provider, contract: Contract) -> None:
    client = person(small, Role.SELLER)

    assert client.get(f"/contratos/{contract.pk}/titular/").status_code == 403
    assert "Trocar titular" not in client.get(f"/contratos/{contract.pk}/").content.decode()


def test_the_holder_is_changed_in_the_browser(signed_in: Page, isp: Provider) -> None:
    began = timezone.localdate() - timedelta(days=3)  # noqa: TID251  the pages read it too
    contract = isp.activate(on=began, customer=isp.customer("Marina Alves"))
    owe(contract)
    isp.customer("Bento Lima")
    page = signed_in
    page.goto(f"/contratos/{contract.pk}/")

    page.get_by_role("link", name="Trocar titular").click()
    assert_fit_for_all(page)
    page.get_by_label("Cliente", exact=True).fill("bento")
    page.wait_for_selector("#clientes >> text=Bento Lima")
    page.keyboard.press("Enter")
    page.wait_for_url("**cliente=*")
    expect(page.locator("#previa")).to_contain_text("Fica com Marina Alves")
    page.get_by_label("Motivo").fill("venda da casa")
    page.get_by_label("Cancelar as faturas").check()
    expect(page.locator("#previa")).to_contain_text("Próximas faturas, de Bento Lima")
    assert_fit_for_all(page)
    page.keyboard.press("Control+Enter")
    page.wait_for_selector("text=O contrato passou a Bento Lima.")

    expect(page.locator("h1")).to_have_text("Bento Lima")
    page.goto(f"/contratos/{contract.pk}/?aba=historico")
    expect(page.get_by_text("Titular: Marina Alves")).to_be_visible()
    assert_fit_for_all(page)
