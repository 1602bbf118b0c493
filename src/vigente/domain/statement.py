"""The detalhamento financeiro: all that moved what a customer owes, with the balance after each.

An amount above zero is owed by the customer, below zero takes from what is owed. What is owed in
the end is what is open less the customer's credit: nothing is made and nothing is lost between.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import IntEnum


class MovementKind(IntEnum):
    """What moved; on one day what is owed comes before what is paid."""

    ALTERATION = 1
    INVOICE = 2
    CHARGES = 3
    CANCELLED = 4
    DISCOUNT = 5
    FINAL_CREDIT = 6
    RECEIPT = 7
    REVERSAL = 8
    REFUND = 9


@dataclass(frozen=True, slots=True, kw_only=True)
class Detail:
    """A line of what moved: its words, its sum and its amount."""

    words: str
    explanation: str
    cents: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Movement:
    """One thing that moved what is owed, or that explains what will; `id` is of its object."""

    on: date
    kind: MovementKind
    id: int
    words: str
    cents: int = 0
    note: str = ""
    contract_id: int | None = None
    details: tuple[Detail, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A movement and what is owed after it."""

    movement: Movement
    balance_cents: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """The movements of a time, oldest first, what was owed before them and what is after."""

    opening_cents: int
    rows: tuple[Row, ...]
    closing_cents: int

    def total(self, *kinds: MovementKind) -> int:
        """Return what the movements of these kinds come to."""
        return sum(row.movement.cents for row in self.rows if row.movement.kind in kinds)


def statement(
    movements: Iterable[Movement], *, since: date | None = None, until: date | None = None
) -> Statement:
    """Return the movements from a day to another, both inclusive, with the balance after each.

    >>> bill = Movement(on=date(2026, 3, 1), kind=MovementKind.INVOICE, id=1, words="", cents=8990)
    >>> paid = Movement(on=date(2026, 3, 9), kind=MovementKind.RECEIPT, id=1, words="", cents=-9000)
    >>> told = statement([paid, bill], since=date(2026, 3, 2))
    >>> told.opening_cents, [row.balance_cents for row in told.rows], told.closing_cents
    (8990, [-10], -10)
    """
    balance, opening, rows = 0, 0, []
    for movement in sorted(movements, key=_place):
        if until is not None and movement.on > until:
            break
        balance += movement.cents
        if since is not None and movement.on < since:
            opening = balance
        else:
            rows.append(Row(movement=movement, balance_cents=balance))
    return Statement(opening_cents=opening, rows=tuple(rows), closing_cents=balance)


def _place(movement: Movement) -> tuple[date, int, int]:
    return (movement.on, movement.kind.value, movement.id)
