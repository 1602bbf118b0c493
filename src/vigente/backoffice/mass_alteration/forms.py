"""What a mass alteration is asked for."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms

from vigente.alterations.mass import Asked, Choice
from vigente.backoffice import long_runs
from vigente.backoffice.fields import Code, Day, Number, Text, Whole
from vigente.catalog import queries as catalog
from vigente.catalog.models import BillingType, SalePlan
from vigente.domain.codes import MassKind
from vigente.domain.readjustment import IndexMonthsMissing
from vigente.journeys import mass_alteration
from vigente.staff.models import Branch

KINDS = {
    MassKind.PERCENT: "Reajuste por percentual",
    MassKind.INDEX: "Reajuste por índice",
    MassKind.PLAN: "Migração de plano",
}
NEEDED = {
    MassKind.PERCENT.value: ("percent", "Informe o percentual do reajuste."),
    MassKind.INDEX.value: ("index_code", "Escolha o índice do reajuste."),
    MassKind.PLAN.value: ("sale_plan", "Escolha o plano novo."),
}
WHAT = ("kind", "on", "percent", "index_code", "index_until", "sale_plan")
WHICH = ("branch", "present_plan", "billing_type", "due_day", "city")


class MassForm(forms.Form):
    """What is done, from which day, and to which contracts."""

    kind = Code("O que fazer", KINDS)
    on = Day("A partir do dia")
    percent = Number("Percentual", "0.0001", "100", required=False)
    index_code = forms.ChoiceField(label="Índice", required=False)
    index_until = forms.CharField(label="12 meses até", required=False)
    sale_plan = forms.ModelChoiceField(SalePlan.objects.none(), label="Plano novo", required=False)
    with_additional = forms.BooleanField(label="Reajustar serviços adicionais", required=False)
    branch = forms.ModelChoiceField(Branch.objects.none(), label="Filial", required=False)
    present_plan = forms.ModelChoiceField(
        SalePlan.objects.none(), label="Plano atual", required=False, empty_label="Todos"
    )
    billing_type = forms.ModelChoiceField(
        BillingType.objects.none(), label="Tipo de cobrança", required=False, empty_label="Todos"
    )
    due_day = Whole("Dia de vencimento", 1, 31, required=False)
    city = Text("Cidade da instalação", 80, required=False)

    def __init__(self, data: Any = None, *, branches: Sequence[Branch], all_branches: bool) -> None:
        super().__init__(data)
        ids = [branch.pk for branch in branches]
        plans = catalog.sold_by(ids).order_by("name")
        fields: dict[str, Any] = self.fields
        fields["branch"].queryset = Branch.objects.filter(pk__in=ids).order_by("name")
        fields["branch"].empty_label = "Todas" if all_branches else None
        fields["branch"].required = not all_branches
        fields["sale_plan"].queryset = plans.filter(is_active=True)
        fields["present_plan"].queryset = plans
        fields["billing_type"].queryset = BillingType.objects.order_by("name")
        fields["index_code"].choices = [("", "—"), *((c, c) for c in catalog.index_codes())]
        fields["index_until"].widget.input_type = "month"
        for name, field in fields.items():
            is_select = isinstance(field, forms.ModelChoiceField | forms.ChoiceField)
            field.widget.attrs["class"] = "form-select" if is_select else "form-control"
            if name == "with_additional":
                field.widget.attrs["class"] = "form-check-input"

    def clean_index_until(self) -> date | None:
        """Read the last of the 12 months."""
        return long_runs.read_month(self.cleaned_data["index_until"])

    def clean(self) -> dict[str, Any]:
        """Ask for what the kind needs, and read the index."""
        told = super().clean() or {}
        kind = told.get("kind", "")
        name, sentence = NEEDED.get(kind, ("", ""))
        if name and name not in self.errors and not told.get(name):
            self.add_error(name, sentence)
        if kind == MassKind.INDEX.value and not self.errors:
            self._read_index(told)
        return told

    def _read_index(self, told: dict[str, Any]) -> None:
        if told["index_until"] is None:
            self.add_error("index_until", "Informe o último dos 12 meses do índice.")
            return
        try:
            told["index"] = mass_alteration.readjustment_by_index(
                told["index_code"], until=told["index_until"]
            )
        except IndexMonthsMissing as missing:
            self.add_error("index_until", str(missing))

    def asked(self) -> Asked:
        """Return what is asked for; only what belongs to the kind."""
        told = self.cleaned_data
        kind = MassKind(told["kind"])
        common = {"kind": kind, "on": told["on"]}
        if kind is MassKind.PLAN:
            return Asked(**common, sale_plan_id=told["sale_plan"].pk)
        common["with_additional"] = told["with_additional"]
        if kind is MassKind.PERCENT:
            return Asked(**common, percents_e4=(int(told["percent"] * 10_000),))
        return Asked(
            **common,
            percents_e4=told["index"].percents_e4,
            index_code=told["index_code"],
            index_until=told["index_until"],
        )

    def choice(self) -> Choice:
        """Return which contracts are asked for."""
        told = self.cleaned_data
        return Choice(
            branch_id=told["branch"].pk if told["branch"] else None,
            sale_plan_id=told["present_plan"].pk if told["present_plan"] else None,
            billing_type_id=told["billing_type"].pk if told["billing_type"] else None,
            due_day=told["due_day"],
            city=told["city"].strip() or None,
        )
