"""A message to a customer: where it goes, and how it begins."""

from collections.abc import Collection, Mapping, Sequence

from vigente.customers.models import Contact, Customer
from vigente.gateways.messages.port import Channel
from vigente.outbox.actions import NewEffect

CHANNELS: Mapping[str, Channel] = {Contact.EMAIL: Channel.EMAIL, Contact.PHONE: Channel.SMS}


def reached(customer: Customer) -> Contact | None:
    """Return where a customer is written to: the newest e-mail, else telephone, or None."""
    return customer.contacts.order_by("kind", "-pk").first()  # EMAIL before PHONE


def contacts_of(customer_ids: Collection[int]) -> dict[int, Contact]:
    """Return where each customer is written to, as `reached` does; some are not reached."""
    found = Contact.objects.filter(customer_id__in=customer_ids).select_related("customer")
    newest = found.order_by("customer_id", "kind", "-pk").distinct("customer_id")
    return {contact.customer_id: contact for contact in newest}


def message(
    contact: Contact,
    *,
    key: str,
    subject: str,
    sentences: Sequence[str],
    object_kind: str,
    object_id: int,
    branch_id: int,
) -> NewEffect:
    """Return the message that the outbox sends once for its key."""
    return NewEffect(
        key=key,
        kind="MESSAGE",
        payload={
            "channel": CHANNELS[contact.kind].value,
            "to": contact.value,
            "subject": subject,
            "text": "\n".join([f"Olá, {contact.customer.name}.", "", *sentences]),
        },
        object_kind=object_kind,
        object_id=object_id,
        branch_id=branch_id,
    )
