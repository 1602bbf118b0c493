"""Forms that were carried out, so that none is carried out twice."""

from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction

from vigente.audit.models import SentForm


class SentBefore(Exception):
    """Este formulário já foi enviado."""

    def __init__(self, went_to: str) -> None:
        super().__init__("Este formulário já foi enviado.")
        self.went_to = went_to


def take(key: UUID, *, by_user_id: int, now: datetime) -> SentForm:
    """Take the key of a form, in the transaction that carries the form out.

    Where another one holds the key, this waits for its end.

    :raises SentBefore: if the form was carried out; it tells where that led.
    """
    try:
        with transaction.atomic():
            return SentForm.objects.create(key=key, by_user_id=by_user_id, at=now)
    except IntegrityError:
        raise SentBefore(SentForm.objects.get(key=key).went_to) from None


def settle(sent: SentForm, *, went_to: str) -> None:
    """Record where a form led."""
    SentForm.objects.filter(pk=sent.pk).update(went_to=went_to)


def forget(*, before: datetime) -> int:
    """Forget forms sent before a moment; their pages are long gone. Return how many."""
    forgotten, _ = SentForm.objects.filter(at__lt=before).delete()
    return forgotten
