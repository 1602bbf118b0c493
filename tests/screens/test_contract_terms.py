"""Changing a contract's data by hand: never what a period costs, and never unseen."""

import pytest
from django.test import Client

from tests.provider import Provider, provider
from tests.screens.test_registers import as_shown
from vigente.audit.models import AuditEntry
from vigente.contracts.models import Contract
from vigente.domain.permissions import Role
from vigente.staff import actions as staff
from vigente.staff.models import Seller

pytestmark = pytest.mark.django_db


@pytest.fixture
def isp() -> Provider:
    return provider()


@pytest.fixture
def client(isp: Provider) -> Client:
    user = staff.create_user(
        email="caio@example.com",
        name="Caio",
        password="abacate-verde",
        branches=[isp.branch],
        roles=[Role.ATTENDANT],
    )
    client = Client()
    client.force_login(user)
    return client


def address(contract: Contract) -> str:
    return f"/contratos/{contract.pk}/alterar/"


def test_a_note_and_a_seller_change_and_the_trail_says_so(client: Client, isp: Provider) -> None:
    contract = isp.activate()
    seller = Seller.objects.create(branch=isp.branch, name="Vera")
    typed = as_shown(client, address(contract))

    answer = client.post(
        address(contract), {**typed, "note": "Portão azul", "seller_id": str(seller.pk)}
    )

    contract.refresh_from_db()
    assert answer["Location"] == f"/contratos/{contract.pk}/"
    assert (contract.note, contract.seller_id) == ("Portão azul", seller.pk)
    assert AuditEntry.objects.get(action="contract changed").fields == ["note", "seller_id"]


def test_as_opened_it_changes_nothing(client: Client, isp: Provider) -> None:
    for contract in (isp.activate(), isp.sell()):
        answer = client.post(address(contract), as_shown(client, address(contract)))

        assert answer.status_code == 302, answer.content.decode()[-3000:]
    assert not AuditEntry.objects.filter(action="contract changed").exists()


def test_before_the_activation_the_billing_terms_may_change(client: Client, isp: Provider) -> None:
    contract = isp.sell()

    client.post(address(contract), {**as_shown(client, address(contract)), "due_day": "20"})

    contract.refresh_from_db()
    assert contract.due_day == 20


def test_after_the_activation_they_may_not(client: Client, isp: Provider) -> None:
    contract = isp.activate()

    shown = client.get(address(contract)).content.decode()
    client.post(address(contract), {**as_shown(client, address(contract)), "due_day": "20"})

    contract.refresh_from_db()
    assert "assistente de alteração" in shown
    assert contract.due_day == 10


def test_an_ended_contract_changes_no_more(client: Client, isp: Provider) -> None:
    contract = isp.activate()
    typed = as_shown(client, address(contract))
    Contract.objects.filter(pk=contract.pk).update(status="INACTIVE", ends_on="2026-02-01")

    answer = client.post(address(contract), {**typed, "note": "x"})

    assert answer.status_code == 422
    assert "O contrato terminou" in answer.content.decode()
