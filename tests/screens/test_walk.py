"""Every page fits its screen, complains of nothing, and axe finds nothing serious in it."""

from collections.abc import Iterator

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from django.conf import settings
from django.test import Client
from playwright.sync_api import Browser, ConsoleMessage, Page

from tests.provider import Provider
from tests.screens.conftest import REFUSED
from tests.screens.every_page import addresses, administrator, pages
from vigente.staff.models import User

A_PHONE_BY_DAY = {"viewport": {"width": 400, "height": 900}, "color_scheme": "light"}
A_DESK_BY_NIGHT = {"viewport": {"width": 1440, "height": 900}, "color_scheme": "dark"}
TABS = ("produtos", "servicos", "descontos", "faturamento", "faturas", "documentos", "historico")
EXAMINE = """async () => {
    const wide = document.documentElement.scrollWidth - innerWidth
    const found = await axe.run({resultTypes: ["violations"], preload: false})
    const serious = found.violations.filter(v => ["serious", "critical"].includes(v.impact))
    const told = serious.flatMap(v => v.nodes.map(node => `${v.id}: ${node.html.slice(0, 150)}`))
    return wide > 0 ? [`${wide} px wider than the screen`, ...told] : told
}"""
SPOIL = """() => {
    const wide = document.createElement("img")
    wide.style = "display: block; width: 900px; max-width: none; height: 9px"
    document.querySelector("main").append(wide)
}"""


class Walker:
    """Goes from page to page, and tells what is wrong with each."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.complaints: list[str] = []
        page.on("console", self._note)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))

    def _note(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning") and not REFUSED.search(message.text):
            self.complaints.append(message.text)

    def faults(self, address: str) -> list[str]:
        """Return what is wrong with the page of an address."""
        self.page.goto(address)
        return self.faults_here()

    def faults_here(self) -> list[str]:
        """Return what is wrong with the page that is open."""
        self.page.evaluate(AXE_SCRIPT)
        found = [*self.page.evaluate(EXAMINE), *self.complaints]
        self.complaints.clear()
        return found


@pytest.fixture
def user(isp: Provider, client: Client) -> User:
    """Make somebody who may do everything; the client is signed in as that person."""
    made = administrator()
    client.force_login(made)
    return made


@pytest.fixture
def found(isp: Provider, user: User, client: Client) -> dict[str, str]:
    """Return every page that there is."""
    shown = pages(client, addresses(isp, user))
    tabs = {f"contract, {tab}": f"{shown['contract']}?aba={tab}" for tab in TABS}
    return shown | tabs


@pytest.fixture(params=[A_PHONE_BY_DAY, A_DESK_BY_NIGHT], ids=["phone by day", "desk by night"])
def walker(
    request: pytest.FixtureRequest,
    browser: Browser,
    live_server,  # noqa: ANN001
    user: User,
    client: Client,
) -> Iterator[Walker]:
    """Return somebody who walks with the session of the client."""
    context = browser.new_context(base_url=live_server.url, locale="pt-BR", **request.param)
    name = settings.SESSION_COOKIE_NAME
    cookie = client.cookies[name].value
    context.add_cookies([{"name": name, "value": cookie, "url": live_server.url}])
    yield Walker(context.new_page())
    context.close()


def test_every_page_is_fit_for_all(walker: Walker, found: dict[str, str]) -> None:
    told = {address: (name, walker.faults(address)) for name, address in found.items()}

    assert [(name, fault) for name, faults in told.values() for fault in faults] == []


@pytest.mark.parametrize("walker", [A_PHONE_BY_DAY], indirect=True, ids=["phone"])
def test_the_walk_would_find_a_bad_page(walker: Walker) -> None:
    assert walker.faults("/conta/") == []
    walker.page.evaluate(SPOIL)
    walker.page.evaluate("fetch('https://example.com/').catch(() => {})")

    wide, unnamed, *blocked = walker.faults_here()

    assert wide.endswith("px wider than the screen")
    assert unnamed.startswith("image-alt: <img")
    assert any("Content Security Policy" in complaint for complaint in blocked)
