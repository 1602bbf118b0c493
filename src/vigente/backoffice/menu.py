"""The menu follows the manual; an entry stands here once its page exists."""

from dataclasses import dataclass

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from vigente.backoffice import scope


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


def menu(request: HttpRequest) -> dict[str, object]:
    """Give every page the menu, and the person's branches, read only where they are shown."""
    return {"menu": MENU, "branches_seen": SimpleLazyObject(lambda: scope.branches(request))}
