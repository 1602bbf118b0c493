"""Remessas: made of what waits, taken along, and kept."""

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET

from vigente.backoffice import fields, scope, sending
from vigente.backoffice.fields import Day, Row
from vigente.backoffice.scope import needs
from vigente.billing.models import Receivable
from vigente.domain.permissions import Permission
from vigente.gateways.boleto.port import BoletoRefused
from vigente.journeys import boletos
from vigente.payments import bank_queries
from vigente.payments.boletos import LeftOut, NothingToSend

SHOWN = 50
TOLD = 20


class RemittanceForm(forms.Form):
    """Which account, and which receivables get their boleto."""

    account_id = Row("Conta no banco", bank_queries.accounts)
    due_until = Day("Boletos do que vence até")


@needs(Permission.SEND_TO_BANK)
def remittance_list(request: HttpRequest) -> HttpResponse:
    """Show the remittances; a sent form makes one."""
    branch_ids = scope.branch_ids(request)
    form = RemittanceForm(request.POST if request.method == "POST" else None)
    fields.prepare(form, branch_ids=branch_ids)
    if form.is_bound and form.is_valid():
        try:
            return sending.once(request, lambda: _make(request, form))
        except (NothingToSend, BoletoRefused) as refused:
            form.add_error(None, str(refused))
    context = {
        "form": form,
        "key": sending.key(request),
        "remittances": bank_queries.remittances(branch_ids)[:SHOWN],
        "has_accounts": bank_queries.accounts(branch_ids).exists(),
    }
    status = 422 if form.errors else 200
    return render(request, "banks/remittances.html", context, status=status)


@needs(Permission.SEND_TO_BANK)
@require_GET
def take(request: HttpRequest, remittance_id: int) -> HttpResponse:
    """Send the file of a remittance, as it was made."""
    found = bank_queries.remittances(scope.branch_ids(request))
    remittance = get_object_or_404(found.defer(None), pk=remittance_id)
    answer = HttpResponse(bytes(remittance.content), content_type="text/plain; charset=us-ascii")
    name = f"CB{remittance.account.bank}-{remittance.sequence:06}.REM"
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


def _make(request: HttpRequest, form: forms.Form) -> str:
    sent = boletos.send(
        form.cleaned_data["account_id"],
        due_until=form.cleaned_data["due_until"],
        by=scope.actor(request),
        now=timezone.now(),
        today=timezone.localdate(),
    )
    count = sent.remittance.count
    messages.success(
        request, f"Remessa {sent.remittance.sequence} feita: baixe-a e envie-a ao banco ({count})."
    )
    if sent.left_out:
        messages.warning(request, _told(sent.left_out))
    return reverse("remittances")


def _told(left_out: tuple[LeftOut, ...]) -> str:
    """Name the receivables of which no boleto could be made, and why."""
    names = Receivable.objects.select_related("customer").in_bulk(
        [one.receivable_id for one in left_out[:TOLD]]
    )
    told = "; ".join(
        f"conta {one.receivable_id} ({names[one.receivable_id].customer.name}): {one.why}"
        for one in left_out[:TOLD]
    )
    more = f" E mais {len(left_out) - TOLD}." if len(left_out) > TOLD else ""
    return f"Sem boleto: {told}{more}"
