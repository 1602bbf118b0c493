"""A real browser before a real server; whatever it complains about fails the test."""

import os
import re
import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone
from playwright.sync_api import Browser, ConsoleMessage, Page, sync_playwright

from tests.provider import Provider, provider
from vigente.domain.permissions import Role
from vigente.staff import actions as staff

# Playwright keeps an event loop in the thread of the tests; their queries are safe all the same.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"

CHROMIUM = "/usr/bin/chromium"
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
# What a browser says of an answer that a test asked for: refused, or the database away.
REFUSED = re.compile(r"(status of|Status Error Code) (4\d\d|503)")
EMAIL, PASSWORD = "ana@example.com", "abacate-verde"
FIRST_DAY = datetime(2026, 11, 19, 14, 30, tzinfo=UTC)
# The command line, as a worker on that day starts it.
ON_FIRST_DAY = f"""
from datetime import datetime
from django.utils import timezone
timezone.now = lambda: datetime.fromisoformat("{FIRST_DAY.isoformat()}")
from vigente.cli import main
main()
"""


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    if not Path(CHROMIUM).exists() and not shutil.which("chromium"):
        why = "Falta o Chromium: instale o pacote chromium."
        if os.environ.get("VIGENTE_ALLOW_SKIP") == "1":
            pytest.skip(why)
        pytest.fail(why)
    with sync_playwright() as playwright:
        yield playwright.chromium.launch(
            executable_path=CHROMIUM, args=FLAGS, env={**os.environ, "LANGUAGE": "pt_BR"}
        )


@pytest.fixture(autouse=True)
def plain_static_files(settings) -> None:  # noqa: ANN001
    """Serve static files as they lie, without collecting them."""
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }


@pytest.fixture(autouse=True)
def quick_passwords(settings) -> None:  # noqa: ANN001
    """Spend no time on making passwords hard to guess."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture
def first_day(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the doors read one day, so that what they show is the same whenever it is tried."""
    monkeypatch.setattr(timezone, "now", lambda: FIRST_DAY)


@pytest.fixture(params=[1440, 400], ids=["desktop", "phone"])
def width(request: pytest.FixtureRequest) -> int:
    """Return the width of a desk's screen and of a phone's."""
    found: int = request.param
    return found


@pytest.fixture
def isp(transactional_db: None) -> Provider:
    cache.clear()  # counts of attempts are in no model's table: nothing else empties it
    made = provider()
    staff.create_user(
        email=EMAIL,
        name="Ana Atendente",
        password=PASSWORD,
        branches=[made.branch],
        roles=[Role.MANAGER],
    )
    return made


@pytest.fixture
def small(db: None) -> Provider:
    return provider()


@pytest.fixture
def manager(small: Provider) -> Client:
    """Return what a manager of the branch asks with."""
    user = staff.create_user(
        email=EMAIL,
        name="Ana Gerente",
        password=PASSWORD,
        branches=[small.branch],
        roles=[Role.MANAGER],
    )
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def page(browser: Browser, live_server, width: int) -> Iterator[Page]:  # noqa: ANN001
    """Return a page; a complaint in its console, such as one of the CSP, fails the test."""
    context = browser.new_context(
        viewport={"width": width, "height": 900}, base_url=live_server.url, locale="pt-BR"
    )
    page = context.new_page()
    complaints: list[str] = []

    def note(message: ConsoleMessage) -> None:
        if message.type in ("error", "warning") and not REFUSED.search(message.text):
            complaints.append(message.text)

    page.on("console", note)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    yield page
    context.close()
    assert complaints == []


@pytest.fixture
def signed_in(page: Page, isp: Provider) -> Page:
    """Return a page of a person who signed in."""
    page.goto("/entrar/")
    page.fill("[name=username]", EMAIL.upper())
    page.fill("[name=password]", PASSWORD)
    page.click("button[type=submit]")
    page.wait_for_url("**/contratos/")
    return page
