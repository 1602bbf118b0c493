"""Anotações: what people note about a contract, with date and author, never changed."""

from datetime import date

from django import forms
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone

from vigente.backoffice import deeds, scope
from vigente.backoffice.contracts.item_views import visible
from vigente.backoffice.deeds import Crumb, Deed, Foreseen, Told
from vigente.backoffice.scope import needs
from vigente.contracts.models import Contract
from vigente.domain.permissions import Permission
from vigente.journeys import notes as journey
from vigente.journeys.notes import LONGEST, NoteRefused


class NoteForm(forms.Form):
    """What is to be noted."""

    text = forms.CharField(
        label="Anotação", max_length=LONGEST, widget=forms.Textarea({"rows": 8, "autofocus": True})
    )


def _tab(contract: Contract) -> str:
    return reverse("contract", args=[contract.pk]) + "?aba=anotacoes"


def _foresee(_contract: Contract, _told: Told, _today: date) -> Foreseen:
    return Foreseen(
        sentences=(
            "A anotação fica na página do contrato, com seu nome, a data e a hora.",
            "Ela não pode ser alterada nem apagada: para corrigir, escreva outra.",
            "Todos que veem o contrato a leem; o cliente não.",
        )
    )


def _add(request: HttpRequest, contract: Contract, told: Told) -> str:
    journey.add(contract, told["text"], by=scope.actor(request), now=timezone.now())
    return _tab(contract)


def _crumbs(contract: Contract) -> tuple[Crumb, ...]:
    return (("Contratos", reverse("contracts")), (str(contract.pk), _tab(contract)))


ADDITION = Deed[Contract](
    title="Nova anotação",
    button="Anotar",
    done="Anotação gravada.",
    form=NoteForm,
    about=lambda contract: f"{contract.customer.name} · Contrato {contract.pk}",
    crumbs=_crumbs,
    foresee=_foresee,
    act=_add,
    refusals=(NoteRefused,),
    group="Cadastros",
)


@needs(Permission.WRITE_NOTES)
def add(request: HttpRequest, contract_id: int) -> HttpResponse:
    """Ask what is to be noted about a contract, whatever its status."""
    return deeds.respond(request, ADDITION, visible(request, contract_id))
