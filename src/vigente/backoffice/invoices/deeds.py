"""What is done to an invoice: it is cancelled, to be billed again or waived."""

from datetime import date

from django import forms
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone

from vigente.backoffice import deeds, scope
from vigente.backoffice.deeds import Crumb, Deed, Foreseen, Told
from vigente.backoffice.fields import Text
from vigente.backoffice.invoices.views import visible
from vigente.backoffice.scope import needs
from vigente.billing import invoice_queries as queries
from vigente.billing.actions import InvoiceAlreadyCancelled
from vigente.billing.models import Invoice
from vigente.domain.permissions import Permission
from vigente.journeys import invoice_cancellation as journey

AGAIN, WAIVE = "REFATURAR", "DISPENSAR"


class CancellationForm(forms.Form):
    """Why, and what becomes of the period."""

    after = forms.ChoiceField(
        label="O período cancelado",
        choices=(
            (AGAIN, "Volta a ser faturado no próximo fechamento"),
            (WAIVE, "Não é cobrado: o cliente é dispensado"),
        ),
    )
    reason = Text("Motivo", 200)


def _page(invoice: Invoice) -> str:
    return reverse("invoice", args=[invoice.pk])


def _foreseen(invoice: Invoice, told: Told, _today: date) -> Foreseen:
    plan = journey.foreseen(invoice, bill_again=told["after"] == AGAIN)
    amounts = [("Fatura cancelada", invoice.total_cents)]
    sentences = []
    if invoice.period_start:
        again = "volta a ser faturado no próximo fechamento" if plan.bill_again else "é dispensado"
        sentences.append(
            f"O período de {invoice.period_start:%d/%m/%Y} a {invoice.last_day:%d/%m/%Y} {again}."
        )
    elif plan.bill_again:
        sentences.append("É uma fatura avulsa: nenhum fechamento a emite de novo.")
    sentences += [
        f"{charge.item.description}, cobrança {charge.number}: volta a ser cobrada depois."
        for charge in queries.charges(invoice.pk)
    ]
    if plan.paid_cents:
        amounts.append(("Já pago, vira crédito do cliente", plan.paid_cents))
        sentences.append("O crédito paga as contas em aberto, a mais antiga primeiro.")
    if plan.issued_again_cents:
        amounts.append(("Conta reemitida para as outras faturas", plan.issued_again_cents))
        sentences.append(
            f"A conta {invoice.receivable_id} é reemitida com outro número e o mesmo vencimento."
        )
    elif invoice.receivable_id:
        sentences.append(f"A conta a receber {invoice.receivable_id} é cancelada.")
    return Foreseen(sentences=tuple(sentences), amounts=tuple(amounts))


def _cancel(request: HttpRequest, invoice: Invoice, told: Told) -> str:
    journey.cancel_invoice(
        invoice.pk,
        reason=told["reason"],
        bill_again=told["after"] == AGAIN,
        by=scope.actor(request),
        now=timezone.now(),
        today=timezone.localdate(),
    )
    return _page(invoice)


def _crumbs(invoice: Invoice) -> tuple[Crumb, ...]:
    return (("Faturas", reverse("invoices")), (str(invoice.pk), _page(invoice)))


CANCELLATION = Deed(
    title="Cancelar fatura",
    button="Cancelar fatura",
    done="Fatura cancelada.",
    form=CancellationForm,
    about=lambda invoice: f"{invoice.customer.name} · Fatura {invoice.pk}",
    crumbs=_crumbs,
    initial=lambda invoice, _today: {"after": AGAIN if invoice.period_start else WAIVE},
    sees=("after",),
    foresee=_foreseen,
    act=_cancel,
    refusals=(journey.CancellationRefused, InvoiceAlreadyCancelled),
    is_risky=True,
)


@needs(Permission.CHANGE_INVOICES)
def cancel(request: HttpRequest, invoice_id: int) -> HttpResponse:
    """Ask why an invoice shall be cancelled, and show what becomes of it and of what was paid."""
    return deeds.respond(request, CANCELLATION, visible(request, invoice_id))
