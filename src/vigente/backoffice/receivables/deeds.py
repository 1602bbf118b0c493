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
from vigente.payments import allocating, desks, late
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


class WaivingReceiptForm(ReceiptForm):
    """For who may waive what delay costs."""

    waives_for = Text(
        "Dispensar multa e juros: motivo",
        200,
        required=False,
        help_text="Vazio: são cobrados.",
    )


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
    owed = settlement.owed(allocating.facts(receivable, on=today), on=today)
    return {"amount_cents": owed or None, "on": today}


def _received(receivable: Receivable, told: Told, today: date, *, operator_id: int) -> Foreseen:
    desk = desks.desk_to_receive_in(branch_id=receivable.branch_id, operator_id=operator_id)
    done = receiving.foreseen(
        receivable,
        amount_cents=told["amount_cents"],
        on=told["on"],
        today=today,
        waives=bool(told.get("waives_for")),
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
    there = done.settled_cents + done.credit_cents
    return _settled(receivable, done, paid=there, paid_with="Crédito do cliente")


def _settled(receivable: Receivable, done: Settlement, *, paid: int, paid_with: str) -> Foreseen:
    """Tell what a payment does to the receivable, and what is left of it."""
    left = receivable.open_cents - done.allocated_cents - done.discount_cents
    amounts = [(paid_with, paid)]
    sentences = []
    if done.fine_cents:
        amounts.append(("Multa", done.fine_cents))
    if done.interest_cents:
        amounts.append(("Juros", done.interest_cents))
    amounts.append(("Quita desta conta", done.allocated_cents))
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
        waives_for=told.get("waives_for", ""),
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


def _receipt(operator_id: int, *, may_waive: bool) -> Deed[Receivable]:
    """Return the deed of receiving, as the operator's desk takes it."""
    return Deed(
        title="Registrar recebimento",
        button="Receber",
        done="Recebimento registrado.",
        form=WaivingReceiptForm if may_waive else ReceiptForm,
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


def _foresee_waiving(receivable: Receivable, _told: Told, today: date) -> Foreseen:
    charged = late.charges_of({receivable: today})[receivable.pk]
    if not charged.cents:
        raise ReceiptRefused("Não há multa nem juros a dispensar nesta conta.")
    return Foreseen(
        sentences=(
            f"{charged.days} dias de atraso.",
            "O valor da conta continua devido; os juros contam de novo a partir de amanhã.",
        ),
        amounts=(
            ("Multa", charged.fine_cents),
            ("Juros", charged.interest_cents),
            ("Dispensado", charged.cents),
        ),
    )


def _waive(request: HttpRequest, receivable: Receivable, told: Told) -> str:
    receiving.waive(
        receivable.pk,
        reason=told["reason"],
        by=scope.actor(request),
        now=timezone.now(),
        today=timezone.localdate(),
    )
    return page_of(receivable)


WAIVER = Deed(
    title="Dispensar multa e juros",
    button="Dispensar",
    done="Multa e juros dispensados.",
    form=deeds.WithAReason,
    about=about,
    crumbs=crumbs,
    foresee=_foresee_waiving,
    act=_waive,
    refusals=REFUSALS,
    is_risky=True,
)


@needs(Permission.WAIVE_CHARGES)
def waive(request: HttpRequest, receivable_id: int) -> HttpResponse:
    """Ask why what delay costs shall not be paid."""
    return deeds.respond(request, WAIVER, visible(request, receivable_id))


@needs(Permission.RECEIVE)
def receive(request: HttpRequest, receivable_id: int) -> HttpResponse:
    """Ask for a payment of a receivable, and show what it settles."""
    may_waive = Permission.WAIVE_CHARGES in scope.allowed(request)
    deed = _receipt(scope.person(request).pk, may_waive=may_waive)
    return deeds.respond(request, deed, visible(request, receivable_id))


@needs(Permission.RECEIVE)
def use_credit(request: HttpRequest, receivable_id: int) -> HttpResponse:
    """Ask whether the customer's credit shall pay a receivable."""
    return deeds.respond(request, CREDIT, visible(request, receivable_id))
