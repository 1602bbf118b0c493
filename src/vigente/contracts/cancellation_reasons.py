"""The only writes to reasons for cancelling a contract."""

from dataclasses import asdict, dataclass

from vigente.contracts.models import CancellationReason


@dataclass(frozen=True, slots=True, kw_only=True)
class ReasonFacts:
    """What is kept of a reason: what it means for figures and for the last days."""

    name: str
    counts_as_churn: bool = True
    counts_as_delinquency: bool = False
    waives_last_period: bool = False
    is_active: bool = True


def reason_facts(reason: CancellationReason) -> ReasonFacts:
    """Return what is kept of a reason."""
    return ReasonFacts(**{name: getattr(reason, name) for name in ReasonFacts.__dataclass_fields__})


def write_reason(reason: CancellationReason | None, facts: ReasonFacts) -> CancellationReason:
    """Write a reason; what contracts that ended for it were billed stays as it is."""
    reason = reason or CancellationReason()
    for name, value in asdict(facts).items():
        setattr(reason, name, value)
    reason.save()
    return reason
