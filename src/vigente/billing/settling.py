"""What was received and discounted of a receivable, moved only by conditional updates."""

from collections.abc import Mapping

from django.db import connection, models
from django.db.models import F

from vigente.billing.models import Receivable


class ReceivableNotOpen(ValueError):
    """Esta conta a receber não está em aberto."""


def settle(receivable_id: int, *, received_cents: int, discounted_cents: int) -> None:
    """Add to what was received and discounted of a standing receivable.

    :raises ReceivableNotOpen: if it was cancelled meanwhile.
    """
    _add(
        Receivable.objects.filter(pk=receivable_id, cancelled_on=None),
        received_cents=received_cents,
        discounted_cents=discounted_cents,
    )


def settle_many(amounts: Mapping[int, tuple[int, int]]) -> None:
    """Add received and discounted centavos to standing receivables, by id, in one statement.

    :raises ReceivableNotOpen: if one of them was cancelled meanwhile.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE billing_receivable r SET received_cents = received_cents + s.received,"
            " discounted_cents = discounted_cents + s.discounted"
            " FROM unnest(%s::bigint[], %s::bigint[], %s::bigint[]) s (id, received, discounted)"
            " WHERE r.id = s.id AND r.cancelled_on IS NULL",
            [
                list(amounts),
                [received for received, _ in amounts.values()],
                [discounted for _, discounted in amounts.values()],
            ],
        )
        if cursor.rowcount != len(amounts):
            raise ReceivableNotOpen("Uma das contas a receber foi cancelada. Repita a operação.")


def take_back(receivable_id: int, *, received_cents: int, discounted_cents: int) -> None:
    """Take back what a reversed or released payment had settled."""
    _add(
        Receivable.objects.filter(pk=receivable_id),
        received_cents=-received_cents,
        discounted_cents=-discounted_cents,
    )


def _add(
    receivable: models.QuerySet[Receivable], *, received_cents: int, discounted_cents: int
) -> None:
    changed = receivable.update(
        received_cents=F("received_cents") + received_cents,
        discounted_cents=F("discounted_cents") + discounted_cents,
    )
    if changed != 1:
        raise ReceivableNotOpen(
            "A conta a receber foi cancelada. Atualize a página e escolha outra."
        )
