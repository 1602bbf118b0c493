"""Additional services and discounts: filled by the product, shown before they are kept."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone
from playwright.sync_api import Page, expect

from tests.provider import ATTENDANT, NOW, Provider, provider
from vigente.catalog.models import Product
from vigente.contracts.models import ContractItem
from vigente.domain.parameters import DISCOUNT_LIMITS, Scope
from vigente.domain.permissions import Role
from vigente.parameters import actions as parameters
from vigente.staff import actions as staff

pytestmark = pytest.mark.django_db


def mesh() -> Product:
    return Product.objects.create(
        code="MESH", name="Ponto Wi-Fi mesh", kind="SERVICE", tax_class="ISS", price_cents=1_500
    )


def signed(isp: Provider, *roles: Role) -> Client:
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


def service(product: Product, **changes: str) -> dict[str, str]:
    return {
        "service_kind": "ACCESS_POINT",
        "product_id": str(product.pk),
        "description": "Ponto da sala",
        "quantity": "1",
        "price_cents": "15,00",
        "duration": "SEMPRE",
        "starts_on": "2026-01-25",
        "prorate": "on",
        **changes,
    }


def discount(**changes: str) -> dict[str, str]:
    return {
        "description": "Indicação",
        "price_cents": "5,00",
        "duration": "SEMPRE",
        "starts_on": "2026-01-25",
        "prorate": "on",
        **changes,
    }


def test_an_attendant_adds_a_service_by_keyboard(signed_in: Page, isp: Provider) -> None:
    product = mesh()
    today = timezone.localdate()  # noqa: TID251  the pages read it too
    contract = isp.activate(on=today - timedelta(days=40))
    page = signed_in
    contract = isp.activate(on=timezone.localdate() - timedelta(days=40))  # noqa: TID251  as the door does
    page = signed_in
    page.goto(f"/contratos/{contract.pk}/?aba=servicos")

    page.keyboard.press("n")
    page.wait_for_url("**/servicos/novo/")
    page.select_option("[name=product_id]", str(product.pk))
    expect(page.locator("[name=description]")).to_have_value("Ponto Wi-Fi mesh")
    assert page.input_value("[name=price_cents]") == "15,00"
    assert page.input_value("[name=unit]") == "UN"
    page.fill("[name=description]", "Ponto da sala")
    page.wait_for_selector("#previa .unfold >> text=Ponto da sala")
    page.keyboard.press("Control+s")

    page.wait_for_selector("text=«Ponto da sala» foi incluído")
    item = ContractItem.objects.get(kind="ADDITIONAL")
    assert (item.price_cents, item.service_kind, item.charge) == (
        1_500,
        "ACCESS_POINT",
        "RECURRING",
    )


def test_the_preview_says_what_the_next_invoices_charge() -> None:
    """From the 25th, period 20/01–09/02, 31 days: 15,00 ÷ 31 × 16 = 7,74, then 15,00."""
    isp = provider()
    contract = isp.activate(on=date(2026, 1, 20))
    client = signed(isp, Role.ATTENDANT)

    shown = client.post(
        f"/contratos/{contract.pk}/servicos/novo/", {**service(mesh()), "previa": "1"}
    ).content.decode()

    assert "7,74" in shown
    assert "15,00" in shown
    assert not ContractItem.objects.filter(kind="ADDITIONAL").exists()


@pytest.mark.parametrize(
    ("changes", "charge", "times", "ends_on"),
    [
        ({"duration": "UMA"}, "TIMES", 1, None),
        ({"duration": "VEZES", "times": "3"}, "TIMES", 3, None),
        ({"duration": "PARCELAS", "times": "10"}, "INSTALMENTS", 10, None),
        ({"duration": "PERIODO", "last_day": "31/03/2026"}, "RECURRING", None, date(2026, 4, 1)),
        ({"duration": "SEMPRE"}, "RECURRING", None, None),
    ],
)
def test_once_for_a_period_or_for_good(
    changes: dict[str, str], charge: str, times: int | None, ends_on: date | None
) -> None:
    isp = provider()
    contract = isp.activate()

    answer = signed(isp, Role.ATTENDANT).post(
        f"/contratos/{contract.pk}/servicos/novo/", service(mesh(), **changes)
    )

    assert answer.status_code == 302, answer.content.decode()
    item = ContractItem.objects.get(kind="ADDITIONAL")
    assert (item.charge, item.times, item.ends_on) == (charge, times, ends_on)


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"duration": "VEZES"}, "Informe em quantas faturas."),
        ({"duration": "PERIODO"}, "Informe o último dia."),
        ({"duration": "PERIODO", "last_day": "01/01/2026"}, "O último dia vem antes do primeiro."),
        ({"service_kind": "SPEED_UPGRADE"}, "até uma data"),
        ({"price_cents": "quinze"}, "escreva como 1.234,56"),
        ({"product_id": "999"}, "Escolha uma das opções"),
        ({"starts_on": "31/02/2026"}, "Esta data não existe."),
    ],
)
def test_what_does_not_fit_is_said_beside_the_field(changes: dict[str, str], sentence: str) -> None:
    isp = provider()
    contract = isp.activate()

    answer = signed(isp, Role.ATTENDANT).post(
        f"/contratos/{contract.pk}/servicos/novo/", service(mesh(), **changes)
    )

    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert not ContractItem.objects.filter(kind="ADDITIONAL").exists()


def test_a_discount_has_the_limit_of_the_role() -> None:
    """10 % of R$ 90,00 is R$ 9,00."""
    isp = provider()
    contract = isp.activate()
    client = signed(isp, Role.ATTENDANT)
    address = f"/contratos/{contract.pk}/descontos/novo/"

    too_much = client.post(address, discount(price_cents="9,01"))
    too_many = client.post(address, discount(price_cents="", percent="10,5"))
    enough = client.post(address, discount(price_cents="9,00"))

    assert "R$ 9,00" in too_much.content.decode()
    assert "limite de desconto é 10%" in too_many.content.decode()
    assert (too_much.status_code, too_many.status_code, enough.status_code) == (422, 422, 302)


def test_a_branch_sets_the_limit() -> None:
    isp = provider()
    contract = isp.activate()
    parameters.set_value(
        DISCOUNT_LIMITS[Role.ATTENDANT],
        50,
        scope=Scope.BRANCH,
        scope_id=isp.branch.pk,
        by=ATTENDANT,
        now=NOW,
    )

    answer = signed(isp, Role.ATTENDANT).post(
        f"/contratos/{contract.pk}/descontos/novo/", discount(price_cents="45,00")
    )

    assert answer.status_code == 302


def test_a_discount_is_an_amount_or_a_percent() -> None:
    isp = provider()
    contract = isp.activate()

    answer = signed(isp, Role.MANAGER).post(
        f"/contratos/{contract.pk}/descontos/novo/", discount(percent="10")
    )

    assert "um dos dois" in answer.content.decode()


def test_a_discount_may_be_on_one_item_and_only_if_paid_by_the_due_date() -> None:
    isp = provider()
    contract = isp.activate()
    internet = contract.items.get()

    signed(isp, Role.MANAGER).post(
        f"/contratos/{contract.pk}/descontos/novo/",
        discount(
            price_cents="",
            percent="10",
            discounted_item_id=str(internet.pk),
            only_if_paid_by_due="on",
        ),
    )

    item = ContractItem.objects.get(kind="DISCOUNT")
    assert (item.percent, item.discounted_item_id, item.only_if_paid_by_due) == (
        10,
        internet.pk,
        True,
    )


def test_ending_an_item_shows_the_way_back_and_is_done_once() -> None:
    isp = provider()
    contract = isp.activate()
    client = signed(isp, Role.MANAGER)
    client.post(f"/contratos/{contract.pk}/servicos/novo/", service(mesh()))
    item = ContractItem.objects.get(kind="ADDITIONAL")
    address = f"/contratos/{contract.pk}/itens/{item.pk}/encerrar/"

    previewed = client.post(address, {"on": "2026-02-28", "previa": "1"})
    item.refresh_from_db()
    assert (previewed.status_code, item.ends_on) == (200, None)
    ended = client.post(address, {"on": "2026-02-28"})
    again = client.post(address, {"on": "2026-02-28"})

    item.refresh_from_db()
    assert (ended.status_code, again.status_code) == (302, 422)
    assert item.ends_on == date(2026, 3, 1)
    assert "já termina em 01/03/2026" in again.content.decode()


def test_items_of_the_plan_do_not_end_by_hand() -> None:
    isp = provider()
    contract = isp.activate()
    item = contract.items.get()

    answer = signed(isp, Role.MANAGER).post(
        f"/contratos/{contract.pk}/itens/{item.pk}/encerrar/", {"on": "2026-02-28"}
    )

    assert "assistente de alteração" in answer.content.decode()


def test_a_speed_upgrade_without_a_last_day_is_refused_by_the_database() -> None:
    isp = provider()
    contract = isp.activate()

    with pytest.raises(IntegrityError, match="speed_upgrade_has_a_last_day"), transaction.atomic():
        ContractItem.objects.create(
            contract=contract,
            kind="ADDITIONAL",
            service_kind="SPEED_UPGRADE",
            product=isp.internet,
            description="x",
            starts_on=date(2026, 1, 1),
        )


def test_only_additional_services_have_a_kind_of_service() -> None:
    isp = provider()
    contract = isp.activate()

    with pytest.raises(IntegrityError, match="contract_item_service_kind"), transaction.atomic():
        ContractItem.objects.filter(contract=contract).update(service_kind="SUPPORT")
