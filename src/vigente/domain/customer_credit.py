"""A customer's credit: what may be given back of it, and how it came to what it is."""

from collections.abc import Sequence
from datetime import date

from vigente.domain import money


class RefundRefused(ValueError):
    """O crédito não pode ser devolvido assim."""


def after_refund(balance_cents: int, *, amount_cents: int, on: date, today: date) -> int:
    """Return what is left of a customer's credit once a part of it is given back.

    >>> after_refund(5000, amount_cents=2000, on=date(2026, 8, 3), today=date(2026, 8, 3))
    3000

    :raises RefundRefused: for more than there is, nothing at all, or a day still to come.
    """
    if balance_cents <= 0:
        raise RefundRefused("O cliente não tem crédito: não há o que devolver.")
    if amount_cents <= 0:
        raise RefundRefused("O valor devolvido deve ser maior que zero.")
    if amount_cents > balance_cents:
        raise RefundRefused(
            f"O crédito do cliente é de {money.brl(balance_cents)}: devolva no máximo isso."
        )
    if on > today:
        raise RefundRefused("A data da devolução não pode estar no futuro.")
    return balance_cents - amount_cents


def balances(newest_cents: Sequence[int], *, balance_cents: int) -> tuple[int, ...]:
    """Return the balance after each movement, the newest first, from the present balance.

    >>> balances([-2000, 5000], balance_cents=3000)
    (3000, 5000)
    """
    found, left = [], balance_cents
    for cents in newest_cents:
        found.append(left)
        left -= cents
    return tuple(found)
