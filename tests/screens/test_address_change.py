"""Mudança de endereço: what changes is shown, what was stays in the history."""

import pytest
from django.test import Client
from playwright.sync_api import Page, expect

from tests.provider import Provider
from tests.screens.answers import faults
from tests.screens.test_pages import assert_fit_for_all
from vigente.audit.models import AuditEntry
from vigente.contracts.models import Contract
from vigente.customers.models import Address
from vigente.domain.lifecycle import ContractStatus

pytestmark = pytest.mark.django_db

NEW = {"street": "Rua Nova", "number": "9", "city": "Serra Clara", "uf": "mg", "reason": "mudou"}


def at(contract: Contract) -> str:
    return f"/contratos/{contract.pk}/endereco/"


@pytest.mark.parametrize("status", [ContractStatus.PRE, ContractStatus.ACTIVE])
def test_a_contract_moves_to_a_new_address_and_the_old_one_is_told(
    small: Provider, manager: Client, status: ContractStatus
) -> None:
    contract = small.sell() if status is ContractStatus.PRE else small.activate()

    seen = manager.post(at(contract), {**NEW, "previa": "1"}, headers={"HX-Request": "true"})
    done = manager.post(at(contract), NEW, follow=True)
    history = manager.get(f"/contratos/{contract.pk}/?aba=historico").content.decode()

    assert "Antes: Rua das Flores, 1 · Serra Clara/MG" in seen.content.decode()
    assert "A filial continua Matriz" in seen.content.decode()
    assert "O endereço entra no cadastro de Marina Alves" in seen.content.decode()
    assert "Endereço de instalação alterado." in done.content.decode()
    assert "Rua Nova, 9" in done.content.decode()
    assert "<del>Rua das Flores, 1 · Serra Clara/MG</del>" in history
    contract.refresh_from_db()
    assert contract.address is not None
    assert (contract.address.uf, contract.address.is_main) == ("MG", False)
    assert AuditEntry.objects.get(action="contract address changed").detail == {"reason": "mudou"}


def test_one_that_the_customer_has_is_chosen_or_found_again(
    small: Provider, manager: Client
) -> None:
    contract = small.activate()
    other = Address.objects.create(
        customer=contract.customer, street="Rua Nova", number="9", city="Serra Clara", uf="MG"
    )

    chosen = manager.post(at(contract), {"address_id": str(other.pk), "reason": "mudou"})
    contract.refresh_from_db()
    same = manager.post(at(contract), NEW)

    assert (chosen.status_code, contract.address_id) == (302, other.pk)
    assert "O contrato já tem este endereço" in same.content.decode()
    assert Address.objects.filter(customer=contract.customer).count() == 2


def test_the_close_no_longer_waits_for_an_address(small: Provider, manager: Client) -> None:
    contract = small.activate()
    Contract.objects.filter(pk=contract.pk).update(address=None)

    seen = manager.post(at(contract), {**NEW, "previa": "1"})
    manager.post(at(contract), NEW)

    assert "agora deixa de reter" in seen.content.decode()
    contract.refresh_from_db()
    assert contract.address is not None


def test_half_an_address_and_one_of_somebody_else_are_refused(
    small: Provider, manager: Client
) -> None:
    contract = small.activate()
    elsewhere = small.customer("Outra Pessoa").addresses.get()

    half = manager.post(at(contract), {"street": "Rua B", "uf": "XX", "reason": "x"})
    theirs = manager.post(at(contract), {"address_id": str(elsewhere.pk), "reason": "x"})
    unsaid = manager.post(at(contract), {**NEW, "reason": " "})

    assert faults(half.content.decode()) == {
        "city": "Informe o município.",
        "uf": "Não é a sigla de um estado.",
    }
    assert faults(theirs.content.decode()) == {"address_id": "Escolha uma das opções da lista."}
    assert faults(unsaid.content.decode()) == {"reason": "Informe motivo."}
    assert half.status_code == theirs.status_code == unsaid.status_code == 422
    contract.refresh_from_db()
    assert str(contract.address) == "Rua das Flores, 1"


def test_an_ended_contract_moves_no_more(small: Provider, manager: Client) -> None:
    contract = small.activate()
    Contract.objects.filter(pk=contract.pk).update(status="INACTIVE", ends_on="2026-02-01")

    shown = manager.get(at(contract)).content.decode()
    sent = manager.post(at(contract), NEW)

    assert "O contrato está inativo: o endereço dele não muda mais" in shown
    assert sent.status_code == 422


def test_an_address_is_changed_in_the_browser(signed_in: Page, isp: Provider) -> None:
    contract = isp.activate()
    page = signed_in
    page.goto(f"/contratos/{contract.pk}/")
    page.get_by_role("link", name="Mudar endereço").click()
    expect(page.locator("#previa")).to_contain_text("ou escreva um novo")
    assert_fit_for_all(page)
    for label, told in (
        ("Logradouro", "Rua Nova"),
        ("Número", "9"),
        ("Município", "Serra Clara"),
        ("UF", "MG"),
        ("Motivo", "mudou de casa"),
    ):
        page.get_by_label(label, exact=True).fill(told)
    page.keyboard.press("Tab")
    expect(page.locator("#previa")).to_contain_text("passa a ser atendido em Rua Nova, 9")
    assert_fit_for_all(page)
    page.keyboard.press("Control+Enter")
    page.wait_for_selector("text=Endereço de instalação alterado.")

    page.goto(f"/contratos/{contract.pk}/?aba=historico")
    page.get_by_text("Mudança de endereço").click()
    expect(page.locator("del")).to_contain_text("Rua das Flores, 1")
    assert_fit_for_all(page)
