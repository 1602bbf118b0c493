"""Altering many contracts on the screen: asked, simulated, carried out and reported."""

from datetime import date
from pathlib import Path

import pytest
from django.test import Client
from django.utils import timezone
from playwright.sync_api import Page, expect

from tests.journeys import altering
from tests.journeys.altering import choose
from tests.journeys.scenario import close
from tests.provider import Provider
from tests.screens import pictures
from tests.screens.test_pages import assert_fit_for_all
from vigente.alterations.models import MassAlteration
from vigente.contracts.models import Contract, ContractItem
from vigente.domain.codes import DifferencePolicy
from vigente.worker import tasks

pytestmark = pytest.mark.django_db
PAGE = "/alteracoes/em-massa/"


@pytest.fixture
def small(small: Provider) -> Provider:
    choose(small, DifferencePolicy.PERIOD_BALANCE)
    return small


def active(small: Provider, *, on: date) -> Contract:
    contract = small.activate(on=on, sold_on=on)
    today = timezone.localdate()  # noqa: TID251  the pages read it too
    close(issued_on=today, due_until=today, approved=True)
    return contract


def asked(small: Provider, **more) -> dict[str, str]:
    today = timezone.localdate().isoformat()  # noqa: TID251  the pages read it too
    return {"kind": "PERCENT", "on": today, "percent": "5", "branch": str(small.branch.pk), **more}


def test_a_readjustment_is_simulated_carried_out_and_reported(
    small: Provider, manager: Client
) -> None:
    today = timezone.localdate()  # noqa: TID251  the pages read it too
    old = active(small, on=today.replace(year=today.year - 2, day=1))
    young = active(small, on=today.replace(day=1))

    answer = manager.post(PAGE, asked(small))
    run = MassAlteration.objects.get()
    assert answer.headers["Location"] == f"{PAGE}{run.pk}/"
    assert "hx-get" in manager.get(f"{PAGE}{run.pk}/").content.decode()
    tasks.alter_many(mass_id=run.pk)
    simulated = manager.get(f"{PAGE}{run.pk}/").content.decode()
    manager.post(f"{PAGE}{run.pk}/executar/")
    tasks.alter_many(mass_id=run.pk)
    report = manager.get(f"{PAGE}{run.pk}/").content.decode()
    skipped = manager.get(f"{PAGE}{run.pk}/nao-alterados/").content.decode()
    sheet = manager.get(f"{PAGE}{run.pk}/nao-alterados/?formato=csv").content.decode()

    assert "Nada foi gravado" in simulated
    assert "R$ 94,50" in simulated
    assert "Menos de 12 meses" in report
    assert "Exportar não alterados" in report
    assert f"/contratos/{young.pk}/" in skipped
    assert f"{young.pk};" in sheet
    lasting = ContractItem.objects.filter(contract=old, kind="PLAN", ends_on=None)
    assert [item.price_cents for item in lasting] == [9450]


@pytest.mark.parametrize(
    ("more", "sentence"),
    [
        ({"percent": ""}, "Informe o percentual do reajuste."),
        ({"kind": "INDEX"}, "Escolha o índice do reajuste."),
        ({"kind": "PLAN"}, "Escolha o plano novo."),
        ({"due_day": "28"}, "Nenhum contrato ativo passa por estes filtros."),
        ({"branch": ""}, "Este campo é obrigatório."),
    ],
)
def test_what_is_missing_is_said_beside_its_field(
    small: Provider, manager: Client, more: dict[str, str], sentence: str
) -> None:
    answer = manager.post(PAGE, asked(small, **more))

    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert not MassAlteration.objects.exists()


def test_a_second_click_begins_nothing_more(small: Provider, manager: Client) -> None:
    active(small, on=date(2025, 1, 10))
    sent = asked(small, envio="6f9619ff-8b86-4d01-b42d-00cf4fc964ff")

    first, second = manager.post(PAGE, sent), manager.post(PAGE, sent)

    assert first.headers["Location"] == second.headers["Location"]
    assert MassAlteration.objects.count() == 1


def test_a_discarded_simulation_leads_back(small: Provider, manager: Client) -> None:
    active(small, on=date(2025, 1, 10))
    manager.post(PAGE, asked(small))
    run = MassAlteration.objects.get()

    answer = manager.post(f"{PAGE}{run.pk}/descartar/")

    assert answer.headers["Location"] == PAGE
    assert "Descartado" in manager.get(PAGE).content.decode()


@pytest.fixture
def the_manuals_day(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the doors read 13/07/2025, the day of the manual's examples."""
    monkeypatch.setattr("django.utils.timezone.localdate", lambda *_: altering.ON)


def test_a_migration_is_simulated_ticked_paused_and_reported(
    signed_in: Page, isp: Provider, the_manuals_day: None
) -> None:
    choose(isp, DifferencePolicy.MANUAL)
    told_less = altering.the_manuals(isp, 8990)
    plan = isp.plan(price_cents=4990)
    left = isp.activate(isp.plan(), on=altering.ON, sold_on=altering.ON)
    page = signed_in
    page.goto(PAGE)
    page.select_option("#id_kind", "PLAN")
    page.fill("#id_on", "2025-07-13")
    page.select_option("#id_sale_plan", str(plan.pk))
    page.get_by_role("button", name="Simular").click()
    expect(page.locator("h1")).to_have_text(f"Migração para o plano {plan.name}")
    tasks.alter_many(mass_id=MassAlteration.objects.get().pk)

    expect(page.locator(".note.warn")).to_contain_text("1 cliente receberia R$ 32,27 a menos")
    assert_fit_for_all(page)
    pictures.take(page, "alteracao-em-massa-simulada")
    page.check("[name=ciente]")
    page.get_by_role("button", name="Executar").click()
    expect(page.get_by_role("button", name="Pausar")).to_be_visible()
    assert_fit_for_all(page)
    page.get_by_role("button", name="Pausar").click()
    expect(page.get_by_role("button", name="Retomar")).to_be_visible()
    assert_fit_for_all(page)
    tasks.alter_many(mass_id=MassAlteration.objects.get().pk)
    assert MassAlteration.objects.get().status == "PAUSED"
    page.get_by_role("button", name="Retomar").click()
    expect(page.get_by_role("button", name="Pausar")).to_be_visible()
    tasks.alter_many(mass_id=MassAlteration.objects.get().pk)

    expect(page.locator(".run-head")).to_contain_text("Concluído")
    expect(page.locator("main")).to_contain_text("com a marca de ciência")
    assert_fit_for_all(page)
    pictures.take(page, "alteracao-em-massa-relatorio")
    assert told_less.alterations.get().difference_cents == -386
    page.get_by_role("link", name="Ver lista: Nenhuma fatura gerada").click()
    expect(page.locator("tbody")).to_contain_text(str(left.pk))
    assert_fit_for_all(page)
    with page.expect_download() as download:
        page.get_by_role("link", name="Exportar").click()
    assert f"{left.pk};" in Path(download.value.path()).read_text(encoding="utf-8-sig")
