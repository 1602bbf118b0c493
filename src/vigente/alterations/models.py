"""Alterations: as drafts while they are asked for, as plans once they are confirmed.

A confirmed alteration is never edited (`alteration_never_edited`); it is undone, once, or another
one compensates for it.
"""

from datetime import timedelta

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from vigente.billing.models import Invoice
from vigente.catalog.models import BillingType, SalePlan
from vigente.contracts.models import Contract, ContractItem, ContractPlan, FormerSchedule
from vigente.documents.models import DocumentTemplate, IssuedDocument
from vigente.domain.codes import (
    AlterationDefinition,
    AlterationKind,
    AlterationRefusal,
    AlterationStatus,
    AlteredRole,
    ChunkStatus,
    DifferencePolicy,
    MassKind,
    MassSkipReason,
    MassStatus,
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
    sign the `document`. `mass` is the mass alteration that it is one of; its `digest` is empty,
    since nobody was shown a plan of it alone.
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
    mass = models.ForeignKey(
        "MassAlteration", on_delete=models.PROTECT, null=True, related_name="alterations"
    )

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
            models.UniqueConstraint(
                fields=["compensates"],
                condition=Q(status__in=(*OPEN, AlterationStatus.CONFIRMED.value)),
                name="compensated_once",
            ),
            models.CheckConstraint(
                condition=~Q(compensates=F("id")), name="alteration_compensates_another"
            ),
            # a mass alteration that is carried on again alters nobody twice
            models.UniqueConstraint(fields=["mass", "contract"], name="mass_alters_once"),
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

    @property
    def change_cents(self) -> int | None:
        """Return by how much the value a month changes; a draft does not know yet."""
        if self.monthly_before_cents is None or self.monthly_after_cents is None:
            return None
        return self.monthly_after_cents - self.monthly_before_cents


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


class PrintedAlteration(models.Model):
    """The plan of a confirmed alteration as a document of its own, printed once and kept."""

    alteration = models.OneToOneField(Alteration, on_delete=models.PROTECT, related_name="printed")
    document = models.OneToOneField(IssuedDocument, on_delete=models.PROTECT, related_name="+")

    def __str__(self) -> str:
        return f"{self.alteration_id}: {self.document_id}"


class MassAlteration(models.Model):
    """The same alteration of many contracts: another plan, or prices by percent or by an index.

    `percents` are in ten-thousandths of 1 %, each upon what the one before made: one, or the 12
    months of `index_code` up to `index_until` as they were known when it was begun. `filters` are
    what was chosen (`alterations.mass.Choice`). `accepts_shortfall` is the tick of who carries it
    out. It worked for `worked_for` until its last pause, and again since `resumed_at`.
    """

    branch = models.ForeignKey(Branch, on_delete=models.PROTECT, null=True, related_name="+")
    kind = models.CharField(max_length=8)
    on = models.DateField()
    sale_plan = models.ForeignKey(SalePlan, on_delete=models.PROTECT, null=True, related_name="+")
    percents = ArrayField(models.IntegerField(), default=list)
    index_code = models.CharField(max_length=12, blank=True)
    index_until = models.DateField(null=True)
    with_additional = models.BooleanField(default=False)
    filters = models.JSONField(default=dict)
    accepts_shortfall = models.BooleanField(default=False)
    status = models.CharField(max_length=10, default=MassStatus.SIMULATING.value)
    by_user_id = models.BigIntegerField(null=True)
    by_name = models.CharField(max_length=120)
    created_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True)
    resumed_at = models.DateTimeField(null=True)
    worked_for = models.DurationField(default=timedelta)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=values(MassKind), status__in=values(MassStatus)),
                name="mass_alteration_codes",
            ),
            models.CheckConstraint(
                condition=Q(
                    kind=MassKind.PLAN.value,
                    sale_plan__isnull=False,
                    percents=[],
                    index_code="",
                    index_until=None,
                )
                | Q(
                    kind=MassKind.PERCENT.value,
                    sale_plan=None,
                    percents__len=1,
                    index_code="",
                    index_until=None,
                )
                | (
                    Q(
                        kind=MassKind.INDEX.value,
                        sale_plan=None,
                        percents__len=12,
                        index_until__isnull=False,
                    )
                    & ~Q(index_code="")
                ),
                name="mass_alteration_is_whole",
            ),
            models.CheckConstraint(
                condition=Q(finished_at=None) | Q(started_at__isnull=False),
                name="mass_alteration_starts_before_it_ends",
            ),
            models.CheckConstraint(
                condition=Q(resumed_at=None)
                | (Q(started_at__isnull=False) & ~Q(status=MassStatus.PAUSED.value)),
                name="mass_alteration_works_once_started",
            ),
        ]

    def __str__(self) -> str:
        return f"Alteração em massa {self.pk}"


class MassChunk(models.Model):
    """Contracts of a mass alteration that are altered in one transaction.

    `simulated` and `written` are the same figures (`mass_alteration.MassFigures`).
    """

    mass = models.ForeignKey(MassAlteration, on_delete=models.PROTECT, related_name="chunks")
    number = models.PositiveIntegerField()
    contract_ids = ArrayField(models.BigIntegerField())
    status = models.CharField(max_length=8, default=ChunkStatus.TODO.value)
    simulated = models.JSONField(null=True)
    written = models.JSONField(null=True)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["mass", "number"], name="mass_chunk_once"),
            models.CheckConstraint(
                condition=Q(status=ChunkStatus.TODO.value, written=None)
                | Q(status=ChunkStatus.DONE.value, written__isnull=False),
                name="mass_chunk_done_has_figures",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.mass_id}/{self.number}"


class MassSkip(models.Model):
    """A contract that a mass alteration leaves as it is, and why."""

    mass = models.ForeignKey(MassAlteration, on_delete=models.PROTECT, related_name="skips")
    chunk = models.ForeignKey(MassChunk, on_delete=models.PROTECT, related_name="skips")
    contract = models.ForeignKey(Contract, on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(max_length=24)
    sentence = models.TextField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["mass", "contract"], name="mass_skip_once"),
            models.CheckConstraint(
                condition=Q(reason__in=[*values(AlterationRefusal), *values(MassSkipReason)]),
                name="mass_skip_reason",
            ),
            models.CheckConstraint(condition=~Q(sentence=""), name="mass_skip_says_why"),
        ]

    def __str__(self) -> str:
        return f"{self.contract_id}: {self.reason}"
