"""Answers that need no browser: bad addresses, bad forms, counts of queries."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.apps.money import owe
from tests.journeys.scenario import close
from tests.provider import ATTENDANT, NOW, Provider, provider
from vigente.domain.codes import ItemKind
from vigente.domain.permissions import Role
from vigente.domain.sale import ItemDraft
from vigente.journeys import items
from vigente.staff import actions as staff

pytestmark = pytest.mark.django_db


@pytest.fixture
def isp() -> Provider:
    return provider()


@pytest.fixture
def client(isp: Provider) -> Client:
    user = staff.create_user(
        email="ana@example.com",
        name="Ana",
        password="abacate-verde",
        branches=[isp.branch],
        roles=[Role.MANAGER],
    )
    client = Client(raise_request_exception=False)
    client.force_login(user)
    return client


@pytest.mark.parametrize(
    "address",
    [
        "/contratos/?antes=abc&plano='&dia=99999999999999999999&filial=-1",
        "/contratos/?q=%00%27%3B%20DROP%20TABLE--&visao=nada",
        "/contratos/?q=<script>alert(1)</script>",
        "/contratos/?depois=1",
        "/fechamento/",
    ],
)
def test_nonsense_in_an_address_harms_nothing(client: Client, address: str) -> None:
    answer = client.get(address)

    assert answer.status_code == 200
    assert "<script>alert" not in answer.content.decode()


@pytest.mark.parametrize("address", ["/contratos/999/", "/fechamento/999/", "/nada/"])
def test_what_is_not_there_is_not_found(client: Client, address: str) -> None:
    assert client.get(address).status_code == 404


@pytest.mark.parametrize(
    "form",
    [
        {},
        {"month": "2026-13"},
        {"month": "abc"},
        {"month": "2026-12", "due_until": "2026-12-31"},
        {"due_until": "31/02/2026"},
        {"month": "2026-12", "contract": "999"},
        {"month": "2026-12", "branch": "999"},
        {"month": "2026-12", "customer": "000.000.001-91"},
        {"month": "2026-12", "customer": "' OR 1=1"},
        {"month": "2026-12", "contract": "x" * 1000},
    ],
)
def test_a_bad_close_form_is_refused_beside_its_field(
    client: Client, isp: Provider, form: dict[str, str]
) -> None:
    answer = client.post("/fechamento/", {"branch": isp.branch.pk, **form})

    assert answer.status_code == 422
    assert 'role="alert"' in answer.content.decode()


def test_nobody_sees_a_page_before_signing_in(isp: Provider) -> None:
    for address in ("/contratos/", "/contratos/1/", "/fechamento/", "/fechamento/1/retidos/"):
        answer = Client().get(address)
        assert (answer.status_code, "/entrar/" in answer["Location"]) == (302, True)


def test_no_page_allows_inline_code(client: Client) -> None:
    policy = client.get("/contratos/")["Content-Security-Policy"]

    assert "default-src 'self'" in policy
    assert "unsafe" not in policy


def count_queries(client: Client, address: str) -> int:
    with CaptureQueriesContext(connection) as asked:
        assert client.get(address).status_code == 200
    return len(asked)


@pytest.mark.parametrize(
    ("address", "most"),
    [
        ("/contratos/", 14),
        ("/contratos/?visao=ativos&plano={plan}&dia=10&filial={branch}", 14),
        ("/contratos/?visao=atraso", 14),
        ("/contratos/?q=marina", 14),
        ("/contratos/?q=marina&antes=9999999", 16),
        ("/contratos/?q={number}", 14),
        ("/fechamento/", 11),
    ],
)
def test_the_number_of_queries_of_a_list_does_not_grow(
    client: Client, isp: Provider, address: str, most: int
) -> None:
    plan, customer = isp.plan(), isp.customer("Marina Alves")

    def sell(contracts: int) -> None:
        for _ in range(contracts):
            owe(isp.activate(plan, customer=customer))

    told = {"plan": plan.pk, "branch": isp.branch.pk, "number": customer.tax_id}
    address = address.format(**told)
    sell(3)
    few = count_queries(client, address)
    sell(9)
    many = count_queries(client, address)

    assert many == few <= most


@pytest.mark.parametrize(
    "tab", ["contrato", "produtos", "servicos", "descontos", "faturamento", "faturas", "historico"]
)
def test_the_number_of_queries_of_a_contract_does_not_grow(
    client: Client, isp: Provider, tab: str
) -> None:
    contract = isp.activate(on=date(2026, 1, 20))
    address = f"/contratos/{contract.pk}/?aba={tab}"

    def live_on(*, day: date) -> None:
        extra = ItemDraft(
            kind=ItemKind.ADDITIONAL,
            product_id=isp.internet.pk,
            description="Ponto adicional",
            starts_on=day,
            price_cents=1000,
        )
        items.add(contract.pk, extra, by=ATTENDANT, now=NOW, today=day)
        owe(contract)
        close(issued_on=day, due_until=day + timedelta(days=28), approved=True)

    live_on(day=date(2026, 2, 1))
    few = count_queries(client, address)
    for month in (3, 4, 5):
        live_on(day=date(2026, month, 1))
    many = count_queries(client, address)

    assert many == few <= 32
