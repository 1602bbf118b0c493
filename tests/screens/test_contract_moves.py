"""Activate, give up, cancel and reactivate: the consequences are shown, then carried out once."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from playwright.sync_api import Page, expect

from tests.provider import Provider, provider
from vigente.contracts.models import CancellationReason, Contract
from vigente.domain.permissions import Role
from vigente.staff import actions as staff

pytestmark = pytest.mark.django_db


@pytest.fixture
def isp_alone() -> Provider:
    return provider()


@pytest.fixture
def client(isp_alone: Provider) -> Client:
    user = staff.create_user(
        email="caio@example.com",
        name="Caio",
        password="abacate-verde",
        branches=[isp_alone.branch],
        roles=[Role.ATTENDANT],
    )
    client = Client()
    client.force_login(user)
    return client


def today() -> str:
    return timezone.localdate().isoformat()  # noqa: TID251  the pages read it too


def test_a_contract_is_activated_by_keyboard(signed_in: Page, isp: Provider) -> None:
    contract = isp.sell()
    page = signed_in
    page.goto(f"/contratos/{contract.pk}/")

    page.keyboard.press("a")
    page.wait_for_url("**/ativar/")
    expect(page.locator("#previa")).to_contain_text("Próximas faturas")
    page.keyboard.press("Control+Enter")
    page.wait_for_selector("text=Contrato ativado.")

    contract.refresh_from_db()
    assert contract.status == "ACTIVE"


def test_an_activation_is_neither_in_the_future_nor_before_the_sale(
    client: Client, isp_alone: Provider
) -> None:
    contract = isp_alone.sell()
    address = f"/contratos/{contract.pk}/ativar/"
    tomorrow = timezone.localdate() + timedelta(days=1)  # noqa: TID251  as the page does

    future = client.post(address, {"on": tomorrow.isoformat()})
    before = client.post(address, {"on": "2025-12-31"})

    assert "Informe hoje ou um dia que já passou" in future.content.decode()
    assert "vendido em 01/01/2026" in before.content.decode()
    assert Contract.objects.get().status == "PRE"


def test_giving_up_asks_for_the_reason(client: Client, isp_alone: Provider) -> None:
    contract = isp_alone.sell()
    address = f"/contratos/{contract.pk}/desistir/"

    empty = client.post(address, {"reason": ""})
    told = client.post(address, {"reason": "mudou de cidade"})

    assert empty.status_code == 422
    assert told.status_code == 302
    assert Contract.objects.get().status == "WITHDRAWN"


def test_a_cancellation_shows_the_final_invoice_and_is_undone_by_a_reactivation(
    client: Client, isp_alone: Provider
) -> None:
    begin = timezone.localdate() - timedelta(days=3)  # noqa: TID251  as the page does
    contract = isp_alone.activate(on=begin)
    reason = CancellationReason.objects.create(name="Mudança de endereço")
    address = f"/contratos/{contract.pk}/cancelar/"
    typed = {"last_day": today(), "reason_id": str(reason.pk)}

    foreseen = client.post(address, {**typed, "previa": "1"}, headers={"HX-Request": "true"})
    assert "Fatura final" in foreseen.content.decode()
    assert Contract.objects.get().status == "ACTIVE"
    client.post(address, typed)
    assert Contract.objects.get().status == "INACTIVE"
    again = client.post(address, typed)
    back = client.post(f"/contratos/{contract.pk}/reativar/", {"on": today()})

    assert "Só um contrato ativo" in again.content.decode()
    assert "Reative a partir de" in back.content.decode()


def test_a_cancellation_without_a_reason_is_refused(client: Client, isp_alone: Provider) -> None:
    contract = isp_alone.activate()

    answer = client.post(f"/contratos/{contract.pk}/cancelar/", {"last_day": today()})

    assert (answer.status_code, "Informe motivo." in answer.content.decode()) == (422, True)


@pytest.mark.parametrize("move", ["ativar", "desistir", "reativar"])
def test_a_move_that_does_not_fit_says_how_things_stand(
    client: Client, isp_alone: Provider, move: str
) -> None:
    contract = isp_alone.activate()

    shown = client.get(f"/contratos/{contract.pk}/{move}/")
    done = client.post(f"/contratos/{contract.pk}/{move}/", {"on": today(), "reason": "x"})

    assert "esta operação não se aplica" in shown.content.decode()
    assert done.status_code == 422
    assert Contract.objects.get().status == "ACTIVE"
