"""`vigente demo`: the demonstration provider, imported, billed and served."""

import argparse
import signal
import subprocess
import sys
import time
from calendar import monthrange
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from vigente.cli import server
from vigente.cli.demonstration import CUSTOMERS, MONTHS_BACK

ADDRESS = "127.0.0.1:8000"
EMAIL = "renata@example.com"
PASSWORD = "serra-clara"  # noqa: S105  a demonstration's, printed on the screen


def add_parser(commands: Any) -> None:
    """Add the command."""
    parser = commands.add_parser("demo", help="prepara e serve o provedor de demonstração")
    parser.add_argument("--no-serve", action="store_true", help="só prepara os dados")
    parser.set_defaults(run=run)


def run(chosen: argparse.Namespace) -> int:
    """Start the database, load the provider the first time, and serve."""
    began = time.monotonic()
    server.start()
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", verbosity=0)
    from vigente.staff.models import Branch

    if not Branch.objects.exists():
        _load(server.home())
    call_command("collectstatic", verbosity=0, interactive=False)
    print(
        f"Pronto em {time.monotonic() - began:.0f} s.\n\n"
        f"  http://{ADDRESS}\n  e-mail  {EMAIL}\n  senha   {PASSWORD}\n",
        flush=True,
    )
    return 0 if chosen.no_serve else _serve()


def _load(home: Path) -> None:
    """Bring the provider in: all or nothing, so that a broken attempt is started over."""
    from django.db import transaction
    from django.utils import timezone

    print("Carregando o provedor de demonstração…", flush=True)
    with transaction.atomic():
        load(home / "demo", now=timezone.now())


def load(folder: Path, *, now: datetime, customers: int = CUSTOMERS) -> None:
    """Import the provider, close its months, and sell and end some contracts."""
    from django.utils import timezone

    from vigente.audit.actor import Actor
    from vigente.staff import actions as staff
    from vigente.staff.models import Branch

    today = timezone.localdate(now)
    by = Actor(None, "demonstração")
    _import(folder, today=today, now=now, by=by, customers=customers)
    branches = list(Branch.objects.order_by("pk"))
    staff.create_user(
        email=EMAIL, name="Renata Lobo", password=PASSWORD, branches=branches, administrator=True
    )
    _history(today, by=by)
    _sales(today, by=by, now=now)


def _import(folder: Path, *, today: date, now: datetime, by: Any, customers: int) -> None:
    from vigente.cli import demonstration
    from vigente.imports import actions, sheets
    from vigente.imports.all_sheets import SHEETS
    from vigente.imports.provider_sheets import BRANCHES

    context = sheets.Context(by, now, today)
    for name, path in demonstration.write(folder, today=today, customers=customers):
        report = actions.import_file(SHEETS[name], path, context=context)
        print(f"  {name:<11} {report.written:>6} linhas", flush=True)
        if report.bad:
            raise SystemExit(f"{path}: {report.problems[0]}")
        if name == BRANCHES.name:
            _set_parameters(today=today, by=by, now=now)


def _set_parameters(*, today: date, by: Any, now: datetime) -> None:
    """Choose each branch's difference of alterations, the manual's for the main one, and ceiling.

    The ceiling is lifted but in the main branch, where it stands at the next month's end.
    """
    from vigente.domain.codes import DifferencePolicy
    from vigente.domain.parameters import DIFFERENCE_POLICY, LAST_DUE_ON, Scope
    from vigente.parameters import actions as parameters
    from vigente.staff.models import Branch

    following = (today.replace(day=1) + timedelta(days=32)).replace(day=1)
    ceiling = following.replace(day=monthrange(following.year, following.month)[1])
    for branch in Branch.objects.all():
        is_main = branch.code == "MATRIZ"
        policy = DifferencePolicy.MANUAL if is_main else DifferencePolicy.PERIOD_BALANCE
        for parameter, value in (
            (LAST_DUE_ON, ceiling.isoformat() if is_main else None),
            (DIFFERENCE_POLICY, policy.value),
        ):
            parameters.set_value(
                parameter, value, scope=Scope.BRANCH, scope_id=branch.pk, by=by, now=now
            )


def _history(today: date, *, by: Any) -> None:
    """Close the past months, each on its first day, and let most people pay."""
    from vigente.billing import runs
    from vigente.billing.facts import Choice
    from vigente.cli import close_month
    from vigente.domain.close_plan import CloseTerms
    from vigente.domain.cycles import months_after
    from vigente.journeys import month_close

    first = months_after(today.replace(day=1), months=-MONTHS_BACK)
    for number in range(MONTHS_BACK + 1):
        month = months_after(first, months=number)
        last = month.replace(day=monthrange(month.year, month.month)[1])
        at = datetime(month.year, month.month, 1, 9, tzinfo=UTC)
        run = month_close.begin(
            terms=CloseTerms(issued_on=month, due_until=last, back_periods_approved=True),
            choice=Choice(),
            reference_month=month,
            by=by,
            at=at,
            simulated_first=False,
        )
        close_month.carry_out(run, workers=1)
        paid = _pay(month, until=min(today, last), by=by, at=at)
        print(
            f"  {month:%m/%Y}     {runs.written(run).invoices:>6} faturas, {paid} recebimentos",
            flush=True,
        )


def _pay(month: date, *, until: date, by: Any, at: datetime) -> int:
    """Let nine in ten pay what fell due, some days early or late."""
    from vigente.billing.models import Receivable
    from vigente.journeys import receiving

    due = Receivable.objects.filter(cancelled_on=None, due_on__lte=until, received_cents=0).exclude(
        customer_id__in=_late_payers()
    )
    days = {
        r.pk: max(min(r.due_on + timedelta(days=r.pk % 7 - 4), until), r.issued_on)
        for r in due
        if r.pk % 23
    }
    return receiving.receive_in_full(days, key_prefix=f"demo {month:%Y-%m} ", by=by, now=at)


def _late_payers() -> list[int]:
    from vigente.customers.models import Customer

    return [pk for pk in Customer.objects.values_list("pk", flat=True) if pk % 19 == 0]


def _sales(today: date, *, by: Any, now: datetime) -> None:
    """Activate some sold contracts and end some others, as a week at the counter does."""
    from vigente.contracts.models import CancellationReason, Contract, ContractPlan
    from vigente.journeys import activation, termination

    moved = CancellationReason.objects.create(name="Mudança de endereço")
    CancellationReason.objects.create(
        name="Serviço indisponível", waives_last_period=True, counts_as_churn=False
    )
    CancellationReason.objects.create(name="Inadimplência", counts_as_delinquency=True)
    sold = Contract.objects.filter(status="PRE").order_by("pk").values_list("pk", flat=True)
    for contract_id in list(sold)[::2]:
        on = max(
            ContractPlan.objects.get(contract_id=contract_id).starts_on, today - timedelta(days=3)
        )
        activation.activate(contract_id, on=on, by=by, now=now)
    leaving = Contract.objects.filter(status="ACTIVE").order_by("pk").values_list("pk", flat=True)
    for contract_id in list(leaving)[7:900:60]:
        termination.terminate(
            contract_id,
            ends_on=today,
            today=today,
            reason_id=moved.pk,
            note="",
            by=by,
            now=now,
        )


def web_server(address: str) -> list[str]:
    """Return the command that serves the pages at an address, as gunicorn binds it."""
    return [
        *(sys.executable, "-m", "gunicorn", "vigente.project.wsgi"),
        *("--bind", address, "--workers", "2", "--threads", "4"),
        *("--worker-class", "gthread", "--log-level", "warning", "--preload"),
    ]


def _serve() -> int:
    """Serve pages and work until stopped; the database server lives on."""
    worker = subprocess.Popen([sys.executable, "-m", "vigente.cli", "worker"])
    web = subprocess.Popen(web_server(ADDRESS))
    signal.signal(signal.SIGTERM, lambda *_: web.terminate())
    try:
        return web.wait()
    except KeyboardInterrupt:
        return 0
    finally:
        for process in (web, worker):
            process.terminate()
            process.wait()
