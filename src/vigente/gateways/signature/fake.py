"""A supplier with a page elsewhere, for trials: it keeps in a folder what it was asked for."""

import hashlib
import hmac
import json
from pathlib import Path

from vigente.gateways.signature.port import Order, SealFailed, Signed

SECRET = b"only for trials"


class FolderSignatures:
    """Writes each order as a file, and seals by adding a keyed digest at the end."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def begin(self, order: Order) -> str:
        """Keep the order under its key; return the address that the first one led to."""
        file = self.folder / f"{hashlib.sha256(order.key.encode()).hexdigest()[:32]}.json"
        if not file.exists():
            self.folder.mkdir(parents=True, exist_ok=True)
            told = {"key": order.key, "title": order.title, "page": order.page}
            file.write_text(json.dumps(told, ensure_ascii=False), encoding="utf-8")
        address: str = json.loads(file.read_text(encoding="utf-8"))["page"]
        return address

    def seal(self, signed: Signed) -> bytes:
        """Return the document with a line that only this supplier could have written."""
        if not signed.pdf.startswith(b"%PDF-") or not signed.evidence:
            raise SealFailed("O documento não pôde ser selado: não é um PDF.")
        content = (
            signed.pdf + b"\n% evidence " + hashlib.sha256(signed.evidence).hexdigest().encode()
        )
        return content + b"\n% seal " + _seal(content)

    def is_intact(self, sealed: bytes) -> bool:
        """Tell whether the last line is the one of this content."""
        content, _, seal = sealed.rpartition(b"\n% seal ")
        return hmac.compare_digest(seal, _seal(content))


def _seal(content: bytes) -> bytes:
    return hmac.new(SECRET, content, hashlib.sha256).hexdigest().encode()
