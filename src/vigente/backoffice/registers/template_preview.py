"""A template as it would be printed, while it is written: with samples, or for a contract."""

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_POST

from vigente.backoffice import scope
from vigente.backoffice.scope import needs
from vigente.contracts.models import Contract
from vigente.domain import templates
from vigente.domain.codes import TemplateKind
from vigente.domain.permissions import Permission
from vigente.journeys import documents

LONGEST = 50_000
SAMPLES = "com dados de exemplo"


@dataclass(frozen=True, slots=True)
class Preview:
    """The text as it would be printed, what is wrong with it and whose values fill it."""

    html: str
    problems: tuple[str, ...]
    filled: str = SAMPLES


@needs(Permission.SEE_CATALOG)
@require_POST
def show(request: HttpRequest) -> HttpResponse:
    """Show the text that is being written."""
    body = request.POST.get("body", "")[:LONGEST].replace("\x00", "")
    number = request.POST.get("previa_contrato", "").strip()
    shown = of(body, request.POST.get("kind", ""))
    if number:
        shown = _for_contract(request, body, shown, number)
    return render(request, "registers/_template_preview.html", {"shown": shown})


def of(body: str, kind: str) -> Preview:
    """Return a text with sample values, and its problems."""
    known = TemplateKind(kind) if kind in set(TemplateKind) else TemplateKind.CONTRACT
    samples = {name: templates.SAMPLES[name] for name in templates.variables(known)}
    return Preview(templates.sketch(body, samples), templates.problems(body, known))


def _for_contract(request: HttpRequest, body: str, shown: Preview, number: str) -> Preview:
    is_number = number.isascii() and number.isdigit() and len(number) < 18
    found = None
    if is_number and Permission.SEE_CONTRACTS in scope.allowed(request):
        needed = Contract.objects.select_related("customer", "branch", "seller", "address")
        found = needed.filter(pk=int(number), branch_id__in=scope.branch_ids(request)).first()
    if found is None:
        told = f"O contrato {number[:20]} não está nas suas filiais: a prévia mostra exemplos."
        return Preview(shown.html, (*shown.problems, told))
    values = documents.values_of(found, today=timezone.localdate())
    samples = {n: v for n, v in templates.SAMPLES.items() if n.startswith("alteracao.")}
    return Preview(
        templates.sketch(body, {**samples, **values}),
        shown.problems,
        f"com os dados do contrato {found.pk}, de {found.customer.name}",
    )
