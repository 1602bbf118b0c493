"""What a change inside issued periods costs or gives back: cost after − cost before.

Recurring lines only: one-off and n-times items are charged whole, never adjusted.
"""

from collections.abc import Sequence

from vigente.domain import explanation, recurring
from vigente.domain.cycles import Periodicity
from vigente.domain.items import Item
from vigente.domain.proration import Cost
from vigente.domain.schedule import ServicePeriod


def recurring_cost(
    items: Sequence[Item], *, service: ServicePeriod, periodicity: Periodicity
) -> int:
    """Return what the recurring items cost in a service period, discounts taken off."""
    lines = recurring.recurring_lines(items, service=service, periodicity=periodicity)
    return sum(line.amount_cents for line in lines)


def adjustment(
    before: Sequence[Item],
    after: Sequence[Item],
    *,
    issued: Sequence[tuple[ServicePeriod, Periodicity]],
) -> Cost:
    """Return what changing `before` into `after` makes of the periods that were issued.

    Above zero it is to be charged by the next invoice, below zero given back.
    """
    cents_after = cents_before = 0
    for service, periodicity in issued:
        cents_after += recurring_cost(after, service=service, periodicity=periodicity)
        cents_before += recurring_cost(before, service=service, periodicity=periodicity)
    return Cost(cents_after - cents_before, explanation.difference(cents_after, cents_before))
