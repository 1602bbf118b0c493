"""Filiais: set up in one transaction with the policy that each must choose, never deleted."""

import re

import pytest
from django.test import Client
from playwright.sync_api import Page, expect

from tests.provider import Provider, provider
from tests.screens.registers import TRIALS
from tests.screens.test_pages import assert_fit_for_all
from vigente.audit.models import AuditEntry
from vigente.domain.parameters import DIFFERENCE_POLICY, Scope
from vigente.domain.permissions import Role
from vigente.parameters import queries
from vigente.parameters.models import ParameterValue
from vigente.staff import actions as staff
from vigente.staff.models import Branch, User

HOLIDAY_LINES = {
    "holidays-TOTAL_FORMS": "2",
    "holidays-INITIAL_FORMS": "0",
    "holidays-MIN_NUM_FORMS": "0",
    "holidays-MAX_NUM_FORMS": "100",
}


@pytest.fixture
def small(db: None) -> Provider:
    return provider()


@pytest.fixture
def manager(small: Provider) -> Client:
    user = staff.create_user(
        email="ana@example.com",
        name="Ana Gerente",
        password="abacate-verde",
        branches=[small.branch],
        roles=[Role.MANAGER],
    )
    client = Client()
    client.force_login(user)
    return client


def good(isp: Provider, **changes: str) -> dict[str, str]:
    return {**TRIALS["filiais"].good(isp), **HOLIDAY_LINES, **changes}


def test_a_branch_comes_with_its_policy_and_its_holidays(small: Provider, manager: Client) -> None:
    answer = manager.post("/filiais/novo/", good(small))

    branch = Branch.objects.get(code="SC")
    assert answer.status_code == 302
    assert (branch.uf, branch.tax_id) == ("MG", "11222333000181")
    assert [str(holiday) for holiday in branch.holidays.all()] == ["15/08/2026 Padroeira"]
    found = queries.in_force(DIFFERENCE_POLICY, branch_id=branch.pk)
    assert (found.value, found.scope) == ("PERIOD_BALANCE", Scope.BRANCH)
    assert AuditEntry.objects.filter(action="parameter set", object_id=branch.pk).count() == 1


def test_who_sets_a_branch_up_sees_it(small: Provider, manager: Client) -> None:
    manager.post("/filiais/novo/", good(small))

    branch = Branch.objects.get(code="SC")
    assert branch in User.objects.get().branches.all()
    assert manager.get(f"/filiais/{branch.pk}/").status_code == 200
    assert AuditEntry.objects.filter(action="user joined branch", branch_id=branch.pk).exists()


def test_the_policy_must_be_chosen_and_nothing_is_half_written(
    small: Provider, manager: Client
) -> None:
    answer = manager.post("/filiais/novo/", good(small, difference_policy=""))

    assert answer.status_code == 422
    assert "Informe diferença das alterações." in answer.content.decode()
    assert not Branch.objects.filter(code="SC").exists()
    assert not ParameterValue.objects.exists()


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"code": "m"}, "Já existe uma filial com este código."),
        ({"tax_id": "529.982.247-25"}, "Isto é um CPF; uma filial tem CNPJ."),
        ({"tax_id": "11.222.333/0001-80"}, "CNPJ com dígitos verificadores errados."),
        ({"uf": "XX"}, "Não é a sigla de um estado."),
        ({"time_zone": "Europe/Lisbon"}, "Escolha uma das opções da lista."),
        (
            {"holidays-1-day": "2026-08-15", "holidays-1-name": "Outro"},
            "Há dois feriados no mesmo dia: deixe um só.",
        ),
    ],
)
def test_what_does_not_fit_is_refused(
    small: Provider, manager: Client, changes: dict[str, str], sentence: str
) -> None:
    answer = manager.post("/filiais/novo/", good(small, **changes))

    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert Branch.objects.count() == 1


def test_holidays_are_replaced_by_those_typed(small: Provider, manager: Client) -> None:
    manager.post("/filiais/novo/", good(small))
    branch = Branch.objects.get(code="SC")
    kept = branch.holidays.get()
    seen = re.findall(
        r'name="visto" value="([^"]*)"', manager.get(f"/filiais/{branch.pk}/").content.decode()
    )

    manager.post(
        f"/filiais/{branch.pk}/",
        good(
            small,
            **{"visto": seen[0], "holidays-1-day": "2026-10-03", "holidays-1-name": "Aniversário"},
        ),
    )

    assert [h.name for h in branch.holidays.order_by("day")] == ["Padroeira", "Aniversário"]
    assert branch.holidays.filter(pk=kept.pk).exists()


def test_a_branch_with_contracts_in_force_is_not_inactivated(
    small: Provider, manager: Client
) -> None:
    small.activate()
    address = f"/filiais/{small.branch.pk}/"
    seen = re.findall(r'name="visto" value="([^"]*)"', manager.get(address).content.decode())[0]

    typed = good(small, code="M", visto=seen)
    typed.pop("is_active")
    answer = manager.post(address, typed)

    assert answer.status_code == 422
    assert "1 contrato(s) em vigor" in answer.content.decode()
    assert Branch.objects.get().is_active


def test_the_form_fits_and_shows_both_sums(signed_in: Page, isp: Provider) -> None:
    signed_in.goto("/filiais/novo/")

    expect(signed_in.locator(".policies")).to_contain_text("3,86")
    assert_fit_for_all(signed_in)
    signed_in.goto("/filiais/")
    assert_fit_for_all(signed_in)
