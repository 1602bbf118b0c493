"""A provider's first day by its screens alone, from an empty system to money in the desk."""

import pytest
from django.core.cache import cache
from playwright.sync_api import Page, expect

from tests.screens import pictures
from tests.screens.conftest import EMAIL, ON_FIRST_DAY, PASSWORD
from tests.screens.test_pages import assert_fit_for_all, work
from vigente.billing.models import Receivable
from vigente.staff import actions as staff


@pytest.fixture
def page_of_administrator(page: Page, first_day: None, django_db_reset_sequences: None) -> Page:
    """Return a page of who set the system up, where there is nothing else yet."""
    cache.clear()
    staff.create_user(
        email=EMAIL, name="Ana Prado", password=PASSWORD, branches=[], administrator=True
    )
    page.set_default_timeout(8_000)
    page.goto("/entrar/")
    pictures.take(page, "entrar")
    page.fill("[name=username]", EMAIL)
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url("**/contratos/")
    return page


def fill(page: Page, /, **typed: str) -> None:
    """Type into the fields, by their names."""
    for name, value in typed.items():
        field = page.locator(f"[name={name.replace('__', '-')}]")
        if field.evaluate("one => one.tagName") == "SELECT":
            field.select_option(label=value)
        else:
            field.fill(value)


def save(page: Page, *, picture: str | None = None) -> None:
    """Save by keyboard what was typed."""
    assert_fit_for_all(page)
    if picture:
        pictures.take(page, picture)
    page.keyboard.press("Control+s")
    expect(page.get_by_role("status").filter(has_text="salvo")).to_be_visible()


def add(page: Page, where: str, /, *, picture: str | None = None, **typed: str) -> None:
    """Add a row to a register: N for a new one, the fields, Ctrl S."""
    page.goto(where)
    page.keyboard.press("n")
    page.wait_for_url(f"**{where}novo/")
    fill(page, **typed)
    save(page, picture=picture)


def test_a_providers_first_day(page_of_administrator: Page) -> None:
    page = page_of_administrator

    set_up(page)
    sell(page)
    activate(page)
    add_a_service(page)
    close_the_month(page)
    receive(page)


def set_up(page: Page) -> None:
    """Fill the registers in, from the branch to the plan and its first customer."""
    expect(page.locator("main")).to_contain_text("Nenhum contrato")
    add(
        page,
        "/filiais/",
        picture="filial",
        code="SC",
        name="Serra Clara",
        tax_id="11.222.333/0001-81",
        city="Serra Clara",
        uf="MG",
        difference_policy="Manual",
        holidays__0__day="2026-12-08",
        holidays__0__name="Padroeira",
    )
    add(
        page,
        "/produtos/",
        picture="produto",
        code="FIBRA300",
        name="Fibra 300 Mega",
        kind="Internet",
        tax_class="SCM · internet",
        price_cents="99,90",
        download_kbps="300000",
        upload_kbps="150000",
    )
    add(
        page,
        "/produtos/",
        code="PONTO",
        name="Ponto adicional",
        kind="Serviço",
        tax_class="ISS · serviços",
        price_cents="19,90",
    )
    add(page, "/condicoes-de-pagamento/", name="Dia fixo", due_rule="Dia fixo")
    add(
        page,
        "/tipos-de-cobranca/",
        picture="tipo-de-cobranca",
        name="Mensal pós-pago",
        payment_terms_id="Dia fixo",
    )
    add(page, "/carteiras/", name="Boleto e Pix")
    add(
        page,
        "/planos/",
        picture="plano-de-venda",
        code="F300",
        name="Fibra 300",
        billing_type_id="Mensal pós-pago",
        wallet_id="Boleto e Pix",
        loyalty_months="12",
        items__0__product_id="Fibra 300 Mega",
        items__0__description="Fibra 300 Mega",
        items__0__price_cents="99,90",
    )
    page.goto("/clientes/")
    page.keyboard.press("n")
    page.wait_for_url("**/clientes/novo/")
    fill(
        page,
        name="Marina Alves Teixeira",
        tax_id="529.982.247-25",
        branch_id="Serra Clara",
        born_on="1988-02-29",
        addresses__0__street="Rua das Flores",
        addresses__0__number="12",
        addresses__0__city="Serra Clara",
        addresses__0__uf="MG",
        addresses__0__postal_code="36500-000",
        phones__0__value="(31) 98765-4321",
        emails__0__value="marina@example.com",
    )
    save(page, picture="cliente-novo")


def sell(page: Page) -> None:
    """Sell a contract by keyboard: customer, plan, everything filled in, the due day, saved."""
    page.goto("/contratos/")
    page.keyboard.press("n")
    page.wait_for_url("**/contratos/novo/")
    page.keyboard.type("marina teixeira")
    page.wait_for_selector("#clientes >> text=Marina Alves")
    page.keyboard.press("Enter")
    page.wait_for_url("**cliente=*")
    page.keyboard.press("Control+Enter")
    page.wait_for_selector("#venda")
    fill(page, due_day="10")
    page.press("[name=due_day]", "Tab")
    expect(page.locator("#previa")).to_contain_text("R$ 69,93")  # 99,90 ÷ 30 × 21
    assert_fit_for_all(page)
    pictures.take(page, "venda")
    page.keyboard.press("Control+s")
    page.wait_for_selector("text=Falta ativar")


def activate(page: Page) -> None:
    """Activate it, by keyboard."""
    page.keyboard.press("a")
    page.wait_for_url("**/ativar/")
    expect(page.locator("#previa")).to_contain_text("Próximas faturas")
    assert_fit_for_all(page)
    pictures.take(page, "ativacao")
    page.keyboard.press("Control+Enter")
    page.wait_for_selector("text=Contrato ativado.")
    pictures.take(page, "contrato")


def add_a_service(page: Page) -> None:
    """Add an access point to the contract."""
    page.goto(f"{page.url.split('?')[0]}?aba=servicos")
    page.keyboard.press("n")
    page.wait_for_url("**/servicos/novo/")
    fill(page, product_id="Ponto adicional")
    expect(page.locator("[name=price_cents]")).to_have_value("19,90")
    fill(page, description="Ponto da sala")
    expect(page.locator("#previa")).to_contain_text("R$ 13,93")  # 19,90 ÷ 30 × 21
    assert_fit_for_all(page)
    pictures.take(page, "servico-adicional")
    page.keyboard.press("Control+s")
    page.wait_for_selector("text=«Ponto da sala» foi incluído")
    pictures.take(page, "servicos")


def close_the_month(page: Page) -> None:
    """Simulate December, carry it out and read the report."""
    page.goto("/fechamento/")
    page.fill("[name=month]", "2026-12")
    assert_fit_for_all(page)
    pictures.take(page, "fechamento")
    page.get_by_role("button", name="Simular").click()
    page.wait_for_url("**/fechamento/*/")
    work(start=("-c", ON_FIRST_DAY))
    expect(page.get_by_text("Executar fechamento")).to_be_visible(timeout=10_000)
    expect(page.locator("main")).to_contain_text("R$ 83,86")  # 69,93 + 13,93
    assert_fit_for_all(page)
    page.get_by_role("button", name="Executar fechamento").click()
    work(start=("-c", ON_FIRST_DAY))
    expect(page.get_by_text("Exportar retidos")).to_be_visible(timeout=10_000)
    expect(page.locator("main")).to_contain_text("nenhuma diferença em relação à simulação")
    assert_fit_for_all(page)
    pictures.take(page, "fechamento-relatorio")


def receive(page: Page) -> None:
    """Open a cash desk, take what the customer owes, and see it settled."""
    page.goto("/caixas/abrir/")
    fill(page, opening_cents="50,00")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_text("Caixa aberto.")).to_be_visible()
    page.goto("/contas-a-receber/")
    assert_fit_for_all(page)
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    page.wait_for_url("**/contas-a-receber/*/")
    assert_fit_for_all(page)
    pictures.take(page, "conta-a-receber")
    page.keyboard.press("a")
    page.wait_for_url("**/receber/")
    assert page.input_value("[name=amount_cents]") == "83,86"
    expect(page.locator("#previa")).to_contain_text("A conta fica quitada.")
    assert_fit_for_all(page)
    pictures.take(page, "recebimento")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_text("Recebimento registrado.")).to_be_visible()
    expect(page.locator("main")).to_contain_text("Recebida")
    assert Receivable.objects.get().open_cents == 0
    page.goto("/caixas/")
    page.get_by_role("link", name="Ana Prado").first.click()
    page.wait_for_url("**/caixas/*/")
    expect(page.locator("main")).to_contain_text("83,86")
    assert_fit_for_all(page)
    pictures.take(page, "caixa")
