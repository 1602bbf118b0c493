"""Invoices: found, read line by line, printed for the customer, and cancelled with care."""

from datetime import date
from uuid import uuid4

import pytest
from django.test import Client
from playwright.sync_api import Page, expect

from tests.apps.money import owe, pay
from tests.journeys.scenario import close_february
from tests.journeys.test_holder_change import pass_on
from tests.provider import Provider, provider
from tests.screens.test_pages import assert_fit_for_all
from vigente.billing.models import Invoice, Receivable
from vigente.contracts import words
from vigente.domain.permissions import Role
from vigente.payments import credit
from vigente.staff import actions as staff

pytestmark = pytest.mark.django_db


@pytest.fixture
def isp_alone() -> Provider:
    return provider()


def person(isp: Provider, *roles: Role) -> Client:
    user = staff.create_user(
        email="caio@example.com",
        name="Caio",
        password="abacate-verde",
        branches=[isp.branch],
        roles=roles,
    )
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def client(isp_alone: Provider) -> Client:
    return person(isp_alone, Role.FINANCE)


def listed(client: Client, address: str) -> list[int]:
    return [one.pk for one, _ in client.get(address).context["rows"]]


def test_the_list_shows_the_newest_first_by_what_they_are(
    client: Client, isp_alone: Provider
) -> None:
    contract = isp_alone.activate(on=date(2026, 1, 10))
    single = owe(contract).invoices.get()
    close_february()
    period = Invoice.objects.get(kind="PERIOD")

    assert listed(client, "/faturas/") == [period.pk, single.pk]
    assert listed(client, "/faturas/?visao=avulsas") == [single.pk]
    assert listed(client, "/faturas/?visao=canceladas") == []
    assert listed(client, f"/faturas/?q={contract.customer.tax_id}") == [period.pk, single.pk]
    assert listed(client, "/faturas/?q=ninguém") == []


@pytest.mark.parametrize("few", [0, 5_000], ids=["common", "rare"])
def test_an_invoice_is_found_by_the_name_of_who_holds_or_held_its_contract(
    client: Client, isp_alone: Provider, monkeypatch: pytest.MonkeyPatch, few: int
) -> None:
    monkeypatch.setattr(words, "FEW", few)
    passed_on = isp_alone.activate(customer=isp_alone.customer("Açucena Prado"))
    isp_alone.activate(customer=isp_alone.customer("Bento Lima"))
    close_february()
    pass_on(passed_on, isp_alone.customer("Caio Reis"), on=date(2026, 3, 12))
    of_passed_on = Invoice.objects.get(contract=passed_on)
    other = Invoice.objects.exclude(contract=passed_on).get()

    assert listed(client, "/faturas/?q=acucena") == [of_passed_on.pk]
    assert listed(client, "/faturas/?q=reis caio") == [of_passed_on.pk]
    assert listed(client, "/faturas/?q=lima") == [other.pk]
    assert listed(client, "/faturas/?q=ninguém") == []


@pytest.mark.parametrize("rubbish", ["antes=x", "depois=" + "9" * 30, "visao=x&filial=0", "q=%00"])
def test_rubbish_in_the_address_asks_for_nothing(client: Client, rubbish: str) -> None:
    assert client.get(f"/faturas/?{rubbish}").status_code == 200


def test_a_page_explains_each_line(client: Client, isp_alone: Provider) -> None:
    isp_alone.activate(on=date(2026, 1, 20))
    close_february()
    invoice = Invoice.objects.get()

    shown = client.get(f"/faturas/{invoice.pk}/").content.decode()

    assert "R$ 90,00 ÷ 31 × 21 dias = R$ 60,97" in shown  # 20/01 to 09/02


def test_cancelling_one_of_a_group_tells_what_is_given_back_and_what_is_issued_again(
    client: Client, isp_alone: Provider
) -> None:
    customer = isp_alone.customer()
    dear = isp_alone.activate(isp_alone.plan(price_cents=9000), customer=customer)
    isp_alone.activate(isp_alone.plan(price_cents=3100), customer=customer)
    close_february()
    receivable = Receivable.objects.get()
    pay(receivable, 5000)
    invoice = Invoice.objects.get(contract=dear)
    address = f"/faturas/{invoice.pk}/cancelar/"
    rest = receivable.amount_cents - invoice.total_cents

    foreseen = client.get(address).content.decode()
    assert "Já pago, vira crédito do cliente" in foreseen
    assert "50,00" in foreseen
    assert f"{rest / 100:.2f}".replace(".", ",") in foreseen
    assert "volta a ser faturado no próximo fechamento" in foreseen
    typed = {"after": "REFATURAR", "reason": "valor errado", "envio": str(uuid4())}
    first, second = client.post(address, typed), client.post(address, typed)

    standing = Receivable.objects.get(cancelled_on=None)
    assert (first.status_code, second.status_code) == (302, 302)
    assert (standing.amount_cents, standing.replaces_id) == (rest, receivable.pk)
    # what was paid settles the rest first
    left = credit.balances([customer.pk]).get(customer.pk, 0)
    assert standing.received_cents + left == 5000
    third = client.post(address, {**typed, "envio": str(uuid4())})
    assert (third.status_code, "já foi cancelada" in third.content.decode()) == (422, True)


def test_a_waived_period_is_said_to_be_waived(client: Client, isp_alone: Provider) -> None:
    isp_alone.activate()
    close_february()
    invoice = Invoice.objects.get()
    address = f"/faturas/{invoice.pk}/cancelar/"

    foreseen = client.post(
        address, {"after": "DISPENSAR", "previa": "1"}, headers={"HX-Request": "true"}
    )
    client.post(address, {"after": "DISPENSAR", "reason": "cortesia"})

    invoice.refresh_from_db()
    assert "é dispensado" in foreseen.content.decode()
    assert (invoice.cancelled_on is not None, invoice.covers) == (True, True)


@pytest.mark.parametrize(
    "typed", [{"reason": "x"}, {"after": "REFATURAR"}, {"after": "TALVEZ", "reason": "x"}, {}]
)
def test_a_cancellation_wants_a_reason_and_a_known_end(
    client: Client, isp_alone: Provider, typed: dict[str, str]
) -> None:
    invoice = owe(isp_alone.activate()).invoices.get()

    answer = client.post(f"/faturas/{invoice.pk}/cancelar/", typed)

    assert answer.status_code == 422
    assert Invoice.objects.get(pk=invoice.pk).cancelled_on is None


def test_an_attendant_cancels_no_invoice(isp_alone: Provider) -> None:
    client = person(isp_alone, Role.ATTENDANT)
    invoice = owe(isp_alone.activate()).invoices.get()

    assert client.get(f"/faturas/{invoice.pk}/").status_code == 200
    assert client.get(f"/faturas/{invoice.pk}/cancelar/").status_code == 403


def test_the_customers_copy_is_printed_whole(signed_in: Page, isp: Provider) -> None:
    receivable = owe(isp.activate(), discount=500)
    invoice = receivable.invoices.get()
    page = signed_in
    page.goto("/faturas/")
    assert_fit_for_all(page)
    page.goto(f"/faturas/{invoice.pk}/")
    assert_fit_for_all(page)
    page.click("text=Segunda via")

    expect(page.locator("main")).to_contain_text("R$ 90,00")
    expect(page.locator("main")).to_contain_text("desconto de R$ 5,00")
    assert_fit_for_all(page)
    page.emulate_media(media="print")
    expect(page.locator("nav")).to_be_hidden()
    page.goto(f"/contas-a-receber/{receivable.pk}/segunda-via/")
    expect(page.locator("main")).to_contain_text("Marina Alves")
