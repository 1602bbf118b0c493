"""What was received and discounted of a receivable, moved only by conditional updates."""

from django.db import models
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
