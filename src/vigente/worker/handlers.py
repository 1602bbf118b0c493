"""Who delivers each kind of effect."""

from collections.abc import Callable

from django.conf import settings

from vigente.gateways.messages.fake import FileMessages
from vigente.gateways.messages.port import Channel, Message, Messages
from vigente.journeys import signing
from vigente.journeys.account import PASSWORD_LINK
from vigente.outbox.delivery import Handler
from vigente.outbox.models import Effect
from vigente.payments import recurrences
from vigente.worker import password_link, pix, signature_messages


def send_message(effect: Effect) -> None:
    """Hand a message to its supplier, under the effect's key."""
    told = effect.payload
    _supplier().send(
        Message(
            key=effect.key,
            channel=Channel(told["channel"]),
            to=told["to"],
            subject=told["subject"],
            text=told["text"],
        )
    )


def send_password_link(effect: Effect) -> None:
    """Hand the link for a new password to the supplier of messages."""
    _supplier().send(password_link.message(effect))


def _supplier() -> Messages:
    return FileMessages(settings.MESSAGES_FOLDER)


def send_signature(message: Callable[[Effect], Message]) -> Handler:
    """Hand a message of a signature to the supplier of messages."""
    return lambda effect: _supplier().send(message(effect))


HANDLERS: dict[str, Handler] = {
    "MESSAGE": send_message,
    PASSWORD_LINK: send_password_link,
    signing.LINK: send_signature(signature_messages.link),
    signing.CODE: send_signature(signature_messages.code),
    signing.COPY: send_signature(signature_messages.copy),
    recurrences.INVITE: pix.invite,
    recurrences.CANCEL: pix.cancel,
}
