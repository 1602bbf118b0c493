"""Templates to begin with: whole texts, made to be changed by who knows the provider."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path

from vigente.domain.codes import TemplateKind


@dataclass(frozen=True, slots=True)
class ReadyMade:
    """A template to begin with; `code` is its name in addresses and the name of its file."""

    code: str
    name: str
    kind: TemplateKind

    @property
    def body(self) -> str:
        """Return the text."""
        return _read(self.code)


ALL = (
    ReadyMade("contrato", "Contrato de adesão", TemplateKind.CONTRACT),
    ReadyMade("termo", "Termo de alteração", TemplateKind.ADDENDUM),
)
BY_CODE = {one.code: one for one in ALL}


@cache
def _read(code: str) -> str:
    return (Path(__file__).parent / f"{code}.md").read_text(encoding="utf-8")
