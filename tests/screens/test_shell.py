"""What surrounds every page: signing in and out, menu, themes, keys, what failures say."""

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import OperationalError
from django.http import Http404, HttpRequest
from django.test import RequestFactory
from playwright.sync_api import Page, expect

from tests.provider import Provider
from tests.screens.conftest import EMAIL, PASSWORD
from tests.screens.test_pages import assert_fit_for_all
from vigente import backoffice
from vigente.backoffice import errors
from vigente.backoffice.menu import MENU, entry_over
from vigente.backoffice.templatetags import vigente as tags
from vigente.staff.models import Branch

HERE = Path(backoffice.__file__).parent
STATIC = HERE / "static/vigente"
MODULES = sorted(HERE.rglob("*.py"))
TEMPLATES = sorted((HERE / "templates").rglob("*.html"))
SERVED = [
    template for template in TEMPLATES if template.name != "printed.html"
]  # goes to a printer

at_a_desk = pytest.mark.parametrize("width", [1440])


@pytest.fixture(params=["light", "dark"])
def theme(request: pytest.FixtureRequest, page: Page) -> str:
    """Return a theme that the person's system asks for."""
    page.emulate_media(color_scheme=request.param)
    found: str = request.param
    return found


@pytest.fixture
def away(monkeypatch: pytest.MonkeyPatch) -> Iterator[pytest.MonkeyPatch]:
    """Let every query fail as it does while the database is away, until undone."""

    def refuse(*_: object) -> None:
        raise OperationalError("connection refused")

    with monkeypatch.context() as patched:
        patched.setattr("django.db.backends.utils.CursorWrapper.execute", refuse)
        yield patched


def expect_theme(page: Page, theme: str) -> None:
    expect(page.locator("html")).to_have_attribute("data-bs-theme", theme)


@at_a_desk
def test_signing_in_opens_the_page_that_was_asked_for(page: Page, isp: Provider) -> None:
    page.goto("/fechamento/")
    page.fill("[name=username]", EMAIL)
    page.fill("[name=password]", PASSWORD)
    page.keyboard.press("Enter")

    expect(page.locator("h1")).to_contain_text("Fechamento")


def test_signing_in_looks_right_in_both_themes(page: Page, isp: Provider, theme: str) -> None:
    page.goto("/entrar/")

    expect_theme(page, theme)
    assert_fit_for_all(page)


def test_who_signs_out_is_out(signed_in: Page) -> None:
    signed_in.get_by_role("button", name="Conta de Ana Atendente").click()
    expect(signed_in.locator("#account")).to_contain_text(EMAIL)
    assert_fit_for_all(signed_in)
    signed_in.get_by_role("button", name="Sair").click()

    expect(signed_in.locator("h1")).to_have_text("Entrar")
    signed_in.goto("/contratos/")
    expect(signed_in.locator("h1")).to_have_text("Entrar")


@at_a_desk
def test_a_list_that_outlived_its_session_asks_to_sign_in_again(signed_in: Page) -> None:
    signed_in.context.clear_cookies()
    signed_in.fill(".find input", "souza")

    expect(signed_in.locator("h1")).to_have_text("Entrar")
    expect(signed_in.locator(".shell")).to_have_count(0)


@at_a_desk
def test_going_back_to_a_filtered_list_shows_the_whole_page(signed_in: Page, isp: Provider) -> None:
    isp.activate(customer=isp.customer("Bento Lima"))
    signed_in.goto("/contratos/")
    signed_in.fill(".find input", "bento")
    signed_in.wait_for_url("**q=bento**")
    signed_in.click("tbody a.name")
    expect(signed_in.locator("h1")).to_have_text("Bento Lima")
    signed_in.go_back()

    expect(signed_in.locator("header.topbar")).to_be_visible()
    expect(signed_in.locator("tbody tr")).to_have_count(1)


def test_the_branch_of_the_person_stands_above(signed_in: Page, isp: Provider, width: int) -> None:
    signed_in.goto("/contratos/")
    if width < 992:
        signed_in.get_by_role("button", name="Conta de").click()

    shown = signed_in.locator("header .branch, #account li").filter(visible=True)
    expect(shown).to_have_text(isp.branch.name)


@pytest.mark.parametrize(
    ("path", "entry"),
    [
        ("/alteracoes/", "alterations"),
        ("/alteracoes/7/", "alterations"),
        ("/alteracoes/em-massa/nova/", "mass-alterations"),
        ("/perfil/", ""),
    ],
)
def test_the_nearest_entry_of_the_menu_is_the_one_marked(path: str, entry: str) -> None:
    assert entry_over(path) == entry


@at_a_desk
def test_the_menu_stays_while_a_long_page_scrolls(signed_in: Page) -> None:
    signed_in.goto("/planos/novo/")
    signed_in.evaluate("scrollTo({top: 100, behavior: 'instant'})")

    assert signed_in.evaluate("document.querySelector('.side').getBoundingClientRect().top") == 0


def test_the_menu_marks_where_one_is(signed_in: Page, width: int) -> None:
    signed_in.goto("/fechamento/")
    if width < 1280:
        signed_in.get_by_role("button", name="Abrir menu").click()

    expect(signed_in.locator("nav.side a[aria-current]")).to_have_text("Fechamento do mês")
    assert_fit_for_all(signed_in)
    signed_in.get_by_role("link", name="Contratos", exact=True).click()
    expect(signed_in.locator("h1")).to_have_text("Contratos")


@at_a_desk
def test_the_theme_follows_the_system_until_one_is_chosen(signed_in: Page) -> None:
    signed_in.emulate_media(color_scheme="dark")
    expect_theme(signed_in, "dark")

    signed_in.get_by_role("button", name="Conta de").click()
    signed_in.get_by_label("Claro").check()
    expect_theme(signed_in, "light")
    signed_in.reload()
    expect_theme(signed_in, "light")

    signed_in.keyboard.press("t")
    expect_theme(signed_in, "dark")
    signed_in.keyboard.press("t")
    signed_in.emulate_media(color_scheme="light")
    expect_theme(signed_in, "light")


@at_a_desk
def test_the_theme_stands_before_the_first_paint(signed_in: Page) -> None:
    signed_in.evaluate("localStorage.setItem('theme', 'dark')")
    signed_in.add_init_script(
        "new MutationObserver(() => document.body && (window.first ??="
        " document.documentElement.dataset.bsTheme)).observe(document, {childList: true,"
        " subtree: true})"
    )
    signed_in.reload()

    assert signed_in.evaluate("window.first") == "dark"


def test_pages_look_right_in_the_dark(signed_in: Page, isp: Provider, theme: str) -> None:
    isp.activate()
    for address in ("/contratos/", "/fechamento/"):
        signed_in.goto(address)
        expect_theme(signed_in, theme)
        assert_fit_for_all(signed_in)


@at_a_desk
def test_rows_are_reached_and_opened_by_keys(signed_in: Page, isp: Provider) -> None:
    for name in ("Açucena", "Bento", "Cida"):
        isp.activate(customer=isp.customer(name))
    signed_in.goto("/contratos/")
    for key in "jjjk":
        signed_in.keyboard.press(key)
    signed_in.keyboard.press("Enter")

    expect(signed_in.locator("h1")).to_have_text(
        "Bento"
    )  # newest first: down to Açucena, up to Bento


@at_a_desk
def test_letters_rest_in_a_field_and_when_switched_off(signed_in: Page) -> None:
    signed_in.keyboard.press("/")
    signed_in.keyboard.type("?t/")
    assert signed_in.input_value(".find input") == "?t/"
    signed_in.keyboard.press("Escape")

    signed_in.keyboard.press("?")
    expect(signed_in.get_by_role("dialog")).to_be_visible()
    assert_fit_for_all(signed_in)
    signed_in.get_by_label("Usar atalhos de uma tecla").uncheck()
    signed_in.keyboard.press("Escape")
    signed_in.keyboard.press("?")
    expect(signed_in.get_by_role("dialog")).not_to_be_visible()


def test_the_search_is_one_key_or_one_touch_away(
    signed_in: Page, isp: Provider, width: int
) -> None:
    isp.activate(customer=isp.customer("Bento Lima"))
    signed_in.goto("/fechamento/")
    if width < 992:
        signed_in.get_by_role("button", name="Buscar").click()
    else:
        signed_in.keyboard.press("Control+k")
    assert_fit_for_all(signed_in)
    signed_in.keyboard.type("lima")
    signed_in.keyboard.press("Enter")

    expect(signed_in.locator(".found.here a").last).to_contain_text("Bento Lima")


def test_a_database_away_is_told_and_the_page_comes_back_by_itself(
    signed_in: Page, away: pytest.MonkeyPatch
) -> None:
    signed_in.goto("/contratos/")
    expect(signed_in.locator("h1")).to_have_text("O banco de dados não responde")
    assert_fit_for_all(signed_in)
    away.undo()

    expect(signed_in.locator("h1")).to_have_text("Contratos", timeout=15_000)


@at_a_desk
def test_trouble_behind_a_part_of_a_page_is_told_above_it(
    signed_in: Page, away: pytest.MonkeyPatch
) -> None:
    signed_in.fill(".find input", "souza")
    expect(signed_in.get_by_role("alert")).to_contain_text("O banco de dados não responde")
    away.undo()
    signed_in.fill(".find input", "souz")

    expect(signed_in.locator("#trouble")).to_be_hidden()


def test_what_is_not_there_looks_right_too(signed_in: Page, theme: str) -> None:
    signed_in.goto("/nada/")

    expect(signed_in.locator("h1")).to_have_text("Página não encontrada")
    assert_fit_for_all(signed_in)


@pytest.mark.parametrize(
    ("answer", "status", "title"),
    [
        (lambda asked: errors.bad_request(asked, ValueError()), 400, "Pedido inválido"),
        (lambda asked: errors.forbidden(asked, PermissionError()), 403, "Sem permissão"),
        (lambda asked: errors.not_found(asked, Http404()), 404, "Página não encontrada"),
        (errors.failed, 500, "Algo deu errado"),
        (errors.csrf_failed, 403, "A página expirou"),
    ],
    ids=["bad request", "forbidden", "not found", "failed", "expired form"],
)
def test_what_went_wrong_is_told_without_the_database(answer, status: int, title: str) -> None:  # noqa: ANN001
    told = answer(RequestFactory().get("/"))

    assert told.status_code == status
    assert f"<h1>{title}</h1>" in told.content.decode()


@at_a_desk
def test_an_expired_form_is_told(page: Page, isp: Provider) -> None:
    page.goto("/entrar/")
    page.context.clear_cookies()
    page.fill("[name=username]", EMAIL)
    page.fill("[name=password]", PASSWORD)
    page.keyboard.press("Enter")

    expect(page.locator("h1")).to_have_text("A página expirou")
    assert_fit_for_all(page)


class Inline(HTMLParser):
    """Collects what a strict content security policy refuses."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        names = {name for name, _ in attrs}
        if tag == "style" or (tag == "script" and "src" not in names):
            self.found.append(tag)
        self.found += [name for name in names if name == "style" or name.startswith("on")]


@pytest.mark.parametrize("template", SERVED, ids=lambda template: template.name)
def test_no_template_carries_styles_or_code(template: Path) -> None:
    inline = Inline()
    inline.feed(template.read_text())

    assert inline.found == []


def test_the_sprite_holds_the_icons_in_use_and_no_others() -> None:
    text = "".join(template.read_text() for template in TEMPLATES)
    told = "".join(module.read_text() for module in MODULES)
    drawn = set(re.findall(r'{%\s*icon "([^"]+)"', text)) | {group.icon for group in MENU}
    drawn |= set(re.findall(r'icon="([^"]+)"', told))
    held = set(re.findall(r'id="i-([^"]+)"', (STATIC / "icons.svg").read_text()))

    assert held == drawn


def test_static_files_are_collected_under_lasting_names(settings, tmp_path: Path) -> None:  # noqa: ANN001
    settings.STATIC_ROOT = tmp_path
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
    }
    call_command("collectstatic", verbosity=0, interactive=False)
    css = next((tmp_path / "vigente").glob("vigente.*.css"))

    assert re.search(r'url\("fonts/inter-latin\.[0-9a-f]{12}\.woff2"\)', css.read_text())
    assert list((tmp_path / "vigente").glob("tabler.min.*.css.br"))
    assert re.search(r"icons\.[0-9a-f]{12}\.svg#i-moon", tags.icon("moon"))


@pytest.mark.parametrize(
    ("name", "shown"),
    [("Renata Lobo", "RL"), ("Ana", "A"), ("joão da silva sauro", "JS"), ("", "")],
)
def test_initials_are_those_of_the_first_and_the_last_name(name: str, shown: str) -> None:
    assert tags.initials(name) == shown


@at_a_desk
def test_a_person_of_several_branches_sees_how_many(signed_in: Page, isp: Provider) -> None:
    elsewhere = Branch.objects.create(code="X", name="Outra", city="Longe", uf="SP")
    isp.branch.people.get().branches.add(elsewhere)
    signed_in.goto("/contratos/")

    expect(signed_in.locator("#account li")).to_have_count(2)


def test_the_page_of_a_form_that_failed_does_not_ask_again() -> None:
    asked = HttpRequest()
    asked.method = "POST"

    assert "again.js" not in errors._away(asked).content.decode()
