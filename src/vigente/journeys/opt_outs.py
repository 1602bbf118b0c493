"""A customer who wants no reminders, and one who wants them again."""

from datetime import datetime

from django.db import transaction

from vigente.audit import actions as audit
from vigente.audit.actor import Actor
from vigente.customers.models import Customer, MessageOptOut


class OptOutStandsSo(ValueError):
    """O cliente já está assim. Atualize a página."""


@transaction.atomic
def stop(customer_id: int, *, note: str, by: Actor, now: datetime) -> None:
    """Send the customer no reminders from now on.

    :raises OptOutStandsSo: where none are sent already.
    """
    customer = Customer.objects.select_for_update().get(pk=customer_id)
    refuse(customer, wants=True)
    MessageOptOut.objects.create(customer=customer, note=note, at=now, by_name=by.name)
    _record("reminders stopped", customer, by=by, now=now, note=note)


@transaction.atomic
def resume(customer_id: int, *, by: Actor, now: datetime) -> None:
    """Send the customer reminders again.

    :raises OptOutStandsSo: where they are sent already.
    """
    customer = Customer.objects.select_for_update().get(pk=customer_id)
    refuse(customer, wants=False)
    MessageOptOut.objects.filter(customer=customer).delete()
    _record("reminders resumed", customer, by=by, now=now)


def refuse(customer: Customer, *, wants: bool) -> None:
    """Refuse a customer who does not stand so: who wants reminders, or who wants none.

    :raises OptOutStandsSo: saying so.
    """
    if MessageOptOut.objects.filter(customer=customer).exists() is wants:
        raise OptOutStandsSo(str(OptOutStandsSo.__doc__))


def _record(action: str, customer: Customer, *, by: Actor, now: datetime, **detail: str) -> None:
    audit.record(
        action,
        object_kind="customer",
        object_id=customer.pk,
        by=by,
        at=now,
        branch_id=customer.branch_id,
        detail=detail,
    )
