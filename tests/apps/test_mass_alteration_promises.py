"""Every promise of the tables of mass alterations, seen to refuse what it forbids."""

from datetime import date

import pytest

from tests.apps.test_payment_promises import refused_by
from tests.journeys.altering import ON, begin
from tests.provider import NOW, Provider, provider
from vigente.alterations.models import Alteration, MassAlteration, MassChunk, MassSkip

pytestmark = pytest.mark.django_db

PERCENT = {"kind": "PERCENT", "percents": [50_000]}
INDEX = {
    "kind": "INDEX",
    "percents": [5_000] * 12,
    "index_code": "IPCA",
    "index_until": date(2026, 6, 1),
}


@pytest.fixture
def isp() -> Provider:
    return provider()


def mass(**columns) -> MassAlteration:
    told = {**PERCENT, "on": ON, "by_name": "Ana", "created_at": NOW, **columns}
    return MassAlteration.objects.create(**told)


def chunk(of: MassAlteration, **columns) -> MassChunk:
    return MassChunk.objects.create(mass=of, number=1, contract_ids=[1], **columns)


@pytest.mark.parametrize("columns", [{"kind": "X"}, {"status": "X"}])
def test_codes_are_known(columns: dict[str, str]) -> None:
    with refused_by("mass_alteration_codes"):
        mass(**columns)


@pytest.mark.parametrize(
    "columns",
    [
        {"kind": "PLAN", "percents": []},
        {"percents": []},
        {"percents": [1, 2]},
        {"index_code": "IPCA"},
        INDEX | {"percents": [5_000] * 11},
        INDEX | {"index_code": ""},
        INDEX | {"index_until": None},
    ],
    ids=str,
)
def test_each_kind_has_what_it_needs_and_no_more(columns: dict[str, object]) -> None:
    with refused_by("mass_alteration_is_whole"):
        mass(**columns)


def test_an_index_has_its_twelve_months() -> None:
    assert mass(**INDEX).pk


def test_nothing_ends_that_never_started() -> None:
    with refused_by("mass_alteration_starts_before_it_ends"):
        mass(finished_at=NOW)


@pytest.mark.parametrize("columns", [{}, {"started_at": NOW, "status": "PAUSED"}], ids=str)
def test_nothing_works_before_it_starts_nor_in_a_pause(columns: dict[str, object]) -> None:
    with refused_by("mass_alteration_works_once_started"):
        mass(resumed_at=NOW, **columns)


def test_a_chunk_stands_once() -> None:
    run = mass()
    chunk(run)

    with refused_by("mass_chunk_once"):
        chunk(run)


@pytest.mark.parametrize(
    "columns", [{"status": "X"}, {"status": "DONE"}, {"written": {"contracts": 1}}]
)
def test_a_chunk_that_is_done_has_its_figures(columns: dict[str, object]) -> None:
    with refused_by("mass_chunk_done_has_figures"):
        chunk(mass(), **columns)


def test_a_contract_is_left_once_for_a_known_reason_that_is_told(isp: Provider) -> None:
    run, contract = mass(), isp.activate(on=ON, sold_on=ON)
    facts = {"mass": run, "chunk": chunk(run), "contract": contract}

    with refused_by("mass_skip_reason"):
        MassSkip.objects.create(**facts, reason="X", sentence="Porque não.")
    with refused_by("mass_skip_says_why"):
        MassSkip.objects.create(**facts, reason="TOO_EARLY", sentence="")
    MassSkip.objects.create(**facts, reason="TOO_EARLY", sentence="Espere.")
    with refused_by("mass_skip_once"):
        MassSkip.objects.create(**facts, reason="NO_INVOICE", sentence="Espere.")


def test_a_mass_alteration_alters_a_contract_once(isp: Provider) -> None:
    contract = isp.activate(on=ON, sold_on=ON)
    run = mass()
    first = begin(contract)
    Alteration.objects.filter(pk=first.pk).update(status="DROPPED", mass=run)
    second = begin(contract)

    with refused_by("mass_alters_once"):
        Alteration.objects.filter(pk=second.pk).update(mass=run)
