"""What a month close is asked for."""

import re
from calendar import monthrange
from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms

from vigente.backoffice import long_runs
from vigente.billing.facts import Choice
from vigente.catalog.models import BillingType, Wallet
from vigente.contracts.models import Contract
from vigente.customers.models import Customer
from vigente.staff.models import Branch


class CloseForm(forms.Form):
    """By reference month, or by everything due until a day; narrowed as one likes."""

    month = forms.CharField(label="Mês de referência", required=False)
    due_until = forms.DateField(label="Ou vencimentos até", required=False)
    branch = forms.ModelChoiceField(Branch.objects.none(), label="Filial", required=False)
    wallet = forms.ModelChoiceField(Wallet.objects.none(), label="Carteira", required=False)
    billing_type = forms.ModelChoiceField(
        BillingType.objects.none(), label="Tipo de cobrança", required=False
    )
    customer = forms.CharField(label="Só o cliente (CPF/CNPJ)", required=False, max_length=20)
    contract = forms.IntegerField(label="Só o contrato", required=False, min_value=1)
    approve_back_periods = forms.BooleanField(label="Aprovar períodos atrasados", required=False)

    def __init__(self, data: Any = None, *, branches: Sequence[Branch], all_branches: bool) -> None:
        super().__init__(data)
        self.all_branches = all_branches
        self.branch_ids = [branch.pk for branch in branches]
        fields: dict[str, Any] = self.fields
        fields["branch"].queryset = Branch.objects.filter(pk__in=self.branch_ids).order_by("name")
        fields["branch"].empty_label = "Todas" if all_branches else None
        fields["branch"].required = not all_branches
        fields["wallet"].queryset = Wallet.objects.filter(is_active=True).order_by("name")
        fields["wallet"].empty_label = "Todas"
        fields["billing_type"].queryset = BillingType.objects.order_by("name")
        fields["billing_type"].empty_label = "Todos"
        fields["month"].widget.input_type = "month"
        fields["due_until"].widget.input_type = "date"
        for name, field in fields.items():
            is_select = isinstance(field, forms.ModelChoiceField)
            field.widget.attrs["class"] = "form-select" if is_select else "form-control"
            if name == "approve_back_periods":
                field.widget.attrs["class"] = "form-check-input"

    def clean_month(self) -> date | None:
        """Read the month of reference."""
        return long_runs.read_month(self.cleaned_data["month"])

    def clean_customer(self) -> int | None:
        """Find the customer by document, among those of the person's branches."""
        document = re.sub(r"[.\-/\s]", "", self.cleaned_data["customer"]).upper()
        if not document:
            return None
        found = Customer.objects.filter(
            tax_id=document, contracts__branch_id__in=self.branch_ids
        ).first()
        if found is None:
            raise forms.ValidationError("Não existe cliente com contrato e este CPF/CNPJ.")
        return found.pk

    def clean_contract(self) -> int | None:
        """Refuse a contract that is not there, or not the person's to see."""
        contract_id: int | None = self.cleaned_data["contract"]
        if contract_id is None:
            return None
        if not Contract.objects.filter(pk=contract_id, branch_id__in=self.branch_ids).exists():
            raise forms.ValidationError("Não existe contrato com este código.")
        return contract_id

    def clean(self) -> dict[str, Any]:
        """Ask for one of the two: the month, or the last due date."""
        told = super().clean() or {}
        if not self.errors and (told.get("month") is None) == (told.get("due_until") is None):
            raise forms.ValidationError("Informe o mês de referência ou o último vencimento.")
        return told

    def due_until_day(self) -> date:
        """Return the last due date that is asked for."""
        month: date | None = self.cleaned_data["month"]
        if month is None:
            day: date = self.cleaned_data["due_until"]
            return day
        return month.replace(day=monthrange(month.year, month.month)[1])

    def choice(self) -> Choice:
        """Return which contracts are asked for."""
        told = self.cleaned_data
        return Choice(
            branch_id=told["branch"].pk if told["branch"] else None,
            wallet_id=told["wallet"].pk if told["wallet"] else None,
            billing_type_id=told["billing_type"].pk if told["billing_type"] else None,
            customer_id=told["customer"],
            contract_id=told["contract"],
        )
