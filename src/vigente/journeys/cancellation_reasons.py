"""Keeping reasons for cancelling: the one that ends expired contracts keeps its name."""

from datetime import datetime

from vigente.audit.actor import Actor
from vigente.contracts import cancellation_reasons
from vigente.contracts.cancellation_reasons import ReasonFacts
from vigente.contracts.models import CancellationReason
from vigente.journeys.registers import Register
from vigente.journeys.validity import EXPIRED

OF_THE_DAY = (
    f"O sistema cancela por «{EXPIRED}» os contratos que não se renovam: o nome deste motivo não "
    "muda. O que ele significa pode mudar."
)


class ReasonRefused(ValueError):
    """Este motivo é usado pelo sistema e não muda de nome."""

    field = "name"


def follow_reason(
    _reason: CancellationReason,
    facts: ReasonFacts,
    before: ReasonFacts | None,
    _by: Actor,
    _now: datetime,
) -> None:
    """Refuse to rename the reason that the day's work gives.

    :raises ReasonRefused: where it would be.
    """
    if before is not None and before.name == EXPIRED and facts.name != EXPIRED:
        raise ReasonRefused(OF_THE_DAY)


REASONS = Register(
    kind="cancellation_reason",
    model=CancellationReason,
    facts=cancellation_reasons.reason_facts,
    write=cancellation_reasons.write_reason,
    branch_id=lambda _reason: None,
    follow=follow_reason,
)
