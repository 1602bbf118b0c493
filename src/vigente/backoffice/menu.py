"""The menu follows the manual; an entry stands here once its page exists."""

from dataclasses import dataclass

from django.http import HttpRequest


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the menu: its words and the name of its address."""

    title: str
    address: str


@dataclass(frozen=True, slots=True)
class Group:
    """A heading of the menu and what it opens."""

    title: str
    icon: str
    entries: tuple[Entry, ...]


MENU = (
    Group("Cadastros", "folder", (Entry("Contratos", "contracts"),)),
    Group("Financeiro", "cash", (Entry("Fechamento do mês", "month-close"),)),
)


def menu(_request: HttpRequest) -> dict[str, tuple[Group, ...]]:
    """Give every page the menu."""
    return {"menu": MENU}
