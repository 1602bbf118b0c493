"""What a payment settles: what delay costs, then the receivable, the rest to the customer's credit.

Interest comes first, then the fine, then the principal (Civil Code, art. 354).
"""

from dataclasses import dataclass
from datetime import date

from vigente.domain import late_charges, money
from vigente.domain.late_charges import NO_CHARGES, Charges


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenReceivable:
    """A receivable as a payment of a day finds it.

    `open_cents` is what is neither paid nor discounted, `charges` is what delay costs that day.
    """

    id: int
    open_cents: int
    due_on: date
    discount_until_due_cents: int = 0
    charges: Charges = NO_CHARGES


@dataclass(frozen=True, slots=True, kw_only=True)
class Settlement:
    """What a payment does.

    `allocated` and `discount` settle the receivable, `fine` and `interest` what delay costs;
    `credit` is left.
    """

    allocated_cents: int
    discount_cents: int
    credit_cents: int
    fine_cents: int = 0
    interest_cents: int = 0

    @property
    def settled_cents(self) -> int:
        """Return what of the payment is spent."""
        return self.allocated_cents + self.fine_cents + self.interest_cents

    @property
    def is_something(self) -> bool:
        """Tell whether it settles anything."""
        return bool(self.settled_cents or self.discount_cents)


def settle(
    receivable: OpenReceivable, *, paid_cents: int, on: date, forgives_cents: int = 0
) -> Settlement:
    """Return what paying `paid_cents` on a day does to a receivable.

    The discount for paying by the due date is granted when the rest is paid whole by that day.
    Where no more than `forgives_cents` of the charges is missing, the receivable is settled.

    >>> bill = OpenReceivable(id=1, open_cents=8990, due_on=date(2026, 8, 10),
    ...                       discount_until_due_cents=1000)
    >>> done = settle(bill, paid_cents=7990, on=date(2026, 8, 10))
    >>> done.allocated_cents, done.discount_cents, done.credit_cents
    (7990, 1000, 0)
    >>> done = settle(bill, paid_cents=7990, on=date(2026, 8, 11))
    >>> done.allocated_cents, done.discount_cents, done.credit_cents
    (7990, 0, 0)
    """
    discount = _discount(receivable, on=on)
    if paid_cents < receivable.open_cents - discount:
        discount = 0
    charged = receivable.charges
    missing = owed(receivable, on=on) - paid_cents
    forgiven = missing if 0 < missing <= min(forgives_cents, charged.cents) else 0
    interest = min(paid_cents, max(charged.interest_cents - forgiven, 0))
    forgiven -= min(forgiven, charged.interest_cents)
    fine = min(paid_cents - interest, charged.fine_cents - forgiven)
    left = paid_cents - interest - fine
    allocated = min(left, receivable.open_cents - discount)
    return Settlement(
        allocated_cents=allocated,
        discount_cents=discount,
        credit_cents=left - allocated,
        fine_cents=fine,
        interest_cents=interest,
    )


def settle_at_bank(receivable: OpenReceivable, *, paid_cents: int, on: date) -> Settlement:
    """Return what a payment that a bank took does; the bank may round each day's interest.

    >>> late = Charges(days=30, fine_cents=80, interest_cents=40)
    >>> bill = OpenReceivable(id=1, open_cents=4000, due_on=date(2026, 8, 10), charges=late)
    >>> settle_at_bank(bill, paid_cents=4110, on=date(2026, 9, 9)).allocated_cents
    4000
    """
    forgives = late_charges.rounded_by_banks(receivable.charges.days)
    return settle(receivable, paid_cents=paid_cents, on=on, forgives_cents=forgives)


def owed(receivable: OpenReceivable, *, on: date) -> int:
    """Return what settles a receivable when it is paid on that day.

    >>> bill = OpenReceivable(id=1, open_cents=8990, due_on=date(2026, 8, 10),
    ...                       discount_until_due_cents=1000)
    >>> owed(bill, on=date(2026, 8, 10)), owed(bill, on=date(2026, 8, 11))
    (7990, 8990)
    """
    return receivable.open_cents - _discount(receivable, on=on) + receivable.charges.cents


def paid_of_each(invoice_cents: tuple[int, ...], *, settled_cents: int) -> tuple[int, ...]:
    """Return how much of each invoice of a receivable is settled, in proportion.

    >>> paid_of_each((4990, 8990), settled_cents=7000)
    (2499, 4501)
    """
    return money.spread(settled_cents, invoice_cents)


def _discount(receivable: OpenReceivable, *, on: date) -> int:
    discount = receivable.discount_until_due_cents if on <= receivable.due_on else 0
    return min(discount, receivable.open_cents)
