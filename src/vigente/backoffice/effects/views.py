"""Envios: effects by state and kind, narrowed to the person's branches, and one of them whole.

Effects that belong to no branch are shown to administrators only, as in the trail.
"""

from collections.abc import Collection, Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET

from vigente.audit import queries as audit
from vigente.backoffice import scope
from vigente.backoffice.receivables import asked as of_address
from vigente.backoffice.scope import needs
from vigente.backoffice.trail import words
from vigente.domain.permissions import Permission
from vigente.journeys import signing
from vigente.journeys.account import PASSWORD_LINK
from vigente.outbox import queries
from vigente.outbox.models import Effect
from vigente.outbox.states import RETRYABLE, UNSETTLED, EffectStatus
from vigente.payments import recurrences
from vigente.staff.models import Branch

VIEWS: tuple[tuple[str, str, tuple[EffectStatus, ...]], ...] = (
    ("", "A resolver", UNSETTLED),
    ("a-enviar", "A enviar", (EffectStatus.PENDING,)),
    ("com-erro", "Com erro", (EffectStatus.FAILING,)),
    ("parados", "Parados", (EffectStatus.DEAD,)),
    ("enviados", "Enviados", (EffectStatus.DELIVERED,)),
    ("descartados", "Descartados", (EffectStatus.DISCARDED,)),
)
KINDS: Mapping[str, str] = {
    "MESSAGE": "Mensagem",
    recurrences.INVITE: "Convite do Pix automático",
    recurrences.CANCEL: "Cancelamento do Pix automático",
    PASSWORD_LINK: "Senha nova",
    signing.LINK: "Link de assinatura",
    signing.CODE: "Código de assinatura",
    signing.COPY: "Via assinada",
}
FILTERS = ("situacao", "tipo", "filial")
TOLD: Mapping[str, str] = {
    "channel": "Canal",
    "to": "Para",
    "subject": "Assunto",
    "text": "Texto",
    "site": "Endereço do sistema",
}
CHANNELS: Mapping[str, str] = {"EMAIL": "e-mail", "SMS": "SMS", "WHATSAPP": "WhatsApp"}


def branches_shown(request: HttpRequest, branch_id: int | None = None) -> list[int] | None:
    """Return the branches whose effects the person sees; None is all, and what has no branch."""
    if branch_id is None and scope.person(request).is_administrator:
        return None
    return scope.chosen_branch_ids(request, branch_id)


def visible(request: HttpRequest, effect_id: int) -> Effect:
    """Return an effect that the person may see, or answer that it is not there."""
    return get_object_or_404(queries.visible(branches_shown(request)), pk=effect_id)


@needs(Permission.SEE_OUTBOX)
@require_GET
def effect_list(request: HttpRequest) -> HttpResponse:
    """List effects, the newest first, by state, kind and branch of the address."""
    asked = request.GET
    view = asked.get("situacao", "")
    statuses = {code: statuses for code, _, statuses in VIEWS}.get(view, UNSETTLED)
    kind = asked.get("tipo") if asked.get("tipo") in KINDS else None
    branch_ids = branches_shown(request, of_address.number(asked, "filial"))
    page = queries.page(
        queries.wanted(statuses=statuses, branch_ids=branch_ids, kind=kind),
        newer_than=of_address.number(asked, "antes"),
        older_than=of_address.number(asked, "depois"),
    )
    names = dict(Branch.objects.values_list("pk", "name"))
    shown = page.effects
    context = {
        "rows": [_row(one, names) for one in shown],
        "page": page,
        "views": _views(request, branch_ids=branch_ids, kind=kind),
        "view": view,
        "kinds": KINDS.items(),
        "asked": asked,
        "branches": scope.branches(request),
        "is_filtered": any(asked.get(name) for name in FILTERS),
        "newer": _address(request, antes=shown[0].pk) if shown and page.has_newer else "",
        "older": _address(request, depois=shown[-1].pk) if shown and page.has_older else "",
    }
    return render(request, "effects/list.html", context)


@needs(Permission.SEE_OUTBOX)
@require_GET
def effect(request: HttpRequest, effect_id: int) -> HttpResponse:
    """Show an effect: what it says, each attempt that failed and what people did about it."""
    shown = visible(request, effect_id)
    status = EffectStatus(shown.status)
    names = dict(Branch.objects.values_list("pk", "name"))
    context = {
        **_row(shown, names),
        "told": _told(shown.payload),
        "failures": shown.failures.order_by("-pk")[:100],
        "trail": audit.trail(object_kind="effect", object_id=shown.pk)[:50],
        "may_retry": status in RETRYABLE,
        "may_discard": status in UNSETTLED,
    }
    return render(request, "effects/page.html", context)


def about(one: Effect) -> str:
    """Name an effect: what it is and to whom."""
    to = one.payload.get("to") or one.key
    return f"{KINDS.get(one.kind, one.kind)} {one.pk} · {to}"


def _row(one: Effect, branch_names: Mapping[int, str]) -> dict[str, Any]:
    return {
        "effect": one,
        "kind": KINDS.get(one.kind, one.kind),
        "to": one.payload.get("to") or "",
        "object": f"{words.kind(one.object_kind)} {one.object_id}" if one.object_id else "",
        "address": words.page_of(one.object_kind, one.object_id),
        "branch": branch_names.get(one.branch_id or 0, "—"),
    }


def _views(
    request: HttpRequest, *, branch_ids: Collection[int] | None, kind: str | None
) -> list[tuple[str, str, str, int | None]]:
    """Return each view: its code, title and address, and how many are in it where that is few."""
    counted = queries.counts_by_status(statuses=UNSETTLED, branch_ids=branch_ids, kind=kind)
    return [
        (
            code,
            title,
            _address(request, situacao=code),
            sum(counted[one] for one in statuses) if set(statuses) <= set(UNSETTLED) else None,
        )
        for code, title, statuses in VIEWS
    ]


def _told(payload: Mapping[str, object]) -> list[tuple[str, str]]:
    """Return what an effect says, in the order of a letter."""
    names = [name for name in TOLD if name in payload] + sorted(set(payload) - set(TOLD))
    said = {name: str(payload[name]) for name in names}
    if "channel" in said:
        said["channel"] = CHANNELS.get(said["channel"], said["channel"])
    return [(TOLD.get(name, name), text) for name, text in said.items()]


def _address(request: HttpRequest, **changes: object) -> str:
    return of_address.address(request.GET, keep=FILTERS, **changes)
