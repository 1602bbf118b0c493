"""What a payment settles: the receivable first, the rest to the customer's credit."""

from dataclasses import dataclass
from datetime import date

from vigente.domain import money


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenReceivable:
    """A receivable as a payment finds it; `open_cents` is what is neither paid nor discounted."""

    id: int
    open_cents: int
    due_on: date
    discount_until_due_cents: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Settlement:
    """What a payment does: `allocated` and `discount` settle the receivable, `credit` is left."""

    allocated_cents: int
    discount_cents: int
    credit_cents: int


def settle(receivable: OpenReceivable, *, paid_cents: int, on: date) -> Settlement:
    """Return what paying `paid_cents` on a day does to a receivable.

    The discount for paying by the due date is granted when the rest is paid whole by that day.

    >>> bill = OpenReceivable(id=1, open_cents=8990, due_on=date(2026, 8, 10),
    ...                       discount_until_due_cents=1000)
    >>> settle(bill, paid_cents=7990, on=date(2026, 8, 10))
    Settlement(allocated_cents=7990, discount_cents=1000, credit_cents=0)
    >>> settle(bill, paid_cents=7990, on=date(2026, 8, 11))
    Settlement(allocated_cents=7990, discount_cents=0, credit_cents=0)
    """
    discount = receivable.open_cents - owed(receivable, on=on)
    if paid_cents < receivable.open_cents - discount:
        discount = 0
    allocated = min(paid_cents, receivable.open_cents - discount)
    return Settlement(
        allocated_cents=allocated, discount_cents=discount, credit_cents=paid_cents - allocated
    )


def owed(receivable: OpenReceivable, *, on: date) -> int:
    """Return what settles a receivable when it is paid on that day.

    >>> bill = OpenReceivable(id=1, open_cents=8990, due_on=date(2026, 8, 10),
    ...                       discount_until_due_cents=1000)
    >>> owed(bill, on=date(2026, 8, 10)), owed(bill, on=date(2026, 8, 11))
    (7990, 8990)
    """
    discount = receivable.discount_until_due_cents if on <= receivable.due_on else 0
    return receivable.open_cents - min(discount, receivable.open_cents)


def paid_of_each(invoice_cents: tuple[int, ...], *, settled_cents: int) -> tuple[int, ...]:
    """Return how much of each invoice of a receivable is settled, in proportion.

    >>> paid_of_each((4990, 8990), settled_cents=7000)
    (2499, 4501)
    """
    return money.spread(settled_cents, invoice_cents)
