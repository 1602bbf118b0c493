"""Asking a customer to sign a document, and taking that back."""

from dataclasses import replace
from datetime import date

from django import forms
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET

from vigente.backoffice import deeds, scope
from vigente.backoffice.contracts import issuing_views as issuing
from vigente.backoffice.contracts.item_views import visible
from vigente.backoffice.deeds import Crumb, Deed, Foreseen, Told
from vigente.backoffice.fields import Row
from vigente.backoffice.scope import needs
from vigente.contracts import queries
from vigente.contracts.models import ContractDocument
from vigente.customers.models import Contact
from vigente.documents.models import SignatureRequest
from vigente.documents.signatures import RequestSettled
from vigente.documents.storage import FileChanged
from vigente.domain.parameters import SIGNATURE_DAYS
from vigente.domain.permissions import Permission
from vigente.domain.signature import SignatureStatus
from vigente.journeys import signing
from vigente.journeys.signing import SignatureNotAsked
from vigente.parameters import queries as parameters


def _about(link: ContractDocument) -> str:
    return f"{link.document.title} · {link.contract.customer.name}"


def _crumbs(link: ContractDocument) -> tuple[Crumb, ...]:
    tab = issuing.tab(link.contract)
    return (("Contratos", reverse("contracts")), (f"Contrato {link.contract_id}", tab))


def _asking(link: ContractDocument, told: Told, today: date) -> Foreseen:
    signing.refuse_twice(link.document)
    contact = Contact.objects.get(pk=told["contact_id"])
    values = parameters.branch_values((SIGNATURE_DAYS,), branch_id=link.contract.branch_id)
    last = today.fromordinal(today.toordinal() + int(values[SIGNATURE_DAYS.name] or 0))
    by, name = "e-mail" if contact.kind == Contact.EMAIL else "SMS", link.contract.customer.name
    return Foreseen(
        sentences=(
            (
                f"{name} recebe por {by}, em {contact.value}, um endereço para ler e assinar até "
                f"{last:%d/%m/%Y}."
            ),
            (
                "O contrato fica aguardando assinatura até o cliente assinar, recusar ou o prazo "
                "vencer."
            ),
            "Ao assinar, o cliente confirma um código enviado a um dos contatos do cadastro.",
        )
    )


def _ask(request: HttpRequest, link: ContractDocument, told: Told) -> str:
    signing.request_signature(
        link.document_id,
        contact_id=told["contact_id"],
        site=request.build_absolute_uri("/"),
        by=scope.actor(request),
        now=timezone.now(),
    )
    return issuing.tab(link.contract)


def _first_contact(link: ContractDocument, _today: date) -> Told:
    first = link.contract.customer.contacts.order_by("kind", "pk").first()
    return {"contact_id": first.pk if first else None}


ASK = Deed(
    title="Pedir assinatura",
    button="Enviar para assinar",
    done="Pedido de assinatura enviado.",
    form=forms.Form,  # each customer has contacts of their own
    about=_about,
    crumbs=_crumbs,
    foresee=_asking,
    act=_ask,
    initial=_first_contact,
    sees=("contact_id",),
    refusals=(SignatureNotAsked,),
    group="Cadastros",
)


def _taking_back(_link: ContractDocument, _told: Told, _today: date) -> Foreseen:
    return Foreseen(
        sentences=(
            "O endereço que o cliente recebeu deixa de valer.",
            "O contrato deixa de aguardar esta assinatura; outro pedido pode ser feito.",
        )
    )


def _take_back(request: HttpRequest, link: ContractDocument, told: Told) -> str:
    signing.cancel(
        _pending(link).pk, reason=told["reason"], by=scope.actor(request), now=timezone.now()
    )
    return issuing.tab(link.contract)


CANCEL = Deed(
    title="Cancelar pedido de assinatura",
    button="Cancelar pedido",
    done="Pedido de assinatura cancelado.",
    form=deeds.WithAReason,
    about=_about,
    crumbs=_crumbs,
    foresee=_taking_back,
    act=_take_back,
    refusals=(RequestSettled,),
    is_risky=True,
    group="Cadastros",
)


@needs(Permission.ISSUE_DOCUMENTS)
def ask(request: HttpRequest, contract_id: int, document_id: int) -> HttpResponse:
    """Ask where the link shall go."""
    link = _link(request, contract_id, document_id)
    contacts = link.contract.customer.contacts.order_by("kind", "pk")
    if not contacts.exists():
        context = {
            "title": "O cliente não tem e-mail nem telefone",
            "way_out": "Complete os contatos no cadastro do cliente e peça a assinatura de novo.",
            "status": 409,
        }
        return render(request, "error.html", context, status=409)
    field = Row("Enviar o endereço para", lambda _branch_ids: contacts)
    form = type("AskForm", (forms.Form,), {"contact_id": field})
    return deeds.respond(request, replace(ASK, form=form), link)


@needs(Permission.ISSUE_DOCUMENTS)
def cancel(request: HttpRequest, contract_id: int, document_id: int) -> HttpResponse:
    """Ask why a request shall be taken back."""
    link = _link(request, contract_id, document_id)
    _pending(link)
    return deeds.respond(request, CANCEL, link)


@needs(Permission.SEE_DOCUMENTS)
@require_GET
def take(request: HttpRequest, contract_id: int, document_id: int) -> HttpResponseBase:
    """Send the signed and sealed PDF to be saved."""
    link = _link(request, contract_id, document_id)
    signed = get_object_or_404(_requests(link), status=SignatureStatus.SIGNED.value)
    try:
        content = signing.sealed_pdf(signed)
    except FileChanged as changed:
        context = {"status": 500, "title": "Documento alterado", "way_out": str(changed)}
        return render(request, "error.html", context, status=500)
    return issuing.as_file(content, name=f"{link.document.title} assinado.pdf")


def _link(request: HttpRequest, contract_id: int, document_id: int) -> ContractDocument:
    contract = visible(request, contract_id)
    found = queries.documents(contract.pk).select_related("contract__customer", "document")
    return get_object_or_404(found, document_id=document_id)


def _pending(link: ContractDocument) -> SignatureRequest:
    return get_object_or_404(_requests(link), status=SignatureStatus.PENDING.value)


def _requests(link: ContractDocument) -> QuerySet[SignatureRequest]:
    return link.document.signature_requests.all()
