"""Taking an alteration back, and putting an open one aside."""

from datetime import date

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from vigente.alterations import queries
from vigente.alterations.actions import AlterationNotOpen
from vigente.alterations.models import Alteration
from vigente.backoffice import deeds, scope
from vigente.backoffice.alterations.views import asker
from vigente.backoffice.deeds import Deed, Foreseen, NothingToAsk, Told, WithAReason
from vigente.backoffice.scope import needs
from vigente.domain.codes import AlterationStatus
from vigente.domain.permissions import Permission
from vigente.gateways.pdf.port import PrintFailed
from vigente.journeys import alteration as journey
from vigente.journeys import printed_alteration
from vigente.journeys.alteration import UndoRefused
from vigente.journeys.printed_alteration import NothingToPrint


@needs(Permission.CHANGE_CONTRACTS)
def undo(request: HttpRequest, alteration_id: int) -> HttpResponse:
    """Take a confirmed alteration back while nothing has come of it."""
    return deeds.respond(request, UNDO, _visible(request, alteration_id))


@needs(Permission.CHANGE_CONTRACTS)
def drop(request: HttpRequest, alteration_id: int) -> HttpResponse:
    """Put a draft or a scheduled alteration aside."""
    return deeds.respond(request, DROP, _visible(request, alteration_id))


@needs(Permission.ISSUE_DOCUMENTS)
@require_POST
def print_out(request: HttpRequest, alteration_id: int) -> HttpResponse:
    """Print a confirmed alteration that has no document yet, and show it."""
    found = _visible(request, alteration_id)
    try:
        document = printed_alteration.issue(found.pk, by=scope.actor(request), now=timezone.now())
    except (NothingToPrint, PrintFailed) as refused:
        messages.error(request, str(refused))
        return redirect("alteration", found.pk)
    return redirect("document-issued", found.contract_id, document.pk)


def _visible(request: HttpRequest, alteration_id: int) -> Alteration:
    return get_object_or_404(queries.visible(scope.branch_ids(request)), pk=alteration_id)


def _about(found: Alteration) -> str:
    return f"{found.contract.customer.name} · Contrato {found.contract_id} · {found.on:%d/%m/%Y}"


def _crumbs(found: Alteration) -> tuple[deeds.Crumb, ...]:
    return (
        ("Contratos", reverse("contracts")),
        (str(found.contract_id), reverse("contract", args=[found.contract_id])),
        (f"Alteração {found.pk}", reverse("alteration", args=[found.pk])),
    )


def _foresee_undo(found: Alteration, _told: Told, _today: date) -> Foreseen:
    refusal = journey.undo_refusal(found)
    if refusal is not None:
        raise UndoRefused(refusal)
    sentences = ["O contrato volta a ser como era antes desta alteração, desde o mesmo dia."]
    if found.difference_cents or found.shift_cents or found.penalty_cents:
        sentences.append("O acerto que iria para a próxima fatura não é mais feito.")
    if found.cancelled_cents:
        sentences.append(
            "As faturas que ela cancelou continuam canceladas: os períodos são faturados de novo "
            "nas condições de antes."
        )
    if found.credit_cents:
        sentences.append("O crédito que o cliente recebeu continua dele e paga essas faturas.")
    return Foreseen(sentences=tuple(sentences))


def _undo(request: HttpRequest, found: Alteration, told: Told) -> str:
    journey.undo(found.pk, reason=told["reason"], asker=asker(request))
    return reverse("alteration", args=[found.pk])


def _foresee_drop(found: Alteration, _told: Told, _today: date) -> Foreseen:
    if found.status not in (AlterationStatus.DRAFT.value, AlterationStatus.SCHEDULED.value):
        raise AlterationNotOpen("Esta alteração já foi concluída, desfeita ou descartada.")
    if found.status == AlterationStatus.SCHEDULED.value:
        return Foreseen(
            sentences=("A alteração agendada não acontece. O contrato fica como está.",)
        )
    return Foreseen(sentences=("O rascunho é descartado. Nada do contrato foi alterado.",))


def _drop(request: HttpRequest, found: Alteration, _told: Told) -> str:
    journey.drop(found.pk, asker=asker(request))
    return reverse("contract", args=[found.contract_id])


UNDO = Deed(
    title="Desfazer alteração",
    button="Desfazer",
    done="A alteração foi desfeita.",
    form=WithAReason,
    about=_about,
    crumbs=_crumbs,
    foresee=_foresee_undo,
    act=_undo,
    refusals=(UndoRefused,),
    is_risky=True,
    group="Cadastros",
)
DROP = Deed(
    title="Descartar alteração",
    button="Descartar",
    done="A alteração foi descartada.",
    form=NothingToAsk,
    about=_about,
    crumbs=_crumbs,
    foresee=_foresee_drop,
    act=_drop,
    refusals=(AlterationNotOpen,),
    is_risky=True,
    group="Cadastros",
)
