"""What the assistant asks: the settings, the new terms, and what is added."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django import forms
from django.db.models import Q, QuerySet
from django.http import QueryDict

from vigente.alterations.actions import Settings
from vigente.alterations.asking import Asked, AskedItem
from vigente.alterations.models import Alteration
from vigente.backoffice import choices, fields
from vigente.backoffice.fields import Cents, Code, Day, Number, Row, Text, Whole
from vigente.backoffice.registers import asked as lines_of
from vigente.backoffice.registers.asked import LineForms
from vigente.backoffice.registers.page import Lines
from vigente.billing import facts
from vigente.catalog.models import SalePlan
from vigente.contracts.models import Contract, ContractItem
from vigente.documents.models import DocumentTemplate
from vigente.domain.codes import (
    AlterationDefinition,
    ItemKind,
    ItemOrigin,
    SignatureKind,
    TemplateKind,
)

DEFINITIONS = {
    AlterationDefinition.CONTRACT: "Alteração de contrato",
    AlterationDefinition.ADDENDUM: "Adição de um termo",
    AlterationDefinition.NONE: "Nenhuma alteração",
}
KIND_OF_TEMPLATE = {
    AlterationDefinition.CONTRACT.value: TemplateKind.CONTRACT,
    AlterationDefinition.ADDENDUM.value: TemplateKind.ADDENDUM,
}
SIGNATURES = {SignatureKind.DIGITAL: "Digital", SignatureKind.PRINTED: "Impressa"}
ADDABLE = {
    ItemKind.ADDITIONAL: "Serviço adicional",
    ItemKind.DISCOUNT: "Desconto",
}
CHOSEN = (ItemOrigin.SALE.value, ItemOrigin.STAFF.value, ItemOrigin.IMPORT.value)
KEPT, FROM_PLAN, PLAN_SHOWN = "mantidos", "do_plano", "plano_visto"


class SettingsForm(forms.Form):
    """Step 1: what the alteration is recorded as, and what is signed for it."""

    branch_id = Row("Filial", choices.branches)
    seller_id = Row("Vendedor", choices.sellers, required=False, empty="sem vendedor")
    definition = Code("Definição do contrato/termo", DEFINITIONS)
    template_id = Row("Modelo de contrato", choices.templates, required=False)
    signature = Code("Assinatura", SIGNATURES)

    def clean(self) -> dict[str, Any]:
        """Ask for the template of what is to be signed."""
        told = super().clean() or {}
        definition = told.get("definition")
        if definition != AlterationDefinition.NONE and not told.get("template_id"):
            self.add_error(
                "template_id",
                "Informe o modelo que será impresso, ou escolha «Nenhuma alteração» acima.",
            )
        if told.get("template_id"):
            self._refuse_other_kind(told)
        if definition == AlterationDefinition.NONE and told.get("signature") == "DIGITAL":
            self.add_error("signature", "Sem documento não há o que assinar: escolha Impressa.")
        return told

    def _refuse_other_kind(self, told: dict[str, Any]) -> None:
        """Refuse a template of contracts for an addendum, and the other way round."""
        kind = DocumentTemplate.objects.get(pk=told["template_id"]).kind
        wanted = KIND_OF_TEMPLATE.get(told.get("definition", ""))
        if wanted is not None and kind != wanted.value:
            self.add_error(
                "template_id",
                "Este modelo não é do tipo escolhido acima: um contrato se imprime de um modelo de "
                "contrato, um termo de um modelo de termo.",
            )

    def settings(self) -> Settings:
        """Return what was chosen."""
        told = self.cleaned_data
        return Settings(
            branch_id=told["branch_id"],
            seller_id=told["seller_id"],
            template_id=told["template_id"],
            definition=AlterationDefinition(told["definition"]),
            signature=SignatureKind(told["signature"]),
        )


def settings_initial(contract: Contract, draft: Alteration | None) -> Mapping[str, Any]:
    """Return the settings as the step opens: those of the draft, or of the contract."""
    if draft is not None:
        return {name: getattr(draft, name) for name in SettingsForm.base_fields}
    return {
        "branch_id": contract.branch_id,
        "seller_id": None,
        "definition": AlterationDefinition.CONTRACT.value,
        "template_id": contract.template_id,
        "signature": SignatureKind.PRINTED.value,
    }


def _plans(branch_ids: Sequence[int]) -> QuerySet[SalePlan]:
    of_all = Q(branch=None) | Q(branch_id__in=branch_ids)
    return SalePlan.objects.filter(of_all, is_active=True).order_by("name")


class TermsForm(forms.Form):
    """Step 2: the new billing type, due day and plan, and from which day on."""

    on = Day("Data da alteração", help_text="Este dia já é cobrado no valor novo.")
    last_day = Day(
        "Último dia", required=False, help_text="Vazio: para sempre. Com data, volta sozinha."
    )
    billing_type_id = Row(
        "Tipo de cobrança novo", choices.billing_types, required=False, empty="como está"
    )
    due_day = Whole("Dia de vencimento novo", 1, 31, required=False)
    plan_id = Row("Plano novo", _plans, required=False, empty="o plano de hoje")
    charges_penalty = fields.YesNo("Cobrar a multa de fidelidade, se houver")
    starts_loyalty = fields.YesNo("Começar a fidelidade do plano novo")


class AddedForm(forms.Form):
    """A service or a discount that begins with the alteration."""

    kind = Code("Tipo", ADDABLE)
    product_id = Row("Produto ou serviço", choices.products)
    description = Text("Descrição", 120)
    quantity = Number("Quantidade", "0.001", "100000", places=3, initial=1)
    price_cents = Cents("Valor")
    times = Whole("Vezes (vazio: todo mês)", 1, 120, required=False)


ADDED = Lines(
    name="added",
    title="Adicionar produtos, serviços e descontos",
    form=AddedForm,
    facts=AskedItem,
    hint="Começam no dia da alteração.",
    add="Adicionar",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """A product with its tick: whether it is there after the alteration."""

    id: int
    name: str
    description: str
    origin: str
    cents: int
    is_discount: bool
    is_ticked: bool


@dataclass(slots=True)
class Terms:
    """The second step as it was opened or sent."""

    form: TermsForm
    lines: LineForms
    own: list[ContractItem]
    plan: SalePlan | None
    ticked_own: frozenset[int]
    ticked_plan: frozenset[int]

    def is_valid(self) -> bool:
        """Tell whether something can be planned from it."""
        return all([self.form.is_valid(), self.lines.is_valid()])

    @property
    def choices(self) -> list[Choice]:
        """Return all products to choose from: of the new plan, and those of the contract."""
        of_plan = sorted(self.plan.items.all(), key=lambda item: item.pk) if self.plan else []
        return [
            Choice(
                id=item.pk,
                name=FROM_PLAN,
                description=item.description,
                origin="do plano novo",
                cents=item.price_cents,
                is_discount=False,
                is_ticked=item.pk in self.ticked_plan,
            )
            for item in of_plan
        ] + [
            Choice(
                id=item.pk,
                name=KEPT,
                description=item.description,
                origin="mantido" if item.pk in self.ticked_own else "termina",
                cents=item.price_cents,
                is_discount=item.kind == ItemKind.DISCOUNT.value,
                is_ticked=item.pk in self.ticked_own,
            )
            for item in self.own
        ]

    def asked(self) -> Asked:
        """Return what was asked for."""
        told = self.form.cleaned_data
        is_other_plan = self.plan is not None
        plan_ids = {item.pk for item in self.own if item.kind == ItemKind.PLAN.value}
        unticked = {item.pk for item in self.own} - self.ticked_own
        return Asked(
            on=told["on"],
            until=told["last_day"] + timedelta(days=1) if told["last_day"] else None,
            plan_id=told["plan_id"],
            plan_item_ids=tuple(sorted(self.ticked_plan)) if is_other_plan else (),
            kept_item_ids=tuple(sorted(self.ticked_own & plan_ids)) if is_other_plan else (),
            ended_item_ids=tuple(sorted(unticked - plan_ids if is_other_plan else unticked)),
            added=tuple(
                AskedItem(**{**line.cleaned_data, "kind": ItemKind(line.cleaned_data["kind"])})
                for line in (_without_tick(form) for form in self.lines.forms)
                if line is not None
            ),
            billing_type_id=told["billing_type_id"],
            due_day=told["due_day"],
            charges_penalty=told["charges_penalty"],
            starts_loyalty=told["starts_loyalty"],
        )


def opened(alteration: Alteration, asked: Asked, *, branch_ids: Sequence[int]) -> Terms:
    """Return the second step as the draft has it."""
    initial = {
        "on": asked.on,
        "last_day": asked.until - timedelta(days=1) if asked.until else None,
        "billing_type_id": asked.billing_type_id,
        "due_day": asked.due_day,
        "plan_id": asked.plan_id,
        "charges_penalty": asked.charges_penalty,
        "starts_loyalty": asked.starts_loyalty,
    }
    own = _own_items(alteration)
    ended = set(asked.ended_item_ids)
    if asked.plan_id is not None:
        plan_ids = {item.pk for item in own if item.kind == ItemKind.PLAN.value}
        ended |= plan_ids - set(asked.kept_item_ids)
    return _terms(
        None,
        initial=initial,
        added=[_told(item) for item in asked.added],
        own=own,
        plan=_plan(asked.plan_id),
        ticked_own=frozenset(item.pk for item in own) - ended,
        ticked_plan=frozenset(asked.plan_item_ids),
        branch_ids=branch_ids,
    )


def sent(alteration: Alteration, data: QueryDict, *, branch_ids: Sequence[int]) -> Terms:
    """Return the second step as it was sent.

    A plan that was only just chosen comes with all its products, in place of the present ones.
    """
    own = _own_items(alteration)
    plan = _plan(_number(data.get("plan_id", "")))
    ticked_own = frozenset(_numbers(data, KEPT)) & {item.pk for item in own}
    ticked_plan = frozenset(_numbers(data, FROM_PLAN))
    if data.get(PLAN_SHOWN, "") != (str(plan.pk) if plan else ""):
        ticked_plan = frozenset(item.pk for item in plan.items.all()) if plan else frozenset()
        ticked_own = frozenset(i.pk for i in own if plan is None or i.kind != ItemKind.PLAN.value)
    elif plan is not None:
        ticked_plan &= {item.pk for item in plan.items.all()}
    return _terms(
        data,
        initial={},
        added=[],
        own=own,
        plan=plan,
        ticked_own=ticked_own,
        ticked_plan=ticked_plan if plan else frozenset(),
        branch_ids=branch_ids,
    )


def _terms(
    data: QueryDict | None,
    *,
    initial: Mapping[str, Any],
    added: Sequence[Mapping[str, Any]],
    own: list[ContractItem],
    plan: SalePlan | None,
    ticked_own: frozenset[int],
    ticked_plan: frozenset[int],
    branch_ids: Sequence[int],
) -> Terms:
    form = TermsForm(data, initial=dict(initial))
    fields.prepare(form, branch_ids=branch_ids)
    lines = lines_of.formset(ADDED, data, added, branch_ids=branch_ids, opens_empty=True)
    return Terms(form, lines, own, plan, ticked_own, ticked_plan)


def _own_items(alteration: Alteration) -> list[ContractItem]:
    """Return the items that go on at the alteration's day, without what was only settled."""
    to_be_charged = facts.contract_items([alteration.contract_id])
    ids = [item.id for items in to_be_charged.values() for item in items]
    lasting = Q(ends_on=None) | Q(ends_on__gt=alteration.on)
    own = alteration.contract.items.filter(lasting, pk__in=ids, origin__in=CHOSEN)
    return list(own.order_by("pk"))


def _plan(plan_id: int | None) -> SalePlan | None:
    if plan_id is None:
        return None
    return SalePlan.objects.prefetch_related("items").filter(pk=plan_id).first()


def _without_tick(form: forms.Form) -> forms.Form | None:
    """Return a line that was filled in and not taken out, without the tick that takes it out."""
    told = form.cleaned_data
    if not form.has_changed() or not told or told.pop("DELETE", False):
        return None
    return form


def _told(item: AskedItem) -> dict[str, Any]:
    return {name: getattr(item, name) for name in AddedForm.base_fields}


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 18 else None


def _numbers(data: QueryDict, name: str) -> list[int]:
    found = (_number(text) for text in data.getlist(name))
    return [number for number in found if number is not None]
