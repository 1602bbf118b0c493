"""Assinaturas: requests by how they stand, and closing the alarm of one that nobody signed."""

from datetime import date

from django import forms
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET

from vigente.backoffice import deeds, fields, scope
from vigente.backoffice.deeds import Crumb, Deed, Foreseen, Told
from vigente.backoffice.receivables import asked as of_address
from vigente.backoffice.scope import needs
from vigente.contracts import asked_signatures
from vigente.documents.models import SignatureRequest
from vigente.documents.signatures import NOT_GIVEN, NoAlarm
from vigente.domain.permissions import Permission
from vigente.domain.signature import SignatureStatus
from vigente.journeys import signature_alarms

VIEWS: tuple[tuple[str, str, SignatureStatus | None], ...] = (
    ("", "A resolver", None),
    ("aguardando", "Aguardando", SignatureStatus.PENDING),
    ("assinadas", "Assinadas", SignatureStatus.SIGNED),
    ("recusadas", "Recusadas", SignatureStatus.REFUSED),
    ("vencidas", "Vencidas", SignatureStatus.EXPIRED),
    ("todas", "Todas", None),
)


@needs(Permission.SEE_SIGNATURES)
@require_GET
def signature_list(request: HttpRequest) -> HttpResponse:
    """List the requests of the person's branches, first those that nobody signed."""
    asked = request.GET
    view = asked.get("situacao", "")
    page = asked_signatures.page(
        _found(request, view),
        newer_than=of_address.number(asked, "antes"),
        older_than=of_address.number(asked, "depois"),
    )
    rows = page.rows
    context = {
        "rows": rows,
        "view": view,
        "views": [(code, title, _address(request, situacao=code)) for code, title, _ in VIEWS],
        "not_given": NOT_GIVEN,
        "newer": _address(request, antes=rows[0][0].pk) if rows and page.has_newer else "",
        "older": _address(request, depois=rows[-1][0].pk) if rows and page.has_older else "",
    }
    return render(request, "signatures/list.html", context)


def _found(request: HttpRequest, view: str) -> QuerySet[SignatureRequest]:
    branch_ids = scope.branch_ids(request)
    if view == "todas":
        return asked_signatures.asked_for(branch_ids).select_related("dealt_with")
    status = {code: status for code, _, status in VIEWS}.get(view)
    if status is None:
        return asked_signatures.not_given(branch_ids).select_related("dealt_with")
    found = asked_signatures.asked_for(branch_ids, status=status)
    return found.select_related("dealt_with")


def _address(request: HttpRequest, **changes: object) -> str:
    return of_address.address(request.GET, keep=("situacao",), **changes)


class DealtForm(forms.Form):
    """What was done about it; the trail keeps it."""

    note = fields.Text("O que foi feito", 200)


def _about(asked: SignatureRequest) -> str:
    return f"{asked.document.title} · {asked.signer_name}"


def _crumbs(_asked: SignatureRequest) -> tuple[Crumb, ...]:
    return (("Assinaturas", reverse("signatures")),)


def _foreseen(asked: SignatureRequest, _told: Told, _today: date) -> Foreseen:
    if asked.status not in NOT_GIVEN:
        raise NoAlarm(str(NoAlarm.__doc__))
    why = f"Motivo do cliente: {asked.reason}" if asked.reason else "O prazo para assinar terminou."
    return Foreseen(
        sentences=(
            why,
            "O alarme sai das páginas de todos. O documento continua sem assinatura.",
        )
    )


def _deal(request: HttpRequest, asked: SignatureRequest, told: Told) -> str:
    signature_alarms.deal_with(
        asked.pk, note=told["note"], by=scope.actor(request), now=timezone.now()
    )
    return reverse("signatures")


DEALT = Deed(
    title="Resolver assinatura não dada",
    button="Dar por resolvida",
    done="Alarme resolvido.",
    form=DealtForm,
    about=_about,
    crumbs=_crumbs,
    foresee=_foreseen,
    act=_deal,
    refusals=(NoAlarm,),
    group="Cadastros",
)


@needs(Permission.ISSUE_DOCUMENTS)
def deal_with(request: HttpRequest, signature_id: int) -> HttpResponse:
    """Ask what was done about a signature that was refused or not given in time."""
    found = asked_signatures.asked_for(scope.branch_ids(request)).select_related("document")
    return deeds.respond(request, DEALT, get_object_or_404(found, pk=signature_id))
