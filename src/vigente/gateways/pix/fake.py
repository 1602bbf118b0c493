"""A supplier of Pix automático that keeps recurrences in files, for trying out and for tests."""

import hashlib
import json
from dataclasses import asdict
from pathlib import Path

from vigente.gateways.pix.port import Invitation, PixFailed


class FilePixRecurrences:
    """One file for each recurrence in a folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def invite(self, invitation: Invitation) -> str:
        """Write the recurrence; the id follows from the key."""
        recurrence_id = "RR" + hashlib.sha256(invitation.key.encode()).hexdigest()[:27]
        path = self._path(recurrence_id)
        if not path.exists():
            self.folder.mkdir(parents=True, exist_ok=True)
            self._write(path, {**asdict(invitation), "ended": None})
        return recurrence_id

    def cancel(self, recurrence_id: str, *, reason: str) -> None:
        """Note the end."""
        path, told = self._read(recurrence_id)
        if told["ended"] is None:
            self._write(path, {**told, "ended": reason})

    def is_standing(self, recurrence_id: str) -> bool:
        """Tell whether no end was noted."""
        return self._read(recurrence_id)[1]["ended"] is None

    def _path(self, recurrence_id: str) -> Path:
        return self.folder / f"{recurrence_id}.json"

    def _read(self, recurrence_id: str) -> tuple[Path, dict[str, object]]:
        path = self._path(recurrence_id)
        if not path.exists():
            raise PixFailed(f"recorrência {recurrence_id} desconhecida", permanent=True)
        return path, json.loads(path.read_text())

    def _write(self, path: Path, told: dict[str, object]) -> None:
        path.write_text(json.dumps(told, ensure_ascii=False, indent=2))
