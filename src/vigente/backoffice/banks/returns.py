"""Retornos: sent, read, told line by line, and what waits for a person."""

from datetime import date
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from vigente.backoffice import deeds, fields, scope, sending
from vigente.backoffice.deeds import Crumb, Deed, Foreseen, Told
from vigente.backoffice.fields import Row, Text
from vigente.backoffice.receivables import asked as of_address
from vigente.backoffice.scope import needs
from vigente.customers.models import Customer
from vigente.domain import money
from vigente.domain.codes import ReturnStatus
from vigente.domain.permissions import Permission
from vigente.journeys import bank_returns as journey
from vigente.journeys.bank_returns import RecordResolved
from vigente.payments import bank_queries
from vigente.payments.bank_models import ReturnFile, ReturnRecord
from vigente.payments.bank_returns import ReturnRefused, ReturnSentBefore

SHOWN = 50
RECORDS = 100


class UploadForm(forms.Form):
    """Whose file it is, and the file."""

    account_id = Row("Conta no banco", bank_queries.accounts)
    file = forms.FileField(label="Arquivo de retorno", allow_empty_file=True, max_length=200)


class CustomerForm(forms.Form):
    """Whose the money is."""

    tax_id = Text("CPF ou CNPJ do cliente", 18)


class CustomerUnknown(ValueError):
    """Não há cliente com este documento."""


@needs(Permission.SEND_TO_BANK)
def return_list(request: HttpRequest) -> HttpResponse:
    """Show the return files and what waits for a person; a sent file is kept and read."""
    branch_ids = scope.branch_ids(request)
    is_sent = request.method == "POST"
    form = UploadForm(request.POST, request.FILES) if is_sent else UploadForm()
    fields.prepare(form, branch_ids=branch_ids)
    form.fields["file"].error_messages["required"] = "Escolha o arquivo."
    if form.is_bound and form.is_valid():
        try:
            return sending.once(request, lambda: _receive(request, form))
        except (ReturnRefused, ReturnSentBefore) as refused:
            form.add_error("file", str(refused))
    context = {
        "form": form,
        "key": sending.key(request),
        "files": bank_queries.returns(branch_ids)[:SHOWN],
        "waiting": bank_queries.unresolved(branch_ids)[:RECORDS],
        "has_accounts": bank_queries.accounts(branch_ids).exists(),
    }
    return render(request, "banks/returns.html", context, status=422 if form.errors else 200)


@needs(Permission.SEND_TO_BANK)
@require_GET
def show(request: HttpRequest, return_id: int) -> HttpResponse:
    """Show a return file: how far it was read, its broken lines and what became of the rest."""
    part = "_return.html" if request.headers.get("HX-Request") else "return.html"
    return render(request, f"banks/{part}", _context(request, _mine(request, return_id)))


@needs(Permission.SEND_TO_BANK)
@require_POST
def take_the_rest(request: HttpRequest, return_id: int) -> HttpResponse:
    """Read a file in spite of its broken lines."""
    file = _mine(request, return_id)
    try:
        journey.take_the_rest(file.pk, by=scope.actor(request), now=timezone.now())
    except ReturnRefused as refused:
        messages.error(request, str(refused))
    return redirect("return", return_id=file.pk)


@needs(Permission.SEND_TO_BANK)
def give_to_customer(request: HttpRequest, record_id: int) -> HttpResponse:
    """Ask whose a payment is that found no open receivable."""
    branch_ids = scope.branch_ids(request)

    def customer(told: Told) -> Customer:
        tax_id = "".join(filter(str.isalnum, told["tax_id"])).upper()
        found = Customer.objects.filter(tax_id=tax_id, branch_id__in=branch_ids).first()
        if found is None:
            raise CustomerUnknown("Não há cliente com este CPF ou CNPJ nas suas filiais.")
        return found

    def foresee(record: ReturnRecord, told: Told, _today: date) -> Foreseen:
        sentence = f"{customer(told).name} passa a ter este crédito, que paga as próximas contas."
        return Foreseen(sentences=(sentence,), amounts=(("Crédito do cliente", record.paid_cents),))

    def act(request: HttpRequest, record: ReturnRecord, told: Told) -> str:
        owner = customer(told)
        journey.give_to_customer(
            record.pk, customer_id=owner.pk, by=scope.actor(request), now=timezone.now()
        )
        return reverse("customer-credit", args=[owner.pk])

    deed = Deed(
        title="Dar a um cliente",
        button="Dar como crédito",
        done="O pagamento virou crédito do cliente.",
        form=CustomerForm,
        about=_about,
        crumbs=_crumbs,
        initial=_initial,
        sees=("tax_id",),
        foresee=foresee,
        act=act,
        refusals=(RecordResolved, CustomerUnknown),
    )
    return deeds.respond(request, deed, _record(request, record_id))


def _dismiss(request: HttpRequest, record: ReturnRecord, told: Told) -> str:
    journey.dismiss(record.pk, reason=told["reason"], by=scope.actor(request), now=timezone.now())
    return reverse("return", args=[record.file_id])


def _about(record: ReturnRecord) -> str:
    on = f" em {record.occurred_on:%d/%m/%Y}" if record.occurred_on else ""
    return f"{money.brl(record.paid_cents)}{on} · nosso número {record.number}"


def _crumbs(record: ReturnRecord) -> tuple[Crumb, ...]:
    return (
        ("Retornos", reverse("returns")),
        (str(record.file_id), reverse("return", args=[record.file_id])),
    )


def _initial(record: ReturnRecord, _today: date) -> Told:
    boleto = record.boleto
    return {"tax_id": boleto.receivable.customer.tax_id if boleto else None}


DISMISS = Deed(
    title="Dispensar pagamento",
    button="Dispensar",
    done="O pagamento foi dispensado, e continua no retorno com o motivo.",
    form=deeds.WithAReason,
    about=_about,
    crumbs=_crumbs,
    foresee=lambda _record, _told, _today: Foreseen(
        sentences=("Nada é recebido: o registro fica no retorno, com o motivo e quem dispensou.",)
    ),
    act=_dismiss,
    refusals=(RecordResolved,),
    is_risky=True,
)


@needs(Permission.SEND_TO_BANK)
def dismiss(request: HttpRequest, record_id: int) -> HttpResponse:
    """Ask why a payment is nobody's here."""
    return deeds.respond(request, DISMISS, _record(request, record_id))


def _receive(request: HttpRequest, form: forms.Form) -> str:
    file = form.cleaned_data["file"]
    kept = journey.receive(
        form.cleaned_data["account_id"],
        file.read(),
        name=file.name,
        by=scope.actor(request),
        now=timezone.now(),
    )
    return reverse("return", args=[kept.pk])


def _mine(request: HttpRequest, return_id: int) -> ReturnFile:
    found: ReturnFile = get_object_or_404(
        bank_queries.returns(scope.branch_ids(request)), pk=return_id
    )
    return found


def _record(request: HttpRequest, record_id: int) -> ReturnRecord:
    found: ReturnRecord = get_object_or_404(
        bank_queries.records(scope.branch_ids(request)), pk=record_id
    )
    return found


def _context(request: HttpRequest, file: ReturnFile) -> dict[str, Any]:
    told = bank_queries.outcomes(file)
    after = of_address.number(request.GET, "depois") or 0
    found = bank_queries.records(scope.branch_ids(request)).filter(file=file, line__gt=after)
    records = list(found.order_by("line")[: RECORDS + 1])
    return {
        "file": file,
        "is_under_way": file.status in {ReturnStatus.WAITING.value, ReturnStatus.READING.value},
        "outcomes": told,
        "records": records[:RECORDS],
        "broken": file.broken[:RECORDS],
        "broken_count": len(file.broken),
        "next_line": records[RECORDS - 1].line if len(records) > RECORDS else None,
        "is_further": after > 0,
    }
