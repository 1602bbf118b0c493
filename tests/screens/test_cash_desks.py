"""Cash desks: a day at one, from opening to printed report, and who may touch a closed one."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone
from playwright.sync_api import Page, expect

from tests.apps.money import DUE_ON, owe
from tests.provider import ATTENDANT, NOW, Provider
from tests.screens.test_pages import assert_fit_for_all
from vigente.contracts.models import Contract
from vigente.domain.codes import PaymentMeans
from vigente.domain.parameters import CASH_DESK_REQUIRED, Scope
from vigente.domain.permissions import Role
from vigente.parameters import actions as parameters
from vigente.payments import desks
from vigente.payments.models import CashCount, CashDesk, Receipt, Refund
from vigente.staff import actions as staff
from vigente.staff.models import User

pytestmark = pytest.mark.django_db

CASH, PIX = PaymentMeans.CASH, PaymentMeans.PIX


def today() -> str:
    return timezone.localdate().isoformat()  # noqa: TID251  the pages read it too


def person(isp: Provider, name: str, *roles: Role) -> Client:
    user = staff.create_user(
        email=f"{name.lower()}@example.com",
        name=name,
        password="abacate-verde",
        branches=[isp.branch],
        roles=roles,
    )
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def contract(small: Provider) -> Contract:
    return small.activate()


@pytest.fixture
def attendant(small: Provider) -> Client:
    return person(small, "Tereza", Role.ATTENDANT)


def open_desk(client: Client, isp: Provider, reais: str = "100,00") -> CashDesk:
    told = {"branch_id": isp.branch.pk, "opening_cents": reais, "envio": str(uuid4())}
    assert client.post("/caixas/abrir/", told).status_code == 302
    return CashDesk.objects.latest("pk")


def receive(client: Client, contract: Contract, reais: str, means: str = "CASH") -> Receipt:
    receivable = owe(contract, 9000)
    told = {"amount_cents": reais, "means": means, "on": today(), "envio": str(uuid4())}
    answer = client.post(f"/contas-a-receber/{receivable.pk}/receber/", told)
    assert answer.status_code == 302, answer.text
    return Receipt.objects.latest("pk")


def close(client: Client, desk: CashDesk, **counted: str) -> None:
    told = {"note": "", "envio": str(uuid4()), **counted}
    answer = client.post(f"/caixas/{desk.pk}/fechar/", told)
    assert answer.status_code == 302, answer.text
    desk.refresh_from_db()


def there(desk: CashDesk, means: PaymentMeans = CASH) -> int:
    return desks.balances(desk)[means]


def test_a_day_at_the_desk_from_opening_to_the_report(
    attendant: Client, small: Provider, contract: Contract
) -> None:
    desk = open_desk(attendant, small)
    receive(attendant, contract, "90,00")
    receive(attendant, contract, "120,00", "PIX")
    withdraw, supply = f"/caixas/{desk.pk}/sangria/", f"/caixas/{desk.pk}/suprimento/"
    attendant.post(withdraw, {"amount_cents": "150,00", "reason": "cofre"})
    attendant.post(supply, {"amount_cents": "20,00", "reason": "troco"})
    assert (there(desk), there(desk, PIX)) == (6000, 12_000)  # 100 + 90 − 150 + 20

    seen = attendant.post(
        f"/caixas/{desk.pk}/fechar/",
        {"CASH": "59,00", "PIX": "120,00", "previa": "1"},
        headers={"HX-Request": "true"},
    ).text
    assert "esperado 60,00, contado 59,00" in seen
    assert "−1,00" in seen
    close(attendant, desk, CASH="59,00", PIX="120,00", note="faltou uma moeda")

    report = attendant.get(f"/caixas/{desk.pk}/relatorio/").text
    assert desk.closed_at is not None
    for words in ("Sangria", "cofre", "Suprimento", "faltou uma moeda", "−1,00", "180,00"):
        assert words in report
    assert CashCount.objects.count() == len(PaymentMeans)
    assert "−1,00" in attendant.get("/caixas/").text


def test_receiving_says_which_desk_takes_it(
    attendant: Client, small: Provider, contract: Contract
) -> None:
    address = f"/contas-a-receber/{owe(contract).pk}/receber/"

    assert "não passa por nenhum caixa" in attendant.get(address).text
    desk = open_desk(attendant, small)
    assert f"Passa pelo seu caixa {desk.pk}" in attendant.get(address).text
    receipt = receive(attendant, contract, "90,00")

    assert receipt.desk == desk
    page = attendant.get(f"/contas-a-receber/{receipt.allocations.get().receivable_id}/").text
    assert f"Dinheiro, caixa {desk.pk}" in page


def test_a_branch_may_want_an_open_desk(
    attendant: Client, small: Provider, contract: Contract
) -> None:
    parameters.set_value(
        CASH_DESK_REQUIRED,
        value=True,
        scope=Scope.BRANCH,
        scope_id=small.branch.pk,
        by=ATTENDANT,
        now=NOW,
    )
    told = {"amount_cents": "90,00", "means": "CASH", "on": today()}

    answer = attendant.post(f"/contas-a-receber/{owe(contract).pk}/receber/", told)

    assert (answer.status_code, "abra o seu em Financeiro" in answer.text) == (422, True)
    open_desk(attendant, small)
    assert receive(attendant, contract, "90,00").desk is not None


def test_a_second_desk_in_the_branch_is_refused(attendant: Client, small: Provider) -> None:
    desk = open_desk(attendant, small)

    told = {"branch_id": small.branch.pk, "opening_cents": "0", "envio": str(uuid4())}
    answer = attendant.post("/caixas/abrir/", told)

    assert (answer.status_code, f"caixa {desk.pk} já está aberto" in answer.text) == (422, True)
    assert CashDesk.objects.count() == 1


@pytest.mark.parametrize(
    ("act", "typed", "sentence"),
    [
        ("sangria", {"amount_cents": "100,01", "reason": "cofre"}, "tem R$ 100,00 em dinheiro"),
        ("sangria", {"amount_cents": "0", "reason": "cofre"}, "maior que zero"),
        ("sangria", {"amount_cents": "10,00", "reason": ""}, "Informe motivo"),
        ("sangria", {"amount_cents": "", "reason": "cofre"}, "Informe valor"),
        ("suprimento", {"amount_cents": "-1", "reason": "troco"}, ""),
        ("suprimento", {"amount_cents": "1,00", "reason": "x" * 201}, ""),
        ("fechar", {"CASH": "99,00"}, "escreva na observação"),
        ("fechar", {"CASH": "muito"}, ""),
        ("fechar", {"CASH": "-5"}, ""),
    ],
)
def test_what_makes_no_sense_is_refused(
    attendant: Client, small: Provider, act: str, typed: dict[str, str], sentence: str
) -> None:
    desk = open_desk(attendant, small)

    answer = attendant.post(f"/caixas/{desk.pk}/{act}/", typed)

    assert (answer.status_code, sentence in answer.text) == (422, True)
    assert there(desk) == 10_000
    assert desk.closings.count() == 0


def test_a_closed_desk_refuses_all_but_reopening(attendant: Client, small: Provider) -> None:
    desk = open_desk(attendant, small)
    close(attendant, desk, CASH="100,00")

    for act in ("suprimento", "sangria"):
        typed = {"amount_cents": "1,00", "reason": "troco"}
        answer = attendant.post(f"/caixas/{desk.pk}/{act}/", typed)
        assert (answer.status_code, "está fechado" in answer.text) == (422, True)
    again = attendant.post(f"/caixas/{desk.pk}/fechar/", {"CASH": "1,00", "note": "x"})
    assert (again.status_code, "já está fechado" in again.text) == (422, True)
    assert attendant.get(f"/caixas/{desk.pk}/reabrir/").status_code == 403


def test_a_manager_reopens_and_the_first_count_stays_on_record(
    manager: Client, attendant: Client, small: Provider
) -> None:
    desk = open_desk(attendant, small)
    close(attendant, desk, CASH="90,00", note="faltou")

    assert manager.post(f"/caixas/{desk.pk}/reabrir/", {"reason": " "}).status_code == 422
    manager.post(f"/caixas/{desk.pk}/reabrir/", {"reason": "achado sob a gaveta"})
    close(manager, desk, CASH="100,00")

    page = manager.get(f"/caixas/{desk.pk}/").text
    assert "achado sob a gaveta" in page
    assert "contado 90,00" in page
    assert "contado 100,00" in page


def test_no_desk_is_reopened_beside_another_open_one(
    manager: Client, attendant: Client, small: Provider
) -> None:
    desk = open_desk(attendant, small)
    close(attendant, desk, CASH="100,00")
    other = open_desk(attendant, small)

    answer = manager.post(f"/caixas/{desk.pk}/reabrir/", {"reason": "engano"})

    assert (answer.status_code, f"caixa {other.pk} aberto" in answer.text) == (422, True)


def test_a_receipt_of_a_closed_desk_is_reversed_by_permission_through_the_open_desk(
    small: Provider, contract: Contract, manager: Client
) -> None:
    cashier = person(small, "Caio", Role.ATTENDANT)
    desk = open_desk(cashier, small)
    receipt = receive(cashier, contract, "90,00")
    close(cashier, desk, CASH="190,00")
    address, typed = f"/recebimentos/{receipt.pk}/estornar/", {"reason": "cheque sem fundo"}

    without_desk = manager.post(address, typed)
    assert (without_desk.status_code, "abra o seu caixa" in without_desk.text) == (422, True)
    own = open_desk(manager, small, "200,00")
    assert f"O valor sai do caixa {own.pk}" in manager.get(address).text
    manager.post(address, typed)

    assert (there(desk), there(own)) == (19_000, 11_000)  # 200,00 − 90,00
    assert "cheque sem fundo" in manager.get(f"/caixas/{own.pk}/").text


def test_without_the_permission_a_closed_desk_is_left_alone(
    small: Provider, contract: Contract, monkeypatch: pytest.MonkeyPatch
) -> None:
    from vigente.domain import permissions as of_domain  # noqa: PLC0415

    finance = of_domain.PERMISSIONS_OF[Role.FINANCE] - {of_domain.Permission.REOPEN_DESKS}
    monkeypatch.setitem(of_domain.PERMISSIONS_OF, Role.FINANCE, finance)  # type: ignore[arg-type]
    client = person(small, "Caio", Role.FINANCE)
    desk = open_desk(client, small)
    receipt = receive(client, contract, "90,00")
    close(client, desk, CASH="190,00")
    open_desk(client, small)

    answer = client.post(f"/recebimentos/{receipt.pk}/estornar/", {"reason": "engano"})

    assert (answer.status_code, "peça a quem pode reabrir" in answer.text) == (422, True)


def test_a_reversal_the_same_day_leaves_the_desk_that_took_it(
    manager: Client, small: Provider, contract: Contract
) -> None:
    desk = open_desk(manager, small)
    receipt = receive(manager, contract, "90,00")

    manager.post(f"/recebimentos/{receipt.pk}/estornar/", {"reason": "engano"})

    assert there(desk) == 10_000


def test_a_refund_leaves_the_desk_and_comes_back_when_undone(
    manager: Client, small: Provider, contract: Contract
) -> None:
    desk = open_desk(manager, small, "0")
    receive(manager, contract, "120,00", "PIX")
    address = f"/creditos/{contract.customer_id}/devolver/"
    typed = {"amount_cents": "30,00", "on": today(), "note": ""}

    in_cash = manager.post(address, {**typed, "means": "CASH"})
    assert (in_cash.status_code, "tem R$ 0,00 em dinheiro" in in_cash.text) == (422, True)
    manager.post(address, {**typed, "means": "PIX"})
    assert there(desk, PIX) == 9000
    manager.post(f"/devolucoes/{Refund.objects.get().pk}/desfazer/", {"reason": "não foi"})

    assert there(desk, PIX) == 12_000


def test_operators_see_their_own_desks_and_finance_sees_all(
    attendant: Client, small: Provider
) -> None:
    desk = open_desk(attendant, small)
    other, finance = (
        person(small, "Caio", Role.ATTENDANT),
        person(small, "Flora", Role.FINANCE),
    )
    auditor = person(small, "Aldo", Role.AUDITOR)

    assert other.get("/caixas/").context["page"].desks == []
    assert other.get(f"/caixas/{desk.pk}/").status_code == 404
    assert [one.pk for one in finance.get("/caixas/").context["page"].desks] == [desk.pk]
    assert auditor.get(f"/caixas/{desk.pk}/").status_code == 200
    assert auditor.get(f"/caixas/{desk.pk}/fechar/").status_code == 403


@pytest.mark.parametrize("rubbish", ["antes=x", "depois=" + "9" * 30, "visao=nada&filial=0"])
def test_rubbish_in_the_address_asks_for_nothing(manager: Client, rubbish: str) -> None:
    assert manager.get(f"/caixas/?{rubbish}").status_code == 200


def test_views_and_pages_of_the_list(manager: Client, small: Provider) -> None:
    operator = User.objects.get()
    for number in range(25):
        desk = desks.open_one(
            branch_id=small.branch.pk,
            operator_id=operator.pk,
            opening_cents=0,
            at=NOW + timedelta(days=number),
        )
        close(manager, desk)
    last = open_desk(manager, small)

    first = manager.get("/caixas/")
    second = manager.get("/caixas/" + first.context["older"])
    back = manager.get("/caixas/" + second.context["newer"])

    pages = [[one.pk for one in a.context["page"].desks] for a in (first, second, back)]
    ids = sorted(CashDesk.objects.values_list("pk", flat=True), reverse=True)
    assert pages[0] + pages[1] == ids
    assert pages[2] == pages[0]
    opened = manager.get("/caixas/?visao=abertos").context["page"].desks
    assert [one.pk for one in opened] == [last.pk]


def test_a_desk_is_worked_by_keyboard(signed_in: Page, isp: Provider, width: int) -> None:
    receivable = owe(isp.activate(), due_on=DUE_ON)
    page = signed_in
    page.goto("/caixas/")
    assert_fit_for_all(page)
    page.keyboard.press("n")
    page.wait_for_url("**/abrir/")
    page.fill("[name=opening_cents]", "100,00")
    page.keyboard.press("Control+Enter")
    page.wait_for_selector("text=Caixa aberto.")
    address = page.url
    page.goto(f"/contas-a-receber/{receivable.pk}/receber/")
    page.keyboard.press("Control+Enter")
    page.wait_for_selector("text=Recebimento registrado.")
    page.goto(address)
    assert_fit_for_all(page)

    page.keyboard.press("f")
    page.wait_for_url("**/fechar/")
    page.fill("[name=CASH]", "189,00")
    page.keyboard.press("Tab")
    expect(page.locator("#previa")).to_contain_text("contado 189,00")
    page.fill("[name=note]", "faltou um real")
    assert_fit_for_all(page)
    page.keyboard.press("Control+Enter")
    page.wait_for_selector("text=Caixa fechado.")
    assert_fit_for_all(page)
    page.click(".acts >> text=Relatório")
    page.wait_for_selector("text=Contagem")
    assert_fit_for_all(page)
