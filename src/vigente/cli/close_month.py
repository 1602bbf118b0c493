"""`vigente close-month 2026-12`: simulates a month close, or carries it out here and now."""

import argparse
import json
import multiprocessing
import sys
import time
from calendar import monthrange
from collections.abc import Iterator
from dataclasses import asdict
from datetime import date
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from vigente.billing.facts import Choice
    from vigente.billing.models import CloseRun
    from vigente.domain.close_plan import CloseTerms, Figures


def add_parser(commands: Any) -> None:
    """Add the command."""
    parser = commands.add_parser("close-month", help="simula ou executa o fechamento do mês")
    parser.add_argument("month", type=_month, help="mês de referência, como 2026-12")
    parser.add_argument("--simulate", action="store_true", help="só mostra; não grava nada")
    parser.add_argument("--json", action="store_true", help="saída em JSON")
    parser.add_argument("--branch", help="código da filial; sem ele, todas")
    parser.add_argument("--workers", type=int, default=1, help="processos ao mesmo tempo")
    parser.add_argument(
        "--approve-back-periods", action="store_true", help="fatura também períodos atrasados"
    )
    parser.set_defaults(run=run)


def run(chosen: argparse.Namespace) -> int:
    """Simulate or close; print what it comes to."""
    import django

    django.setup()
    from django.utils import timezone

    from vigente.domain.close_plan import CloseTerms

    choice = _choice(chosen.branch)
    if choice is None:
        print(f"Não existe filial com o código {chosen.branch}.", file=sys.stderr)
        return 2
    _, last_day = monthrange(chosen.month.year, chosen.month.month)
    terms = CloseTerms(
        issued_on=timezone.localdate(),
        due_until=chosen.month.replace(day=last_day),
        back_periods_approved=chosen.approve_back_periods,
    )
    if chosen.simulate:
        figures = _simulate(terms, choice)
    else:
        figures = _close(terms, choice, month=chosen.month, workers=chosen.workers)
    print(json.dumps(asdict(figures), indent=2) if chosen.json else _table(figures))
    return 0


def carry_out(run: "CloseRun", *, workers: int) -> None:
    """Write all chunks of a run in `workers` processes, and mark it as done."""
    from django.db import connections
    from django.utils import timezone

    from vigente.journeys import month_close

    if workers == 1:
        write_chunks(run.pk)
    else:
        connections.close_all()
        spawn = multiprocessing.get_context("spawn")
        processes = [spawn.Process(target=write_chunks, args=(run.pk,)) for _ in range(workers)]
        for process in processes:
            process.start()
        for process in processes:
            process.join()
    month_close.finish(run, at=timezone.now())


def write_chunks(run_id: int) -> None:
    """Write chunks of a run until none is left."""
    import django

    django.setup()
    from django.utils import timezone

    from vigente.billing.models import CloseRun
    from vigente.journeys import month_close

    run = CloseRun.objects.get(pk=run_id)
    while month_close.write_chunk(run, at=timezone.now()):
        pass


def _month(text: str) -> date:
    try:
        return date.fromisoformat(f"{text}-01")
    except ValueError:
        raise argparse.ArgumentTypeError("escreva o mês como 2026-12") from None


def _choice(branch_code: str | None) -> "Choice | None":
    from vigente.billing.facts import Choice
    from vigente.staff.models import Branch

    if branch_code is None:
        return Choice()
    branch = Branch.objects.filter(code__iexact=branch_code).first()
    return None if branch is None else Choice(branch_id=branch.pk)


def _simulate(terms: "CloseTerms", choice: "Choice") -> "Figures":
    from vigente.domain import close_plan
    from vigente.journeys import month_close

    return close_plan.total(f for f, _ in month_close.simulate(terms=terms, choice=choice))


def _close(terms: "CloseTerms", choice: "Choice", *, month: date, workers: int) -> "Figures":
    from django.utils import timezone

    from vigente.audit.actor import Actor
    from vigente.billing import runs
    from vigente.journeys import month_close

    began = time.monotonic()
    run = month_close.begin(
        terms=terms,
        choice=choice,
        reference_month=month,
        by=Actor(None, "linha de comando"),
        at=timezone.now(),
        simulated_first=False,
    )
    carry_out(run, workers=workers)
    figures = runs.written(run)
    seconds = time.monotonic() - began
    print(f"Fechamento {run.pk}: {figures.invoices} faturas em {seconds:.1f} s", file=sys.stderr)
    return figures


def _table(figures: "Figures") -> str:
    return "\n".join(_rows(figures))


def _rows(figures: "Figures") -> Iterator[str]:
    from vigente.domain import money

    yield f"Contratos faturados  {figures.contracts:>14}"
    yield f"Faturas              {figures.invoices:>14}"
    yield f"Contas a receber     {figures.receivables:>14}"
    yield f"Valor                {money.brl(figures.amount_cents):>14}"
    for due_on, cents in figures.by_due_on.items():
        yield f"  vence {date.fromisoformat(due_on):%d/%m/%Y}   {money.brl(cents):>14}"
    for reason, count in figures.held_contracts.items():
        held = money.brl(figures.held_cents[reason])
        yield f"  retidos {reason:<17} {count:>8}  {held:>14}"
