"""Mudança de endereço: one that the customer has, or a new one, and what changes with it."""

from datetime import date
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone

from vigente.backoffice import deeds, scope
from vigente.backoffice.contracts.item_views import visible
from vigente.backoffice.deeds import Crumb, Deed, Foreseen, Told
from vigente.backoffice.fields import Cell, Text
from vigente.backoffice.scope import needs
from vigente.contracts.models import Contract
from vigente.customers.actions import NewAddress
from vigente.domain.permissions import Permission
from vigente.imports import cells
from vigente.journeys import address_change as journey
from vigente.journeys.address_change import AddressRefused

NEW_ONE = ("street", "number", "complement", "district", "city", "uf", "postal_code")
NEEDED = {"street": "Informe o logradouro.", "city": "Informe o município.", "uf": "Informe a UF."}


class AddressForm(forms.Form):
    """An address of the customer; choosing none asks for a new one."""

    address_id = forms.TypedChoiceField(
        label="Endereço de instalação",
        required=False,
        coerce=int,
        empty_value=None,
        help_text="Um novo fica também no cadastro do cliente.",
    )
    street = Text("Logradouro", 160, required=False)
    number = Text("Número", 20, required=False)
    complement = Text("Complemento", 80, required=False)
    district = Text("Bairro", 80, required=False)
    city = Text("Município", 80, required=False)
    uf = Cell("UF", cells.uf, required=False, widget=forms.TextInput({"maxlength": 2}))
    postal_code = Cell("CEP", cells.postal_code, required=False)
    reason = Text("Motivo", 200)

    def clean(self) -> dict[str, Any]:
        """Return the address that was chosen or written; half of a new one is refused."""
        told: dict[str, Any] = super().clean() or self.cleaned_data
        if told.get("address_id") is not None:
            return told | {"wanted": told["address_id"]}
        if "address_id" not in told:
            return told
        lacking = [name for name in NEEDED if not told.get(name) and name not in self.errors]
        for name in lacking:
            self.add_error(name, NEEDED[name])
        if not lacking and all(name in told for name in NEW_ONE):
            told["wanted"] = NewAddress(**{name: told[name] or "" for name in NEW_ONE})
        return told


def _offer(form: forms.Form, contract: Contract) -> None:
    choice: Any = form.fields["address_id"]
    own = contract.customer.addresses.order_by("-is_main", "pk")
    others = [(one.pk, one.told()) for one in own if one.pk != contract.address_id]
    choice.choices = [("", "Um novo endereço"), *others]


def _foresee(contract: Contract, told: Told, _today: date) -> Foreseen:
    journey.refuse(contract)
    if "wanted" not in told:
        return Foreseen(sentences=("Escolha um endereço do cliente, ou escreva um novo.",))
    after = journey.preview(contract, told["wanted"])
    before = contract.address
    sentences = [f"O contrato passa a ser atendido em {after.told()}."]
    sentences.append(
        f"Antes: {before.told()}. Fica no histórico."
        if before
        else "Sem endereço, o fechamento retinha o contrato; agora deixa de reter."
    )
    if after.pk is None:
        sentences.append(f"O endereço entra no cadastro de {contract.customer.name}.")
    sentences += [
        "Documentos e segundas vias saem com ele a partir de agora; os já emitidos não mudam.",
        f"A filial continua {contract.branch.name}: feriados, vencimentos e valores não mudam.",
    ]
    return Foreseen(sentences=tuple(sentences))


def _change(request: HttpRequest, contract: Contract, told: Told) -> str:
    journey.change(
        contract.pk,
        told["wanted"],
        reason=told["reason"],
        by=scope.actor(request),
        now=timezone.now(),
    )
    return reverse("contract", args=[contract.pk])


def _crumbs(contract: Contract) -> tuple[Crumb, ...]:
    own = reverse("contract", args=[contract.pk])
    return (("Contratos", reverse("contracts")), (str(contract.pk), own))


CHANGE = Deed[Contract](
    title="Mudar endereço",
    button="Mudar endereço",
    done="Endereço de instalação alterado.",
    form=AddressForm,
    about=lambda contract: f"{contract.customer.name} · Contrato {contract.pk}",
    crumbs=_crumbs,
    foresee=_foresee,
    act=_change,
    offer=_offer,
    refusals=(AddressRefused,),
    group="Cadastros",
)


@needs(Permission.CHANGE_CONTRACTS)
def change(request: HttpRequest, contract_id: int) -> HttpResponse:
    """Ask where a contract is served from now on, and show what changes with it."""
    return deeds.respond(request, CHANGE, visible(request, contract_id))
