"""What was received and discounted of receivables, moved only by conditional updates."""

from collections.abc import Mapping

from django.db import connection

type Amounts = Mapping[int, tuple[int, int]]


class ReceivableNotOpen(ValueError):
    """Esta conta a receber não está em aberto."""


def settle(amounts: Amounts) -> None:
    """Add received and discounted centavos to standing receivables, by id, in one statement.

    :raises ReceivableNotOpen: if one of them was cancelled meanwhile.
    """
    _add(amounts, sign=1, even_cancelled=False)


def take_back(amounts: Amounts) -> None:
    """Take back what reversed or released payments had settled, by receivable id."""
    _add(amounts, sign=-1, even_cancelled=True)


def _add(amounts: Amounts, *, sign: int, even_cancelled: bool) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE billing_receivable r SET received_cents = r.received_cents + s.received,"
            " discounted_cents = r.discounted_cents + s.discounted"
            " FROM unnest(%s::bigint[], %s::bigint[], %s::bigint[]) s (id, received, discounted)"
            " WHERE r.id = s.id AND (r.cancelled_on IS NULL OR %s)",
            [
                list(amounts),
                [sign * received for received, _ in amounts.values()],
                [sign * discounted for _, discounted in amounts.values()],
                even_cancelled,
            ],
        )
        if cursor.rowcount != len(amounts):
            raise ReceivableNotOpen(
                "A conta a receber foi cancelada. Atualize a página e escolha outra."
            )
