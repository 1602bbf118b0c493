"""Messages as files: one for each key, to be read by people and by tests."""

import hashlib
import json
import os
from dataclasses import asdict
from pathlib import Path

from vigente.gateways.messages.port import DeliveryFailed, Message


class FileMessages:
    """Writes each message into a folder instead of sending it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def send(self, message: Message) -> None:
        """Write the message, whole or not at all, unless its key was written before."""
        if not message.to.strip():
            raise DeliveryFailed("a mensagem não tem destinatário", permanent=True)
        file = self.folder / f"{hashlib.sha256(message.key.encode()).hexdigest()[:32]}.json"
        if file.exists():
            return
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            draft = file.with_suffix(f".{os.getpid()}")
            told = json.dumps(asdict(message), ensure_ascii=False, indent=2)
            draft.write_text(told, encoding="utf-8")
            draft.replace(file)
        except OSError as fault:
            raise DeliveryFailed(str(fault), permanent=False) from fault

    def sent(self) -> list[Message]:
        """Return all messages written so far."""
        return [
            Message(**json.loads(file.read_text(encoding="utf-8")))
            for file in sorted(self.folder.glob("*.json"))
        ]
