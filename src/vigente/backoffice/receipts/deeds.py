"""What is done to a receipt: it is reversed, for a reason."""

from datetime import date
from functools import partial

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone

from vigente.audit.actor import Actor
from vigente.backoffice import deeds, scope
from vigente.backoffice.deeds import Crumb, Deed, Foreseen, Told
from vigente.backoffice.scope import needs
from vigente.domain import money
from vigente.domain.permissions import Permission
from vigente.journeys import receiving
from vigente.payments import queries
from vigente.payments.actions import CreditGoneBack, ReceiptAlreadyReversed
from vigente.payments.desks import DeskClosed, DeskMissing
from vigente.payments.models import Allocation, Receipt

REFUSALS = (
    *(receiving.ReceiptRefused, ReceiptAlreadyReversed, CreditGoneBack),
    *(DeskClosed, DeskMissing),
)


def _about(receipt: Receipt) -> str:
    return (
        f"{receipt.customer.name} · {money.brl(receipt.amount_cents)}"
        f" recebidos em {receipt.received_on:%d/%m/%Y}"
    )


def _crumbs(receipt: Receipt) -> tuple[Crumb, ...]:
    back = (("Contas a receber", reverse("receivables")),)
    settled = receipt.allocations.order_by("pk").first()
    if settled is None:
        return back
    return (*back, (str(settled.receivable_id), _page(settled.receivable_id)))


def _page(receivable_id: int) -> str:
    return reverse("receivable", args=[receivable_id])


def _foreseen(
    receipt: Receipt, _told: Told, _today: date, *, by: Actor, may_of_closed: bool
) -> Foreseen:
    does, desk = receiving.foreseen_reversal(receipt, by=by, may_of_closed=may_of_closed)
    amounts = [
        (f"Volta a ficar em aberto na conta {one.receivable_id}", _settled(one))
        for one in does.reopened
    ]
    sentences = ["O recebimento continua na lista, marcado como estornado."]
    if desk is not None:
        sentences.append(f"O valor sai do caixa {desk.pk}.")
    if does.credit_cents:
        amounts.append(("Sai do crédito do cliente", does.credit_cents))
    for one in does.undone:
        amounts.append((f"Crédito que pagou a conta {one.receivable_id}, desfeito", _settled(one)))
        sentences.append(f"A conta {one.receivable_id} volta a ficar em aberto.")
    return Foreseen(sentences=tuple(sentences), amounts=tuple(amounts))


def _settled(one: Allocation) -> int:
    return one.amount_cents + one.discount_cents


def _reverse(request: HttpRequest, receipt: Receipt, told: Told) -> str:
    receiving.reverse(
        receipt.pk,
        reason=told["reason"],
        by=scope.actor(request),
        now=timezone.now(),
        today=timezone.localdate(),
        may_of_closed=Permission.REOPEN_DESKS in scope.allowed(request),
    )
    return _crumbs(receipt)[-1][1]


def _reversal(request: HttpRequest) -> Deed[Receipt]:
    """Return the deed of reversing, as far as the person may touch closed desks."""
    return Deed(
        title="Estornar recebimento",
        button="Estornar",
        done="Recebimento estornado.",
        form=deeds.WithAReason,
        about=_about,
        crumbs=_crumbs,
        foresee=partial(
            _foreseen,
            by=scope.actor(request),
            may_of_closed=Permission.REOPEN_DESKS in scope.allowed(request),
        ),
        act=_reverse,
        refusals=REFUSALS,
        is_risky=True,
    )


@needs(Permission.REVERSE_RECEIPTS)
def reverse_receipt(request: HttpRequest, receipt_id: int) -> HttpResponse:
    """Ask why a receipt shall be reversed, and show what is open again."""
    found = queries.visible_receipts(scope.branch_ids(request))
    return deeds.respond(request, _reversal(request), get_object_or_404(found, pk=receipt_id))
