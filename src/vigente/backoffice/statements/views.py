"""The statement of a customer or of a contract: on the page, and as CSV, XLSX and PDF."""

from collections.abc import Callable, Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET

from vigente.backoffice import files
from vigente.backoffice.contracts.item_views import visible as visible_contract
from vigente.backoffice.customers.views import visible as visible_customer
from vigente.backoffice.receivables import asked as of_address
from vigente.backoffice.registers.exporting import CHANGE, TEXT, Table
from vigente.backoffice.scope import needs
from vigente.domain import money
from vigente.domain.permissions import Permission
from vigente.domain.statement import Detail, Movement, MovementKind, Row, Statement, statement
from vigente.imports import cells
from vigente.journeys import statement as journey

FILTERS = ("de", "ate")
COLUMNS = (
    ("Data", cells.day),
    ("O que", TEXT),
    ("Detalhe", TEXT),
    ("Cálculo", TEXT),
    ("Contrato", TEXT),
    ("Valor (R$)", CHANGE),
    ("Saldo (R$)", CHANGE),
)
# What adds to what is owed, and what takes from it, each told above zero.
TOTALS: tuple[tuple[str, int, tuple[MovementKind, ...]], ...] = (
    ("Faturado", 1, (MovementKind.INVOICE,)),
    ("Cancelado", -1, (MovementKind.CANCELLED,)),
    ("Multa e juros", 1, (MovementKind.CHARGES,)),
    ("Descontos e créditos", -1, (MovementKind.DISCOUNT, MovementKind.FINAL_CREDIT)),
    ("Recebido", -1, (MovementKind.RECEIPT, MovementKind.REVERSAL)),
    ("Devolvido", 1, (MovementKind.REFUND,)),
)
PAGE_OF: Mapping[MovementKind, str] = {
    MovementKind.INVOICE: "invoice",
    MovementKind.CANCELLED: "invoice",
    MovementKind.ALTERATION: "alteration",
}


@needs(Permission.SEE_MONEY)
@require_GET
def of_customer(request: HttpRequest, customer_id: int) -> HttpResponse:
    """Show all that moved what a customer owes."""
    customer = visible_customer(request, customer_id)
    return _respond(
        request,
        lambda: journey.of_customer(customer),
        about=customer.name,
        up=(("Clientes", reverse("clientes")), (customer.name, _page("customer", customer.pk))),
        name=f"extrato-cliente-{customer.pk}",
    )


@needs(Permission.SEE_MONEY)
@require_GET
def of_contract(request: HttpRequest, contract_id: int) -> HttpResponse:
    """Show all that moved what is owed of a contract."""
    contract = visible_contract(request, contract_id)
    return _respond(
        request,
        lambda: journey.of_contract(contract),
        about=f"{contract.customer.name} · Contrato {contract.pk}",
        up=(
            ("Contratos", reverse("contracts")),
            (str(contract.pk), _page("contract", contract.pk)),
        ),
        name=f"extrato-contrato-{contract.pk}",
        is_part=True,
    )


def _respond(
    request: HttpRequest,
    read: Callable[[], list[Movement]],
    *,
    about: str,
    up: tuple[tuple[str, str], ...],
    name: str,
    is_part: bool = False,
) -> HttpResponse:
    asked = request.GET
    since, until = of_address.day(asked, "de"), of_address.day(asked, "ate")
    told = statement(read(), since=since, until=until)
    if asked.get("formato") in files.FORMATS:
        return files.answer(
            request,
            asked["formato"],
            as_table=lambda: _table(told, name=name),
            printed=lambda: _printed(told, about=about, name=name),
            back=request.path,
        )
    context = {
        "about": about,
        "up": up,
        "told": told,
        "rows": [(row, _address(row.movement)) for row in reversed(told.rows)],
        "totals": [(words, sign * told.total(*kinds)) for words, sign, kinds in TOTALS],
        "since": since,
        "until": until,
        "is_part_of_customer": is_part,
        "files": [
            (one, of_address.address(asked, keep=FILTERS, formato=one)) for one in files.FORMATS
        ],
    }
    return render(request, "statements/page.html", context)


def _page(name: str, pk: int) -> str:
    return reverse(name, args=[pk])


def _address(movement: Movement) -> str:
    name = PAGE_OF.get(movement.kind)
    return _page(name, movement.id) if name else ""


def _table(told: Statement, *, name: str) -> Table:
    header, read = zip(*COLUMNS, strict=True)
    return Table(name, header, read, (cells for row in told.rows for cells in _cells(row)))


def _cells(row: Row) -> list[list[str]]:
    """Return a line for the movement and one for each of its details, without a balance."""
    one, on = row.movement, f"{row.movement.on:%d/%m/%Y}"
    contract = str(one.contract_id or "")
    amount, balance = files.amount(one.cents), files.amount(row.balance_cents)
    return [
        [on, one.words, one.note, "", contract, amount, balance],
        *([on, one.words, detail.words, _sum(detail), contract, "", ""] for detail in one.details),
    ]


def _printed(told: Statement, *, about: str, name: str) -> dict[str, Any]:
    return {
        "name": name,
        "title": "Detalhamento financeiro",
        "told": [
            about,
            f"Saldo antes: {money.brl(told.opening_cents)}.",
            f"Saldo depois: {money.brl(told.closing_cents)} (abaixo de zero é crédito).",
            f"Emitido em {timezone.localdate():%d/%m/%Y}. Valores em R$.",
        ],
        "header": [
            *(("Data", ""), ("O que", ""), ("Detalhe e cálculo", "")),
            *(("Valor", "num"), ("Saldo", "num")),
        ],
        "rows": [
            (
                (f"{row.movement.on:%d/%m/%Y}", ""),
                (row.movement.words, ""),
                (_explained(row.movement), ""),
                (money.amount(row.movement.cents), "num"),
                (money.amount(row.balance_cents), "num"),
            )
            for row in told.rows
        ],
    }


def _explained(movement: Movement) -> str:
    details = [f"{one.words}: {_sum(one)}" for one in movement.details]
    return "; ".join([*filter(None, [movement.note]), *details])


def _sum(detail: Detail) -> str:
    return detail.explanation or money.brl(detail.cents)
