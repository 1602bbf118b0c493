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
    from vigente.domain.close_figures import Figures
    from vigente.domain.close_plan import CloseTerms


class NoSuchChoice(LookupError):
    """Não existe o que foi escolhido."""


def add_parser(commands: Any) -> None:
    """Add the command."""
    parser = commands.add_parser("close-month", help="simula ou executa o fechamento do mês")
    parser.add_argument("month", type=_month, nargs="?", help="mês de referência, como 2026-12")
    parser.add_argument("--due-until", type=_day, help="em vez do mês: vencimentos até, 2026-12-31")
    parser.add_argument("--simulate", action="store_true", help="só mostra; não grava nada")
    parser.add_argument("--json", action="store_true", help="saída em JSON")
    parser.add_argument("--branch", help="só a filial deste código")
    parser.add_argument("--wallet", help="só a carteira deste nome")
    parser.add_argument("--billing-type", help="só o tipo de cobrança deste nome")
    parser.add_argument("--customer", help="só o cliente deste CPF/CNPJ")
    parser.add_argument("--contract", type=int, help="só este contrato")
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

    if (chosen.month is None) == (chosen.due_until is None):
        print("Informe o mês de referência ou --due-until, um dos dois.", file=sys.stderr)
        return 2
    try:
        choice = _choice(chosen)
    except NoSuchChoice as unknown:
        print(unknown, file=sys.stderr)
        return 2
    terms = CloseTerms(
        issued_on=timezone.localdate(),
        due_until=chosen.due_until or _last_day(chosen.month),
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


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError("escreva o dia como 2026-12-31") from None


def _last_day(month: date) -> date:
    return month.replace(day=monthrange(month.year, month.month)[1])


def _choice(chosen: argparse.Namespace) -> "Choice":
    from vigente.billing.facts import Choice
    from vigente.catalog.models import BillingType, Wallet
    from vigente.contracts.models import Contract
    from vigente.customers.models import Customer
    from vigente.staff.models import Branch

    return Choice(
        branch_id=_found(Branch.objects, "code__iexact", chosen.branch, "filial"),
        wallet_id=_found(Wallet.objects, "name__iexact", chosen.wallet, "carteira"),
        billing_type_id=_found(
            BillingType.objects, "name__iexact", chosen.billing_type, "tipo de cobrança"
        ),
        customer_id=_found(Customer.objects, "tax_id", chosen.customer, "cliente"),
        contract_id=_found(Contract.objects, "pk", chosen.contract, "contrato"),
    )


def _found(rows: Any, column: str, asked: str | int | None, what: str) -> int | None:
    if asked is None:
        return None
    row = rows.filter(**{column: asked}).first()
    if row is None:
        raise NoSuchChoice(f"Não existe {what} «{asked}».")
    found: int = row.pk
    return found


def _simulate(terms: "CloseTerms", choice: "Choice") -> "Figures":
    from vigente.domain import close_figures
    from vigente.journeys import month_close

    return close_figures.total(f for f, _ in month_close.simulate(terms=terms, choice=choice))


def _close(terms: "CloseTerms", choice: "Choice", *, month: date | None, workers: int) -> "Figures":
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
