"""Who delivers each kind of effect."""

from django.conf import settings

from vigente.gateways.messages.fake import FileMessages
from vigente.gateways.messages.port import Channel, Message
from vigente.outbox.delivery import Handler
from vigente.outbox.models import Effect


def send_message(effect: Effect) -> None:
    """Hand a message to its supplier, under the effect's key."""
    told = effect.payload
    FileMessages(settings.MESSAGES_FOLDER).send(
        Message(
            key=effect.key,
            channel=Channel(told["channel"]),
            to=told["to"],
            subject=told["subject"],
            text=told["text"],
        )
    )


HANDLERS: dict[str, Handler] = {"MESSAGE": send_message}
