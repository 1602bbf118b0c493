"""Documents of a contract: shown as they would be printed, issued for good, taken along."""

from io import BytesIO

from django import forms
from django.contrib import messages
from django.db.models import QuerySet
from django.http import FileResponse, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from vigente.backoffice import fields, scope, sending
from vigente.backoffice.contracts.item_views import visible
from vigente.backoffice.fields import Row
from vigente.backoffice.registers.template_preview import Preview
from vigente.backoffice.scope import needs
from vigente.contracts import queries
from vigente.contracts.models import Contract
from vigente.documents import issuing
from vigente.documents.models import DocumentTemplate
from vigente.documents.storage import FileChanged
from vigente.domain import markup, templates
from vigente.domain.codes import DocumentKind
from vigente.domain.permissions import Permission
from vigente.journeys import documents as journey

KINDS = {
    DocumentKind.CONTRACT: "Contrato",
    DocumentKind.ADDENDUM: "Termo",
    DocumentKind.ALTERATION: "Alteração",
}
# What a browser does with a document: takes it along, and runs nothing of it.
HARMLESS = "default-src 'none'; sandbox"
PDF = "application/pdf"


class IssueForm(forms.Form):
    """Which template is printed."""

    template_id = Row("Modelo", lambda _branch_ids: active_templates())


@needs(Permission.ISSUE_DOCUMENTS)
@require_http_methods(["GET", "POST"])
def issue(request: HttpRequest, contract_id: int) -> HttpResponse:
    """Show a document as it would be issued, or issue it and go back to the tab."""
    contract = visible(request, contract_id)
    form = _form(request, contract)
    refusal = ""
    if form.is_bound and form.is_valid():
        try:
            return sending.once(request, lambda: _issued(request, contract, form))
        except journey.REFUSALS as refused:
            refusal = str(refused)
    chosen = str(form["template_id"].value() or "")
    template = next((one for one in active_templates() if str(one.pk) == chosen), None)
    context = {
        "contract": contract,
        "form": form,
        "refusal": refusal,
        "shown": None if template is None else preview(contract, template),
        "key": sending.key(request),
    }
    if request.headers.get("HX-Request"):
        return render(request, "contracts/_document_preview.html", context)
    status = 422 if form.is_bound else 200
    return render(request, "contracts/document_issue.html", context, status=status)


@needs(Permission.SEE_DOCUMENTS)
@require_GET
def take(request: HttpRequest, contract_id: int, document_id: int) -> HttpResponseBase:
    """Send the PDF to be saved, if it is still what was issued."""
    contract = visible(request, contract_id)
    document = get_object_or_404(queries.documents(contract.pk), document_id=document_id).document
    try:
        content = issuing.pdf_of(document)
    except FileChanged as changed:
        context = {"status": 500, "title": "Documento alterado", "way_out": str(changed)}
        return render(request, "error.html", context, status=500)
    return as_file(content, name=f"{document.title}.pdf")


def as_file(content: bytes, *, name: str) -> FileResponse:
    """Return a PDF to be saved; browsers are told to run nothing of it."""
    answer = FileResponse(BytesIO(content), as_attachment=True, filename=name, content_type=PDF)
    answer["Content-Security-Policy"] = HARMLESS
    return answer


def active_templates() -> QuerySet[DocumentTemplate]:
    """Return the templates that are offered."""
    return DocumentTemplate.objects.filter(is_active=True).order_by("kind", "name")


def preview(contract: Contract, template: DocumentTemplate) -> Preview:
    """Return a template filled from the contract, and what it names that a contract has not."""
    values = journey.values_of(contract, today=timezone.localdate())
    missing = [name for name in markup.names(template.body) if name not in values]
    told = ", ".join(map(templates.braced, missing))
    problems = (f"Não pode ser emitido daqui: o modelo cita {told}.",) if missing else ()
    return Preview(templates.sketch(template.body, values), problems, template.name)


def _form(request: HttpRequest, contract: Contract) -> IssueForm:
    chosen = request.GET.get("template_id", "")
    is_number = chosen.isascii() and chosen.isdigit() and len(chosen) < 18
    present = int(chosen) if is_number else contract.template_id
    form = IssueForm(request.POST if request.method == "POST" else None)
    fields.prepare(form, branch_ids=())
    form.initial["template_id"] = present
    form.fields["template_id"].widget.attrs |= {
        "hx-get": request.path,
        "hx-target": "#previa",
        "hx-trigger": "change",
    }
    return form


def _issued(request: HttpRequest, contract: Contract, form: IssueForm) -> str:
    template = DocumentTemplate.objects.get(pk=form.cleaned_data["template_id"])
    document = journey.issue(
        contract.pk,
        kind=DocumentKind(template.kind),
        template_id=template.pk,
        by=scope.actor(request),
        now=timezone.now(),
    )
    messages.success(request, f"«{document.title}» foi emitido.")
    return tab(contract)


def tab(contract: Contract) -> str:
    """Return the address of the tab of documents."""
    return f"{reverse('contract', args=[contract.pk])}?aba=documentos"
