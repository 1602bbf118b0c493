"""The day's work in a real browser, at the width of a desk and of a phone."""

import os
import subprocess
import sys
from collections.abc import Sequence
from datetime import date, timedelta

from axe_playwright_python.sync_playwright import Axe
from django.db import connection
from django.utils import timezone
from playwright.sync_api import Page, expect

from tests.journeys.scenario import close
from tests.provider import Provider
from vigente.billing.models import Invoice
from vigente.staff.models import Branch


def assert_fit_for_all(page: Page) -> None:
    """Hold the page to its width, and axe to finding nothing serious."""
    page.wait_for_load_state()
    wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
    assert wide <= 0
    found = Axe().run(page).response["violations"]
    serious = [v["id"] for v in found if v["impact"] in ("serious", "critical")]
    assert serious == []


def work(*, start: Sequence[str] = ("-m", "vigente.cli")) -> None:
    """Let a worker carry out the jobs that wait, in a process of its own."""
    told = connection.settings_dict
    url = (
        f"postgres://{told['USER']}:{told['PASSWORD']}@{told['HOST']}:{told['PORT']}/{told['NAME']}"
    )
    subprocess.run(
        [
            *(sys.executable, *start, "manage", "procrastinate", "worker"),
            *("--one-shot", "--queues", "close"),
        ],
        check=True,
        env={**os.environ, "DATABASE_URL": url},
        capture_output=True,
        timeout=120,
    )


def test_a_wrong_password_is_told_in_a_sentence(page: Page, isp: Provider) -> None:
    page.goto("/contratos/")
    page.fill("[name=username]", "ana@example.com")
    page.fill("[name=password]", "errada")
    page.click("button[type=submit]")

    expect(page.get_by_role("alert")).to_contain_text("E-mail ou senha não conferem")
    assert page.input_value("[name=username]") == "ana@example.com"
    assert_fit_for_all(page)


def test_contracts_are_found_without_accents_and_opened(
    signed_in: Page, isp: Provider, width: int
) -> None:
    isp.activate(customer=isp.customer("Açucena Conceição"))
    isp.activate(customer=isp.customer("Bento Lima"))

    signed_in.goto("/contratos/")
    assert_fit_for_all(signed_in)
    signed_in.fill(".find input", "conceicao acu")
    expect(signed_in.locator("tbody tr")).to_have_count(1)
    assert "q=conceicao" in signed_in.url
    signed_in.click("tbody a.name")

    expect(signed_in.locator("h1")).to_have_text("Açucena Conceição")
    assert_fit_for_all(signed_in)


def test_an_empty_list_says_what_to_do(signed_in: Page) -> None:
    signed_in.goto("/contratos/?q=ninguém")

    expect(signed_in.locator(".empty")).to_contain_text("Nenhum contrato neste filtro")
    assert_fit_for_all(signed_in)


def test_a_contract_shows_its_next_invoice_with_its_sums(signed_in: Page, isp: Provider) -> None:
    today = timezone.localdate()  # noqa: TID251  the pages read it too
    contract = isp.activate(on=today - timedelta(days=3), due_day=(today.day + 9) % 27 + 1)

    for tab in (
        "contrato",
        "produtos",
        "servicos",
        "descontos",
        "faturamento",
        "faturas",
        "historico",
    ):
        signed_in.goto(f"/contratos/{contract.pk}/?aba={tab}")
        assert_fit_for_all(signed_in)
    signed_in.locator("aside summary").first.click()

    expect(signed_in.locator("aside .explained").first).to_contain_text("R$ 90,00")


def test_issued_invoices_unfold_to_their_sums(signed_in: Page, isp: Provider) -> None:
    contract = isp.activate(on=date(2026, 1, 20))
    close(issued_on=date(2026, 1, 31), due_until=date(2026, 2, 28))

    signed_in.goto(f"/contratos/{contract.pk}/?aba=faturas")
    signed_in.locator("section summary").first.click()

    expect(signed_in.locator("section .sum")).to_contain_text("R$ 90,00 ÷ 31 × 21 dias = R$ 60,97")
    assert_fit_for_all(signed_in)


def test_a_month_is_simulated_carried_out_and_reported(signed_in: Page, isp: Provider) -> None:
    today = timezone.localdate()  # noqa: TID251  the pages read it too
    isp.activate(on=today - timedelta(days=3), due_day=10)
    broken = isp.activate(on=today - timedelta(days=3), due_day=10)
    type(broken).objects.filter(pk=broken.pk).update(address=None)

    signed_in.goto("/fechamento/")
    assert_fit_for_all(signed_in)
    signed_in.fill("[name=due_until]", (today + timedelta(days=40)).isoformat())
    signed_in.click("text=Simular")
    work()
    expect(signed_in.get_by_text("Executar fechamento")).to_be_visible(timeout=10_000)
    expect(signed_in.locator("main")).to_contain_text("Cadastro incompleto")
    assert Invoice.objects.count() == 0
    assert_fit_for_all(signed_in)

    signed_in.click("text=Executar fechamento")
    work()
    expect(signed_in.get_by_text("Exportar retidos")).to_be_visible(timeout=10_000)
    expect(signed_in.locator("main")).to_contain_text("nenhuma diferença em relação à simulação")
    assert Invoice.objects.count() >= 1
    assert_fit_for_all(signed_in)
    signed_in.click("text=Ver lista")
    expect(signed_in.locator("tbody")).to_contain_text("endereço de instalação")
    assert_fit_for_all(signed_in)


def test_a_bad_month_is_told_beside_its_field(signed_in: Page) -> None:
    signed_in.goto("/fechamento/")
    signed_in.click("text=Simular")

    expect(signed_in.get_by_role("alert")).to_contain_text("Informe o mês de referência")


def test_another_branchs_contract_is_not_there(signed_in: Page, isp: Provider) -> None:
    contract = isp.activate()
    elsewhere = Branch.objects.create(code="X", name="Outra", city="Longe", uf="SP")
    type(contract).objects.filter(pk=contract.pk).update(branch=elsewhere)

    answer = signed_in.goto(f"/contratos/{contract.pk}/")

    assert answer is not None
    assert answer.status == 404
    expect(signed_in.locator("h1")).to_have_text("Página não encontrada")
    signed_in.goto("/contratos/")
    expect(signed_in.locator(".empty")).to_be_visible()
