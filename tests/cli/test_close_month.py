"""The command line simulates and carries out a close, narrowed as one likes."""

import json
from datetime import date, timedelta

import pytest
from django.utils import timezone

from tests.provider import Provider, provider
from vigente import cli
from vigente.billing.models import Invoice

pytestmark = pytest.mark.django_db


@pytest.fixture
def isp() -> Provider:
    return provider()


def soon(isp: Provider) -> str:
    """Activate a contract; return a day until which its first invoice falls due."""
    today: date = timezone.localdate()  # noqa: TID251  the command reads it too
    isp.activate(on=today - timedelta(days=40), due_day=today.day % 28 + 1)
    return (today + timedelta(days=3)).isoformat()


def test_a_simulation_prints_json_and_writes_nothing(
    isp: Provider, capsys: pytest.CaptureFixture[str]
) -> None:
    code = cli.main(["close-month", "--due-until", soon(isp), "--simulate", "--json"])

    told = json.loads(capsys.readouterr().out)
    assert (code, told["contracts"]) == (0, 1)
    assert Invoice.objects.count() == 0


def test_a_close_narrowed_to_the_contract_writes_what_it_shows(
    isp: Provider, capsys: pytest.CaptureFixture[str]
) -> None:
    until = soon(isp)
    other = isp.activate()

    code = cli.main(
        [
            *("close-month", "--due-until", until, "--approve-back-periods", "--json"),
            *("--branch", "m", "--wallet", "carteira m", "--contract", str(other.pk - 1)),
        ]
    )

    told = json.loads(capsys.readouterr().out)
    assert code == 0
    assert told["invoices"] == Invoice.objects.count() > 0
    assert not Invoice.objects.filter(contract=other).exists()


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ([], "Informe o mês de referência"),
        (["2026-12", "--branch", "NADA"], "Não existe filial «NADA»"),
        (["2026-12", "--customer", "1"], "Não existe cliente «1»"),
    ],
)
def test_what_cannot_be_is_refused_in_a_sentence(
    capsys: pytest.CaptureFixture[str], arguments: list[str], sentence: str
) -> None:
    assert cli.main(["close-month", *arguments]) == 2
    assert sentence in capsys.readouterr().err
