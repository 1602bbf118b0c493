"""The cash desk of an operator: what goes in and out, what it comes to, what was counted.

Money is conserved: what a desk opened with and took in is what left it and what should be in it.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from vigente.domain import money
from vigente.domain.codes import PaymentMeans


class FlowKind(StrEnum):
    """Why money goes into a desk, or out of it."""

    OPENING = "OPENING"
    RECEIPT = "RECEIPT"
    SUPPLY = "SUPPLY"
    REFUND_UNDONE = "REFUND_UNDONE"
    REVERSAL = "REVERSAL"
    WITHDRAWAL = "WITHDRAWAL"
    REFUND = "REFUND"


GOES_OUT = frozenset({FlowKind.REVERSAL, FlowKind.WITHDRAWAL, FlowKind.REFUND})


class NotEnoughInTheDesk(ValueError):
    """O caixa não tem este valor em dinheiro."""


@dataclass(frozen=True, slots=True)
class Flow:
    """An amount, above zero, that went into a desk or out of it."""

    kind: FlowKind
    means: PaymentMeans
    amount_cents: int

    @property
    def signed_cents(self) -> int:
        """Return the amount, below zero where it went out."""
        return -self.amount_cents if self.kind in GOES_OUT else self.amount_cents


@dataclass(frozen=True, slots=True, kw_only=True)
class Count:
    """What should be in the desk of one means of payment, and what was counted."""

    means: PaymentMeans
    expected_cents: int
    counted_cents: int

    @property
    def difference_cents(self) -> int:
        """Return what is too much, below zero what is missing."""
        return self.counted_cents - self.expected_cents


def balances(flows: Iterable[Flow]) -> dict[PaymentMeans, int]:
    """Return what each means of payment comes to, those without flows too.

    >>> balances([Flow(FlowKind.OPENING, PaymentMeans.CASH, 10000),
    ...           Flow(FlowKind.WITHDRAWAL, PaymentMeans.CASH, 4000)])[PaymentMeans.CASH]
    6000
    """
    found = dict.fromkeys(PaymentMeans, 0)
    for flow in flows:
        found[flow.means] += flow.signed_cents
    return found


def counts(
    expected: Mapping[PaymentMeans, int], *, counted: Mapping[PaymentMeans, int]
) -> tuple[Count, ...]:
    """Return the count of every means of payment; what was not counted is nothing."""
    return tuple(
        Count(
            means=means,
            expected_cents=expected.get(means, 0),
            counted_cents=counted.get(means, 0),
        )
        for means in PaymentMeans
    )


def refuse_more_than(cash_cents: int, *, amount_cents: int) -> None:
    """Refuse to take more out of a desk than the cash that should be in it.

    :raises NotEnoughInTheDesk: saying how much there is, and the way out.
    """
    if amount_cents > cash_cents:
        raise NotEnoughInTheDesk(
            f"O caixa tem {money.brl(cash_cents)} em dinheiro: retire no máximo isso, ou registre "
            "antes um suprimento."
        )
