"""Alterations: as drafts while they are asked for, as plans once they are confirmed.

A confirmed alteration is never edited (`alteration_never_edited`); it is undone, once, or another
one compensates for it.
"""

from django.db import models
from django.db.models import F, Q

from vigente.billing.models import Invoice
from vigente.catalog.models import BillingType, SalePlan
from vigente.contracts.models import Contract, ContractItem, ContractPlan, FormerSchedule
from vigente.documents.models import DocumentTemplate, IssuedDocument
from vigente.domain.codes import (
    AlterationDefinition,
    AlterationKind,
    AlterationStatus,
    AlteredRole,
    DifferencePolicy,
    SignatureKind,
    values,
)
from vigente.staff.models import Branch, Seller

OPEN = (AlterationStatus.DRAFT.value, AlterationStatus.SCHEDULED.value)
NOT_PLANNED = (AlterationStatus.DRAFT.value, AlterationStatus.DROPPED.value)


class Alteration(models.Model):
    """One alteration of one contract.

    `asked` is what people chose, by ids; `wanted` and `plan` are the terms and the AlterationPlan
    as they were confirmed. `on` is the first day at the new terms, `until` the first day without
    them. `difference_cents` is below zero where it is given back. `refusal` says why a scheduled
    one was not carried out on its day. `site` is the address that the customer is sent to, to
    sign the `document`.
    """

    contract = models.ForeignKey(Contract, on_delete=models.PROTECT, related_name="alterations")
    branch = models.ForeignKey(Branch, on_delete=models.PROTECT, related_name="+")
    seller = models.ForeignKey(Seller, on_delete=models.PROTECT, null=True, related_name="+")
    template = models.ForeignKey(
        DocumentTemplate, on_delete=models.PROTECT, null=True, related_name="+"
    )
    definition = models.CharField(max_length=10, default=AlterationDefinition.CONTRACT.value)
    signature = models.CharField(max_length=8, default=SignatureKind.PRINTED.value)
    status = models.CharField(max_length=10, default=AlterationStatus.DRAFT.value)
    on = models.DateField()
    until = models.DateField(null=True)
    asked = models.JSONField()
    wanted = models.JSONField(null=True)
    plan = models.JSONField(null=True)
    digest = models.CharField(max_length=64, blank=True)
    refusal = models.TextField(blank=True)
    site = models.CharField(max_length=200, blank=True, db_default="")
    document = models.OneToOneField(
        IssuedDocument, on_delete=models.PROTECT, null=True, related_name="alteration"
    )
    compensates = models.ForeignKey("self", on_delete=models.PROTECT, null=True)

    kind = models.CharField(max_length=2, blank=True)
    sale_plan_before = models.ForeignKey(
        SalePlan, on_delete=models.PROTECT, null=True, related_name="+"
    )
    sale_plan_after = models.ForeignKey(
        SalePlan, on_delete=models.PROTECT, null=True, related_name="+"
    )
    billing_type_before = models.ForeignKey(
        BillingType, on_delete=models.PROTECT, null=True, related_name="+"
    )
    billing_type_after = models.ForeignKey(
        BillingType, on_delete=models.PROTECT, null=True, related_name="+"
    )
    due_day_before = models.PositiveSmallIntegerField(null=True)
    due_day_after = models.PositiveSmallIntegerField(null=True)
    monthly_before_cents = models.BigIntegerField(null=True)
    monthly_after_cents = models.BigIntegerField(null=True)
    policy = models.CharField(max_length=14, blank=True)
    difference_cents = models.BigIntegerField(default=0)
    shift_cents = models.BigIntegerField(default=0)
    penalty_cents = models.BigIntegerField(default=0)
    cancelled_cents = models.BigIntegerField(default=0)
    credit_cents = models.BigIntegerField(default=0)
    former_schedule = models.OneToOneField(
        FormerSchedule, on_delete=models.PROTECT, null=True, related_name="+"
    )

    created_at = models.DateTimeField()
    by_user_id = models.BigIntegerField(null=True)
    by_name = models.CharField(max_length=120)
    confirmed_at = models.DateTimeField(null=True)
    confirmed_by_user_id = models.BigIntegerField(null=True)
    confirmed_by_name = models.CharField(max_length=120, blank=True)
    undone_at = models.DateTimeField(null=True)
    undone_by_user_id = models.BigIntegerField(null=True)
    undone_by_name = models.CharField(max_length=120, blank=True)
    undo_reason = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(
                    status__in=values(AlterationStatus),
                    definition__in=values(AlterationDefinition),
                    signature__in=values(SignatureKind),
                )
                & (Q(kind="") | Q(kind__in=values(AlterationKind)))
                & (Q(policy="") | Q(policy__in=values(DifferencePolicy))),
                name="alteration_codes",
            ),
            models.UniqueConstraint(
                fields=["contract"], condition=Q(status__in=OPEN), name="one_open_alteration"
            ),
            models.CheckConstraint(
                condition=Q(status__in=NOT_PLANNED)
                | Q(
                    wanted__isnull=False,
                    plan__isnull=False,
                    monthly_before_cents__isnull=False,
                    monthly_after_cents__isnull=False,
                    confirmed_at__isnull=False,
                )
                & ~Q(kind=""),
                name="alteration_confirmed_is_whole",
            ),
            models.CheckConstraint(
                condition=Q(until=None) | Q(until__gt=F("on")), name="alteration_ends_after_its_day"
            ),
            models.CheckConstraint(
                condition=(Q(status=AlterationStatus.UNDONE.value) & ~Q(undo_reason=""))
                | (~Q(status=AlterationStatus.UNDONE.value) & Q(undone_at=None, undo_reason="")),
                name="alteration_undone_for_a_reason",
            ),
        ]
        indexes = [
            models.Index(fields=["branch", "-id"], name="alteration_of_branch"),
            models.Index(
                fields=["on", "kind"],
                condition=Q(status=AlterationStatus.CONFIRMED.value),
                name="alteration_confirmed_on",
            ),
            models.Index(
                fields=["on"],
                condition=Q(status=AlterationStatus.SCHEDULED.value),
                name="alteration_scheduled_on",
            ),
        ]

    def __str__(self) -> str:
        return f"Alteração {self.pk}"


class AlteredItem(models.Model):
    """What an alteration did to an item; the `former` facts are what undoing it restores."""

    alteration = models.ForeignKey(Alteration, on_delete=models.PROTECT, related_name="items")
    item = models.ForeignKey(ContractItem, on_delete=models.PROTECT, related_name="alterations")
    role = models.CharField(max_length=8)
    former_ends_on = models.DateField(null=True)
    former_plan = models.ForeignKey(
        ContractPlan, on_delete=models.PROTECT, null=True, related_name="+"
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(role__in=values(AlteredRole)), name="altered_item_role"
            ),
            models.UniqueConstraint(fields=["alteration", "item"], name="altered_item_once"),
        ]

    def __str__(self) -> str:
        return f"{self.role} {self.item_id}"


class AlteredPlan(models.Model):
    """What an alteration did to a sale plan of the contract."""

    alteration = models.ForeignKey(Alteration, on_delete=models.PROTECT, related_name="plans")
    contract_plan = models.ForeignKey(ContractPlan, on_delete=models.PROTECT, related_name="+")
    role = models.CharField(max_length=8)
    former_ends_on = models.DateField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(role__in=values(AlteredRole)), name="altered_plan_role"
            ),
            models.UniqueConstraint(
                fields=["alteration", "contract_plan"], name="altered_plan_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.role} {self.contract_plan_id}"


class CancelledInvoice(models.Model):
    """An invoice of a later period that an alteration cancelled, to be billed at the new terms."""

    alteration = models.ForeignKey(Alteration, on_delete=models.PROTECT, related_name="invoices")
    invoice = models.OneToOneField(Invoice, on_delete=models.PROTECT, related_name="+")

    def __str__(self) -> str:
        return f"{self.alteration_id}: {self.invoice_id}"
