"""Parameters on the screen: where each value comes from, who may change it and how."""

import re

import pytest
from django.test import Client
from playwright.sync_api import Page, expect

from tests.provider import ATTENDANT, NOW, Provider, provider
from tests.screens.test_pages import assert_fit_for_all
from vigente.audit.models import AuditEntry
from vigente.backoffice.parameters.page import GROUPS
from vigente.domain.parameters import (
    CLOSE_HOUR,
    GROUP_INVOICES,
    LAST_DUE_ON,
    PARAMETERS,
    Parameter,
    Scope,
)
from vigente.domain.permissions import Role
from vigente.parameters import actions, queries
from vigente.staff import actions as staff


@pytest.fixture
def small(db: None) -> Provider:
    return provider()


def signed_in_as(isp: Provider, *roles: Role, administrator: bool = False) -> Client:
    user = staff.create_user(
        email=f"{len(roles)}{administrator}@example.com",
        name="Ana Gerente",
        password="abacate-verde",
        branches=[isp.branch],
        roles=roles,
        administrator=administrator,
    )
    client = Client()
    client.force_login(user)
    return client


def hidden(client: Client, address: str, parameter: Parameter) -> dict[str, str]:
    """Return what the form of a parameter carries."""
    html = client.get(address).content.decode()
    [row] = re.findall(rf'id="{parameter.name}"(.*?)</form>', html, re.DOTALL)
    return dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', row))


def save(client: Client, address: str, parameter: Parameter, value: str):  # noqa: ANN201
    return client.post(address, {**hidden(client, address, parameter), "valor": value})


def of_branch(isp: Provider) -> str:
    return f"/parametros/filial/{isp.branch.pk}/"


def in_force(isp: Provider, parameter: Parameter) -> object:
    return queries.in_force(parameter, branch_id=isp.branch.pk).value


def test_every_parameter_has_its_group() -> None:
    assert {p.name for _, group in GROUPS for p in group} == set(PARAMETERS)


def test_a_value_is_set_once_and_the_page_says_who_did_it(small: Provider) -> None:
    client = signed_in_as(small, Role.MANAGER)
    typed = {**hidden(client, of_branch(small), CLOSE_HOUR), "valor": "4"}

    first = client.post(of_branch(small), typed)
    client.post(of_branch(small), typed)
    shown = client.get(of_branch(small)).content.decode()

    assert first["Location"].endswith("#close_hour")
    assert in_force(small, CLOSE_HOUR) == 4
    assert AuditEntry.objects.filter(action="parameter set").count() == 1
    assert "definido aqui: 4" in shown
    assert "alterado por Ana Gerente" in shown
    assert "padrão: 6" in shown


def test_going_back_to_inheriting(small: Provider) -> None:
    client = signed_in_as(small, Role.MANAGER)
    save(client, of_branch(small), CLOSE_HOUR, "4")

    client.post(of_branch(small), {**hidden(client, of_branch(small), CLOSE_HOUR), "herdar": "1"})

    shown = client.get(of_branch(small)).content.decode()
    assert in_force(small, CLOSE_HOUR) == 6
    assert "padrão do Vigente: 6" in shown


def test_a_branch_says_that_the_system_decided(small: Provider) -> None:
    actions.set_value(CLOSE_HOUR, 3, scope=Scope.SYSTEM, scope_id=0, by=ATTENDANT, now=NOW)

    shown = signed_in_as(small, Role.MANAGER).get(of_branch(small)).content.decode()

    assert "herdado do sistema: 3" in shown
    assert "alterado por Ana Atendente" in shown


@pytest.mark.parametrize("typed", ["", "24", "-1", "9" * 30, "x", "4.5", "<b>", "\x00", "٤"])
def test_what_does_not_fit_is_refused_in_the_parameters_sentence(
    small: Provider, typed: str
) -> None:
    answer = save(signed_in_as(small, Role.MANAGER), of_branch(small), CLOSE_HOUR, typed)

    shown = answer.content.decode()
    assert answer.status_code == 422
    assert 'role="alert"' in shown
    if "\x00" not in typed:
        assert "Hora do fechamento: informe um número inteiro de 0 a 23." in shown
    assert in_force(small, CLOSE_HOUR) == 6


def test_an_empty_ceiling_lifts_it(small: Provider) -> None:
    client = signed_in_as(small, Role.MANAGER)

    assert "LC 214/2025" in client.get(of_branch(small)).content.decode()
    assert save(client, of_branch(small), LAST_DUE_ON, "31/02/2027").status_code == 422
    save(client, of_branch(small), LAST_DUE_ON, "2027-12-31")
    assert in_force(small, LAST_DUE_ON) == "2027-12-31"
    save(client, of_branch(small), LAST_DUE_ON, "")
    assert in_force(small, LAST_DUE_ON) is None


def test_the_later_of_two_people_is_told(small: Provider) -> None:
    client = signed_in_as(small, Role.MANAGER)
    late = {**hidden(client, of_branch(small), CLOSE_HOUR), "valor": "8"}
    save(client, of_branch(small), CLOSE_HOUR, "4")

    refused = client.post(of_branch(small), late)

    assert refused.status_code == 422
    assert "outra pessoa alterou" in refused.content.decode()
    assert in_force(small, CLOSE_HOUR) == 4


def test_who_may_look_may_not_change_nor_lift_the_ceiling(
    small: Provider, monkeypatch: pytest.MonkeyPatch
) -> None:
    looking = signed_in_as(small, Role.AUDITOR)
    refused = {"parametro": "last_due_on", "valor": "", "proprio": "0"}

    assert "Salvar" not in looking.get(of_branch(small)).content.decode()
    assert looking.post(of_branch(small), refused).status_code == 403
    assert looking.get("/parametros/sistema/").status_code == 403
    assert in_force(small, LAST_DUE_ON) == "2026-12-31"


def test_only_administrators_change_the_system(small: Provider) -> None:
    typed = {"parametro": "close_hour", "valor": "4", "proprio": "0"}

    assert signed_in_as(small, Role.MANAGER).post("/parametros/sistema/", typed).status_code == 403
    administrator = signed_in_as(small, administrator=True)
    assert administrator.get("/parametros/")["Location"] == "/parametros/sistema/"
    assert administrator.post("/parametros/sistema/", typed).status_code == 302
    assert in_force(small, CLOSE_HOUR) == 4
    assert "difference_policy" not in administrator.get("/parametros/sistema/").content.decode()


def test_a_contract_inherits_from_its_plan(small: Provider) -> None:
    contract = small.activate()
    plan = contract.plans.get().sale_plan
    client = signed_in_as(small, Role.MANAGER)

    save(client, f"/parametros/plano/{plan.pk}/", GROUP_INVOICES, "nao")
    shown = client.get(f"/parametros/contrato/{contract.pk}/").content.decode()
    save(client, f"/parametros/contrato/{contract.pk}/", GROUP_INVOICES, "sim")

    assert f"herdado do plano {plan.name}: Não" in shown
    assert "close_hour" not in shown
    found = queries.in_force(
        GROUP_INVOICES, branch_id=small.branch.pk, plan_id=plan.pk, contract_id=contract.pk
    )
    assert (found.value, found.scope) == (True, Scope.CONTRACT)


def test_the_page_fits_and_saves_in_a_browser(signed_in: Page, isp: Provider) -> None:
    signed_in.goto(f"/parametros/filial/{isp.branch.pk}/")
    assert_fit_for_all(signed_in)

    signed_in.get_by_label("Hora do fechamento").fill("3")
    signed_in.get_by_label("Hora do fechamento").press("Enter")
    expect(signed_in.get_by_role("status").first).to_contain_text("foi salvo")
    signed_in.get_by_role("button", name="Herdar Hora do fechamento").click()

    expect(signed_in.get_by_role("status").first).to_contain_text("volta a herdar")
    assert in_force(isp, CLOSE_HOUR) == 6
    expect(signed_in.locator(".policies")).to_contain_text("Saldo do período")
