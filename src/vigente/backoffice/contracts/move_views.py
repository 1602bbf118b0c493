"""Activate, withdraw, cancel and reactivate: each shows its consequences before it is done."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from vigente.backoffice import choices, fields, scope, sending
from vigente.backoffice.contracts import page as contract_page
from vigente.backoffice.contracts.item_views import PREVIEW, visible
from vigente.backoffice.fields import Day, Row, Text
from vigente.backoffice.scope import needs
from vigente.billing import facts
from vigente.contracts.actions import MoveRefused
from vigente.contracts.models import CancellationReason, Contract
from vigente.domain import money
from vigente.domain.close_plan import PlannedInvoice
from vigente.domain.invoicing import InvoiceDraft
from vigente.domain.lifecycle import ContractStatus
from vigente.domain.permissions import Permission
from vigente.domain.schedule import ScheduleIncomplete, ScheduleUsedUp
from vigente.domain.termination import IssuedPeriod
from vigente.journeys import activation, reactivation, termination, withdrawal
from vigente.journeys.activation import ActivationRefused
from vigente.journeys.reactivation import ReactivationRefused
from vigente.journeys.termination import TerminationRefused
from vigente.journeys.withdrawal import WithdrawalRefused

REFUSALS = (
    *(ActivationRefused, ReactivationRefused, TerminationRefused, WithdrawalRefused),
    *(MoveRefused, ScheduleIncomplete, ScheduleUsedUp),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Consequences:
    """What a move does: in sentences, in invoices it issues and cancels, in those that follow."""

    sentences: tuple[str, ...]
    issued: Sequence[PlannedInvoice] = ()
    finals: Sequence[InvoiceDraft] = ()
    cancelled: Sequence[IssuedPeriod] = ()
    following: Sequence[PlannedInvoice] = ()
    credit_cents: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """One move: its words, the status it starts from, what it asks, foresees and does."""

    title: str
    button: str
    done: str
    status: ContractStatus
    form: type[forms.Form]
    foresee: Callable[[Contract, dict[str, Any], date], Consequences]
    act: Callable[[HttpRequest, Contract, dict[str, Any], date], object]


class OnADay(forms.Form):
    """The day on which the contract comes into force."""

    on = Day("A partir de")

    def clean_on(self) -> date:
        """Refuse a day that is still to come."""
        day: date = self.cleaned_data["on"]
        if day > timezone.localdate():
            raise forms.ValidationError("Informe hoje ou um dia que já passou.")
        return day


class WithAReason(forms.Form):
    """Why the customer gave up."""

    reason = Text("Motivo da desistência", 200)


class Ending(forms.Form):
    """The last day of use, and why."""

    last_day = Day("Último dia de uso")
    reason_id = Row("Motivo", choices.cancellation_reasons)
    note = Text("Observação", 200, required=False)


def _activation(contract: Contract, told: dict[str, Any], today: date) -> Consequences:
    on: date = told["on"]
    fee = activation.fee_invoices(contract, on=on)
    [terms] = facts.contract_facts([contract.pk], on=today, activated_on=on)
    sentences = [f"O contrato passa a valer e a ser faturado a partir de {on:%d/%m/%Y}."]
    if contract.activation_fee_cents and not fee:
        sentences.append("A taxa de ativação vem junto com as próximas faturas.")
    if contract.loyalty_months:
        sentences.append(f"A fidelidade de {contract.loyalty_months} meses começa neste dia.")
    return Consequences(
        sentences=tuple(sentences),
        issued=fee,
        following=contract_page.next_invoices(terms, contract.branch_id, today=today),
    )


def _withdrawal(_contract: Contract, _told: dict[str, Any], _today: date) -> Consequences:
    return Consequences(
        sentences=(
            "O contrato fica como desistido: não é faturado nem pode ser ativado depois.",
            "Se o cliente voltar, faça uma venda nova.",
        )
    )


def _termination(contract: Contract, told: dict[str, Any], today: date) -> Consequences:
    reason = CancellationReason.objects.get(pk=told["reason_id"])
    ends_on = told["last_day"] + timedelta(days=1)
    plan = termination.preview(contract, ends_on=ends_on, today=today, reason=reason)
    sentences = [f"O último dia de uso é {told['last_day']:%d/%m/%Y}."]
    if reason.waives_last_period:
        sentences.append("Este motivo dispensa os dias usados e ainda não faturados.")
    if plan.cancelled:
        sentences.append("Faturas que ainda não venceram são canceladas; o que foi pago é crédito.")
    sentences += [
        f"Dias não usados que foram cobrados de um titular anterior voltam a ele: "
        f"{money.brl(back.draft.credit_cents)} de crédito."
        for back in plan.returns
    ]
    until = contract_page.loyalty_until(contract)
    if until is not None and until > today:
        sentences.append(f"O contrato tem fidelidade até {until:%d/%m/%Y}.")
    return Consequences(
        sentences=tuple(sentences),
        cancelled=plan.cancelled,
        finals=plan.finals,
        credit_cents=plan.credit_cents,
    )


def _reactivation(contract: Contract, told: dict[str, Any], today: date) -> Consequences:
    on: date = told["on"]
    first = reactivation.earliest(contract)
    if first is not None and on < first:
        raise ReactivationRefused(f"Reative a partir de {first:%d/%m/%Y}: antes já foi faturado.")
    terms = reactivation.as_reactivated(contract, on=on)
    return Consequences(
        sentences=(
            f"O contrato volta a valer em {on:%d/%m/%Y}, com os produtos que tinha.",
            "Os dias em que ficou cancelado não são cobrados.",
        ),
        following=contract_page.next_invoices(terms, contract.branch_id, today=today),
    )


ACTIVATION = Move(
    title="Ativar contrato",
    button="Ativar",
    done="Contrato ativado.",
    status=ContractStatus.PRE,
    form=OnADay,
    foresee=_activation,
    act=lambda request, contract, told, _today: activation.activate(
        contract.pk, on=told["on"], by=scope.actor(request), now=timezone.now()
    ),
)
WITHDRAWAL = Move(
    title="Registrar desistência",
    button="Registrar desistência",
    done="Desistência registrada.",
    status=ContractStatus.PRE,
    form=WithAReason,
    foresee=_withdrawal,
    act=lambda request, contract, told, today: withdrawal.withdraw(
        contract.pk, on=today, reason=told["reason"], by=scope.actor(request), now=timezone.now()
    ),
)
TERMINATION = Move(
    title="Cancelar contrato",
    button="Cancelar contrato",
    done="Contrato cancelado.",
    status=ContractStatus.ACTIVE,
    form=Ending,
    foresee=_termination,
    act=lambda request, contract, told, today: termination.terminate(
        contract.pk,
        ends_on=told["last_day"] + timedelta(days=1),
        today=today,
        reason_id=told["reason_id"],
        note=told["note"],
        by=scope.actor(request),
        now=timezone.now(),
    ),
)
REACTIVATION = Move(
    title="Reativar contrato",
    button="Reativar",
    done="Contrato reativado.",
    status=ContractStatus.INACTIVE,
    form=OnADay,
    foresee=_reactivation,
    act=lambda request, contract, told, today: reactivation.reactivate(
        contract.pk, on=told["on"], today=today, by=scope.actor(request), now=timezone.now()
    ),
)


def _view(move: Move, permission: Permission) -> Callable[..., Any]:
    @needs(permission)
    def respond(request: HttpRequest, contract_id: int) -> HttpResponse:
        contract = visible(request, contract_id)
        today = timezone.localdate()
        form = move.form(request.POST or None, initial={"on": today, "last_day": today})
        fields.prepare(form, branch_ids=scope.branch_ids(request))
        seen: Consequences | None = None
        try:
            if form.is_bound and form.is_valid() and PREVIEW not in request.POST:
                told = form.cleaned_data
                return sending.once(request, lambda: _done(request, move, contract, told, today))
            seen = _foreseen(move, contract, form, today=today)
        except REFUSALS as refused:
            form.add_error(None, str(refused)) if form.is_bound else None
        return _shown(request, move, contract, form, seen)

    return respond


def _done(
    request: HttpRequest, move: Move, contract: Contract, told: dict[str, Any], today: date
) -> str:
    move.act(request, contract, told, today)
    messages.success(request, move.done)
    return reverse("contract", args=[contract.pk])


def _foreseen(
    move: Move, contract: Contract, form: forms.Form, *, today: date
) -> Consequences | None:
    """Return what the move would do, once enough is told; on opening, with what is filled in."""
    if contract.status != move.status.value:
        return None
    if form.is_bound:
        return move.foresee(contract, form.cleaned_data, today) if form.is_valid() else None
    if move.form is Ending:
        return None
    return move.foresee(contract, dict(form.initial), today)


def _shown(
    request: HttpRequest,
    move: Move,
    contract: Contract,
    form: forms.Form,
    seen: Consequences | None,
) -> HttpResponse:
    context = {
        "move": move,
        "contract": contract,
        "form": form,
        "seen": seen,
        "fits": contract.status == move.status.value,
        "key": sending.key(request),
    }
    if PREVIEW in request.POST and request.headers.get("HX-Request"):
        return render(request, "contracts/_move_preview.html", context)
    is_refused = form.is_bound and bool(form.errors)
    return render(request, "contracts/move.html", context, status=422 if is_refused else 200)


activate = _view(ACTIVATION, Permission.ACTIVATE_CONTRACTS)
withdraw = _view(WITHDRAWAL, Permission.SELL)
terminate = _view(TERMINATION, Permission.END_CONTRACTS)
reactivate = _view(REACTIVATION, Permission.END_CONTRACTS)
