"""The manual's pictures: what the demonstration shows, and that chapters and pictures agree."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.cache import cache
from playwright.sync_api import Browser, Page, expect

from tests.provider import ATTENDANT
from tests.screens import pictures
from tests.screens.conftest import FIRST_DAY, ON_FIRST_DAY
from tests.screens.test_pages import work
from vigente.billing.models import Receivable
from vigente.cli import demo
from vigente.contracts.models import Contract
from vigente.documents.models import DocumentTemplate
from vigente.domain.codes import PaymentMeans
from vigente.journeys import receiving
from vigente.staff.models import Branch

MANUAL = pictures.FOLDER.parent
README = MANUAL.parents[1] / "README.md"
SHOWN = re.compile(r"!\[([^\]]+)\]\(([^)]+\.png)\)")


def shown_in(text: Path) -> list[Path]:
    """Return the pictures that a text shows."""
    return [(text.parent / told).resolve() for _, told in SHOWN.findall(text.read_text())]


@pytest.mark.parametrize("chapter", sorted(MANUAL.glob("*.md")), ids=lambda one: one.stem)
def test_a_chapter_shows_its_screens_at_both_widths(chapter: Path) -> None:
    names = [picture.name for picture in shown_in(chapter)]

    assert names, f"{chapter.name} não mostra nenhuma tela: tire a imagem num teste de tela."
    for name in names:
        other = re.sub(r"-(1440|400)\.png", "", name)
        assert {f"{other}-{width}.png" for width in pictures.WIDTHS} <= set(names)


def test_every_picture_is_shown_and_every_one_shown_is_there() -> None:
    shown = {picture for text in (*MANUAL.glob("*.md"), README) for picture in shown_in(text)}

    assert shown == set(pictures.FOLDER.glob("*.png"))


def test_the_pictures_are_small() -> None:
    heavy = [p.name for p in pictures.FOLDER.glob("*.png") if p.stat().st_size > 200_000]

    assert heavy == []


@pytest.fixture
def of_demonstration(
    browser: Browser,
    live_server,  # noqa: ANN001
    django_db_reset_sequences: None,
    first_day: None,
    tmp_path: Path,
) -> Iterator[Page]:
    """Return a page of the demonstration's administrator."""
    cache.clear()
    demo.load(tmp_path, now=FIRST_DAY, customers=130)
    context = browser.new_context(
        viewport={"width": 1440, "height": 900}, base_url=live_server.url, locale="pt-BR"
    )
    page = context.new_page()
    page.goto("/entrar/")
    page.fill("[name=username]", demo.EMAIL)
    page.fill("[name=password]", demo.PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url("**/contratos/")
    yield page
    context.close()


def test_the_demonstration_as_the_manual_shows_it(of_demonstration: Page) -> None:
    page = of_demonstration
    main = Branch.objects.get(code="MATRIZ")
    late = Receivable.objects.filter(branch=main, received_cents=0).order_by("due_on", "pk")[0]
    contract = Contract.objects.filter(
        branch=main, status="ACTIVE", plans__sale_plan__code="F200"
    ).order_by("pk")[0]
    template = DocumentTemplate.objects.order_by("pk")[0]
    for name, address in (
        ("contratos", "/contratos/"),
        ("planos-de-venda", "/planos/"),
        ("clientes", "/clientes/"),
        ("cliente", f"/clientes/{late.customer_id}/"),
        ("contas-a-receber", "/contas-a-receber/"),
        ("faturas", "/faturas/"),
        ("parametros", f"/parametros/filial/{main.pk}/"),
        ("pessoa", "/pessoas/novo/"),
        ("trilha", "/trilha/"),
        ("agendamentos", "/agendamentos/"),
        ("minha-conta", "/conta/"),
        ("modelo-de-documento", f"/modelos-de-documento/{template.pk}/"),
        ("documento", f"/contratos/{contract.pk}/documentos/emitir/"),
    ):
        page.goto(address)
        pictures.take_both(page, name)

    pay_too_much(late)
    page.goto("/creditos/")
    pictures.take_both(page, "creditos")
    simulate_what_lies_beyond_the_ceiling(page)
    alter(page, contract)
    for name, address in (
        ("alteracoes", "/alteracoes/"),
        ("relatorio-de-alteracoes", "/relatorios/alteracoes/"),
        ("alteracao-em-massa", "/alteracoes/em-massa/"),
    ):
        page.goto(address)
        pictures.take_both(page, name)
    bring_in(page)


def pay_too_much(receivable: Receivable) -> None:
    receiving.receive(
        receivable.pk,
        amount_cents=receivable.open_cents + 100_00,
        on=FIRST_DAY.date(),
        key="pago a mais",
        note="",
        means=PaymentMeans.PIX,
        by=ATTENDANT,
        now=FIRST_DAY,
        today=FIRST_DAY.date(),
    )


def simulate_what_lies_beyond_the_ceiling(page: Page) -> None:
    page.goto("/fechamento/")
    page.fill("[name=due_until]", "2027-01-31")
    page.get_by_role("button", name="Simular").click()
    page.wait_for_url("**/fechamento/*/")
    work(start=("-c", ON_FIRST_DAY))
    expect(page.get_by_text("Executar fechamento")).to_be_visible(timeout=20_000)
    pictures.take_both(page, "fechamento-simulado")


def alter(page: Page, contract: Contract) -> None:
    page.goto(f"/contratos/{contract.pk}/alteracao/")
    page.get_by_role("button", name="Continuar").click()
    expect(page.locator(".cmp")).to_be_visible()
    page.select_option("#id_plan_id", label="Fibra 600 Mega")
    expect(page.locator("#tipo")).to_contain_text("UP")
    pictures.take_both(page, "alteracao-contrato")
    page.get_by_role("button", name="Continuar").click()
    expect(page.get_by_role("heading", name="O que vai acontecer")).to_be_visible()
    pictures.take_both(page, "alteracao-conclusao")
    page.get_by_role("button", name="Concluir").click()
    expect(page.locator("[role=status]", has_text="concluída")).to_be_visible()


def bring_in(page: Page) -> None:
    page.goto("/importacao/")
    page.select_option("[name=sheet]", "vendedores")
    page.set_input_files(
        "[name=file]",
        {"name": "vendedores.csv", "mimeType": "text/csv", "buffer": b"filial;nome\nVALE;Bia\n"},
    )
    page.click("text=Enviar")
    page.wait_for_url("**/colunas/")
    pictures.take_both(page, "importacao")
