"""Altering many contracts alike: simulated first, then carried out chunk by chunk, exactly once.

Each chunk is one transaction that locks its contracts before it reads them, so runs may repeat,
overlap or die: what is committed is whole, and what is missing is found again.
"""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, datetime

from django.db import DatabaseError, OperationalError, connection, transaction

from vigente.alterations import actions, mass
from vigente.alterations import queries as alterations
from vigente.alterations.facts import alteration_facts
from vigente.alterations.mass import Asked, Choice
from vigente.alterations.models import MassAlteration, MassChunk
from vigente.audit import actions as audit
from vigente.audit.actor import Actor
from vigente.catalog import queries as catalog
from vigente.catalog.models import SalePlan
from vigente.contracts import queries as contracts
from vigente.contracts.models import Contract
from vigente.domain import mass_alteration, readjustment, sale
from vigente.domain.alteration_plan import AlterationPlan
from vigente.domain.alteration_terms import DraftedItem
from vigente.domain.codes import MassKind, MassStatus, TaxClass
from vigente.domain.mass_alteration import MassFigures, PlanMigration, PriceRise, Skip
from vigente.domain.readjustment import Readjustment
from vigente.journeys import alteration, alteration_message
from vigente.journeys.alteration import Asker
from vigente.payments import recurrences

LOCK_TIMEOUT = "60s"


class MassRefused(ValueError):
    """A alteração em massa não pode ser feita assim."""


def begin(
    asked: Asked,
    choice: Choice,
    *,
    by: Actor,
    at: datetime,
    size: int = mass.CONTRACTS_PER_CHUNK,
) -> MassAlteration:
    """Record a mass alteration to be simulated.

    :raises MassRefused: where the plan is sold no more, or no contract is chosen.
    """
    if asked.sale_plan_id is not None and not _is_sold(asked.sale_plan_id):
        raise MassRefused("O plano escolhido está inativo ou não tem produtos. Escolha outro.")
    with transaction.atomic():
        begun = mass.start(asked, choice, by=by, at=at, size=size)
        if not begun.chunks.exists():
            raise MassRefused("Nenhum contrato ativo passa por estes filtros. Escolha outros.")
        _record("mass alteration begun", begun, by=by, at=at)
    return begun


def readjustment_by_index(code: str, *, until: date) -> Readjustment:
    """Return what an index accumulates in the 12 months up to that of `until`.

    :raises readjustment.IndexMonthsMissing: naming the months that are not known.
    """
    return readjustment.accumulated(catalog.index_percents(code), until=until)


def simulate_chunk(run: MassAlteration, *, today: date) -> bool:
    """Simulate the next chunk and keep its figures; tell whether there was one."""
    with transaction.atomic():
        chunk = mass.take_chunk_to_simulate(run)
        if chunk is None:
            return False
        plans, skips = _plans(chunk.contract_ids, run, today=today)
        figures = mass_alteration.figures(plans, skips)
        mass.record_simulation(chunk, figures=figures, skips=skips)
    return True


def finish_simulation(run: MassAlteration) -> bool:
    """Mark the run as simulated once every chunk is; tell whether this call did."""
    if run.chunks.filter(simulated__isnull=True).exists():
        return False
    return mass.move(run, to=MassStatus.SIMULATED, after=[MassStatus.SIMULATING])


@transaction.atomic
def execute(
    run: MassAlteration, *, by: Actor, at: datetime, accepts_shortfall: bool = False
) -> None:
    """Let a simulated run write, with or without the contracts that ask for a tick.

    :raises MassRefused: if it is not simulated.
    """
    if not mass.move(
        run,
        to=MassStatus.RUNNING,
        after=[MassStatus.SIMULATED],
        started_at=at,
        resumed_at=at,
        accepts_shortfall=accepts_shortfall,
    ):
        raise MassRefused(
            "Esta alteração em massa já foi executada ou descartada. Faça outra simulação."
        )
    _record("mass alteration executed", run, by=by, at=at)


@transaction.atomic
def pause(run: MassAlteration, *, by: Actor, at: datetime) -> None:
    """Stop the run after the chunks under way; what is written stays.

    :raises MassRefused: if it is not running.
    """
    if not mass.pause(run, at=at):
        raise MassRefused("Só uma alteração em massa em execução pode ser pausada.")
    _record("mass alteration paused", run, by=by, at=at)


@transaction.atomic
def resume(run: MassAlteration, *, by: Actor, at: datetime) -> None:
    """Let a paused run go on, with the tick that it was begun with.

    :raises MassRefused: if it is not paused.
    """
    if not mass.move(run, to=MassStatus.RUNNING, after=[MassStatus.PAUSED], resumed_at=at):
        raise MassRefused("Só uma alteração em massa pausada pode ser retomada.")
    _record("mass alteration resumed", run, by=by, at=at)


@transaction.atomic
def discard(run: MassAlteration, *, by: Actor, at: datetime) -> None:
    """Put a simulation aside; it can be carried out no more.

    :raises MassRefused: if it was carried out.
    """
    before = [MassStatus.SIMULATING, MassStatus.SIMULATED]
    if not mass.move(run, to=MassStatus.DISCARDED, after=before):
        raise MassRefused("Esta alteração em massa já foi executada; o que foi gravado fica.")
    _record("mass alteration discarded", run, by=by, at=at)


def write_chunk(run: MassAlteration, *, now: datetime, today: date) -> MassChunk | None:
    """Alter the contracts of the next chunk in one transaction; None when none is free."""
    with transaction.atomic():
        running = _running(run.pk)
        chunk = mass.take_chunk(running) if running else None
        if running is None or chunk is None:
            return None
        _set_lock_timeout()
        asker = Asker(by=Actor(running.by_user_id, running.by_name), now=now, today=today)
        figures, skips = _carry_out(chunk.contract_ids, running, asker=asker)
        mass.record_writing(chunk, figures=figures, skips=skips, at=now)
    return chunk


def finish(run: MassAlteration, *, at: datetime) -> bool:
    """Mark the run as done once every chunk is; tell whether this call did."""
    if run.chunks.filter(written__isnull=True).exists():
        return False
    return mass.move(run, to=MassStatus.DONE, after=[MassStatus.RUNNING], finished_at=at)


def words(run: MassAlteration) -> str:
    """Return what a mass alteration does, as people are told."""
    if run.kind == MassKind.PLAN.value and run.sale_plan is not None:
        return f"Migração para o plano {run.sale_plan.name}"
    percent = readjustment.percent_words(Readjustment(percents_e4=tuple(run.percents)).percent_e4)
    if run.kind == MassKind.INDEX.value and run.index_until is not None:
        return f"Reajuste anual de {percent} ({run.index_code} até {run.index_until:%m/%Y})"
    return f"Reajuste anual de {percent}"


def _carry_out(
    contract_ids: Sequence[int], run: MassAlteration, *, asker: Asker
) -> tuple[MassFigures, list[Skip]]:
    """Lock, plan and write contracts inside the caller's transaction.

    Where they fail they are cut in halves until the one at fault stands alone; that one is left
    with the reason, the others are altered.
    """
    try:
        with transaction.atomic():
            locked = _lock(contract_ids)
            plans, skips = _plans(contract_ids, run, today=asker.today)
            _write([(locked[plan.contract_id], plan) for plan in plans], run, asker=asker)
            _check_references()
            return mass_alteration.figures(plans, skips), skips
    except OperationalError:
        raise
    except (DatabaseError, ArithmeticError, LookupError, ValueError) as fault:
        if len(contract_ids) == 1:
            held = [mass_alteration.failed(contract_ids[0], fault)]
            return mass_alteration.figures([], held), held
        middle = len(contract_ids) // 2
        halves = (contract_ids[:middle], contract_ids[middle:])
        parts = [_carry_out(half, run, asker=asker) for half in halves]
        return (
            mass_alteration.total(figures for figures, _ in parts),
            [skip for _, skips in parts for skip in skips],
        )


def _plans(
    contract_ids: Sequence[int], run: MassAlteration, *, today: date
) -> tuple[list[AlterationPlan], list[Skip]]:
    """Return the plans of contracts as things stand now, and those that are left."""
    what = _what(run)
    facts = alteration_facts(
        contract_ids,
        on=run.on,
        today=today,
        with_pix_recurrence=recurrences.standing_of(contract_ids),
    )
    readjusted = alterations.readjusted_on(contract_ids)
    kinds = contracts.service_kinds(contract_ids)
    plans: list[AlterationPlan] = []
    skips: list[Skip] = []
    for contract_id in contract_ids:
        done = mass_alteration.plan_one(
            facts[contract_id],
            what=what,
            on=run.on,
            readjusted_on=readjusted.get(contract_id),
            service_kinds=kinds,
            accepts_shortfall=run.accepts_shortfall,
        )
        if isinstance(done, Skip):
            skips.append(done)
        else:
            plans.append(done)
    return plans, skips


def _write(
    planned: Sequence[tuple[Contract, AlterationPlan]], run: MassAlteration, *, asker: Asker
) -> None:
    at_once = [(contract, plan) for contract, plan in planned if not plan.is_scheduled]
    writes = alteration.write(
        [plan for _, plan in at_once],
        customer_ids={contract.customer_id for contract, _ in at_once},
        today=asker.today,
    )
    begun = actions.begin_many(planned, mass=run, writes=writes, by=asker.by, now=asker.now)
    alteration_message.tell_many(begun, because=f"{words(run)}.", now=asker.now)
    _record_contracts([contract for contract, _ in at_once], "alteration confirmed", asker=asker)
    waiting = [contract for contract, plan in planned if plan.is_scheduled]
    _record_contracts(waiting, "alteration scheduled", asker=asker)
    alteration.follow(
        [plan.contract_id for _, plan in at_once],
        to_bill=[plan.contract_id for _, plan in at_once if plan.invoices.cancelled],
        asker=asker,
    )


def _what(run: MassAlteration) -> PlanMigration | PriceRise:
    if run.sale_plan_id is not None:
        plan = _plan(run.sale_plan_id)
        return PlanMigration(
            plan=catalog.plan_ranks([plan.pk])[plan.pk],
            items=tuple(
                DraftedItem(
                    draft=sale.plan_item(catalog.plan_item(item), starts_on=run.on),
                    tax_class=TaxClass(item.product.tax_class),
                )
                for item in plan.items.select_related("product").order_by("pk")
            ),
            branch_id=plan.branch_id,
        )
    return PriceRise(
        by=Readjustment(percents_e4=tuple(run.percents)), with_additional=run.with_additional
    )


def _running(mass_id: int) -> MassAlteration | None:
    """Return a run as it is now, with the tick it was executed with; None unless it is running."""
    found = MassAlteration.objects.filter(pk=mass_id, status=MassStatus.RUNNING.value)
    return found.select_related("sale_plan").first()


def _plan(sale_plan_id: int) -> SalePlan:
    return SalePlan.objects.get(pk=sale_plan_id)


def _is_sold(sale_plan_id: int) -> bool:
    plan = _plan(sale_plan_id)
    return plan.is_active and plan.items.exists()


def _lock(contract_ids: Sequence[int]) -> dict[int, Contract]:
    """Return the contracts locked, in the order of their ids."""
    found = Contract.objects.filter(pk__in=contract_ids).order_by("pk")
    locked = found.select_for_update(of=("self",), no_key=True)
    return {contract.pk: contract for contract in locked.select_related("customer")}


def _set_lock_timeout() -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"SET LOCAL lock_timeout = '{LOCK_TIMEOUT}'")


def _check_references() -> None:
    """Have the database check now what it would refuse at the commit, with the whole chunk."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")


def _record(action: str, run: MassAlteration, *, by: Actor, at: datetime) -> None:
    audit.record(
        action,
        object_kind="mass alteration",
        object_id=run.pk,
        by=by,
        at=at,
        branch_id=run.branch_id,
        detail={
            "on": run.on.isoformat(),
            "description": words(run),
            **({"accepts_shortfall": "sim"} if run.accepts_shortfall else {}),
        },
    )


def _record_contracts(altered: Sequence[Contract], action: str, *, asker: Asker) -> None:
    of_branch: defaultdict[int, list[int]] = defaultdict(list)
    for contract in altered:
        of_branch[contract.branch_id].append(contract.pk)
    for branch_id, ids in of_branch.items():
        audit.record_many(
            action,
            object_kind="contract",
            object_ids=ids,
            by=asker.by,
            at=asker.now,
            branch_id=branch_id,
        )
