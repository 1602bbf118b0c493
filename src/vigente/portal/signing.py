"""Reading and signing a document by a link, on a phone: read, ask for the code, sign, or refuse."""

from collections.abc import Callable
from functools import wraps
from io import BytesIO
from typing import Any

import structlog
from django.contrib.auth.decorators import login_not_required
from django.http import FileResponse, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from vigente.customers.models import Contact
from vigente.documents import issuing, secrets, signatures
from vigente.documents.models import SignatureRequest
from vigente.documents.storage import FileChanged
from vigente.domain import signature
from vigente.domain.signature import COPY_LASTS, SignatureStatus
from vigente.gateways.pdf.port import PrintFailed
from vigente.gateways.signature.port import SealFailed
from vigente.journeys import signing as journey
from vigente.journeys.signing import LinkUseless, Opened, SigningRefused
from vigente.portal import limits

type View = Callable[..., HttpResponseBase]

FAULTS = (SealFailed, PrintFailed, FileChanged)
NOT_NOW = (
    "Não foi possível concluir agora, e nada foi gravado. Tente de novo em alguns minutos; se "
    "continuar assim, avise o provedor."
)
HARMLESS = "default-src 'none'; sandbox"
# For each end of a link: its status, what it says and the way out.
ENDS: dict[SignatureStatus | None, tuple[int, str, str]] = {
    None: (
        404,
        "Este endereço não existe",
        "Confira se ele foi copiado inteiro da mensagem. Se foi, peça ao provedor que envie outro.",
    ),
    SignatureStatus.EXPIRED: (
        410,
        "O prazo para assinar terminou",
        "Peça ao provedor que envie um pedido de assinatura novo.",
    ),
    SignatureStatus.CANCELLED: (
        410,
        "O provedor cancelou este pedido",
        "Se você esperava assinar, procure o provedor: ele pode enviar outro pedido.",
    ),
    SignatureStatus.REFUSED: (
        410,
        "Você não assinou este documento",
        "O provedor foi avisado do motivo. Para assinar depois, peça a ele um pedido novo.",
    ),
    SignatureStatus.SIGNED: (
        410,
        "Este documento já foi assinado",
        "A via assinada não fica mais neste endereço. Peça uma cópia ao provedor.",
    ),
}
log = structlog.get_logger()


def by_link(action: str) -> Callable[[View], View]:
    """Open a view to whoever holds a link, within limits; a useless link is told as such."""

    def opened_to_all(view: View) -> View:
        @wraps(view)
        def respond(request: HttpRequest, token: str) -> HttpResponseBase:
            key = secrets.token_sha256(token)
            if not limits.allows(request, action, key=key):
                return render(request, "portal/too_many.html", status=429)
            try:
                return view(request, token)
            except LinkUseless as useless:
                return _ended(request, token, useless.status)

        return login_not_required(respond)

    return opened_to_all


@by_link("sign")
@require_http_methods(["GET", "POST"])
def sign(request: HttpRequest, token: str) -> HttpResponse:
    """Show the document and how to sign it, or sign it."""
    if request.method != "POST":
        return _shown(request, token, journey.opened(token, now=timezone.now()))
    found = journey.opened(token, now=timezone.now())
    if not request.POST.get("aceito"):
        return _shown(request, token, found, refusal="Marque que leu e aceita o documento.")
    try:
        journey.sign(
            token,
            code=request.POST.get("codigo", ""),
            text_sha256=request.POST.get("texto", ""),
            visitor=limits.visitor(request),
            site=request.build_absolute_uri("/"),
            now=timezone.now(),
        )
    except SigningRefused as refused:
        return _shown(request, token, found, refusal=str(refused))
    except FAULTS:
        log.exception("signing failed", request=found.request.pk)
        return _shown(request, token, found, refusal=NOT_NOW, status=503)
    return redirect("sign", token)


@by_link("sign_code")
@require_POST
def send_code(request: HttpRequest, token: str) -> HttpResponse:
    """Send a code and go back to the page."""
    chosen = request.POST.get("contato", "")
    is_number = chosen.isascii() and chosen.isdigit() and len(chosen) < 18
    try:
        journey.send_code(token, contact_id=int(chosen) if is_number else 0, now=timezone.now())
    except SigningRefused as refused:
        found = journey.opened(token, now=timezone.now())
        return _shown(request, token, found, refusal=str(refused))
    return redirect(f"{reverse('sign', args=[token])}#assinar")


@by_link("sign")
@require_http_methods(["GET", "POST"])
def refuse(request: HttpRequest, token: str) -> HttpResponse:
    """Ask why it is not signed, or record it."""
    found = journey.opened(token, now=timezone.now())
    refusal = ""
    if request.method == "POST":
        try:
            journey.refuse(
                token,
                reason=request.POST.get("motivo", "").replace("\x00", "")[:2000],
                visitor=limits.visitor(request),
                now=timezone.now(),
            )
        except SigningRefused as refused:
            refusal = str(refused)
        else:
            return redirect("sign", token)
    context = {"found": found, "token": token, "refusal": refusal}
    return render(request, "portal/refuse.html", context, status=422 if refusal else 200)


@by_link("sign")
@require_GET
def issued(request: HttpRequest, token: str) -> HttpResponseBase:
    """Send the PDF that is to be signed."""
    found = journey.opened(token, now=timezone.now())
    return _file(request, lambda: issuing.pdf_of(found.document), f"{found.document.title}.pdf")


@by_link("sign")
@require_GET
def sealed(request: HttpRequest, token: str) -> HttpResponseBase:
    """Send the sealed PDF, for some time after it was signed."""
    found = journey.found_by(token)
    if not _has_copy(found.request):
        raise LinkUseless(SignatureStatus(found.request.status))
    title = f"{found.document.title} assinado.pdf"
    return _file(request, lambda: journey.sealed_pdf(found.request), title)


def _shown(
    request: HttpRequest, token: str, found: Opened, *, refusal: str = "", status: int = 422
) -> HttpResponse:
    found.request.refresh_from_db()
    useless = signature.why_code_useless(signatures.code_state(found.request), now=timezone.now())
    context = {
        "found": found,
        "token": token,
        "refusal": refusal,
        "contacts": _contacts(found),
        "may_type_code": not useless,
        "sent_to": signature.masked(found.request.code_to) if found.request.code_to else "",
        "typed": request.POST,
    }
    return render(request, "portal/sign.html", context, status=status if refusal else 200)


def _contacts(found: Opened) -> list[tuple[Contact, str]]:
    """Return where a code may go, first where the link did not: two ways prove more than one."""
    there = found.contract.customer.contacts.order_by("pk")
    other_first = sorted(there, key=lambda one: one.value == found.request.sent_to)
    return [(one, signature.masked(one.value)) for one in other_first]


def _has_copy(request: SignatureRequest) -> bool:
    if request.status != SignatureStatus.SIGNED.value or request.settled_at is None:
        return False
    return timezone.now() - request.settled_at < COPY_LASTS


def _ended(request: HttpRequest, token: str, end: SignatureStatus | None) -> HttpResponse:
    if end is SignatureStatus.SIGNED:
        found = journey.found_by(token)
        if _has_copy(found.request):
            return render(request, "portal/signed.html", {"found": found, "token": token})
    status, title, way_out = ENDS[end]
    context = {"title": title, "way_out": way_out}
    return render(request, "portal/ended.html", context, status=status)


def _file(request: HttpRequest, read: Callable[[], bytes], name: str) -> HttpResponseBase:
    try:
        content = read()
    except FileChanged:
        log.exception("file changed")
        context: dict[str, Any] = {"title": "O arquivo não pode ser baixado", "way_out": NOT_NOW}
        return render(request, "portal/ended.html", context, status=503)
    answer = FileResponse(
        BytesIO(content), as_attachment=True, filename=name, content_type="application/pdf"
    )
    answer["Content-Security-Policy"] = HARMLESS
    return answer
