"""Scheduled alterations whose day has come, carried out as the branch's day begins."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db import DatabaseError, OperationalError

from vigente.alterations.models import Alteration
from vigente.audit.actor import SYSTEM
from vigente.domain.codes import AlterationStatus
from vigente.journeys import alteration
from vigente.journeys.alteration import Asker


@dataclass(frozen=True, slots=True, kw_only=True)
class CarriedOut:
    """How many alterations were carried out, and those that could not be, with the reason."""

    done: int
    failed: tuple[tuple[int, str], ...] = ()


def sweep(branch_id: int, *, today: date, now: datetime) -> CarriedOut:
    """Carry out the branch's scheduled alterations; one that fails stops no other.

    Safe to repeat: what was carried out is found no more, what was refused is tried again.
    """
    asker = Asker(by=SYSTEM, now=now, today=today)
    done, failed = 0, []
    for alteration_id, contract_id in due(branch_id, today=today):
        try:
            refusal = alteration.carry_out_scheduled(alteration_id, asker=asker)
        except OperationalError:
            raise
        except (DatabaseError, ArithmeticError, LookupError, ValueError) as fault:
            refusal = str(fault).split("\n", 1)[0] or type(fault).__name__
        if refusal is None:
            done += 1
        else:
            failed.append((contract_id, refusal))
    return CarriedOut(done=done, failed=tuple(failed))


def due(branch_id: int, *, today: date) -> list[tuple[int, int]]:
    """Return the ids of a branch's scheduled alterations whose day has come, and of contracts."""
    found = Alteration.objects.filter(
        contract__branch_id=branch_id, status=AlterationStatus.SCHEDULED.value, on__lte=today
    )
    return list(found.order_by("pk").values_list("pk", "contract_id"))
