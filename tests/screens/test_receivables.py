"""Receivables: found, opened, received and given back; each deed shows its consequences first."""

from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from playwright.sync_api import Page, expect

from tests.apps.money import cancel, owe, pay
from tests.provider import Provider, provider
from tests.screens.test_pages import assert_fit_for_all
from vigente.billing.models import Receivable
from vigente.contracts import words as of_search
from vigente.contracts.models import Contract
from vigente.domain.permissions import Role
from vigente.payments import credit
from vigente.payments.models import Receipt
from vigente.staff import actions as staff

pytestmark = pytest.mark.django_db

HTMX = {"HX-Request": "true"}


def today() -> date:
    return timezone.localdate()  # noqa: TID251  the pages read it too


@pytest.fixture
def isp_alone() -> Provider:
    return provider()


@pytest.fixture
def contract(isp_alone: Provider) -> Contract:
    return isp_alone.activate(customer=isp_alone.customer("Açucena Conceição"))


@pytest.fixture
def client(isp_alone: Provider) -> Client:
    user = staff.create_user(
        email="caio@example.com",
        name="Caio",
        password="abacate-verde",
        branches=[isp_alone.branch],
        roles=[Role.FINANCE],
    )
    client = Client()
    client.force_login(user)
    return client


def shown(client: Client, address: str) -> str:
    return client.get(address).content.decode()


def listed(client: Client, address: str) -> list[int]:
    """Return the receivables of a page of the list, in its order."""
    return [one.pk for one, *_ in client.get(address).context["rows"]]


def test_each_view_shows_what_its_name_says(client: Client, contract: Contract) -> None:
    late = owe(contract, due_on=today() - timedelta(days=1))
    soon = owe(contract, due_on=today())
    paid = owe(contract, due_on=today())
    pay(paid, 9000)
    gone = owe(contract)
    cancel(gone)

    assert listed(client, "/contas-a-receber/") == [late.pk, soon.pk]
    assert listed(client, "/contas-a-receber/?visao=vencidas") == [late.pk]
    assert listed(client, "/contas-a-receber/?visao=a-vencer") == [soon.pk]
    assert listed(client, "/contas-a-receber/?visao=recebidas") == [paid.pk]
    assert listed(client, "/contas-a-receber/?visao=canceladas") == [gone.pk]


@pytest.mark.parametrize("few", [0, 5_000], ids=["common", "rare"])
@pytest.mark.parametrize(
    "words",
    ["acucena", "CONCEIÇÃO açu", "document", "number", "  ", "de=2026-03-10&ate=2026-03-10"],
)
def test_a_receivable_is_found_by_customer_document_number_or_due_range(
    client: Client,
    isp_alone: Provider,
    contract: Contract,
    monkeypatch: pytest.MonkeyPatch,
    words: str,
    few: int,
) -> None:
    monkeypatch.setattr(of_search, "FEW", few)
    owe(isp_alone.activate(customer=isp_alone.customer("Bento")), due_on=date(2026, 4, 10))
    wanted = owe(contract)
    known = {"document": contract.customer.tax_id, "number": str(wanted.pk)}
    words = known.get(words, words)

    found = listed(client, f"/contas-a-receber/?{words if '=' in words else f'q={words}'}")

    assert wanted.pk in found
    assert len(found) == (1 if words.strip() else 2)


def test_pages_go_forth_and_back_without_missing_or_repeating_one(
    client: Client, contract: Contract
) -> None:
    days = [date(2026, 3, 10 + number % 3) for number in range(45)]
    all_of_them = [owe(contract, due_on=day) for day in days]
    in_order = [one.pk for one in sorted(all_of_them, key=lambda one: (one.due_on, one.pk))]
    address = "/contas-a-receber/"

    first = client.get(address)
    second = client.get(address + first.context["later"])
    third = client.get(address + second.context["later"])
    back = client.get(address + third.context["earlier"])

    seen = [
        [one.pk for one, *_ in answer.context["rows"]] for answer in (first, second, third, back)
    ]
    assert seen[0] + seen[1] + seen[2] == in_order
    assert seen[3] == seen[1]
    assert not third.context["page"].has_later


def test_a_page_costs_as_many_queries_whatever_it_shows(client: Client, contract: Contract) -> None:
    owe(contract)
    with CaptureQueriesContext(connection) as few:
        client.get("/contas-a-receber/")
    for _ in range(10):
        owe(contract)

    with CaptureQueriesContext(connection) as many:
        client.get("/contas-a-receber/")

    assert len(many) == len(few)


@pytest.mark.parametrize(
    "rubbish",
    [
        "filial=999999999999999999999",
        "filial=abc",
        "de=ontem&ate=2026-99-99",
        "depois=2026-03-10.1",
        "depois=x.y.z&antes=..",
        "visao=nada",
        "q=%00%27;--",
        "q=" + "9" * 40,
    ],
)
def test_rubbish_in_the_address_asks_for_nothing(client: Client, rubbish: str) -> None:
    assert client.get(f"/contas-a-receber/?{rubbish}").status_code == 200


def test_a_partial_payment_says_what_stays_open_before_it_is_received(
    client: Client, contract: Contract
) -> None:
    receivable = owe(contract, 9000, due_on=today())
    address = f"/contas-a-receber/{receivable.pk}/receber/"
    typed = {
        "amount_cents": "40,00",
        "means": "CASH",
        "on": today().isoformat(),
        "note": "",
        "envio": str(uuid4()),
    }

    foreseen = client.post(address, {**typed, "previa": "1"}, headers=HTMX).content.decode()
    assert "faltam R$ 50,00" in foreseen  # 90,00 − 40,00
    assert not Receipt.objects.exists()
    first, second = client.post(address, typed), client.post(address, typed)

    receivable.refresh_from_db()
    assert (first.status_code, second.status_code) == (302, 302)
    assert (Receipt.objects.count(), receivable.received_cents) == (1, 4000)


def test_more_than_is_owed_becomes_credit_that_another_receivable_uses(
    client: Client, contract: Contract
) -> None:
    first = owe(contract, 9000, due_on=today())
    second = owe(contract, 5000, due_on=today())
    typed = {"amount_cents": "120,00", "means": "PIX", "on": today().isoformat()}
    client.post(f"/contas-a-receber/{first.pk}/receber/", typed)
    address = f"/contas-a-receber/{second.pk}/usar-credito/"

    foreseen = shown(client, address)
    assert "30,00" in foreseen  # 120,00 − 90,00
    assert "faltam R$ 20,00" in foreseen  # 50,00 − 30,00
    client.post(address, {"envio": str(uuid4())})

    second.refresh_from_db()
    assert second.received_cents == 3000
    assert credit.balances([contract.customer_id]) == {}
    assert "O cliente não tem crédito" in shown(client, address)


def test_the_discount_for_paying_in_time_is_in_what_is_asked(
    client: Client, contract: Contract
) -> None:
    receivable = owe(contract, 9000, due_on=today(), discount=1000)

    asked = shown(client, f"/contas-a-receber/{receivable.pk}/receber/")

    assert 'value="80,00"' in asked  # 90,00 − 10,00
    assert "Desconto por pagar até o vencimento" in asked


def test_a_reversal_tells_what_is_open_again_and_needs_a_reason(
    client: Client, contract: Contract
) -> None:
    paid, later = owe(contract, 9000), owe(contract, 5000)
    receipt = pay(paid, 12000)
    client.post(f"/contas-a-receber/{later.pk}/usar-credito/", {"envio": str(uuid4())})
    address = f"/recebimentos/{receipt.pk}/estornar/"

    foreseen = shown(client, address)
    assert f"aberto na conta {paid.pk}" in foreseen
    assert f"pagou a conta {later.pk}, desfeito" in foreseen
    assert client.post(address, {"reason": ""}).status_code == 422
    client.post(address, {"reason": "baixa na conta errada"})

    paid.refresh_from_db()
    later.refresh_from_db()
    assert (paid.received_cents, later.received_cents) == (0, 0)
    again = client.post(address, {"reason": "de novo"})
    assert (again.status_code, "já foi estornado" in again.content.decode()) == (422, True)
    assert "baixa na conta errada" in shown(client, f"/contas-a-receber/{paid.pk}/")


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"amount_cents": "0"}, "maior que zero"),
        ({"amount_cents": "-1"}, ""),
        ({"amount_cents": "muito"}, ""),
        ({"amount_cents": ""}, "Informe valor recebido"),
        ({"amount_cents": "1" * 30}, ""),
        ({"on": "31/02/2026"}, ""),
        ({"on": "2030-01-01"}, "futuro"),
        ({"note": "x" * 201}, ""),
        ({"means": ""}, "Informe forma"),
        ({"means": "ESCAMBO"}, "Escolha uma das opções"),
    ],
)
def test_an_absurd_payment_is_refused_beside_what_was_typed(
    client: Client, contract: Contract, typed: dict[str, str], sentence: str
) -> None:
    receivable = owe(contract)
    good = {"amount_cents": "90,00", "means": "CASH", "on": today().isoformat(), "note": ""}

    answer = client.post(f"/contas-a-receber/{receivable.pk}/receber/", {**good, **typed})

    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert not Receipt.objects.exists()


def test_nothing_is_received_for_a_cancelled_receivable(client: Client, contract: Contract) -> None:
    receivable = owe(contract)
    cancel(receivable)

    answer = client.post(
        f"/contas-a-receber/{receivable.pk}/receber/",
        {"amount_cents": "90,00", "means": "CASH", "on": today().isoformat()},
    )

    assert (answer.status_code, "foi cancelada" in answer.content.decode()) == (422, True)


def test_a_receivable_is_received_by_keyboard(signed_in: Page, isp: Provider, width: int) -> None:
    receivable = owe(isp.activate(), due_on=today())
    page = signed_in
    page.goto("/contas-a-receber/")
    assert_fit_for_all(page)
    page.goto(f"/contas-a-receber/{receivable.pk}/")
    assert_fit_for_all(page)

    page.keyboard.press("a")
    page.wait_for_url("**/receber/")
    page.fill("[name=amount_cents]", "100,00")
    page.keyboard.press("Tab")
    expect(page.locator("#previa")).to_contain_text("Fica de crédito do cliente")
    assert_fit_for_all(page)
    page.keyboard.press("Control+Enter")
    page.wait_for_selector("text=Recebimento registrado.")

    assert Receivable.objects.get().is_settled
