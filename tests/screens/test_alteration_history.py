"""Alterations listed, summed and taken along: each total is a sum that the database gives alone."""

import csv
from collections.abc import Callable
from datetime import date, timedelta
from io import BytesIO, StringIO

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from openpyxl import load_workbook
from playwright.sync_api import Page, expect

from tests.journeys.altering import ON, alter, asker, begin, choose, the_manuals, to_plan
from tests.provider import Provider, provider
from tests.screens.test_pages import assert_fit_for_all
from vigente.alterations.models import Alteration
from vigente.documents import printing
from vigente.domain.codes import DifferencePolicy
from vigente.gateways.pdf.fake import PlainPrinter
from vigente.journeys import alteration as journey
from vigente.staff.models import Seller

LIST, REPORT = "/alteracoes/", "/relatorios/alteracoes/"


@pytest.fixture(autouse=True)
def the_manuals_day(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the doors read 13/07/2025, the day of the manual's examples."""
    monkeypatch.setattr("django.utils.timezone.localdate", lambda *_: ON)


def some_of_each(isp: Provider) -> list[Alteration]:
    """Make an upgrade by Rita, a downgrade, one that is undone, one scheduled and a draft."""
    choose(isp, DifferencePolicy.MANUAL)
    rita = Seller.objects.create(branch=isp.branch, name="Rita")
    dear, cheap = isp.plan(price_cents=8990), isp.plan(price_cents=4990)
    begun = [the_manuals(isp, price) for price in (4990, 8990, 4990, 4990, 4990)]
    up = alter(begun[0], to_plan(dear), seller_id=rita.pk)
    down = alter(begun[1], to_plan(cheap))
    undone = alter(begun[2], to_plan(dear), seller_id=rita.pk)
    journey.undo(undone.pk, reason="o cliente desistiu", asker=asker())
    scheduled = alter(begun[3], to_plan(dear, on=ON + timedelta(days=1)))
    return [up, down, undone, scheduled, begin(begun[4])]


def summed(what: str, where: str = "status = 'CONFIRMED'") -> int:
    """Return a sum as the database gives it, asked in its own words."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT COALESCE(SUM({what}), 0) FROM alterations_alteration WHERE {where}")
        return int(cursor.fetchone()[0])


SUMS = {
    "alterations": "1",
    "before": "monthly_before_cents",
    "after": "monthly_after_cents",
    "change": "monthly_after_cents - monthly_before_cents",
    "charged": "GREATEST(difference_cents, 0)",
    "given_back": "LEAST(difference_cents, 0)",
    "shifted": "shift_cents",
    "penalties": "penalty_cents",
    "cancelled": "cancelled_cents",
}


def test_each_total_is_a_sum_of_the_database(manager: Client, small: Provider) -> None:
    some_of_each(small)

    report = manager.get(REPORT).context["report"]

    for name, what in SUMS.items():
        assert getattr(report.total, name) == summed(what), name
        assert getattr(report.undone, name) == summed(what, "status = 'UNDONE'"), name
    assert report.total.alterations == 2
    assert report.total.change == 0  # + 40,00 − 40,00
    assert (report.total.charged, report.total.given_back) == (3613, -386)  # the manual's figures
    assert report.undone.change == 4000


@pytest.mark.parametrize("by", ["tipo", "mes", "vendedor", "filial", "plano"])
def test_the_groups_come_to_the_total(manager: Client, small: Provider, by: str) -> None:
    some_of_each(small)

    report = manager.get(REPORT, {"por": by}).context["report"]

    for name in SUMS:
        of_groups = sum(getattr(line.figures, name) for line in report.lines)
        assert of_groups == getattr(report.total, name), name
    words = [line.words for line in report.lines]
    assert (
        words
        == {
            "tipo": ["DW · Downgrade", "UP · Upgrade"],
            "mes": ["07/2025"],
            "vendedor": ["Rita", "Sem vendedor"],
            "filial": ["Matriz"],
            "plano": sorted(
                one.sale_plan_after.name for one in Alteration.objects.filter(status="CONFIRMED")
            ),
        }[by]
    )


def test_the_filters_narrow_the_sums(manager: Client, small: Provider) -> None:
    up, down, *_ = some_of_each(small)
    filters = {
        f"tipo={up.kind}": f"kind = '{up.kind}'",
        f"vendedor={up.seller_id}": f"seller_id = {up.seller_id}",
        f"plano={down.sale_plan_after_id}": f"sale_plan_after_id = {down.sale_plan_after_id}",
        f"filial={small.branch.pk}": "true",
        "de=2025-07-13&ate=2025-07-13": "true",
        "de=2025-07-14": "false",
        "ate=2025-07-12": "false",
        "de=&ate=": "true",
    }

    for asked, where in filters.items():
        total = manager.get(f"{REPORT}?{asked}").context["report"].total
        for name, what in SUMS.items():
            assert getattr(total, name) == summed(what, f"status = 'CONFIRMED' AND {where}"), asked


def test_without_a_period_it_is_this_months(
    manager: Client, small: Provider, monkeypatch: pytest.MonkeyPatch
) -> None:
    some_of_each(small)
    monkeypatch.setattr("django.utils.timezone.localdate", lambda *_: date(2025, 8, 31))

    answer = manager.get(REPORT)

    assert answer.context["report"].period == "01/08/2025 a 31/08/2025"
    assert answer.context["report"].total.alterations == 0
    assert "Nenhuma alteração concluída" in answer.content.decode()


def listed(client: Client, asked: str = "") -> list[int]:
    return [one.pk for one in client.get(f"{LIST}?{asked}").context["rows"]]


def test_the_list_is_found_and_filtered(manager: Client, small: Provider) -> None:
    up, down, undone, scheduled, draft = some_of_each(small)

    assert listed(manager) == [one.pk for one in (draft, scheduled, undone, down, up)]
    assert listed(manager, "visao=concluidas") == [down.pk, up.pk]
    assert listed(manager, "visao=agendadas") == [scheduled.pk]
    assert listed(manager, "visao=rascunhos") == [draft.pk]
    assert listed(manager, "visao=desfeitas") == [undone.pk]
    assert listed(manager, f"vendedor={up.seller_id}") == [undone.pk, up.pk]
    assert listed(manager, f"plano={down.sale_plan_after_id}") == [down.pk]
    assert listed(manager, "tipo=DW") == [down.pk]
    assert listed(manager, "de=2025-07-14") == [scheduled.pk]
    assert listed(manager, f"q={down.contract.customer.tax_id}") == [down.pk]
    assert listed(manager, "q=ninguém") == []


@pytest.mark.parametrize("address", [LIST, REPORT])
@pytest.mark.parametrize(
    "rubbish", ["antes=x&tipo=ZZ", "vendedor=-1&plano=" + "9" * 30, "de=ontem&ate=", "q=%00&por=x"]
)
def test_rubbish_in_the_address_asks_for_nothing(
    manager: Client, address: str, rubbish: str
) -> None:
    assert manager.get(f"{address}?{rubbish}").status_code == 200


def test_other_branches_alterations_are_in_no_list_and_no_sum(
    manager: Client, small: Provider
) -> None:
    elsewhere = provider(code="F")
    some_of_each(elsewhere)

    assert listed(manager) == []
    assert listed(manager, f"filial={elsewhere.branch.pk}") == []
    for asked in ("", f"filial={elsewhere.branch.pk}", "de=&ate="):
        report = manager.get(f"{REPORT}?{asked}").context["report"]
        assert (report.total.alterations, report.undone.alterations) == (0, 0)
    assert "Fibra" not in manager.get(LIST, {"formato": "csv"}).content.decode()


@pytest.mark.parametrize("address", [LIST, f"{REPORT}?por=plano"])
def test_a_page_costs_as_many_queries_whatever_it_shows(
    manager: Client, small: Provider, address: str
) -> None:
    choose(small, DifferencePolicy.MANUAL)
    alter(the_manuals(small, 4990), to_plan(small.plan(price_cents=8990)))
    with CaptureQueriesContext(connection) as few:
        manager.get(address)
    for _ in range(3):
        alter(the_manuals(small, 4990), to_plan(small.plan(price_cents=8990)))

    with CaptureQueriesContext(connection) as many:
        manager.get(address)

    assert len(many) == len(few)


def test_pages_of_the_list_lead_to_one_another(
    manager: Client, small: Provider, monkeypatch: pytest.MonkeyPatch
) -> None:
    everything = [one.pk for one in reversed(some_of_each(small))]
    monkeypatch.setattr("vigente.alterations.report_queries.PAGE", 2)

    first = manager.get(LIST)
    second = manager.get(LIST + first.context["older"])
    back = manager.get(LIST + second.context["newer"])

    seen = [[one.pk for one in answer.context["rows"]] for answer in (first, second, back)]
    assert seen == [everything[:2], everything[2:4], everything[:2]]


def in_csv(client: Client, address: str) -> list[list[str]]:
    told = client.get(address, {"formato": "csv"}).content.decode("utf-8-sig")
    return list(csv.reader(StringIO(told), delimiter=";"))


def in_xlsx(client: Client, address: str) -> list[tuple]:
    book = load_workbook(BytesIO(client.get(address, {"formato": "xlsx"}).content))
    return list(book.active.iter_rows(values_only=True))


def cents(cell: str) -> int:
    return int(cell.replace(".", "").replace(",", ""))


@pytest.mark.parametrize("read", [in_csv, in_xlsx])
def test_the_report_is_taken_along_with_its_totals(
    manager: Client, small: Provider, read: Callable[[Client, str], list]
) -> None:
    some_of_each(small)

    header, *_, total, undone = read(manager, REPORT)

    assert list(header[:2]) == ["Tipo", "Alterações"]
    for line, words, where in (
        (total, "Total", "status = 'CONFIRMED'"),
        (undone, "Desfeitas (fora do total)", "status = 'UNDONE'"),
    ):
        assert line[0] == words
        assert int(line[1]) == summed("1", where)
        expected = [summed(what, where) for what in list(SUMS.values())[1:]]
        if read is in_csv:
            assert [cents(cell) for cell in line[2:]] == expected
        else:
            assert [round(cell * 100) for cell in line[2:]] == expected


@pytest.mark.parametrize("read", [in_csv, in_xlsx])
def test_the_list_is_taken_along_whole(
    manager: Client, small: Provider, read: Callable[[Client, str], list]
) -> None:
    _, down, *_ = made = some_of_each(small)

    header, *rows = read(manager, LIST)

    assert [int(row[0]) for row in rows] == [one.pk for one in reversed(made)]
    line = dict(zip(header, rows[-2], strict=True))
    assert line["Cliente"] == down.contract.customer.name
    change = line["Variação (R$)"]
    assert change == "-40,00" if read is in_csv else change == -40
    assert line["Situação"] == "Concluída"


def test_the_print_holds_the_total(
    manager: Client, small: Provider, monkeypatch: pytest.MonkeyPatch
) -> None:
    some_of_each(small)
    monkeypatch.setattr(printing, "printer", PlainPrinter)

    pdf = manager.get(REPORT, {"formato": "pdf"}).content

    assert pdf.startswith(b"%PDF")
    assert summed("GREATEST(difference_cents, 0)") == 3613
    assert b"(36,13)" in pdf


@pytest.mark.parametrize("address", [LIST, REPORT])
def test_both_are_printed_by_the_real_printer(
    manager: Client, small: Provider, address: str
) -> None:
    some_of_each(small)

    answer = manager.get(address, {"formato": "pdf"})

    assert answer["Content-Type"] == "application/pdf"
    assert answer.content.startswith(b"%PDF")


def test_the_pages_fit_and_lead_on(signed_in: Page, isp: Provider) -> None:
    page = signed_in
    for address in (LIST, REPORT):
        page.goto(address)
        assert_fit_for_all(page)
    up, *_ = some_of_each(isp)

    page.goto(LIST)
    expect(page.locator("tbody tr")).to_have_count(5)
    assert_fit_for_all(page)
    page.goto(f"{REPORT}?por=vendedor")
    expect(page.locator("main")).to_contain_text("36,13")
    expect(page.locator("main")).to_contain_text("não entram em nenhum total: 1 neste período")
    assert_fit_for_all(page)
    page.goto(f"{LIST}?tipo={up.kind}&visao=concluidas")
    page.locator("tbody a.name").click()
    expect(page.get_by_role("heading", name=f"Alteração {up.pk}")).to_be_visible()
