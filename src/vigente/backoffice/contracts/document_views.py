"""Files of a contract: attached, taken along and removed."""

from django import forms
from django.contrib import messages
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from vigente.backoffice import fields, scope, sending
from vigente.backoffice.contracts.item_views import visible
from vigente.backoffice.fields import Code
from vigente.backoffice.scope import needs
from vigente.contracts.models import Contract, ContractAttachment
from vigente.documents import attachments
from vigente.documents.models import Attachment
from vigente.domain.files import AttachmentKind, FileRefused
from vigente.domain.permissions import Permission
from vigente.journeys import attachments as journey

KINDS = {
    AttachmentKind.IDENTITY: "Identidade",
    AttachmentKind.ADDRESS_PROOF: "Comprovante de endereço",
    AttachmentKind.PHOTO: "Foto",
    AttachmentKind.SIGNED: "Contrato assinado",
    AttachmentKind.OTHER: "Outro",
}
# What a browser does with an attached file: takes it along, and runs nothing of it.
HARMLESS = "default-src 'none'; sandbox"


class AttachmentForm(forms.Form):
    """A file and what it shows."""

    kind = Code("Documento", KINDS)
    file = forms.FileField(label="Arquivo", allow_empty_file=True, max_length=400)


def form() -> AttachmentForm:
    """Return the form as the tab shows it."""
    asked = AttachmentForm()
    fields.prepare(asked, branch_ids=())
    asked.fields["file"].widget.attrs["accept"] = "application/pdf,image/jpeg,image/png,image/webp"
    return asked


@needs(Permission.ATTACH_DOCUMENTS)
@require_POST
def attach(request: HttpRequest, contract_id: int) -> HttpResponse:
    """Attach the sent file and go back to the tab; a refusal is told there."""
    contract = visible(request, contract_id)
    sent = AttachmentForm(request.POST, request.FILES)
    fields.prepare(sent, branch_ids=())
    if not sent.is_valid():
        for errors in sent.errors.values():
            messages.error(request, " ".join(map(str, errors)))
        return redirect(_tab(contract))
    try:
        return sending.once(request, lambda: _attach(request, contract, sent))
    except FileRefused as refused:
        messages.error(request, str(refused))
        return redirect(_tab(contract))


@needs(Permission.SEE_DOCUMENTS)
@require_GET
def take(request: HttpRequest, contract_id: int, attachment_id: int) -> FileResponse:
    """Send a file to be saved; browsers are told to run nothing of it."""
    attachment = _attachment(visible(request, contract_id), attachment_id)
    answer = FileResponse(
        attachments.path(attachment.stored_as).open("rb"),
        as_attachment=True,
        filename=attachment.name,
        content_type=attachment.content_type,
    )
    answer["Content-Security-Policy"] = HARMLESS
    return answer


@needs(Permission.ATTACH_DOCUMENTS)
@require_POST
def remove(request: HttpRequest, contract_id: int, attachment_id: int) -> HttpResponse:
    """Show a file no more."""
    contract = visible(request, contract_id)
    attachment = _attachment(contract, attachment_id)
    try:
        journey.remove(contract, attachment, by=scope.actor(request), now=timezone.now())
        messages.success(request, f"«{attachment.name}» foi removido.")
    except journey.AttachmentGone as gone:
        messages.error(request, str(gone))
    return redirect(_tab(contract))


def _attach(request: HttpRequest, contract: Contract, sent: AttachmentForm) -> str:
    file = sent.cleaned_data["file"]
    kept = journey.attach(
        contract,
        file.chunks(),
        name=file.name,
        kind=AttachmentKind(sent.cleaned_data["kind"]),
        by=scope.actor(request),
        now=timezone.now(),
    )
    messages.success(request, f"«{kept.name}» foi anexado.")
    return _tab(contract)


def _attachment(contract: Contract, attachment_id: int) -> Attachment:
    return get_object_or_404(
        ContractAttachment.objects.select_related("attachment"),
        contract=contract,
        attachment_id=attachment_id,
        attachment__removed_at=None,
    ).attachment


def _tab(contract: Contract) -> str:
    return f"{reverse('contract', args=[contract.pk])}?aba=documentos"
