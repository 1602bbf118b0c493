"""Wallets: within the law, and no contract of another branch is left without its own."""

import pytest
from django.test import Client

from tests.provider import Provider, provider
from tests.screens.answers import faults, seen
from tests.screens.registers import TRIALS
from vigente.catalog.models import Wallet


@pytest.mark.parametrize(
    ("field", "typed", "sentence"),
    [
        ("fine_percent", "2,01", "Número de 0 a 2."),
        ("interest_percent_month", "1,5", "Número de 0 a 1."),
        ("interest_percent_month", "0,333", "Use até 2 casas depois da vírgula."),
        ("name", "carteira m", "Já existe uma carteira com este nome."),
    ],
)
def test_a_wallet_beyond_the_law_is_refused(
    small: Provider, manager: Client, field: str, typed: str, sentence: str
) -> None:
    answer = manager.post("/carteiras/novo/", {**TRIALS["carteiras"].good(small), field: typed})

    assert answer.status_code == 422
    assert faults(answer.content.decode()) == {field: sentence}
    assert Wallet.objects.count() == 1


def test_a_wallet_that_other_branches_use_stays_for_all(small: Provider, manager: Client) -> None:
    other = provider(code="B")
    shared = Wallet.objects.create(name="Para todas")
    typed = {**TRIALS["carteiras"].good(small), "visto": "", "name": "Para todas"}
    address = f"/carteiras/{shared.pk}/"

    plan = other.plan(wallet=shared, branch=other.branch)
    by_plan = manager.post(address, {**typed, "visto": seen(manager, address)})
    plan.delete()
    other.wallet = shared
    other.sell()
    by_contract = manager.post(address, {**typed, "visto": seen(manager, address)})

    assert "em outras filiais" in faults(by_plan.content.decode())["branch_id"]
    assert "Contratos de outras filiais" in faults(by_contract.content.decode())["branch_id"]
    shared.refresh_from_db()
    assert shared.branch is None
