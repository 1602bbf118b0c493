"""One-off sales: shown with their sums, issued once, and refused beside what was typed."""

from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone
from playwright.sync_api import Page, expect

from tests.apps.money import owe, pay
from tests.provider import ATTENDANT, NOW, Provider
from tests.screens.test_pages import assert_fit_for_all
from vigente.audit.models import AuditEntry
from vigente.billing.models import Invoice, Receivable
from vigente.contracts.models import Contract
from vigente.domain.parameters import LAST_DUE_ON, Scope
from vigente.domain.permissions import Role
from vigente.parameters import actions as parameters
from vigente.payments import credit
from vigente.staff import actions as staff

pytestmark = pytest.mark.django_db

HTMX = {"HX-Request": "true"}


def today() -> date:
    return timezone.localdate()  # noqa: TID251  the pages read it too


@pytest.fixture(autouse=True)
def no_ceiling(request: pytest.FixtureRequest) -> None:
    """Let sales fall due whenever the tests run."""
    request.getfixturevalue("transactional_db" if "page" in request.fixturenames else "db")
    parameters.set_value(LAST_DUE_ON, None, scope=Scope.SYSTEM, scope_id=0, by=ATTENDANT, now=NOW)


@pytest.fixture
def contract(small: Provider) -> Contract:
    return small.activate()


def typed(isp: Provider, **more: str) -> dict[str, str]:
    return {
        "product_id": str(isp.fee.pk),
        "description": "Roteador",
        "quantity": "2",
        "price_cents": "50,00",
        "first_due_on": (today() + timedelta(days=40)).isoformat(),
        "instalments": "3",
        "envio": str(uuid4()),
        **more,
    }


def test_what_is_shown_before_is_what_is_issued_once(
    manager: Client, small: Provider, contract: Contract
) -> None:
    address, told = f"/contratos/{contract.pk}/venda-avulsa/", typed(small)

    seen = manager.post(address, {**told, "previa": "1"}, headers=HTMX).content.decode()
    assert "R$ 50,00 × 2 = R$ 100,00" in seen
    assert not Invoice.objects.exists()
    first, second = manager.post(address, told), manager.post(address, told)

    invoices = Invoice.objects.order_by("pk")
    assert first.headers["Location"] == second.headers["Location"]
    assert [one.total_cents for one in invoices] == [3333, 3334, 3333]  # 100,00 in three
    assert all(f"{one.due_on:%d/%m/%Y}" in seen for one in invoices)
    assert {(one.kind, one.origin) for one in invoices} == {("SINGLE", "STAFF")}
    assert AuditEntry.objects.filter(action="one-off sold", object_id=contract.pk).count() == 1
    assert AuditEntry.objects.filter(action="invoice issued", object_kind="invoice").count() == 3
    assert "Venda avulsa" in manager.get(f"/contratos/{contract.pk}/?aba=historico").text


def test_credit_pays_the_oldest_first_and_the_page_says_so(
    manager: Client, small: Provider, contract: Contract
) -> None:
    pay(owe(contract, 9000), 12_000)
    address, told = f"/contratos/{contract.pk}/venda-avulsa/", typed(small, instalments="1")

    assert "R$ 30,00 de crédito" in manager.post(address, {**told, "previa": "1"}).text
    manager.post(address, told)

    sold = Receivable.objects.order_by("pk").last()
    assert sold is not None
    assert (sold.amount_cents, sold.received_cents) == (10_000, 3000)
    assert credit.balances([contract.customer_id]) == {}


def test_a_sale_beyond_the_ceiling_says_the_way_out(
    manager: Client, small: Provider, contract: Contract
) -> None:
    ceiling = today() + timedelta(days=45)
    parameters.set_value(
        LAST_DUE_ON,
        ceiling.isoformat(),
        scope=Scope.BRANCH,
        scope_id=small.branch.pk,
        by=ATTENDANT,
        now=NOW,
    )

    answer = manager.post(f"/contratos/{contract.pk}/venda-avulsa/", typed(small))

    assert answer.status_code == 422
    assert f"teto de vencimento de {ceiling:%d/%m/%Y}" in answer.text
    assert "libere o teto" in answer.text
    assert not Invoice.objects.exists()


def test_a_due_date_that_moves_says_why(
    manager: Client, small: Provider, contract: Contract
) -> None:
    told = typed(small, first_due_on=today().isoformat(), instalments="1", previa="1")

    seen = manager.post(f"/contratos/{contract.pk}/venda-avulsa/", told, headers=HTMX).text

    assert "antecedência mínima da filial" in seen


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"product_id": "999999"}, "Escolha uma das opções"),
        ({"product_id": ""}, "Informe produto"),
        ({"description": ""}, "Informe descrição"),
        ({"description": "x" * 121}, ""),
        ({"quantity": "0"}, ""),
        ({"quantity": "1,2345"}, "3 casas"),
        ({"price_cents": "0"}, "pelo menos um centavo"),
        ({"price_cents": "-5,00"}, ""),
        ({"price_cents": "99.999.999,00"}, "confira valor e quantidade"),
        ({"first_due_on": "2020-01-01"}, "já passou"),
        ({"first_due_on": "2099-12-31"}, "um ano"),
        ({"instalments": "25"}, ""),
        ({"instalments": "0"}, ""),
    ],
)
def test_an_absurd_sale_is_refused_and_what_was_typed_stays(
    manager: Client, small: Provider, contract: Contract, wrong: dict[str, str], sentence: str
) -> None:
    address, told = f"/contratos/{contract.pk}/venda-avulsa/", typed(small, **wrong)

    answer = manager.post(address, told)

    assert (answer.status_code, sentence in answer.text) == (422, True)
    assert 'value="Roteador"' in answer.text or "description" in wrong
    assert manager.post(address, {**told, "previa": "1"}, headers=HTMX).status_code == 200
    assert not Invoice.objects.exists()


def test_a_contract_not_in_force_yet_sells_nothing(manager: Client, small: Provider) -> None:
    answer = manager.post(f"/contratos/{small.sell().pk}/venda-avulsa/", typed(small))

    assert (answer.status_code, "ative-o antes" in answer.text) == (422, True)


def test_who_only_sells_contracts_issues_nothing(small: Provider, contract: Contract) -> None:
    seller = staff.create_user(
        email="s@example.com",
        name="Sara",
        password="abacate-verde",
        branches=[small.branch],
        roles=[Role.SELLER],
    )
    client = Client()
    client.force_login(seller)

    assert client.get(f"/contratos/{contract.pk}/venda-avulsa/").status_code == 403


def test_a_sale_is_made_by_keyboard(signed_in: Page, isp: Provider, width: int) -> None:
    customer = isp.customer()
    contract, other = isp.activate(customer=customer), isp.activate(customer=customer)
    isp.fee.name, isp.fee.price_cents = "Roteador Wi-Fi 6", 34_990
    isp.fee.save()
    page = signed_in
    page.goto(f"/contratos/{contract.pk}/?aba=faturas")
    page.keyboard.press("v")
    page.wait_for_url("**/venda-avulsa/")
    expect(page.get_by_role("link", name=str(other.pk), exact=True)).to_be_visible()

    page.select_option("[name=product_id]", str(isp.fee.pk))
    expect(page.locator("[name=price_cents]")).to_have_value("349,90")
    page.fill("[name=first_due_on]", (today() + timedelta(days=40)).isoformat())
    page.fill("[name=instalments]", "4")
    expect(page.locator("#previa")).to_contain_text("R$ 349,90 ÷ 4")
    assert_fit_for_all(page)
    page.keyboard.press("Control+Enter")
    page.wait_for_selector("text=4 contas a receber emitidas")

    assert_fit_for_all(page)
    assert sum(Invoice.objects.values_list("total_cents", flat=True)) == 34_990
