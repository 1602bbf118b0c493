"""What is done to a receivable: a payment is received, or the customer's credit pays it."""

from dataclasses import replace
from datetime import date
from functools import partial

from django import forms
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone

from vigente.backoffice import deeds, scope, sending
from vigente.backoffice.deeds import Crumb, Deed, Foreseen, Told
from vigente.backoffice.fields import Cents, Code, Day, Text
from vigente.backoffice.receivables.views import visible
from vigente.backoffice.scope import needs
from vigente.backoffice.templatetags.vigente import MEANS
from vigente.billing.models import Receivable
from vigente.billing.settling import ReceivableNotOpen
from vigente.domain import money, settlement
from vigente.domain.codes import PaymentMeans
from vigente.domain.permissions import Permission
from vigente.domain.settlement import Settlement
from vigente.journeys import receiving
from vigente.journeys.receiving import ReceiptRefused
from vigente.payments import allocating, desks
from vigente.payments.actions import ReceiptKeyTaken
from vigente.payments.desks import DeskClosed, DeskMissing
from vigente.payments.models import CashDesk

REFUSALS = (ReceiptRefused, ReceivableNotOpen, ReceiptKeyTaken, DeskMissing, DeskClosed)


class ReceiptForm(forms.Form):
    """What was received, and when."""

    amount_cents = Cents("Valor recebido")
    means = Code("Forma", MEANS)
    on = Day("Data do recebimento")
    note = Text("Observação", 200, required=False)


def page_of(receivable: Receivable) -> str:
    """Return the address of a receivable."""
    return reverse("receivable", args=[receivable.pk])


def about(receivable: Receivable) -> str:
    """Name a receivable and who pays it."""
    return (
        f"{receivable.customer.name} · Conta a receber {receivable.pk}"
        f" · vence {receivable.due_on:%d/%m/%Y}"
    )


def crumbs(receivable: Receivable) -> tuple[Crumb, ...]:
    """Return the way back to a receivable."""
    return (
        ("Contas a receber", reverse("receivables")),
        (str(receivable.pk), page_of(receivable)),
    )


def _owed(receivable: Receivable, today: date) -> Told:
    owed = settlement.owed(allocating.facts(receivable), on=today)
    return {"amount_cents": owed or None, "on": today}


def _received(receivable: Receivable, told: Told, today: date, *, operator_id: int) -> Foreseen:
    desk = desks.desk_to_receive_in(branch_id=receivable.branch_id, operator_id=operator_id)
    done = receiving.foreseen(
        receivable, amount_cents=told["amount_cents"], on=told["on"], today=today
    )
    seen = _settled(receivable, done, paid=told["amount_cents"], paid_with="Recebido")
    return replace(seen, sentences=(*seen.sentences, into_a_desk(desk)))


def into_a_desk(desk: CashDesk | None) -> str:
    """Tell which desk the money goes through."""
    if desk is None:
        return "Você não tem caixa aberto nesta filial: o valor não passa por nenhum caixa."
    return f"Passa pelo seu caixa {desk.pk}."


def _credited(receivable: Receivable, _told: Told, today: date) -> Foreseen:
    done = receiving.foreseen_credit(receivable, today=today)
    there = done.allocated_cents + done.credit_cents
    return _settled(receivable, done, paid=there, paid_with="Crédito do cliente")


def _settled(receivable: Receivable, done: Settlement, *, paid: int, paid_with: str) -> Foreseen:
    """Tell what a payment does to the receivable, and what is left of it."""
    left = receivable.open_cents - done.allocated_cents - done.discount_cents
    amounts = [(paid_with, paid), ("Quita desta conta", done.allocated_cents)]
    sentences = []
    if done.discount_cents:
        amounts.append(("Desconto por pagar até o vencimento", done.discount_cents))
    amounts.append(("Continua em aberto", left))
    if done.credit_cents:
        amounts.append(("Fica de crédito do cliente", done.credit_cents))
        sentences.append("O crédito paga as próximas contas, a mais antiga primeiro.")
    if left:
        sentences.append(f"A conta continua em aberto: faltam {money.brl(left)}.")
    else:
        sentences.append("A conta fica quitada.")
    return Foreseen(sentences=tuple(sentences), amounts=tuple(amounts))


def _receive(request: HttpRequest, receivable: Receivable, told: Told) -> str:
    receiving.receive(
        receivable.pk,
        amount_cents=told["amount_cents"],
        on=told["on"],
        key=sending.key(request),
        note=told["note"],
        means=PaymentMeans(told["means"]),
        by=scope.actor(request),
        now=timezone.now(),
        today=timezone.localdate(),
    )
    return page_of(receivable)


def _use_credit(request: HttpRequest, receivable: Receivable, _told: Told) -> str:
    receiving.use_credit(
        receivable.pk, by=scope.actor(request), now=timezone.now(), today=timezone.localdate()
    )
    return page_of(receivable)


def _receipt(operator_id: int) -> Deed[Receivable]:
    """Return the deed of receiving, as the operator's desk takes it."""
    return Deed(
        title="Registrar recebimento",
        button="Receber",
        done="Recebimento registrado.",
        form=ReceiptForm,
        about=about,
        crumbs=crumbs,
        initial=_owed,
        sees=("amount_cents", "on"),
        foresee=partial(_received, operator_id=operator_id),
        act=_receive,
        refusals=REFUSALS,
    )


CREDIT = Deed(
    title="Usar crédito do cliente",
    button="Usar crédito",
    done="Crédito usado nesta conta.",
    form=deeds.NothingToAsk,
    about=about,
    crumbs=crumbs,
    foresee=_credited,
    act=_use_credit,
    refusals=REFUSALS,
)


@needs(Permission.RECEIVE)
def receive(request: HttpRequest, receivable_id: int) -> HttpResponse:
    """Ask for a payment of a receivable, and show what it settles."""
    return deeds.respond(
        request, _receipt(scope.person(request).pk), visible(request, receivable_id)
    )


@needs(Permission.RECEIVE)
def use_credit(request: HttpRequest, receivable_id: int) -> HttpResponse:
    """Ask whether the customer's credit shall pay a receivable."""
    return deeds.respond(request, CREDIT, visible(request, receivable_id))
