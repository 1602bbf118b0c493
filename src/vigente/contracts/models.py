"""What each customer agreed to: the contract, its plans over time and its items."""

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import F, Func, Q
from django.db.models.functions import Lower

from vigente.catalog.models import BillingType, Product, SalePlan, Wallet
from vigente.customers.models import Address, Customer
from vigente.documents.models import Attachment, DocumentTemplate, IssuedDocument
from vigente.domain.codes import Charge, ItemKind, ItemOrigin, ServiceKind, values
from vigente.domain.lifecycle import ContractStatus
from vigente.staff.models import Branch, Seller


class CancellationReason(models.Model):
    """Why a contract ended, and what that means for figures and for the last days."""

    name = models.CharField(max_length=80)
    counts_as_churn = models.BooleanField(default=True)
    counts_as_delinquency = models.BooleanField(default=False)
    waives_last_period = models.BooleanField(default=False)
    is_active = models.BooleanField(default=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(Lower("name"), name="cancellation_reason_once"),
        ]

    def __str__(self) -> str:
        return self.name


class Contract(models.Model):
    """One agreement of one customer, billed by one schedule at a time.

    `billing_starts_on` is the first day that the present schedule covers; where a contract was
    imported it is the day after *faturado até*, which then counts as the previous invoice.
    `due_anchor_on` is a nominal due date known to be on the schedule's grid, or null; `stretch`
    is what a changed due day makes of the schedule's first period, see `schedules`.
    `ends_on` is the first day that is no longer served.
    """

    code = models.CharField(max_length=40, null=True)
    customer = models.ForeignKey(
        Customer, on_delete=models.PROTECT, related_name="contracts", db_index=False
    )
    branch = models.ForeignKey(Branch, on_delete=models.PROTECT, related_name="contracts")
    seller = models.ForeignKey(Seller, on_delete=models.PROTECT, null=True)
    address = models.ForeignKey(Address, on_delete=models.PROTECT, null=True)
    wallet = models.ForeignKey(Wallet, on_delete=models.PROTECT)
    billing_type = models.ForeignKey(BillingType, on_delete=models.PROTECT)
    due_day = models.PositiveSmallIntegerField(null=True)
    template = models.ForeignKey(DocumentTemplate, on_delete=models.PROTECT, null=True)

    status = models.CharField(max_length=10, default=ContractStatus.PRE.value)
    created_at = models.DateTimeField()
    signed_on = models.DateField(null=True)
    activated_on = models.DateField(null=True)
    billing_starts_on = models.DateField(null=True)
    due_anchor_on = models.DateField(null=True)
    stretch = models.JSONField(null=True)
    imported_billed_until = models.DateField(null=True)
    ends_on = models.DateField(null=True)
    cancellation_reason = models.ForeignKey(CancellationReason, on_delete=models.PROTECT, null=True)

    valid_until = models.DateField(null=True)
    validity_months = models.PositiveSmallIntegerField(null=True)
    renews = models.BooleanField(default=True)
    loyalty_starts_on = models.DateField(null=True)
    loyalty_months = models.PositiveSmallIntegerField(default=0)
    loyalty_benefit_cents = models.BigIntegerField(default=0)

    activation_fee_cents = models.BigIntegerField(default=0)
    activation_instalments = models.PositiveSmallIntegerField(default=1)
    activation_due_on = models.DateField(null=True)
    activation_product = models.ForeignKey(
        Product, on_delete=models.PROTECT, null=True, related_name="+"
    )
    note = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["code"], name="contract_code_once"),
            models.CheckConstraint(
                condition=Q(status__in=values(ContractStatus)), name="contract_status"
            ),
            models.CheckConstraint(
                condition=Q(due_day=None) | Q(due_day__range=(1, 31)), name="contract_due_day"
            ),
            models.CheckConstraint(
                condition=Q(status__in=["PRE", "WITHDRAWN"])
                | Q(activated_on__isnull=False, billing_starts_on__isnull=False),
                name="contract_active_has_dates",
            ),
            models.CheckConstraint(
                condition=~Q(status="INACTIVE") | Q(ends_on__isnull=False),
                name="contract_inactive_has_an_end",
            ),
            models.CheckConstraint(
                condition=Q(activation_fee_cents__gte=0, loyalty_benefit_cents__gte=0)
                & (Q(activation_fee_cents=0) | Q(activation_product__isnull=False)),
                name="contract_amounts",
            ),
        ]
        indexes = [
            models.Index(fields=["status", "-id"], name="contract_by_status"),
            models.Index(
                fields=["branch", "-id"], include=["status", "due_day"], name="contract_of_branch"
            ),
            models.Index(fields=["due_day", "-id"], name="contract_by_due_day"),
            models.Index(
                fields=["customer", "-id"],
                include=["branch", "status", "due_day"],
                name="contract_of_customer",
            ),
        ]

    def __str__(self) -> str:
        return f"Contrato {self.pk}"


class FormerSchedule(models.Model):
    """A schedule that an alteration replaced: it cut the periods before the present one's start.

    `schedule` is as `schedules` tells it. One that was `taken_up` again is the present one, and
    says no more.
    """

    contract = models.ForeignKey(Contract, on_delete=models.PROTECT, related_name="schedules")
    starts_on = models.DateField()
    schedule = models.JSONField()
    taken_up = models.BooleanField(default=False)

    def __str__(self) -> str:
        return f"{self.contract_id}: {self.starts_on}"


class ContractPlan(models.Model):
    """The sale plan in force over a range of days; `ends_on` is the first day without it.

    One that was taken back ends on the day it began.
    """

    contract = models.ForeignKey(Contract, on_delete=models.CASCADE, related_name="plans")
    sale_plan = models.ForeignKey(SalePlan, on_delete=models.PROTECT)
    starts_on = models.DateField()
    ends_on = models.DateField(null=True)

    class Meta:
        constraints = [
            ExclusionConstraint(
                name="one_contract_plan_per_day",
                expressions=[
                    (F("contract"), RangeOperators.EQUAL),
                    (
                        Func(F("starts_on"), F("ends_on"), function="daterange"),
                        RangeOperators.OVERLAPS,
                    ),
                ],
            ),
            models.CheckConstraint(
                condition=Q(ends_on=None) | Q(ends_on__gte=F("starts_on")),
                name="contract_plan_ends_after_it_starts",
            ),
        ]
        indexes = [
            models.Index(
                fields=["sale_plan", "-contract"],
                condition=Q(ends_on=None),
                name="contract_plan_in_force",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.contract_id}: {self.sale_plan_id}"


class ContractItem(models.Model):
    """A product, an additional service or a discount, in force over a range of days.

    RECURRING items have a price per month (`price_cents`), or per cycle where
    `cycle_price_cents` is given; TIMES and INSTALMENTS items have an amount (`price_cents`)
    and a number of charges (`times`), of which `charges_before` were made before an import. What
    was taken back ends on the day it began: it is in force on none.
    """

    contract = models.ForeignKey(Contract, on_delete=models.CASCADE, related_name="items")
    contract_plan = models.ForeignKey(
        ContractPlan, on_delete=models.CASCADE, null=True, related_name="items"
    )
    kind = models.CharField(max_length=12)
    service_kind = models.CharField(max_length=14, blank=True, db_default="")
    product = models.ForeignKey(Product, on_delete=models.PROTECT)
    description = models.CharField(max_length=120)
    quantity = models.DecimalField(max_digits=12, decimal_places=3, default=1)
    price_cents = models.BigIntegerField(default=0)
    cycle_price_cents = models.BigIntegerField(null=True)
    percent = models.DecimalField(max_digits=7, decimal_places=4, null=True)
    discounted_item = models.ForeignKey("self", on_delete=models.PROTECT, null=True)
    charge = models.CharField(max_length=12, default=Charge.RECURRING.value)
    times = models.PositiveSmallIntegerField(null=True)
    charges_before = models.PositiveSmallIntegerField(default=0)
    starts_on = models.DateField()
    ends_on = models.DateField(null=True)
    prorate = models.BooleanField(default=True)
    only_if_paid_by_due = models.BooleanField(default=False)
    origin = models.CharField(max_length=16, default=ItemOrigin.STAFF.value)
    explanation = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(
                    kind__in=values(ItemKind),
                    charge__in=values(Charge),
                    origin__in=values(ItemOrigin),
                ),
                name="contract_item_codes",
            ),
            models.CheckConstraint(
                condition=Q(service_kind="")
                | Q(kind="ADDITIONAL", service_kind__in=values(ServiceKind)),
                name="contract_item_service_kind",
            ),
            models.CheckConstraint(
                condition=~Q(service_kind="SPEED_UPGRADE") | Q(ends_on__isnull=False),
                name="speed_upgrade_has_a_last_day",
            ),
            models.CheckConstraint(
                condition=Q(quantity__gt=0, price_cents__gte=0)
                & (Q(cycle_price_cents=None) | Q(cycle_price_cents__gte=0)),
                name="contract_item_amounts",
            ),
            models.CheckConstraint(
                condition=Q(percent=None)
                | Q(kind="DISCOUNT", percent__gt=0, percent__lte=100, price_cents=0),
                name="contract_item_percent_is_a_discount",
            ),
            models.CheckConstraint(
                condition=Q(charge="RECURRING", times=None)
                | (~Q(charge="RECURRING") & Q(times__range=(1, 120))),
                name="contract_item_times",
            ),
            models.CheckConstraint(
                condition=Q(ends_on=None) | Q(ends_on__gte=F("starts_on")),
                name="contract_item_ends_after_it_starts",
            ),
            models.CheckConstraint(
                condition=~Q(kind="PLAN") | Q(contract_plan__isnull=False, charge="RECURRING"),
                name="contract_item_of_a_plan",
            ),
            models.CheckConstraint(
                condition=Q(kind="DISCOUNT") | Q(only_if_paid_by_due=False, discounted_item=None),
                name="contract_item_discount_only",
            ),
        ]

    def __str__(self) -> str:
        return self.description


class ContractAttachment(models.Model):
    """A file attached to a contract."""

    contract = models.ForeignKey(Contract, on_delete=models.PROTECT, related_name="attachments")
    attachment = models.OneToOneField(Attachment, on_delete=models.PROTECT, related_name="+")

    def __str__(self) -> str:
        return f"{self.contract_id}: {self.attachment_id}"


class ContractDocument(models.Model):
    """A document issued for a contract."""

    contract = models.ForeignKey(Contract, on_delete=models.PROTECT, related_name="documents")
    document = models.OneToOneField(
        IssuedDocument, on_delete=models.PROTECT, related_name="of_contract"
    )

    def __str__(self) -> str:
        return f"{self.contract_id}: {self.document_id}"


class ContractMove(models.Model):
    """One move of a contract's status; written with the move itself, never changed."""

    contract = models.ForeignKey(Contract, on_delete=models.PROTECT, related_name="moves")
    before = models.CharField(max_length=10)
    after = models.CharField(max_length=10)
    on = models.DateField()
    at = models.DateTimeField()
    by_user_id = models.BigIntegerField(null=True)
    reason = models.TextField(blank=True)

    def __str__(self) -> str:
        return f"{self.before} -> {self.after}"


class HolderChange(models.Model):
    """A contract passed from one customer to another; written with the change, never changed.

    `on` is the first day of the new holder: what was issued before stays the former one's debt.
    """

    contract = models.ForeignKey(Contract, on_delete=models.PROTECT, related_name="holder_changes")
    former = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="contracts_passed")
    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="+")
    on = models.DateField()
    at = models.DateTimeField()
    by_user_id = models.BigIntegerField(null=True)
    reason = models.TextField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~Q(former=F("customer")), name="holder_change_is_a_change"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.contract_id}: {self.former_id} -> {self.customer_id}"


class ContractNote(models.Model):
    """What somebody noted about a contract; signed, dated and never changed."""

    contract = models.ForeignKey(Contract, on_delete=models.PROTECT, related_name="notes")
    at = models.DateTimeField()
    by_user_id = models.BigIntegerField(null=True)
    by_name = models.CharField(max_length=120)
    text = models.TextField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(text__regex=r"\S"), name="contract_note_says_something"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.contract_id}: {self.text[:40]}"
