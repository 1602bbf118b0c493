"""The server's time for the lists of contracts and customers and for the search, among many.

    python -m benchmarks.contract_list --contracts 1000000

It asks Django itself, session and template included, for every kind of page a few times, and
prints the median. It works in a database of its own, which it drops afterwards; `--keep` keeps it,
and finds it filled the next time.
"""

import argparse
import json
import os
import re
import statistics
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

MOST_MS = 150
BOUGHT_AND_TINY = 5, 7  # of many_contracts.BRANCHES
TIMES = 7


@dataclass(frozen=True, slots=True)
class Figure:
    """What one page took; `found` is what its list says of its length.

    `busy_ms` is the processor's time in Django and in PostgreSQL: on a machine that others use
    too, the rest of the median is waiting for them.
    """

    page: str
    address: str
    found: str
    median_ms: float
    worst_ms: float
    sql_ms: float
    busy_ms: float
    queries: int


@dataclass(frozen=True, slots=True)
class Answer:
    """What one answer took, in milliseconds."""

    whole: float
    sql: float
    busy: float
    queries: int


def main() -> int:
    """Fill a database, measure every page and print the figures; 1 if one is too slow."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.contract_list")
    parser.add_argument("--contracts", type=int, default=100_000)
    parser.add_argument("--keep", action="store_true", help="keep the database for another run")
    parser.add_argument("--only", default="", help="measure the pages whose names begin so")
    parser.add_argument("--json", action="store_true")
    chosen = parser.parse_args()
    with database(f"vigente_list_{chosen.contracts}", keep=chosen.keep):
        seconds = fill(chosen.contracts)
        everybody, two = client(), client(branches=BOUGHT_AND_TINY)
        of_all = [*pages(chosen.contracts), *pages_of_customers(), *pages_of_money()]
        asked = [(everybody, *page) for page in of_all]
        asked += [(two, *page) for page in pages_of_two_branches()]
        figures = [measure(*page) for page in asked if page[1].startswith(chosen.only)]
    if chosen.json:
        told = {"contracts": chosen.contracts, "cores": os.cpu_count(), "seconds_to_fill": seconds}
        print(json.dumps({**told, "pages": [asdict(figure) for figure in figures]}, indent=2))
    else:
        print_table(figures)
    return int(any(figure.median_ms > MOST_MS for figure in figures))


@contextmanager
def database(name: str, *, keep: bool) -> Iterator[None]:
    """Make the database on the server of DATABASE_URL, or on the local one, and use it."""
    import psycopg

    from vigente.project import local_postgres

    url = os.environ.get("DATABASE_URL") or local_postgres.start(
        Path(os.environ.get("VIGENTE_HOME", "var")).absolute()
    )
    with psycopg.connect(url, autocommit=True) as server:
        found = server.execute("SELECT FROM pg_database WHERE datname = %s", [name]).fetchone()
        if found is None:
            server.execute(f'CREATE DATABASE "{name}"')
        os.environ["DATABASE_URL"] = urlsplit(url)._replace(path=f"/{name}").geturl()
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "vigente.project.settings")
        _set_up()
        yield
        if not keep:
            server.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


def _set_up() -> None:
    """Start Django as the web server does, but serve static files as they lie."""
    import django
    from django.conf import settings

    settings.STORAGES["staticfiles"] = {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
    }
    django.setup()


def fill(contracts: int) -> float:
    """Make the tables and the provider, unless they are there; return the seconds it took."""
    from django.core.management import call_command
    from django.utils import timezone

    from benchmarks import many_contracts
    from vigente.staff.models import Branch

    began = time.perf_counter()
    call_command("migrate", verbosity=0)
    if not Branch.objects.exists():
        many_contracts.make(contracts, today=timezone.localdate())
    return round(time.perf_counter() - began, 1)


def pages(contracts: int) -> list[tuple[str, str]]:
    """Return what is measured: a name and an address each."""
    from benchmarks.many_contracts import BOUGHT, RARE_PLAN, TINY, UNSOLD_PLAN
    from vigente.catalog.models import SalePlan
    from vigente.staff.models import Branch

    plans = list(SalePlan.objects.order_by("pk").values_list("pk", flat=True))
    branches = list(Branch.objects.order_by("pk").values_list("pk", flat=True))
    middle, old, new = contracts // 2, plans[5], plans[40]
    lists = {
        "no filter": "",
        "page 2": f"antes={contracts - 19}",
        "a far page": f"antes={contracts // 100}",
        "the last page": "antes=15",
        "a far page, backwards": f"depois={middle}",
        "view: active": "visao=ativos",
        "view: overdue": "visao=atraso",
        "view: overdue, far": f"visao=atraso&antes={contracts // 100}",
        "view: not begun": "visao=pre",
        "view: ended": "visao=inativos",
        "view: ended, far": f"visao=inativos&antes={contracts // 100}",
        "name: common": "q=silva",
        "name: common, far": f"q=silva&antes={contracts // 100}",
        "name: two common words": "q=maria silva",
        "name: three words": "q=silva oliveira raimunda",
        "name: common and rare": "q=maria zambelli",
        "name: in between": "q=quaresma",
        "name: rare": "q=zambelli",
        "name: very rare": "q=carnratti",
        "name: nobody's": "q=wolfeschlegel",
        "name: two letters": "q=jo",
        "name: two letters, nobody's": "q=zq",
        "name: one letter": "q=s",
        "CPF": "q=000.000.045-67",
        "CNPJ": "q=00.000.000/0000-24",
        "contract number": f"q={middle}",
        "number of origin": "q=L1234",
        "plan: sold now": f"plano={new}",
        "plan: sold long ago": f"plano={old}",
        "plan: rare": f"plano={plans[RARE_PLAN]}",
        "plan: never sold": f"plano={plans[UNSOLD_PLAN]}",
        "due day: common": "dia=10",
        "due day: rare": "dia=31",
        "due day: nobody's": "dia=29",
        "branch: the biggest": f"filial={branches[0]}",
        "branch: bought as a block": f"filial={branches[BOUGHT]}",
        "branch: tiny": f"filial={branches[TINY]}",
        "common name, not begun": "q=silva&visao=pre",
        "common name, overdue": "q=silva&visao=atraso",
        "common name, rare due day": "q=silva&dia=31",
        "common name, rare plan": f"q=silva&plano={plans[RARE_PLAN]}",
        "common name, old plan": f"q=silva&plano={old}",
        "common name, tiny branch": f"q=silva&filial={branches[TINY]}",
        "common name, block, not begun": f"q=silva&filial={branches[BOUGHT]}&visao=pre",
        "companies, overdue, day 10": "q=ltda&visao=atraso&dia=10",
        "rare name, ended": "q=zambelli&visao=inativos",
        "in between, overdue": "q=quaresma&visao=atraso",
        "old plan, not begun": f"plano={old}&visao=pre",
        "old plan, ended": f"plano={old}&visao=inativos",
        "new plan, rare due day": f"plano={new}&dia=31",
        "block, not begun": f"filial={branches[BOUGHT]}&visao=pre",
        "block, new plan": f"filial={branches[BOUGHT]}&plano={new}",
        "block, rare due day, ended": f"filial={branches[BOUGHT]}&dia=31&visao=inativos",
        "tiny branch, overdue": f"filial={branches[TINY]}&visao=atraso",
        "overdue, rare due day": "visao=atraso&dia=31",
        "overdue, old plan": f"visao=atraso&plano={old}",
        "overdue, day 10, biggest branch": f"visao=atraso&dia=10&filial={branches[0]}",
        "active, day 10, new plan, branch": (
            f"visao=ativos&dia=10&plano={new}&filial={branches[1]}"
        ),
    }
    billed = middle - middle % 100 + 4  # of those who owe
    tabs = ("contrato", "produtos", "faturamento", "faturas", "historico")
    return [
        *((name, f"/contratos/?{query}") for name, query in lists.items()),
        *((f"a contract: {tab}", f"/contratos/{billed}/?aba={tab}") for tab in tabs),
        *((f"search: {told}", f"/busca/?q={told}") for told in searched(middle)),
    ]


def pages_of_customers() -> list[tuple[str, str]]:
    """Return what is measured of the list of customers; their number is nine tenths."""
    from vigente.customers.models import Customer

    in_order = Customer.objects.order_by("name", "pk").values_list("pk", flat=True)
    middle = in_order[in_order.count() // 2]
    lists = {
        "no filter": "",
        "page 2": f"depois={in_order[49]}",
        "a far page": f"depois={middle}",
        "a far page, backwards": f"antes={middle}",
        "the last page": f"depois={in_order.reverse()[20]}",
        "inactive": "visao=inativos",
        "inactive, far": f"visao=inativos&depois={middle}",
        "both": "visao=todos",
        "name: common": "q=silva",
        "name: common, far": f"q=silva&depois={middle}",
        "name: common, inactive": "q=silva&visao=inativos",
        "name: two common words": "q=maria silva",
        "name: common and rare": "q=maria zambelli",
        "name: in between": "q=quaresma",
        "name: begins late": "q=restaurante",
        "name: begins late, common": "q=padaria",
        "name: rare": "q=zambelli",
        "name: nobody's": "q=wolfeschlegel",
        "name: two letters": "q=jo",
        "name: one letter": "q=s",
        "CPF": "q=000.000.045-67",
        "telephone": "q=31987654321",
        "telephone, its end": "q=98765432",
        "e-mail": "q=x99@example.com",
    }
    return [(f"customers, {name}", f"/clientes/?{query}") for name, query in lists.items()]


def pages_of_money() -> list[tuple[str, str]]:
    """Return what is measured of receivables, invoices and credits."""
    from django.utils import timezone

    from vigente.billing.models import Invoice, Receivable
    from vigente.payments.models import CreditEntry

    last = Invoice.objects.order_by("-pk")[0].pk
    late = Receivable.objects.filter(received_cents=0).order_by("due_on", "customer_id", "pk")[0]
    owner = CreditEntry.objects.order_by("-pk")[0].customer_id
    today = timezone.localdate()
    names = {"no filter": "", "common": "q=silva", "rare": "q=zambelli", "CPF": "q=000.000.045-67"}
    receivables = names | {
        "overdue": "visao=vencidas",
        "not yet due": "visao=a-vencer",
        "settled": "visao=recebidas",
        "settled, common": "q=silva&visao=recebidas",
        "cancelled": "visao=canceladas",
        "due this month": f"de={today:%Y-%m}-01&ate={today:%Y-%m-%d}",
        "a number": f"q={last // 2}",
    }
    invoices = names | {"far": f"antes={last // 100}", "sold once": "visao=avulsas"}
    return [
        *((f"receivables, {n}", f"/contas-a-receber/?{asked}") for n, asked in receivables.items()),
        *((f"invoices, {n}", f"/faturas/?{asked}") for n, asked in invoices.items()),
        *((f"credits, {n}", f"/creditos/?{asked}") for n, asked in names.items()),
        ("a receivable", f"/contas-a-receber/{late.pk}/"),
        ("an invoice", f"/faturas/{last}/"),
        ("a customer's credit", f"/creditos/{owner}/"),
    ]


def searched(number: int) -> tuple[str, ...]:
    """Return what is typed into the search box."""
    names = ("si", "silva", "maria silva", "maria zambelli", "carnratti", "wolfeschlegel", "zq")
    return (*names, "000.000.045-67", "31987654321", "98765432", "x99@example.com", str(number))


def pages_of_two_branches() -> list[tuple[str, str]]:
    """Return what is measured as somebody who sees two branches, one of them tiny."""
    from vigente.catalog.models import SalePlan

    plans = list(SalePlan.objects.order_by("pk").values_list("pk", flat=True))
    lists = {
        "no filter": "",
        "view: overdue": "visao=atraso",
        "view: not begun": "visao=pre",
        "view: ended": "visao=inativos",
        "name: common": "q=silva",
        "name: rare": "q=zambelli",
        "due day: common": "dia=10",
        "due day: rare": "dia=31",
        "plan: sold now": f"plano={plans[40]}",
        "plan: sold then": f"plano={plans[20]}",
    }
    of_customers = {"no filter": "", "inactive": "visao=inativos", "name: common": "q=silva"}
    return [
        *((f"two branches, {name}", f"/contratos/?{query}") for name, query in lists.items()),
        *(
            (f"customers, two branches, {name}", f"/clientes/?{query}")
            for name, query in of_customers.items()
        ),
    ]


def measure(client: Any, page: str, address: str) -> Figure:
    """Ask for the page a few times, after once to warm up."""
    answer = client.get(address)
    assert answer.status_code == 200, (address, answer.status_code)
    told = re.search(r"· ((?:mais de |pelo menos )?[\d.]+) neste filtro", answer.content.decode())
    took = [_timed(client, address) for _ in range(TIMES)]
    return Figure(
        page=page,
        address=address,
        found=told[1] if told else "",
        median_ms=round(statistics.median(answer.whole for answer in took), 1),
        worst_ms=round(max(answer.whole for answer in took), 1),
        sql_ms=round(statistics.median(answer.sql for answer in took), 1),
        busy_ms=round(statistics.median(answer.busy for answer in took), 1),
        queries=took[0].queries,
    )


def client(*, branches: Sequence[int] | None = None) -> Any:
    """Return the browser of somebody who sees all branches, or those of these numbers."""
    from django.test import Client

    from vigente.domain.permissions import Role
    from vigente.staff import actions as staff
    from vigente.staff.models import Branch, User

    email = "all@example.com" if branches is None else "some@example.com"
    seen = [Branch.objects.order_by("pk")[number] for number in branches or ()]
    found = User.objects.filter(email=email).first() or staff.create_user(
        email=email,
        name="Renata Lobo",
        password=email,
        branches=seen,
        roles=[Role.ATTENDANT],
        administrator=branches is None,
    )
    browser = Client()
    browser.force_login(found)
    return browser


def _timed(client: Any, address: str) -> Answer:
    """Ask for a page once."""
    from django.db import connection

    queries: list[float] = []

    def note(execute: Any, *told: Any) -> Any:
        began = time.perf_counter()
        try:
            return execute(*told)
        finally:
            queries.append(time.perf_counter() - began)

    with connection.execute_wrapper(note):
        began, busy = time.perf_counter(), _busy()
        client.get(address)
        whole, busy = time.perf_counter() - began, _busy() - busy
    return Answer(whole * 1000, sum(queries) * 1000, busy * 1000, len(queries))


def _busy() -> float:
    """Return the seconds on a processor of this process and of its database backend.

    A backend elsewhere, or a system without /proc, counts as nothing.
    """
    from django.db import connection

    connection.ensure_connection()
    files = [
        Path(f"/proc/{pid}/schedstat") for pid in ("self", connection.connection.info.backend_pid)
    ]
    return sum(int(file.read_text().split()[0]) for file in files if file.exists()) / 1e9


def print_table(figures: list[Figure]) -> None:
    """Print a line for each page, and mark those that take too long."""
    columns = f"{'median ms':>11}{'worst':>8}{'SQL':>8}{'busy':>8}{'queries':>9}"
    print(f"{'page':<34}{'found':>18}{columns}")
    for figure in figures:
        mark = f"  more than {MOST_MS} ms" if figure.median_ms > MOST_MS else ""
        print(
            f"{figure.page:<34}{figure.found:>18}{figure.median_ms:>11.1f}{figure.worst_ms:>8.1f}"
            f"{figure.sql_ms:>8.1f}{figure.busy_ms:>8.1f}{figure.queries:>9}{mark}"
        )


if __name__ == "__main__":
    sys.exit(main())
