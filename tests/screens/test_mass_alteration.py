"""Altering many contracts on the screen: asked, simulated, carried out and reported."""

from datetime import date

import pytest
from django.test import Client
from django.utils import timezone

from tests.journeys.altering import choose
from tests.journeys.scenario import close
from tests.provider import Provider, provider
from vigente.alterations.models import MassAlteration
from vigente.contracts.models import Contract, ContractItem
from vigente.domain.codes import DifferencePolicy
from vigente.domain.permissions import Role
from vigente.staff import actions as staff
from vigente.worker import tasks

pytestmark = pytest.mark.django_db
PAGE = "/alteracoes/em-massa/"


@pytest.fixture
def isp() -> Provider:
    made = provider()
    choose(made, DifferencePolicy.PERIOD_BALANCE)
    return made


@pytest.fixture
def manager(isp: Provider) -> Client:
    user = staff.create_user(
        email="gil@example.com",
        name="Gil",
        password="abacate-verde",
        branches=[isp.branch],
        roles=[Role.MANAGER],
    )
    client = Client()
    client.force_login(user)
    return client


def active(isp: Provider, *, on: date) -> Contract:
    contract = isp.activate(on=on, sold_on=on)
    today = timezone.localdate()  # noqa: TID251  the pages read it too
    close(issued_on=today, due_until=today, approved=True)
    return contract


def asked(isp: Provider, **more) -> dict[str, str]:
    today = timezone.localdate().isoformat()  # noqa: TID251  the pages read it too
    return {"kind": "PERCENT", "on": today, "percent": "5", "branch": str(isp.branch.pk), **more}


def test_a_readjustment_is_simulated_carried_out_and_reported(
    isp: Provider, manager: Client
) -> None:
    today = timezone.localdate()  # noqa: TID251  the pages read it too
    old = active(isp, on=today.replace(year=today.year - 2, day=1))
    young = active(isp, on=today.replace(day=1))

    answer = manager.post(PAGE, asked(isp))
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
    isp: Provider, manager: Client, more: dict[str, str], sentence: str
) -> None:
    answer = manager.post(PAGE, asked(isp, **more))

    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert not MassAlteration.objects.exists()


def test_a_second_click_begins_nothing_more(isp: Provider, manager: Client) -> None:
    active(isp, on=date(2025, 1, 10))
    sent = asked(isp, envio="6f9619ff-8b86-4d01-b42d-00cf4fc964ff")

    first, second = manager.post(PAGE, sent), manager.post(PAGE, sent)

    assert first.headers["Location"] == second.headers["Location"]
    assert MassAlteration.objects.count() == 1


def test_a_discarded_simulation_leads_back(isp: Provider, manager: Client) -> None:
    active(isp, on=date(2025, 1, 10))
    manager.post(PAGE, asked(isp))
    run = MassAlteration.objects.get()

    answer = manager.post(f"{PAGE}{run.pk}/descartar/")

    assert answer.headers["Location"] == PAGE
    assert "Descartado" in manager.get(PAGE).content.decode()
