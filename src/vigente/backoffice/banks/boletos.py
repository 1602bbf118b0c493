"""The boleto of a receivable: issued, printed; a customer's carnê."""

from datetime import date

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_GET

from vigente.backoffice import deeds, scope
from vigente.backoffice.deeds import Deed, Foreseen, Told
from vigente.backoffice.receivables.deeds import about, crumbs, page_of
from vigente.backoffice.receivables.views import visible
from vigente.backoffice.scope import needs
from vigente.billing.models import Receivable
from vigente.domain.permissions import Permission
from vigente.gateways.boleto.port import BoletoRefused
from vigente.journeys import boletos as journey
from vigente.journeys.boletos import BoletoNotIssued
from vigente.payments import bank_queries, boletos


def _foresee(_receivable: Receivable, _told: Told, _today: date) -> Foreseen:
    return Foreseen(
        sentences=(
            "O boleto vai na próxima remessa desta carteira.",
            "Já pode ser impresso, e só pode ser pago depois que o banco o registra.",
        )
    )


def _issue(request: HttpRequest, receivable: Receivable, _told: Told) -> str:
    journey.issue(
        receivable.pk, by=scope.actor(request), now=timezone.now(), today=timezone.localdate()
    )
    return page_of(receivable)


ISSUE = Deed(
    title="Emitir boleto",
    button="Emitir",
    done="Boleto emitido: vai ao banco na próxima remessa.",
    form=deeds.NothingToAsk,
    about=about,
    crumbs=crumbs,
    foresee=_foresee,
    act=_issue,
    refusals=(BoletoNotIssued,),
)


@needs(Permission.SEND_TO_BANK)
def issue(request: HttpRequest, receivable_id: int) -> HttpResponse:
    """Ask whether a boleto of a receivable shall be made."""
    return deeds.respond(request, ISSUE, visible(request, receivable_id))


@needs(Permission.SEE_MONEY)
@require_GET
def slip(request: HttpRequest, receivable_id: int) -> HttpResponse:
    """Send the boleto of a receivable as a PDF."""
    receivable = visible(request, receivable_id)
    boleto = bank_queries.boleto_of(receivable.pk)
    if boleto is None or not boleto.is_standing or not _is_owed(receivable):
        raise Http404
    payers = boletos.payers_of([boleto.receivable])
    printed = boletos.asked(boleto, payers.get(receivable.pk))
    try:
        pdf = boletos.maker().slip(boletos.facts(boleto.account), printed)
    except BoletoRefused as refused:
        messages.error(request, str(refused))
        return redirect("receivable", receivable_id=receivable.pk)
    return _pdf(pdf, name=f"boleto-{receivable.pk}.pdf")


@needs(Permission.SEE_MONEY)
@require_GET
def booklet(request: HttpRequest, customer_id: int) -> HttpResponse:
    """Send all standing boletos of a customer as one PDF, three a page; of one account."""
    branch_ids = scope.branch_ids(request)
    found = bank_queries.to_be_paid(customer_id, branch_ids=branch_ids)
    if not found:
        raise Http404
    account = found[0].account
    of_account = [one for one in found if one.account_id == account.pk]
    payers = boletos.payers_of([one.receivable for one in of_account])
    parts = [boletos.asked(one, payers.get(one.receivable_id)) for one in of_account]
    try:
        pdf = boletos.maker().booklet(boletos.facts(account), parts)
    except BoletoRefused as refused:
        messages.error(request, str(refused))
        return redirect("customer", customer_id=customer_id)
    return _pdf(pdf, name=f"carne-{customer_id}.pdf")


def _is_owed(receivable: Receivable) -> bool:
    return receivable.cancelled_on is None and not receivable.is_settled


def _pdf(content: bytes, *, name: str) -> HttpResponse:
    answer = HttpResponse(content, content_type="application/pdf")
    answer["Content-Disposition"] = f'inline; filename="{name}"'
    return answer
