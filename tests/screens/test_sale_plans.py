"""Sale plans: sold as they say, changed without touching what was sold, taken along and back."""

import re
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from django.test import Client
from playwright.sync_api import Page, expect

from tests.provider import Provider, provider
from tests.screens.answers import faults, seen
from tests.screens.registers import TRIALS
from tests.screens.test_pages import assert_fit_for_all
from vigente.audit.actor import Actor
from vigente.backoffice.registers.sale_plans import speed
from vigente.catalog.models import SalePlan, SalePlanItem
from vigente.catalog.sale_plans import sale_plan_facts
from vigente.documents.models import DocumentTemplate
from vigente.domain.codes import TemplateKind
from vigente.domain.cycles import PeriodUnit
from vigente.domain.permissions import Role
from vigente.imports import actions as imports
from vigente.imports.all_sheets import SHEETS
from vigente.imports.sheets import Context
from vigente.staff import actions as staff
from vigente.staff.models import Branch, User

ONE_LINE = {"items-TOTAL_FORMS": "1", "items-INITIAL_FORMS": "0"}


def good(isp: Provider, **changes: str) -> dict[str, str]:
    return {**TRIALS["planos"].good(isp), **ONE_LINE, **changes}


def person(isp: Provider, role: Role) -> User:
    return staff.create_user(
        email="bia@example.com",
        name="Bia",
        password="abacate-verde",
        branches=[isp.branch],
        roles=[role],
    )


def test_a_plan_that_no_sale_would_take_is_refused_beside_its_fields(
    small: Provider, manager: Client
) -> None:
    by_days = small.billing_type()
    by_days.period_unit, by_days.period_count = PeriodUnit.DAY.value, 30
    by_days.save()

    def found(**typed: str) -> dict[str, str]:
        answer = manager.post("/planos/novo/", good(small, **typed))
        assert answer.status_code == 422
        return faults(answer.content.decode())

    assert found(activation_product_id="") == {
        "activation_product_id": "Escolha o produto da taxa de ativação."
    }
    assert found(branch_id="") == {
        "wallet_id": "Esta carteira é só da filial Matriz. Escolha outra carteira, ou venda o "
        "plano só nessa filial."
    }
    assert found(billing_type_id=str(by_days.pk)) == {
        "billing_type_id": "Com ciclos em dias, cada produto precisa do valor por ciclo."
    }
    assert found(**{"items-0-quantity": "1,2345"}) == {
        "items-0-quantity": "Use até 3 casas depois da vírgula."
    }
    again = {name.replace("-0-", "-1-"): v for name, v in good(small).items() if "-0-" in name}
    none = manager.post("/planos/novo/", good(small, **{"items-0-DELETE": "on"}))
    both = manager.post("/planos/novo/", {**good(small), **again, "items-TOTAL_FORMS": "2"})
    assert "O plano não tem nenhum produto" in none.content.decode()
    assert "O mesmo produto vem 2 vezes" in both.content.decode()
    assert not SalePlan.objects.filter(code="F600").exists()


def test_the_list_says_the_price_and_the_contracts_in_force(
    small: Provider, manager: Client
) -> None:
    manager.post("/planos/novo/", good(small))
    plan = SalePlan.objects.get(code="F600")
    small.activate(plan)
    small.activate(plan)
    small.sell(plan)  # not yet in force

    html = manager.get("/planos/").content.decode()

    row = html[html.index("F600") :]
    assert re.findall(r'<td class="num">([^<]+)</td>', row)[:2] == [
        "149,85",
        "2 em vigor",
    ]  # 99,90 × 1,5


def test_an_inactive_plan_is_offered_in_no_sale(small: Provider, manager: Client) -> None:
    manager.post("/planos/novo/", good(small))
    plan = SalePlan.objects.get(code="F600")
    address, customer = f"/planos/{plan.pk}/", small.customer()
    sale = f"/contratos/novo/?cliente={customer.pk}"
    before = manager.get(sale).content.decode()
    inactive = {name: value for name, value in good(small).items() if name != "is_active"}

    answer = manager.post(address, {**inactive, "visto": seen(manager, address)})

    assert answer.status_code == 302
    assert "Fibra 600" in before
    manager.get("/planos/")  # which says that it was saved
    assert "Fibra 600" not in manager.get(sale).content.decode()
    assert manager.get(f"{sale}&plano={plan.pk}").status_code == 404
    assert "Fibra 600" in manager.get("/planos/?visao=inativos").content.decode()


def test_a_plan_leads_to_its_parameters_and_contracts(small: Provider, manager: Client) -> None:
    manager.post("/planos/novo/", good(small))
    plan = SalePlan.objects.get(code="F600")

    shown = manager.get(f"/planos/{plan.pk}/").content.decode()
    seller = Client()
    seller.force_login(person(small, Role.SELLER))
    to_a_seller = seller.get(f"/planos/{plan.pk}/").content.decode()

    assert f'href="/parametros/plano/{plan.pk}/"' in shown
    assert f'href="/contratos/?plano={plan.pk}"' in shown
    assert "parametros/plano" not in to_a_seller
    assert f'href="/contratos/?plano={plan.pk}"' in to_a_seller


@pytest.mark.parametrize(
    ("kbps", "words"),
    [(600_000, "600 Mbit/s"), (1_000_000, "1 Gbit/s"), (1_500, "1,5 Mbit/s"), (None, "")],
)
def test_the_speed_of_a_plan_is_that_of_its_fastest_product(
    small: Provider, kbps: int | None, words: str
) -> None:
    small.internet.download_kbps = kbps
    small.internet.save()

    assert speed(small.plan()) == words


def test_changing_a_plan_changes_no_contract_sold(small: Provider, manager: Client) -> None:
    manager.post("/planos/novo/", good(small))
    plan = SalePlan.objects.get(code="F600")
    contract = small.activate(plan)
    address = f"/planos/{plan.pk}/"
    typed = good(small, **{"items-0-price_cents": "129,90", "loyalty_months": "24"})

    shown = manager.get(address).content.decode()
    answer = manager.post(address, {**typed, "visto": seen(manager, address)})

    assert "nunca muda os contratos já vendidos" in shown
    assert answer.status_code == 302
    assert sale_plan_facts(plan).items[0].price_cents == 12990
    assert contract.items.get(kind="PLAN").price_cents == 9990
    contract.refresh_from_db()
    assert contract.loyalty_months == 12


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_plans_taken_along_come_back_through_the_importer(
    small: Provider, manager: Client, tmp_path: Path, kind: str
) -> None:
    """One row per product; what came back is what went out, an inactive plan too."""
    second = {
        f"items-1-{name}": value
        for name, value in (
            ("product_id", str(small.fee.pk)),
            ("description", "Roteador"),
            ("quantity", "2"),
            ("price_cents", "10,00"),
            ("cycle_price_cents", "9,00"),
        )
    }
    template = DocumentTemplate.objects.create(name="Fibra", kind=TemplateKind.CONTRACT.value)
    named = {"template_id": str(template.pk), "items-TOTAL_FORMS": "2"}
    ticked = {"renews", "is_active"}
    typed = {name: value for name, value in good(small).items() if name not in ticked}
    manager.post("/planos/novo/", {**typed, **second, **named})
    plan = SalePlan.objects.get(code="F600")
    before = sale_plan_facts(plan)
    file = tmp_path / f"planos.{kind}"
    file.write_bytes(manager.get(f"/planos/exportar/{kind}/?visao=inativos").content)
    SalePlanItem.objects.all().delete()
    SalePlan.objects.all().delete()

    now = datetime(2026, 1, 2, tzinfo=UTC)
    context = Context(by=Actor(None, "teste"), now=now, today=date(2026, 1, 2))
    report = imports.import_file(SHEETS["planos"], file, context=context)

    assert not report.problems
    assert sale_plan_facts(SalePlan.objects.get(code="F600")) == before


def test_plans_and_wallets_of_other_branches_are_not_seen(small: Provider, manager: Client) -> None:
    other = provider(code="B")
    plan = other.plan(branch=other.branch)
    Branch.objects.filter(pk=other.branch.pk).update(name="Outra")

    assert manager.get(f"/planos/{plan.pk}/").status_code == 404
    assert manager.get(f"/carteiras/{other.wallet.pk}/").status_code == 404
    refused = manager.post("/planos/novo/", good(small, wallet_id=str(other.wallet.pk)))
    assert faults(refused.content.decode()) == {"wallet_id": "Escolha uma das opções da lista."}


def test_a_plan_on_screen(signed_in: Page, isp: Provider) -> None:
    billing_type = isp.billing_type()

    signed_in.goto("/planos/novo/")
    assert_fit_for_all(signed_in)
    signed_in.fill("[name=code]", "F300")
    signed_in.fill("[name=name]", "Fibra 300")
    signed_in.select_option("[name=billing_type_id]", str(billing_type.pk))
    signed_in.select_option("[name=items-0-product_id]", str(isp.internet.pk))
    signed_in.fill("[name=items-0-description]", "Fibra 300")
    signed_in.fill("[name=items-0-price_cents]", "99,90")
    signed_in.keyboard.press("Control+s")

    expect(signed_in.get_by_text("«Fibra 300» foi salvo.")).to_be_visible()
    assert_fit_for_all(signed_in)
