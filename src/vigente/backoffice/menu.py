"""The menu follows the manual; an entry stands here once its page exists."""

from collections.abc import Callable, Collection
from dataclasses import dataclass, replace

from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import SimpleLazyObject

from vigente.backoffice import scope
from vigente.backoffice.alarms import Alarms
from vigente.backoffice.daily import alarms as daily_alarms
from vigente.backoffice.registers.all_pages import PAGES
from vigente.backoffice.signatures import alarms as signature_alarms
from vigente.domain.permissions import Permission


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the menu: its words, the name of its address and who may open it.

    `alarms` are those that its page deals with, which every page shows to who may open it.
    """

    title: str
    address: str
    needs: Permission
    alarms: Callable[[HttpRequest], Alarms] | None = None


@dataclass(frozen=True, slots=True)
class Group:
    """A heading of the menu and what it opens."""

    title: str
    icon: str
    entries: tuple[Entry, ...]


def _registers(group: str) -> tuple[Entry, ...]:
    return tuple(Entry(page.title, page.address, page.see) for page in PAGES if page.group == group)


MENU = (
    Group(
        "Cadastros",
        "folder",
        (
            Entry("Contratos", "contracts", Permission.SEE_CONTRACTS),
            Entry("Alterações", "alterations", Permission.SEE_CONTRACTS),
            Entry("Calculadora de alteração", "alteration-calculator", Permission.SEE_CONTRACTS),
            Entry("Alteração em massa", "mass-alterations", Permission.MASS_ALTER),
            *_registers("Cadastros"),
            Entry(
                "Assinaturas",
                "signatures",
                Permission.SEE_SIGNATURES,
                alarms=signature_alarms.open_alarms,
            ),
            Entry("Importação", "imports", Permission.IMPORT),
        ),
    ),
    Group(
        "Financeiro",
        "cash",
        (
            Entry("Contas a receber", "receivables", Permission.SEE_MONEY),
            Entry("Faturas", "invoices", Permission.SEE_MONEY),
            Entry("Créditos de clientes", "credits", Permission.SEE_MONEY),
            Entry("Caixas", "cash-desks", Permission.SEE_MONEY),
            Entry("Remessas", "remittances", Permission.SEND_TO_BANK),
            Entry("Retornos", "returns", Permission.SEND_TO_BANK),
            Entry("Fechamento do mês", "month-close", Permission.CLOSE_MONTH),
        ),
    ),
    Group(
        "Relatórios",
        "chart-bar",
        (Entry("Alterações de contrato", "alteration-report", Permission.SEE_CONTRACTS),),
    ),
    Group(
        "Configurações",
        "settings",
        (
            *_registers("Configurações"),
            Entry("Parâmetros", "parameters", Permission.SEE_PARAMETERS),
            Entry(
                "Agendamentos", "daily", Permission.SEE_SCHEDULE, alarms=daily_alarms.open_alarms
            ),
            Entry("Envios", "effects", Permission.SEE_OUTBOX),
            Entry("Trilha de auditoria", "trail", Permission.SEE_TRAIL),
        ),
    ),
)


def menu(request: HttpRequest) -> dict[str, object]:
    """Give every page what the person may open, may do and sees, read only where it is shown."""
    return {
        "menu": SimpleLazyObject(lambda: open_to(scope.allowed(request))),
        "here": SimpleLazyObject(lambda: entry_over(request.path)),
        "may": SimpleLazyObject(lambda: scope.allowed(request)),
        "alarms": SimpleLazyObject(lambda: open_alarms(request)),
        "branches_seen": SimpleLazyObject(lambda: scope.branches(request)),
    }


def open_alarms(request: HttpRequest) -> list[tuple[Entry, Alarms]]:
    """Return the alarms of the entries that a person may open, by entry."""
    allowed = scope.allowed(request)
    entries = [entry for group in MENU for entry in group.entries if entry.needs in allowed]
    found = [(entry, entry.alarms(request)) for entry in entries if entry.alarms]
    return [(entry, alarms) for entry, alarms in found if alarms.count]


def open_to(allowed: Collection[Permission]) -> list[Group]:
    """Return the menu without what a person may not open."""
    narrowed = [
        replace(group, entries=tuple(e for e in group.entries if e.needs in allowed))
        for group in MENU
    ]
    return [group for group in narrowed if group.entries]


def entry_over(path: str) -> str:
    """Return the name of the entry's address that a page lies under, the nearest of them."""
    names = [entry.address for group in MENU for entry in group.entries]
    over = [name for name in names if path.startswith(reverse(name))]
    return max(over, key=lambda name: len(reverse(name)), default="")
