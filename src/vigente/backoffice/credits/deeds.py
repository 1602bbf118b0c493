"""What is done to a customer's credit: it is given back, or a refund is undone."""

from datetime import date
from functools import partial

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone

from vigente.audit.actor import Actor
from vigente.backoffice import deeds, scope
from vigente.backoffice.credits.views import visible
from vigente.backoffice.deeds import Crumb, Deed, Foreseen, Told
from vigente.backoffice.fields import Cents, Code, Day, Text
from vigente.backoffice.receivables.deeds import into_a_desk
from vigente.backoffice.scope import needs
from vigente.backoffice.templatetags.vigente import MEANS
from vigente.customers.models import Customer
from vigente.domain import money
from vigente.domain.cash_desk import NotEnoughInTheDesk
from vigente.domain.codes import PaymentMeans
from vigente.domain.customer_credit import RefundRefused
from vigente.domain.permissions import Permission
from vigente.journeys import refunds
from vigente.payments import credit, credit_queries
from vigente.payments.credit import RefundAlreadyUndone
from vigente.payments.desks import DeskClosed, DeskMissing
from vigente.payments.models import Refund


class RefundForm(forms.Form):
    """How much is given back, how and when."""

    amount_cents = Cents("Valor devolvido")
    means = Code("Como", MEANS, to_choose=True)
    on = Day("Data da devolução")
    note = Text("Observação", 200, required=False)


def _page(customer_id: int) -> str:
    return reverse("customer-credit", args=[customer_id])


def _crumbs(customer: Customer) -> tuple[Crumb, ...]:
    return (("Créditos de clientes", reverse("credits")), (customer.name, _page(customer.pk)))


def _there(customer: Customer, today: date) -> Told:
    there = credit.balances([customer.pk]).get(customer.pk)
    return {"amount_cents": there, "on": today}


def _given_back(customer: Customer, told: Told, today: date, *, by: Actor) -> Foreseen:
    cents = told["amount_cents"]
    left = refunds.foreseen(customer.pk, amount_cents=cents, on=told["on"], today=today)
    means = PaymentMeans(told.get("means") or PaymentMeans.OTHER)
    desk = refunds.desk_of(customer, amount_cents=cents, means=means, by=by)
    return Foreseen(
        amounts=(
            ("Crédito do cliente", cents + left),
            ("Devolvido", cents),
            ("Continua de crédito", left),
        ),
        sentences=(
            "A devolução fica nos movimentos do crédito e pode ser desfeita.",
            into_a_desk(desk),
        ),
    )


def _refund(request: HttpRequest, customer: Customer, told: Told) -> str:
    refunds.refund(
        customer.pk,
        amount_cents=told["amount_cents"],
        means=PaymentMeans(told["means"]),
        on=told["on"],
        note=told["note"],
        by=scope.actor(request),
        now=timezone.now(),
        today=timezone.localdate(),
    )
    return _page(customer.pk)


def _undone(refund: Refund, _told: Told, _today: date) -> Foreseen:
    if refund.undone_at is not None:
        raise RefundAlreadyUndone("Esta devolução já foi desfeita.")
    there = credit.balances([refund.customer_id]).get(refund.customer_id, 0)
    return Foreseen(
        amounts=(
            ("Volta a ser crédito do cliente", refund.amount_cents),
            ("Crédito do cliente", there + refund.amount_cents),
        ),
        sentences=("A devolução continua nos movimentos, marcada como desfeita.",),
    )


def _undo(request: HttpRequest, refund: Refund, told: Told) -> str:
    refunds.undo(
        refund.pk,
        reason=told["reason"],
        by=scope.actor(request),
        now=timezone.now(),
        today=timezone.localdate(),
        may_of_closed=Permission.REOPEN_DESKS in scope.allowed(request),
    )
    return _page(refund.customer_id)


def _refund_by(by: Actor) -> Deed[Customer]:
    """Return the deed of giving back, as the person's desk pays it."""
    return Deed(
        title="Devolver crédito",
        button="Devolver",
        done="Devolução registrada.",
        form=RefundForm,
        about=lambda customer: customer.name,
        crumbs=_crumbs,
        initial=_there,
        sees=("amount_cents", "on"),
        foresee=partial(_given_back, by=by),
        act=_refund,
        refusals=(RefundRefused, NotEnoughInTheDesk, DeskMissing, DeskClosed),
    )


UNDO = Deed[Refund](
    title="Desfazer devolução",
    button="Desfazer",
    done="Devolução desfeita: o valor é crédito do cliente de novo.",
    form=deeds.WithAReason,
    about=lambda refund: (
        f"{refund.customer.name} · {money.brl(refund.amount_cents)} devolvidos"
        f" em {refund.refunded_on:%d/%m/%Y}"
    ),
    crumbs=lambda refund: _crumbs(refund.customer),
    foresee=_undone,
    act=_undo,
    refusals=(RefundRefused, RefundAlreadyUndone, DeskMissing, DeskClosed),
    is_risky=True,
)


@needs(Permission.REFUND)
def refund(request: HttpRequest, customer_id: int) -> HttpResponse:
    """Ask how much of a customer's credit is given back, and how."""
    return deeds.respond(request, _refund_by(scope.actor(request)), visible(request, customer_id))


@needs(Permission.REFUND)
def undo(request: HttpRequest, refund_id: int) -> HttpResponse:
    """Ask why a refund is undone."""
    found = credit_queries.visible_refunds(scope.branch_ids(request))
    return deeds.respond(request, UNDO, get_object_or_404(found, pk=refund_id))
