"""A database server that goes away and comes back under a web server that stays up."""

import os
import re
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from http.cookiejar import CookieJar
from pathlib import Path
from urllib.error import HTTPError
from urllib.parse import urlencode, urlsplit
from urllib.request import HTTPCookieProcessor, OpenerDirector, Request, build_opener

import psycopg
import pytest
from django.conf import settings
from django.db import ConnectionHandler

from vigente.cli import demo
from vigente.project import local_postgres
from vigente.project.local_postgres_place import place_of

EMAIL, PASSWORD = "ana@example.com", "abacate-verde"
AWAY = "O banco de dados não responde"
WAY_OUT = "O sistema volta sozinho assim que ele voltar."
PART = {"HX-Request": "true"}
AT_ONCE = 16  # more than the web server has threads: each holds a connection of its own

# Static files get their lasting names, but compressing them would take most of the time.
PREPARE = f"""
import django; django.setup()
from django.conf import settings
from django.core.management import call_command
call_command("migrate", verbosity=0)
names = "django.contrib.staticfiles.storage.ManifestStaticFilesStorage"
settings.STORAGES["staticfiles"] = {{"BACKEND": names}}
call_command("collectstatic", verbosity=0, interactive=False)
from vigente.cli import bench_provider
from vigente.staff import actions as staff
bench_provider.make(3)
staff.create_user(
    email="{EMAIL}", name="Ana", password="{PASSWORD}", branches=[], administrator=True
)
"""


@dataclass(frozen=True, slots=True)
class Answer:
    """What the web server said."""

    status: int
    text: str
    retry_after: str | None


@dataclass(frozen=True, slots=True)
class Site:
    """A web server, the home of its database server, and the environment that tells of both."""

    address: str
    home: Path
    environment: dict[str, str]

    def database_url(self) -> str:
        url = local_postgres.running_url(self.home)
        assert url is not None
        return url

    def stop_database(self) -> None:
        local_postgres.stop(self.home)

    def kill_database(self) -> None:
        pid_file = place_of(self.home).data / "postmaster.pid"
        os.kill(int(pid_file.read_text().split()[0]), signal.SIGKILL)

    def start_database(self) -> None:
        local_postgres.start(self.home, durable=False)


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody before a browser that keeps cookies."""

    site: Site
    browser: OpenerDirector

    def get(self, path: str, *, headers: dict[str, str] | None = None) -> Answer:
        return self._ask(Request(self.site.address + path, headers=headers or {}))

    def post(self, path: str, form: dict[str, str]) -> Answer:
        return self._ask(Request(self.site.address + path, urlencode(form).encode()))

    def get_many(self, path: str) -> set[int]:
        """Return the statuses of answers to questions asked at once."""
        with ThreadPoolExecutor(AT_ONCE) as at_once:
            return {answer.status for answer in at_once.map(self.get, [path] * AT_ONCE)}

    def _ask(self, request: Request) -> Answer:
        try:
            with self.browser.open(request, timeout=120) as told:
                return Answer(told.status, told.read().decode(), told.headers["Retry-After"])
        except HTTPError as told:
            with told:
                return Answer(told.code, told.read().decode(), told.headers["Retry-After"])


@pytest.fixture(scope="module")
def site() -> Iterator[Site]:
    with tempfile.TemporaryDirectory() as folder, socket.create_server(("127.0.0.1", 0)) as door:
        home = Path(folder)
        home.chmod(0o755)
        url = local_postgres.start(home, durable=False)
        environment = {**os.environ, "VIGENTE_HOME": folder, "DATABASE_URL": url}
        subprocess.run([sys.executable, "-c", PREPARE], env=environment, check=True)
        with (home / "web.log").open("w") as log:
            web = subprocess.Popen(
                demo.web_server(f"fd://{door.fileno()}"),
                env=environment,
                pass_fds=[door.fileno()],
                stderr=log,
            )
        yield Site(f"http://127.0.0.1:{door.getsockname()[1]}", home, environment)
        web.terminate()
        web.wait()
        local_postgres.reset(home)


@pytest.fixture
def ana(site: Site) -> Person:
    """Return a person who signed in and saw the list, whichever thread answered."""
    site.start_database()
    ana = Person(site, build_opener(HTTPCookieProcessor(CookieJar())))
    home = sign_in(ana)
    assert (home.status, "Cliente 3" in home.text) == (200, True)
    assert ana.get_many("/contratos/") == {200}
    return ana


def sign_in(person: Person) -> Answer:
    form = person.get("/entrar/").text
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', form)
    assert token is not None
    told = {"username": EMAIL, "password": PASSWORD, "csrfmiddlewaretoken": token[1]}
    return person.post("/entrar/", told)


@pytest.mark.parametrize("goes_away", [Site.stop_database, Site.kill_database])
def test_a_database_that_goes_away_gets_a_page_and_comes_back(ana: Person, goes_away) -> None:  # noqa: ANN001
    stranger = Person(ana.site, build_opener(HTTPCookieProcessor(CookieJar())))

    goes_away(ana.site)
    answers = [
        *(ana.get(address) for address in ("/contratos/", "/contratos/1/", "/fechamento/")),
        ana.get("/contratos/?q=cliente", headers=PART),
        sign_in(stranger),
    ]
    meanwhile = ana.get_many("/contratos/")
    ana.site.start_database()
    page, part = ana.get("/contratos/"), ana.get("/contratos/?q=cliente", headers=PART)

    for answer in answers:
        assert (answer.status, answer.retry_after) == (503, "10")
        assert AWAY in answer.text
        assert WAY_OUT in answer.text
    assert meanwhile == {503}
    assert (page.status, part.status) == (200, 200)
    assert "Cliente 3" in page.text
    assert "Cliente 3" in part.text
    assert ana.get_many("/contratos/") == {200}
    assert sign_in(stranger).status == 200


def test_what_failed_is_logged_without_secrets(ana: Person) -> None:
    url = ana.site.database_url()

    ana.site.stop_database()
    ana.get("/contratos/")
    ana.site.start_database()

    logged = (ana.site.home / "web.log").read_text()
    assert "OperationalError" in logged
    assert urlsplit(url).password not in logged


def test_a_database_that_says_nothing_is_given_up_in_seconds() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        host, port = silent.getsockname()
        default = {**settings.DATABASES["default"], "HOST": host, "PORT": port}
        began = time.monotonic()

        with pytest.raises(psycopg.OperationalError, match="timeout"):
            ConnectionHandler({"default": default})["default"].connect()

    assert time.monotonic() - began < 10


@pytest.fixture
def worker(site: Site) -> Iterator[subprocess.Popen[bytes]]:
    site.start_database()
    with (site.home / "worker.log").open("w") as log:
        working = subprocess.Popen(
            [sys.executable, "-m", "vigente.cli", "worker"], env=site.environment, stderr=log
        )
    yield working
    working.kill()
    working.wait()


def wait_for_worker(site: Site) -> None:
    """Wait until a worker has told the database, as it is now, that it is there."""
    is_there = "SELECT EXISTS (SELECT FROM procrastinate_workers WHERE last_heartbeat > %s)"
    with psycopg.connect(site.database_url(), autocommit=True) as watching:
        [began] = watching.execute("SELECT clock_timestamp()").fetchone() or [None]
        until = time.monotonic() + 120
        while time.monotonic() < until:
            [found] = watching.execute(is_there, [began]).fetchone() or [False]
            if found:
                return
            time.sleep(0.1)
    pytest.fail((site.home / "worker.log").read_text())


def test_the_worker_goes_on_when_the_database_comes_back(
    site: Site, worker: subprocess.Popen[bytes]
) -> None:
    wait_for_worker(site)

    site.kill_database()
    site.start_database()
    wait_for_worker(site)
    worker.terminate()

    assert worker.wait(timeout=120) == 0
    assert "As tarefas continuam assim que ele voltar." in (site.home / "worker.log").read_text()
