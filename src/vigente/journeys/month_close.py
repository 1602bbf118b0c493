"""The month close: due contracts become invoices, chunk by chunk, exactly once.

Each chunk is one transaction that locks its contracts before it reads them, so runs may repeat,
overlap or die: what is committed is whole, and what is missing is found again.
"""

import gc
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime

from django.db import DatabaseError, OperationalError, connection, transaction

from vigente.audit import actions as audit
from vigente.audit.actor import Actor
from vigente.billing import actions as billing
from vigente.billing import facts, runs
from vigente.billing.facts import Choice, CustomerRange
from vigente.billing.models import CloseChunk, CloseRun
from vigente.domain import close_figures, close_plan
from vigente.domain.close_figures import Figures
from vigente.domain.close_plan import (
    BranchRules,
    ClosePlan,
    CloseTerms,
    ContractFacts,
    Hold,
)
from vigente.domain.codes import CloseStatus, HoldReason, InvoiceOrigin
from vigente.payments import credit

LOCK_TIMEOUT = "60s"


class CloseRefused(ValueError):
    """O fechamento não pode ser feito assim."""


def simulate(*, terms: CloseTerms, choice: Choice) -> Iterator[tuple[Figures, Sequence[Hold]]]:
    """Yield what each chunk would come to; nothing is written."""
    rules = facts.branch_rules(on=terms.issued_on)
    for customers, _contracts in runs.ranges(choice):
        plan = plan_range(customers, terms=terms, choice=choice, rules=rules)
        yield close_figures.figures(plan), plan.holds


def plan_range(
    customers: CustomerRange, *, terms: CloseTerms, choice: Choice, rules: dict[int, BranchRules]
) -> ClosePlan:
    """Return the ClosePlan of a range of customers as things stand now."""
    contract_ids = facts.active(customers, choice=choice)
    contracts = facts.contract_facts(contract_ids, on=terms.issued_on)
    return close_plan.plan_close(contracts, rules=rules, terms=terms)


def begin(
    *,
    terms: CloseTerms,
    choice: Choice,
    reference_month: date | None,
    by: Actor,
    at: datetime,
    simulated_first: bool = True,
    size: int = runs.CONTRACTS_PER_CHUNK,
) -> CloseRun:
    """Record a run to be simulated, or, for the automatic close, to be carried out at once."""
    with transaction.atomic():
        run = runs.start(
            terms=terms,
            choice=choice,
            reference_month=reference_month,
            by_user_id=by.user_id,
            by_name=by.name,
            at=at,
            status=CloseStatus.SIMULATING if simulated_first else CloseStatus.RUNNING,
            size=size,
        )
        _record("close begun", run, by=by, at=at)
    return run


def simulate_chunk(run: CloseRun) -> bool:
    """Simulate the run's next chunk and keep its figures; tell whether there was one."""
    with transaction.atomic():
        chunk = runs.take_chunk_to_simulate(run)
        if chunk is None:
            return False
        plan = plan_range(
            CustomerRange(chunk.customer_from, chunk.customer_until),
            terms=runs.terms_of(run),
            choice=runs.choice_of(run),
            rules=facts.branch_rules(on=run.issued_on),
        )
        runs.record_simulation(chunk, figures=close_figures.figures(plan), holds=plan.holds)
    return True


def finish_simulation(run: CloseRun) -> bool:
    """Mark the run as simulated once every chunk is; tell whether this call did."""
    if run.chunks.filter(simulated__isnull=True).exists():
        return False
    return runs.move(run, to=CloseStatus.SIMULATED, after=[CloseStatus.SIMULATING])


@transaction.atomic
def execute(run: CloseRun, *, by: Actor, at: datetime) -> None:
    """Let a simulated or paused run write.

    :raises CloseRefused: if it is neither.
    """
    if run.started_at is None:
        first = {"started_at": at, "resumed_at": at}
        moved = runs.move(run, to=CloseStatus.RUNNING, after=[CloseStatus.SIMULATED], **first)
    else:
        moved = runs.move(run, to=CloseStatus.RUNNING, after=[CloseStatus.PAUSED], resumed_at=at)
    if not moved:
        raise CloseRefused("Este fechamento já foi executado ou descartado. Faça outra simulação.")
    _record("close executed", run, by=by, at=at)


@transaction.atomic
def pause(run: CloseRun, *, by: Actor, at: datetime) -> None:
    """Stop the run after the chunks under way; what is written stays.

    :raises CloseRefused: if it is not running.
    """
    if not runs.pause(run, at=at):
        raise CloseRefused("Só um fechamento em execução pode ser pausado.")
    _record("close paused", run, by=by, at=at)


@transaction.atomic
def discard(run: CloseRun, *, by: Actor, at: datetime) -> None:
    """Put a simulation aside; it can be carried out no more.

    :raises CloseRefused: if it was carried out.
    """
    if not runs.move(
        run, to=CloseStatus.DISCARDED, after=[CloseStatus.SIMULATING, CloseStatus.SIMULATED]
    ):
        raise CloseRefused("Este fechamento já foi executado; o que foi gravado fica.")
    _record("close discarded", run, by=by, at=at)


@contextmanager
def _without_search_for_cycles() -> Iterator[None]:
    """Let Python free what is no longer used, but not look for values that hold each other.

    A chunk makes some hundred thousand values and none of that kind; going through them again and
    again took a seventh of the time of the rules.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


@_without_search_for_cycles()
def write_chunk(run: CloseRun, *, at: datetime) -> CloseChunk | None:
    """Bill the run's next chunk in one transaction; None when none is free or it was paused."""
    with transaction.atomic():
        if not CloseRun.objects.filter(pk=run.pk, status=CloseStatus.RUNNING.value).exists():
            return None
        chunk = runs.take_chunk(run)
        if chunk is None:
            return None
        _set_lock_timeout()
        figures, holds = bill(
            CustomerRange(chunk.customer_from, chunk.customer_until),
            terms=runs.terms_of(run),
            choice=runs.choice_of(run),
            run_id=run.pk,
        )
        runs.record_writing(chunk, figures=figures, holds=holds, at=at)
    return chunk


def finish(run: CloseRun, *, at: datetime) -> bool:
    """Mark the run as done once every chunk is; tell whether this call did."""
    if run.chunks.filter(written__isnull=True).exists():
        return False
    return runs.move(run, to=CloseStatus.DONE, after=[CloseStatus.RUNNING], finished_at=at)


def bill(
    customers: CustomerRange, *, terms: CloseTerms, choice: Choice, run_id: int | None
) -> tuple[Figures, list[Hold]]:
    """Lock, read, plan and write a range of customers inside the caller's transaction.

    Where the range fails it is cut in halves until the contract at fault stands alone; that one
    is held with the reason, the others are billed.
    """
    contract_ids = facts.lock_active(customers, choice=choice)
    contracts = facts.contract_facts(contract_ids, on=terms.issued_on)
    rules = facts.branch_rules({c.branch_id for c in contracts}, on=terms.issued_on)
    return _write(contracts, rules=rules, terms=terms, run_id=run_id)


@transaction.atomic
def bill_contracts(contract_ids: Sequence[int], *, terms: CloseTerms) -> list[Hold]:
    """Bill these contracts, those that are active, outside any run; return what was held."""
    _set_lock_timeout()
    active = facts.lock_active_of(contract_ids)
    contracts = facts.contract_facts(active, on=terms.issued_on)
    rules = facts.branch_rules({c.branch_id for c in contracts}, on=terms.issued_on)
    _, holds = _write(contracts, rules=rules, terms=terms, run_id=None)
    return holds


def _write(
    contracts: Sequence[ContractFacts],
    *,
    rules: dict[int, BranchRules],
    terms: CloseTerms,
    run_id: int | None,
) -> tuple[Figures, list[Hold]]:
    try:
        with transaction.atomic():
            plan = close_plan.plan_close(contracts, rules=rules, terms=terms)
            billing.issue(
                plan.invoices,
                plan.receivables,
                origin=InvoiceOrigin.CLOSE,
                issued_on=terms.issued_on,
                run_id=run_id,
            )
            credit.use(
                {receivable.customer_id for receivable in plan.receivables}, on=terms.issued_on
            )
            return close_figures.figures(plan), list(plan.holds)
    except OperationalError:
        raise
    except (DatabaseError, ArithmeticError, LookupError, ValueError) as fault:
        return _write_halves(contracts, fault, rules=rules, terms=terms, run_id=run_id)


def _write_halves(
    contracts: Sequence[ContractFacts],
    fault: Exception,
    *,
    rules: dict[int, BranchRules],
    terms: CloseTerms,
    run_id: int | None,
) -> tuple[Figures, list[Hold]]:
    """Write a failed range in two halves of customers, or of contracts where one is left."""
    if len(contracts) == 1:
        held = [_failed(contracts[0], fault)]
        plan = ClosePlan(invoices=(), receivables=(), holds=tuple(held))
        return close_figures.figures(plan), held
    parts = [_write(half, rules=rules, terms=terms, run_id=run_id) for half in _halves(contracts)]
    return (
        close_figures.total(figures for figures, _ in parts),
        [hold for _, holds in parts for hold in holds],
    )


def _halves(contracts: Sequence[ContractFacts]) -> tuple[list[ContractFacts], list[ContractFacts]]:
    by_customer = sorted(contracts, key=lambda contract: (contract.customer_id, contract.id))
    middle = by_customer[len(by_customer) // 2].customer_id
    first = [c for c in by_customer if c.customer_id < middle]
    if first:
        return first, by_customer[len(first) :]
    first = [c for c in by_customer if c.customer_id == middle]
    if len(first) < len(by_customer):
        return first, by_customer[len(first) :]
    half = len(by_customer) // 2
    return by_customer[:half], by_customer[half:]


def _failed(contract: ContractFacts, fault: Exception) -> Hold:
    return Hold(
        contract_id=contract.id,
        reason=HoldReason.FAILED,
        detail=f"{type(fault).__name__}: {str(fault).splitlines()[0] if str(fault) else ''}",
        due_on=None,
        amount_cents=0,
    )


def _set_lock_timeout() -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"SET LOCAL lock_timeout = '{LOCK_TIMEOUT}'")


def _record(action: str, run: CloseRun, *, by: Actor, at: datetime) -> None:
    audit.record(
        action,
        object_kind="close",
        object_id=run.pk,
        by=by,
        at=at,
        branch_id=run.branch_id,
        detail={"due_until": run.due_until.isoformat(), "filters": run.filters},
    )
