"""The record of a mass alteration: its chunks, what each came to, and what was left."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Value

from vigente.alterations.models import MassAlteration, MassChunk, MassSkip
from vigente.audit.actor import Actor
from vigente.contracts.models import Contract
from vigente.customers.models import Address
from vigente.domain import mass_alteration
from vigente.domain.codes import ChunkStatus, MassKind, MassStatus
from vigente.domain.lifecycle import ContractStatus
from vigente.domain.mass_alteration import MassFigures, Skip

CONTRACTS_PER_CHUNK = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """Which contracts a mass alteration is about; None means any."""

    branch_id: int | None = None
    sale_plan_id: int | None = None
    billing_type_id: int | None = None
    due_day: int | None = None
    city: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What a mass alteration is to do, and from which day."""

    kind: MassKind
    on: date
    sale_plan_id: int | None = None
    percents_e4: tuple[int, ...] = ()
    index_code: str = ""
    index_until: date | None = None
    with_additional: bool = False


def chosen(choice: Choice, *, on: date) -> QuerySet[Contract]:
    """Return the active contracts that were chosen, those of a customer beside each other."""
    found = Contract.objects.filter(status=ContractStatus.ACTIVE.value)
    if choice.branch_id is not None:
        found = found.filter(branch_id=choice.branch_id)
    if choice.billing_type_id is not None:
        found = found.filter(billing_type_id=choice.billing_type_id)
    if choice.due_day is not None:
        found = found.filter(due_day=choice.due_day)
    if choice.sale_plan_id is not None:
        found = found.filter(
            Q(plans__ends_on=None) | Q(plans__ends_on__gt=on),
            plans__sale_plan_id=choice.sale_plan_id,
            plans__starts_on__lte=on,
        )
    if choice.city is not None:
        found = found.filter(_served_in(choice.city))
    return found.order_by("customer_id", "pk")


def _served_in(city: str) -> Q:
    """Return the condition of a contract whose service, or else whose customer, is in a city."""
    main = Address.objects.filter(
        customer=OuterRef("customer"), is_main=True, city__unaccent__iexact=city
    )
    return Q(address__city__unaccent__iexact=city) | (Q(address=None) & Q(Exists(main)))


def start(
    asked: Asked, choice: Choice, *, by: Actor, at: datetime, size: int = CONTRACTS_PER_CHUNK
) -> MassAlteration:
    """Record a mass alteration to be simulated, and cut its contracts into chunks."""
    mass = MassAlteration.objects.create(
        branch_id=choice.branch_id,
        kind=asked.kind.value,
        on=asked.on,
        sale_plan_id=asked.sale_plan_id,
        percents=list(asked.percents_e4),
        index_code=asked.index_code,
        index_until=asked.index_until,
        with_additional=asked.with_additional,
        filters={name: value for name, value in asdict(choice).items() if value is not None},
        by_user_id=by.user_id,
        by_name=by.name,
        created_at=at,
    )
    ids = list(chosen(choice, on=asked.on).values_list("pk", flat=True))
    MassChunk.objects.bulk_create(
        [
            MassChunk(mass=mass, number=number, contract_ids=ids[first : first + size])
            for number, first in enumerate(range(0, len(ids), size), start=1)
        ]
    )
    return mass


def take_chunk(mass: MassAlteration) -> MassChunk | None:
    """Return the next chunk to carry out, locked until the commit; None when none is free."""
    return _next(mass.chunks.filter(status=ChunkStatus.TODO.value))


def take_chunk_to_simulate(mass: MassAlteration) -> MassChunk | None:
    """Return the next chunk to simulate, locked until the commit; None when none is free."""
    return _next(mass.chunks.filter(simulated__isnull=True))


def record_simulation(chunk: MassChunk, *, figures: MassFigures, skips: Sequence[Skip]) -> None:
    """Keep what the chunk would come to."""
    MassChunk.objects.filter(pk=chunk.pk).update(simulated=asdict(figures))
    _record_skips(chunk, skips)


def record_writing(
    chunk: MassChunk, *, figures: MassFigures, skips: Sequence[Skip], at: datetime
) -> None:
    """Keep what the chunk came to, in the transaction that wrote it."""
    MassChunk.objects.filter(pk=chunk.pk).update(
        status=ChunkStatus.DONE.value, written=asdict(figures), finished_at=at
    )
    _record_skips(chunk, skips)


def move(
    mass: MassAlteration, *, to: MassStatus, after: Iterable[MassStatus], **facts: datetime | bool
) -> bool:
    """Move the status by a conditional UPDATE; tell whether this call moved it."""
    moved = MassAlteration.objects.filter(
        pk=mass.pk, status__in=[status.value for status in after]
    ).update(status=to.value, **facts)
    mass.refresh_from_db()
    return moved == 1


def pause(mass: MassAlteration, *, at: datetime) -> bool:
    """Let a running mass alteration rest, and count how long it worked; tell whether it did."""
    paused = MassAlteration.objects.filter(pk=mass.pk, status=MassStatus.RUNNING.value).update(
        status=MassStatus.PAUSED.value,
        worked_for=F("worked_for") + (Value(at) - F("resumed_at")),
        resumed_at=None,
    )
    mass.refresh_from_db()
    return paused == 1


def simulated(mass: MassAlteration) -> MassFigures:
    """Return what the chunks simulated so far come to."""
    return _total(mass.chunks.exclude(simulated__isnull=True).values_list("simulated", flat=True))


def written(mass: MassAlteration) -> MassFigures:
    """Return what the chunks written so far come to."""
    return _total(mass.chunks.exclude(written__isnull=True).values_list("written", flat=True))


def skipped_by_reason(mass: MassAlteration) -> list[tuple[str, int]]:
    """Return how many contracts are left for each reason, the most frequent first."""
    rows = mass.skips.values("reason").annotate(number=Count("pk")).order_by("-number", "reason")
    return list(rows.values_list("reason", "number"))


def _next(chunks: QuerySet[MassChunk]) -> MassChunk | None:
    return chunks.select_for_update(skip_locked=True).order_by("number").first()


def _total(chunks: Iterable[Any]) -> MassFigures:
    return mass_alteration.total(MassFigures(**chunk) for chunk in chunks)


def _record_skips(chunk: MassChunk, skips: Sequence[Skip]) -> None:
    MassSkip.objects.filter(chunk=chunk).delete()
    MassSkip.objects.bulk_create(
        [
            MassSkip(
                mass_id=chunk.mass_id,
                chunk=chunk,
                contract_id=skip.contract_id,
                reason=skip.reason,
                sentence=skip.sentence,
            )
            for skip in skips
        ],
        batch_size=1000,
    )
