"""Reasons for cancelling: offered while active, each says what it means, one is the system's."""

from datetime import date

from django.test import Client
from django.utils import timezone
from playwright.sync_api import Page, expect

from tests.provider import NOW, Provider
from tests.screens.answers import faults, seen
from tests.screens.registers import TRIALS
from tests.screens.test_pages import assert_fit_for_all
from vigente.contracts.models import CancellationReason
from vigente.journeys import validity
from vigente.journeys.validity import EXPIRED


def test_a_name_comes_once_in_any_case(small: Provider, manager: Client) -> None:
    CancellationReason.objects.create(name="Mudança")
    good = TRIALS["motivos-de-cancelamento"].good(small)

    refused = manager.post("/motivos-de-cancelamento/novo/", {**good, "name": "MUDANÇA"})

    assert faults(refused.content.decode()) == {"name": "Já existe um motivo com este nome."}


def test_only_active_reasons_are_offered_by_name(small: Provider, manager: Client) -> None:
    for name, is_active in (("Preço", True), ("Mudança", True), ("Antigo", False)):
        CancellationReason.objects.create(name=name, is_active=is_active)
    contract = small.activate()

    shown = manager.get(f"/contratos/{contract.pk}/cancelar/").content.decode()

    assert "Antigo" not in shown
    assert shown.index("Mudança") < shown.index("Preço")


def test_the_last_days_are_waived_where_the_reason_says_so(
    small: Provider, manager: Client
) -> None:
    billed = CancellationReason.objects.create(name="Preço")
    waived = CancellationReason.objects.create(name="Falha nossa", waives_last_period=True)
    today = timezone.localdate()  # noqa: TID251  the pages read it too
    contract = small.activate(on=today.replace(day=1))

    def foreseen(reason: CancellationReason) -> str:
        typed = {"last_day": today.isoformat(), "reason_id": str(reason.pk), "previa": "1"}
        address = f"/contratos/{contract.pk}/cancelar/"
        return manager.post(address, typed, headers={"HX-Request": "true"}).content.decode()

    assert "dispensa os dias" not in foreseen(billed)
    assert "dispensa os dias" in foreseen(waived)


def test_the_reason_of_expired_contracts_keeps_its_name(small: Provider, manager: Client) -> None:
    small.activate(small.plan(validity_months=6, renews=False))
    validity.sweep(small.branch.pk, today=date(2026, 7, 20), now=NOW)
    reason = CancellationReason.objects.get(name=EXPIRED)
    address = f"/motivos-de-cancelamento/{reason.pk}/"
    typed = {"is_active": "on", "counts_as_churn": ""}

    shown = manager.get(address).content.decode()
    renamed = manager.post(address, {**typed, "name": "Outro", "visto": seen(manager, address)})
    kept = manager.post(address, {**typed, "visto": seen(manager, address)})

    assert "o nome deste motivo não muda" in shown
    assert "o nome deste motivo não muda" in faults(renamed.content.decode())["name"]
    assert kept.status_code == 302
    reason.refresh_from_db()
    assert (reason.name, reason.counts_as_churn) == (EXPIRED, False)


def test_a_reason_on_screen(signed_in: Page, isp: Provider) -> None:
    signed_in.goto("/motivos-de-cancelamento/novo/")
    assert_fit_for_all(signed_in)
    signed_in.fill("[name=name]", "Inadimplência")
    signed_in.check("[name=counts_as_delinquency]")
    signed_in.keyboard.press("Control+s")

    expect(signed_in.locator("tbody")).to_contain_text("perda de cliente, inadimplência")
    assert_fit_for_all(signed_in)
