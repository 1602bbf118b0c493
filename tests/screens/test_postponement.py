"""Postponing: one receivable or several marked ones, all or none, each date seen before."""

from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone
from playwright.sync_api import Page, expect

from tests.apps.money import cancel, owe, pay
from tests.provider import ATTENDANT, NOW, Provider, provider
from tests.screens.test_pages import assert_fit_for_all
from vigente.billing.models import Invoice, Receivable
from vigente.catalog.models import Wallet
from vigente.contracts.models import Contract
from vigente.domain.parameters import DUE_ON_BUSINESS_DAY, LAST_DUE_ON, Parameter, Scope, Value
from vigente.domain.permissions import Role
from vigente.parameters import actions as parameters
from vigente.staff import actions as staff

pytestmark = pytest.mark.django_db

HTMX = {"HX-Request": "true"}
ADDRESS = "/contas-a-receber/prorrogar/"


def today() -> date:
    return timezone.localdate()  # noqa: TID251  the pages read it too


def of_the_system(parameter: Parameter, value: Value) -> None:
    parameters.set_value(parameter, value, scope=Scope.SYSTEM, scope_id=0, by=ATTENDANT, now=NOW)


@pytest.fixture(autouse=True)
def any_day(request: pytest.FixtureRequest) -> None:
    """Let accounts fall due whenever the tests run."""
    request.getfixturevalue("transactional_db" if "page" in request.fixturenames else "db")
    of_the_system(LAST_DUE_ON, None)
    of_the_system(DUE_ON_BUSINESS_DAY, value=False)


@pytest.fixture
def contract(small: Provider) -> Contract:
    return small.activate()


def typed(*receivables: Receivable, **more: str) -> dict[str, object]:
    return {
        "conta": [one.pk for one in receivables],
        "day": "",
        "days": "",
        "reason": "acordo por telefone",
        "envio": str(uuid4()),
        **more,
    }


def due_dates() -> list[date]:
    return list(Receivable.objects.order_by("pk").values_list("due_on", flat=True))


def test_several_get_the_same_days_more_and_their_invoices_keep_theirs(
    manager: Client, contract: Contract
) -> None:
    Wallet.objects.update(fine_percent=2, interest_percent_month=1)
    late = owe(contract, due_on=today() - timedelta(days=3), discount=500)
    soon = owe(contract, due_on=today() + timedelta(days=3))
    told = typed(late, soon, days="10")

    seen = manager.post(ADDRESS, {**told, "previa": "1"}, headers=HTMX).text
    assert due_dates() == [late.due_on, soon.due_on]
    first, second = manager.post(ADDRESS, told), manager.post(ADDRESS, told)

    assert "Multa de 2% e juros de 1% ao mês passam a contar do novo vencimento" in seen
    assert "volta a ficar a vencer" in seen
    assert "R$ 5,00 ao todo, valem até o novo vencimento" in seen
    assert first.headers["Location"] == second.headers["Location"]
    assert due_dates() == [today() + timedelta(days=7), today() + timedelta(days=13)]
    assert set(Invoice.objects.values_list("due_on", "nominal_due_on")) == {
        (late.due_on, late.due_on),
        (soon.due_on, soon.due_on),
    }
    page = manager.get(f"/contas-a-receber/{late.pk}/").text
    assert "Vencimento prorrogado" in page
    assert f"Vencia em: {late.due_on:%d/%m/%Y}" in page
    assert "acordo por telefone" in page


def test_paid_and_cancelled_ones_say_the_way_out_and_nothing_is_half_done(
    manager: Client, contract: Contract
) -> None:
    paid, gone, open_one = owe(contract), owe(contract), owe(contract)
    pay(paid, 9000)
    cancel(gone)
    before = due_dates()
    told = typed(paid, gone, open_one, day=(today() + timedelta(days=30)).isoformat())

    seen = manager.get(f"{ADDRESS}?conta={paid.pk}&conta={gone.pk}&conta={open_one.pk}").text
    answer = manager.post(ADDRESS, told)

    assert "estorne antes o recebimento" in seen
    assert "a conta que ficou no lugar dela" in seen
    assert (answer.status_code, f"Conta {paid.pk}: Já foi recebida" in answer.text) == (422, True)
    assert due_dates() == before


def test_the_ceiling_holds(manager: Client, contract: Contract) -> None:
    ceiling = today() + timedelta(days=20)
    of_the_system(LAST_DUE_ON, ceiling.isoformat())
    receivable = owe(contract, due_on=today())

    answer = manager.post(ADDRESS, typed(receivable, days="21"))

    assert answer.status_code == 422
    assert f"teto de vencimento de {ceiling:%d/%m/%Y}" in answer.text
    assert due_dates() == [today()]
    assert manager.post(ADDRESS, typed(receivable, days="20")).status_code == 302


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({}, "um dos dois"),
        ({"day": "2026-12-31", "days": "5"}, "um dos dois"),
        ({"days": "0"}, ""),
        ({"days": "367"}, ""),
        ({"days": "dez"}, ""),
        ({"day": "31/02/2026"}, "não existe"),
        ({"day": "2020-01-01"}, "depois desse"),
        ({"days": "5", "reason": ""}, "Informe motivo"),
        ({"days": "5", "reason": "x" * 201}, ""),
        ({"days": "5", "conta": []}, "marque ao menos uma"),
        ({"days": "5", "conta": ["abc", "-1"]}, "marque ao menos uma"),
    ],
)
def test_an_absurd_postponement_is_refused(
    manager: Client, contract: Contract, wrong: dict[str, object], sentence: str
) -> None:
    receivable = owe(contract, due_on=today())

    answer = manager.post(ADDRESS, {**typed(receivable), **wrong})

    assert (answer.status_code, sentence in answer.text) == (422, True)
    assert due_dates() == [today()]


def test_nothing_marked_leads_back_to_the_list(manager: Client) -> None:
    assert "Marque na lista" in manager.get(ADDRESS).text


def test_receivables_of_another_branch_are_not_there(manager: Client) -> None:
    other = owe(provider(code="OUTRA").activate(), due_on=today())

    assert manager.get(f"{ADDRESS}?conta={other.pk}").status_code == 404
    assert manager.post(ADDRESS, typed(other, days="5")).status_code == 404
    assert due_dates() == [today()]


def test_an_attendant_neither_marks_nor_postpones(small: Provider, contract: Contract) -> None:
    owe(contract)
    attendant = staff.create_user(
        email="t@example.com",
        name="Tião",
        password="abacate-verde",
        branches=[small.branch],
        roles=[Role.ATTENDANT],
    )
    client = Client()
    client.force_login(attendant)

    assert 'name="conta"' not in client.get("/contas-a-receber/").text
    assert client.get(ADDRESS).status_code == 403


def test_marked_ones_are_counted_and_postponed_by_keyboard(
    signed_in: Page, isp: Provider, width: int
) -> None:
    contract = isp.activate()
    for cents in (9000, 5000, 100_000):
        owe(contract, cents, due_on=today())
    page = signed_in
    page.goto("/contas-a-receber/")
    expect(page.locator(".bulk")).to_be_hidden()
    for key in "jxjxjx":
        page.keyboard.press(key)
    page.keyboard.press("x")
    expect(page.locator(".bulk")).to_contain_text("2 contas · 140,00 em aberto")
    assert_fit_for_all(page)

    page.keyboard.press("p")
    page.wait_for_url("**/prorrogar/**")
    page.fill("[name=days]", "15")
    page.fill("[name=reason]", "enchente no bairro")
    page.keyboard.press("Tab")
    expect(page.locator("#previa")).to_contain_text(f"{today() + timedelta(days=15):%d/%m/%Y}")
    assert_fit_for_all(page)
    page.keyboard.press("Control+Enter")
    page.wait_for_selector("text=2 vencimentos prorrogados.")

    assert due_dates() == [*[today() + timedelta(days=15)] * 2, today()]
