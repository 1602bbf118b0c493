"""How much a person may give away: a percent of the contract's monthly value, by role."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from vigente.domain import items
from vigente.domain.codes import ItemKind
from vigente.domain.items import Item
from vigente.domain.parameters import DISCOUNT_LIMITS, Value
from vigente.domain.permissions import Role


def limit_percent(
    roles: Iterable[Role], *, values: Mapping[str, Value], is_administrator: bool = False
) -> int:
    """Return the largest percent that a person's roles allow; `values` are those of the branch.

    >>> limit_percent([Role.SELLER, Role.FINANCE], values={"discount_limit_finance": 20})
    20
    >>> limit_percent([], values={}, is_administrator=True)
    100
    """
    if is_administrator:
        return 100
    names = [DISCOUNT_LIMITS[role].name for role in roles if role in DISCOUNT_LIMITS]
    return max((int(values.get(name) or 0) for name in names), default=0)


def most_cents(contract_items: Sequence[Item], *, limit_percent: int, on: date) -> int:
    """Return the largest fixed discount that a limit allows, rounded down.

    The percent is of what is charged a month before discounts, so that giving one discount
    after another does not shrink what the next is measured by.
    """
    charged = [item for item in contract_items if item.kind is not ItemKind.DISCOUNT]
    return items.monthly_cents(charged, on=on) * limit_percent // 100
