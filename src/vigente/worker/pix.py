"""Telling the supplier of Pix automático what begins and ends."""

from django.conf import settings

from vigente.gateways.messages.port import DeliveryFailed
from vigente.gateways.pix.fake import FilePixRecurrences
from vigente.gateways.pix.port import Invitation, PixFailed, PixRecurrences
from vigente.outbox.models import Effect
from vigente.payments import recurrences
from vigente.payments.models import PixRecurrence


def invite(effect: Effect) -> None:
    """Ask the payer to approve, and keep what the supplier calls the recurrence."""
    recurrence = _recurrence(effect)
    customer = recurrence.contract.customer
    invitation = Invitation(
        key=effect.key,
        reference=f"Contrato {recurrence.contract_id}",
        payer_name=customer.name,
        payer_tax_id=customer.tax_id,
        due_day=recurrence.due_day,
    )
    try:
        recurrences.tell(recurrence.pk, suppliers_id=_supplier().invite(invitation))
    except PixFailed as failed:
        raise DeliveryFailed(str(failed), permanent=failed.permanent) from failed


def cancel(effect: Effect) -> None:
    """End a recurrence; the supplier of one that it was never told of has nothing to end.

    :raises DeliveryFailed: while the invitation itself has still to be delivered.
    """
    recurrence = _recurrence(effect)
    if recurrence.recurrence_id is None:
        raise DeliveryFailed("o convite ainda não foi enviado", permanent=False)
    try:
        _supplier().cancel(recurrence.recurrence_id, reason=recurrence.end_reason)
    except PixFailed as failed:
        raise DeliveryFailed(str(failed), permanent=failed.permanent) from failed


def _recurrence(effect: Effect) -> PixRecurrence:
    found = PixRecurrence.objects.select_related("contract__customer")
    return found.get(pk=effect.payload["recurrence"])


def _supplier() -> PixRecurrences:
    return FilePixRecurrences(settings.PIX_FOLDER)
