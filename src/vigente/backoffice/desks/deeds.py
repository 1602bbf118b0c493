"""What is done to a cash desk: opened, supplied, emptied, closed with a count, reopened."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from functools import partial
from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone

from vigente.backoffice import choices, deeds, scope
from vigente.backoffice.deeds import Crumb, Deed, Foreseen, Told
from vigente.backoffice.desks.views import may_act, visible
from vigente.backoffice.fields import Cents, Row, Text
from vigente.backoffice.scope import needs
from vigente.backoffice.templatetags.vigente import MEANS
from vigente.domain import money
from vigente.domain.cash_desk import NotEnoughInTheDesk
from vigente.domain.codes import DeskMovement, PaymentMeans
from vigente.domain.permissions import Permission
from vigente.journeys import cash_desks
from vigente.journeys.cash_desks import DeskRefused
from vigente.payments import desks
from vigente.payments.desks import DeskAlreadyReopened, DeskClosed
from vigente.payments.models import CashDesk
from vigente.staff.models import User

REFUSALS = (DeskRefused, DeskClosed, DeskAlreadyReopened, NotEnoughInTheDesk)


class OpeningForm(forms.Form):
    """Where, and with how much in the drawer."""

    branch_id = Row("Filial", choices.branches)
    opening_cents = Cents("Dinheiro na abertura")


class MovementForm(forms.Form):
    """How much cash, and why."""

    amount_cents = Cents("Valor em dinheiro")
    reason = Text("Motivo", 200)


class CountForm(forms.Form):
    """What was counted of each means of payment; what is left empty is nothing."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for means in PaymentMeans:
            self.fields[means.value] = Cents(f"{MEANS[means]}: contado", required=False)
        self.fields["note"] = Text("Observação", 200, required=False)


def _page(desk: CashDesk) -> str:
    return reverse("cash-desk", args=[desk.pk])


def _about(desk: CashDesk) -> str:
    return f"Caixa {desk.pk} · {desk.operator.name} · {desk.branch.name}"


def _crumbs(desk: CashDesk) -> tuple[Crumb, ...]:
    return (("Caixas", reverse("cash-desks")), (str(desk.pk), _page(desk)))


def _opened(_operator: User, told: Told, _today: date) -> Foreseen:
    cents = told.get("opening_cents") or 0
    return Foreseen(
        amounts=(("Dinheiro na abertura", cents),),
        sentences=(
            (
                "O que você receber e devolver à mão nesta filial passa por este caixa até você "
                "o fechar."
            ),
        ),
    )


def _open(request: HttpRequest, _operator: User, told: Told) -> str:
    desk = cash_desks.open_desk(
        told["branch_id"],
        opening_cents=told["opening_cents"],
        by=scope.actor(request),
        now=timezone.now(),
    )
    return _page(desk)


def _moved(desk: CashDesk, told: Told, _today: date, *, kind: DeskMovement) -> Foreseen:
    cents = told["amount_cents"]
    cash_desks.refuse_movement(desk, kind, amount_cents=cents)
    there = desks.balances(desk)[PaymentMeans.CASH]
    signed = cents if kind is DeskMovement.SUPPLY else -cents
    words = "Entra" if kind is DeskMovement.SUPPLY else "Sai"
    return Foreseen(
        amounts=(
            ("Dinheiro no caixa", there),
            (words, signed),
            ("Dinheiro depois", there + signed),
        ),
        sentences=("Um movimento não é alterado: um erro se corrige com o movimento contrário.",),
    )


def _move(request: HttpRequest, desk: CashDesk, told: Told, *, kind: DeskMovement) -> str:
    cash_desks.move(
        desk.pk,
        kind,
        amount_cents=told["amount_cents"],
        reason=told["reason"],
        by=scope.actor(request),
        now=timezone.now(),
    )
    return _page(desk)


def _counted(told: Told) -> Mapping[PaymentMeans, int]:
    return {means: told.get(means.value) or 0 for means in PaymentMeans}


def _closed(desk: CashDesk, told: Told, _today: date) -> Foreseen:
    counts = cash_desks.foreseen_counts(desk, counted=_counted(told))
    used = [one for one in counts if one.expected_cents or one.counted_cents]
    total = sum(one.difference_cents for one in counts)
    amounts = [
        (
            (
                f"{MEANS[one.means]}: esperado {money.amount(one.expected_cents)}, "
                f"contado {money.amount(one.counted_cents)}"
            ),
            one.difference_cents,
        )
        for one in used
    ]
    sentences = ["Depois de fechado, nada entra neste caixa nem sai dele."]
    if any(one.difference_cents for one in counts):
        sentences.insert(0, "A diferença fica registrada: explique-a na observação.")
    else:
        sentences.insert(0, "O contado confere com o esperado.")
    return Foreseen(
        amounts=(*amounts, ("Diferença", total)),
        sentences=tuple(sentences),
    )


def _close(request: HttpRequest, desk: CashDesk, told: Told) -> str:
    cash_desks.close(
        desk.pk,
        counted=_counted(told),
        note=told["note"],
        by=scope.actor(request),
        now=timezone.now(),
    )
    return _page(desk)


def _reopened(desk: CashDesk, _told: Told, _today: date) -> Foreseen:
    cash_desks.refuse_reopening(desk)
    return Foreseen(
        sentences=(
            "O caixa volta a receber e precisa ser contado de novo.",
            "O fechamento de antes continua registrado, como reaberto.",
        )
    )


def _reopen(request: HttpRequest, desk: CashDesk, told: Told) -> str:
    cash_desks.reopen(desk.pk, reason=told["reason"], by=scope.actor(request), now=timezone.now())
    return _page(desk)


def _movement(kind: DeskMovement, *, title: str, done: str) -> Deed[CashDesk]:
    return Deed(
        title=title,
        button="Registrar",
        done=done,
        form=MovementForm,
        about=_about,
        crumbs=_crumbs,
        sees=("amount_cents",),
        foresee=partial(_moved, kind=kind),
        act=partial(_move, kind=kind),
        refusals=REFUSALS,
    )


OPENING = Deed[User](
    title="Abrir caixa",
    button="Abrir",
    done="Caixa aberto.",
    form=OpeningForm,
    about=lambda operator: operator.name,
    crumbs=lambda _operator: (("Caixas", reverse("cash-desks")),),
    foresee=_opened,
    act=_open,
    refusals=REFUSALS,
)
SUPPLY = _movement(DeskMovement.SUPPLY, title="Suprimento", done="Suprimento registrado.")
WITHDRAWAL = _movement(DeskMovement.WITHDRAWAL, title="Sangria", done="Sangria registrada.")
CLOSING = Deed[CashDesk](
    title="Fechar caixa",
    button="Fechar",
    done="Caixa fechado.",
    form=CountForm,
    about=_about,
    crumbs=_crumbs,
    foresee=_closed,
    act=_close,
    refusals=REFUSALS,
)
REOPENING = Deed[CashDesk](
    title="Reabrir caixa",
    button="Reabrir",
    done="Caixa reaberto.",
    form=deeds.WithAReason,
    about=_about,
    crumbs=_crumbs,
    foresee=_reopened,
    act=_reopen,
    refusals=REFUSALS,
    is_risky=True,
)


def _of_desk(request: HttpRequest, deed: Deed[CashDesk], desk_id: int) -> HttpResponse:
    desk = visible(request, desk_id)
    if not may_act(request, desk):
        raise PermissionDenied
    return deeds.respond(request, deed, desk)


@needs(Permission.RECEIVE)
def open_desk(request: HttpRequest) -> HttpResponse:
    """Ask where the person opens a desk, and with how much."""
    branch_ids = scope.branch_ids(request)
    filled = {"branch_id": branch_ids[0]} if len(branch_ids) == 1 else {}
    deed = replace(OPENING, initial=lambda _operator, _today: filled)
    return deeds.respond(request, deed, scope.person(request))


@needs(Permission.RECEIVE)
def supply(request: HttpRequest, desk_id: int) -> HttpResponse:
    """Ask how much cash is put into a desk, and why."""
    return _of_desk(request, SUPPLY, desk_id)


@needs(Permission.RECEIVE)
def withdraw(request: HttpRequest, desk_id: int) -> HttpResponse:
    """Ask how much cash is taken out of a desk, and why."""
    return _of_desk(request, WITHDRAWAL, desk_id)


@needs(Permission.RECEIVE)
def close(request: HttpRequest, desk_id: int) -> HttpResponse:
    """Ask what was counted, and show the difference."""
    return _of_desk(request, CLOSING, desk_id)


@needs(Permission.REOPEN_DESKS)
def reopen(request: HttpRequest, desk_id: int) -> HttpResponse:
    """Ask why a closed desk is opened again."""
    return deeds.respond(request, REOPENING, visible(request, desk_id))
