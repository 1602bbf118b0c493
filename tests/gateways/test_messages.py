"""What every supplier of messages does; each new one is added to the list and passes the same."""

from dataclasses import replace
from pathlib import Path

import pytest

from vigente.gateways.messages.fake import FileMessages
from vigente.gateways.messages.port import Channel, DeliveryFailed, Message

HELLO = Message(
    key="aviso 1", channel=Channel.EMAIL, to="ana@example.com", subject="Fatura", text="Olá, Ana."
)


@pytest.fixture(params=[FileMessages])
def messages(request: pytest.FixtureRequest, tmp_path: Path) -> FileMessages:
    supplier: FileMessages = request.param(tmp_path / "mensagens")
    return supplier


def test_a_message_is_delivered_whole(messages: FileMessages) -> None:
    messages.send(HELLO)

    assert messages.sent() == [HELLO]


def test_the_same_key_is_delivered_once(messages: FileMessages) -> None:
    messages.send(HELLO)
    messages.send(replace(HELLO, text="De novo."))

    assert messages.sent() == [HELLO]


def test_a_message_to_nobody_fails_for_good(messages: FileMessages) -> None:
    with pytest.raises(DeliveryFailed) as failed:
        messages.send(replace(HELLO, to=" "))

    assert failed.value.permanent


def test_a_folder_that_cannot_be_written_may_be_tried_again(tmp_path: Path) -> None:
    (tmp_path / "file").touch()

    with pytest.raises(DeliveryFailed) as failed:
        FileMessages(tmp_path / "file" / "folder").send(HELLO)

    assert not failed.value.permanent
