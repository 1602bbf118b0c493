"""What any supplier of messages does: deliver one message, once per key."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol


class Channel(StrEnum):
    """How a message travels."""

    EMAIL = "EMAIL"
    SMS = "SMS"
    WHATSAPP = "WHATSAPP"


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """A message to one person; suppliers deliver the same key once, however often it is sent."""

    key: str
    channel: Channel
    to: str
    subject: str
    text: str


class DeliveryFailed(RuntimeError):
    """The message was not delivered; `permanent` means that trying again would not help."""

    def __init__(self, why: str, *, permanent: bool) -> None:
        super().__init__(why)
        self.permanent = permanent


class Messages(Protocol):
    """A supplier of messages."""

    def send(self, message: Message) -> None:
        """Deliver the message; sending the same key again does nothing.

        :raises DeliveryFailed: saying whether another try may help.
        """
