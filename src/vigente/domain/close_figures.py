"""What a ClosePlan comes to, for screens and for the record of a run."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from vigente.domain.close_plan import ClosePlan
from vigente.domain.codes import HoldReason


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """What a ClosePlan comes to: the same figures for a simulation and for what was written."""

    contracts: int = 0
    invoices: int = 0
    lines: int = 0
    receivables: int = 0
    amount_cents: int = 0
    by_due_on: Mapping[str, int] = field(default_factory=dict)
    held_contracts: Mapping[str, int] = field(default_factory=dict)
    held_cents: Mapping[str, int] = field(default_factory=dict)
    held_by_due_on: Mapping[str, int] = field(default_factory=dict)


def figures(plan: ClosePlan) -> Figures:
    """Return what the plan comes to, amounts by payable date and holds by reason."""
    by_due_on, held_contracts, held_cents, held_by_due_on = (Counter[str]() for _ in range(4))
    for receivable in plan.receivables:
        by_due_on[receivable.due_on.isoformat()] += receivable.amount_cents
    for hold in plan.holds:
        held_contracts[hold.reason.value] += 1
        held_cents[hold.reason.value] += hold.amount_cents
        if hold.due_on and hold.reason is HoldReason.CEILING:
            held_by_due_on[hold.due_on.isoformat()] += hold.amount_cents
    return Figures(
        contracts=len({invoice.contract_id for invoice in plan.invoices}),
        invoices=len(plan.invoices),
        lines=sum(len(invoice.draft.lines) for invoice in plan.invoices),
        receivables=len(plan.receivables),
        amount_cents=sum(receivable.amount_cents for receivable in plan.receivables),
        by_due_on=dict(by_due_on),
        held_contracts=dict(held_contracts),
        held_cents=dict(held_cents),
        held_by_due_on=dict(held_by_due_on),
    )


def total(parts: Iterable[Figures]) -> Figures:
    """Return the figures of several chunks as one."""
    by_due_on, held_contracts, held_cents, held_by_due_on = (Counter[str]() for _ in range(4))
    contracts = invoices = lines = receivables = amount_cents = 0
    for part in parts:
        contracts += part.contracts
        invoices += part.invoices
        lines += part.lines
        receivables += part.receivables
        amount_cents += part.amount_cents
        by_due_on.update(part.by_due_on)
        held_contracts.update(part.held_contracts)
        held_cents.update(part.held_cents)
        held_by_due_on.update(part.held_by_due_on)
    return Figures(
        contracts=contracts,
        invoices=invoices,
        lines=lines,
        receivables=receivables,
        amount_cents=amount_cents,
        by_due_on=dict(sorted(by_due_on.items())),
        held_contracts=dict(held_contracts),
        held_cents=dict(held_cents),
        held_by_due_on=dict(sorted(held_by_due_on.items())),
    )
