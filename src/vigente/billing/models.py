"""Invoices with their lines, the receivables that customers pay, and the month-close runs.

Rows are written lines first, then invoices, then receivables: each set-wise trigger seals what
came before it (`invoice_lines_add_up`, `receivable_invoices_add_up`), so that no line can join an
issued invoice and no invoice an issued receivable. Branch, wallet and product are checked once a
statement by the same triggers instead of once a row by keys; those rows can never be deleted.
"""

from datetime import date, timedelta

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import F, Func, Q

from vigente.catalog.models import Product, Wallet
from vigente.contracts.models import Contract, ContractItem
from vigente.customers.models import Customer
from vigente.domain.codes import (
    ChunkStatus,
    CloseStatus,
    HoldReason,
    InvoiceKind,
    InvoiceOrigin,
    LineKind,
    ReceivableState,
    TaxClass,
    values,
)
from vigente.staff.models import Branch


class Receivable(models.Model):
    """A conta a receber: what a customer pays on one due date, for one or more invoices."""

    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="receivables")
    branch = models.ForeignKey(
        Branch, on_delete=models.PROTECT, db_index=False, db_constraint=False
    )
    wallet = models.ForeignKey(
        Wallet, on_delete=models.PROTECT, db_index=False, db_constraint=False
    )
    number = models.CharField(max_length=40, null=True)
    issued_on = models.DateField()
    due_on = models.DateField()
    amount_cents = models.BigIntegerField()
    discount_until_due_cents = models.BigIntegerField(default=0)
    received_cents = models.BigIntegerField(default=0)
    discounted_cents = models.BigIntegerField(default=0)
    cancelled_on = models.DateField(null=True)
    replaces = models.ForeignKey("self", on_delete=models.PROTECT, null=True, db_index=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["branch", "number"], name="receivable_number_once"),
            models.CheckConstraint(
                condition=Q(
                    amount_cents__gt=0,
                    received_cents__gte=0,
                    discounted_cents__gte=0,
                    discount_until_due_cents__gte=0,
                    discount_until_due_cents__lte=F("amount_cents"),
                    amount_cents__gte=F("received_cents") + F("discounted_cents"),
                ),
                name="receivable_never_overpaid",
            ),
        ]
        indexes = [
            models.Index(
                fields=["due_on", "customer"],
                condition=Q(
                    cancelled_on=None,
                    amount_cents__gt=F("received_cents") + F("discounted_cents"),
                ),
                name="receivable_open",
            ),
            models.Index(
                fields=["customer", "due_on"],
                condition=Q(
                    cancelled_on=None,
                    amount_cents__gt=F("received_cents") + F("discounted_cents"),
                ),
                name="receivable_open_of_customer",
            ),
            models.Index(
                fields=["due_on", "customer", "id"],
                condition=Q(
                    cancelled_on=None,
                    amount_cents=F("received_cents") + F("discounted_cents"),
                ),
                name="receivable_settled",
            ),
            models.Index(
                fields=["due_on", "customer", "id"],
                condition=Q(cancelled_on__isnull=False),
                name="receivable_cancelled",
            ),
        ]

    def __str__(self) -> str:
        return f"Conta a receber {self.pk}"

    @property
    def is_settled(self) -> bool:
        """Tell whether nothing is left to be paid."""
        return self.open_cents == 0

    @property
    def open_cents(self) -> int:
        """Return what is neither received nor discounted."""
        return self.amount_cents - self.received_cents - self.discounted_cents

    def state(self, *, today: date) -> ReceivableState:
        """Return how it stands on a day."""
        if self.cancelled_on is not None:
            return ReceivableState.CANCELLED
        if self.is_settled:
            return ReceivableState.SETTLED
        return ReceivableState.OVERDUE if self.due_on < today else ReceivableState.DUE


class CloseRun(models.Model):
    """One month-close: what was chosen, how it goes and what it left for later.

    It worked for `worked_for` until its last pause, and again since `resumed_at`.
    """

    branch = models.ForeignKey(Branch, on_delete=models.PROTECT, null=True)
    due_until = models.DateField()
    reference_month = models.DateField(null=True)
    issued_on = models.DateField()
    filters = models.JSONField(default=dict)
    back_periods_approved = models.BooleanField(default=False)
    status = models.CharField(max_length=10, default=CloseStatus.SIMULATING.value)
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
                condition=Q(status__in=values(CloseStatus)), name="close_run_status"
            ),
            models.CheckConstraint(
                condition=Q(resumed_at=None)
                | (Q(started_at__isnull=False) & ~Q(status=CloseStatus.PAUSED.value)),
                name="close_run_works_once_started",
            ),
        ]

    def __str__(self) -> str:
        return f"Fechamento {self.pk}"


class CloseChunk(models.Model):
    """A range of customers `[customer_from, customer_until)`, billed in one transaction.

    `simulated` and `written` are the same figures (`close_figures.Figures`), before and after.
    """

    run = models.ForeignKey(CloseRun, on_delete=models.PROTECT, related_name="chunks")
    number = models.PositiveIntegerField()
    customer_from = models.BigIntegerField()
    customer_until = models.BigIntegerField()
    contracts = models.PositiveIntegerField(default=0)
    status = models.CharField(max_length=8, default=ChunkStatus.TODO.value)
    simulated = models.JSONField(null=True)
    written = models.JSONField(null=True)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["run", "number"], name="close_chunk_once"),
            models.CheckConstraint(
                condition=Q(status__in=values(ChunkStatus)), name="close_chunk_status"
            ),
        ]
        indexes = [
            models.Index(fields=["run", "number"], condition=Q(status="TODO"), name="chunk_todo"),
        ]

    def __str__(self) -> str:
        return f"{self.run_id}/{self.number}"


class CloseHold(models.Model):
    """A contract that a run left for later, and why."""

    run = models.ForeignKey(CloseRun, on_delete=models.PROTECT, related_name="holds")
    chunk = models.ForeignKey(CloseChunk, on_delete=models.PROTECT, related_name="holds")
    contract = models.ForeignKey(Contract, on_delete=models.PROTECT, related_name="holds")
    reason = models.CharField(max_length=20)
    detail = models.TextField(blank=True)
    due_on = models.DateField(null=True)
    amount_cents = models.BigIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["run", "contract"], name="close_hold_once"),
            models.CheckConstraint(
                condition=Q(reason__in=values(HoldReason)), name="close_hold_reason"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.contract_id}: {self.reason}"


class Invoice(models.Model):
    """A fatura. PERIOD: one contract's service period; SINGLE: a fee, penalty or sale.

    `covers` tells whether the period counts as billed: true while the invoice stands, and on a
    cancelled one whose period was waived. `carried_cents` is what its CARRIED lines moved: more
    than zero was carried out to the next invoice, less than zero was carried in.
    """

    contract = models.ForeignKey(
        Contract, on_delete=models.PROTECT, related_name="invoices", db_index=False
    )
    kind = models.CharField(max_length=8)
    origin = models.CharField(max_length=12)
    run_id = models.BigIntegerField(null=True)
    issued_on = models.DateField()
    period_start = models.DateField(null=True)
    period_end = models.DateField(null=True)
    cycle_days = models.PositiveSmallIntegerField(null=True)
    nominal_due_on = models.DateField()
    due_on = models.DateField()
    total_cents = models.BigIntegerField()
    discount_until_due_cents = models.BigIntegerField(default=0)
    carried_cents = models.BigIntegerField(default=0)
    receivable = models.ForeignKey(
        Receivable, on_delete=models.PROTECT, null=True, related_name="invoices", db_index=False
    )
    covers = models.BooleanField(default=True)
    cancelled_on = models.DateField(null=True)
    cancel_reason = models.TextField(blank=True)

    class Meta:
        constraints = [
            ExclusionConstraint(
                name="no_overlapping_service_periods",
                expressions=[
                    (F("contract"), RangeOperators.EQUAL),
                    (
                        Func(F("period_start"), F("period_end"), function="daterange"),
                        RangeOperators.OVERLAPS,
                    ),
                ],
                condition=Q(covers=True, kind="PERIOD"),
            ),
            models.CheckConstraint(
                condition=Q(kind__in=values(InvoiceKind), origin__in=values(InvoiceOrigin)),
                name="invoice_codes",
            ),
            models.CheckConstraint(
                condition=Q(
                    kind="PERIOD",
                    period_start__isnull=False,
                    period_end__gt=F("period_start"),
                    cycle_days__gt=0,
                )
                | Q(kind="SINGLE", period_start=None, period_end=None),
                name="invoice_period_finite_and_not_empty",
            ),
            models.CheckConstraint(
                condition=Q(total_cents__gte=0, discount_until_due_cents__gte=0),
                name="invoice_never_negative",
            ),
            models.CheckConstraint(
                condition=Q(total_cents=0, receivable=None)
                | Q(total_cents__gt=0, receivable__isnull=False),
                name="invoice_zero_makes_no_receivable",
            ),
            models.CheckConstraint(
                condition=Q(covers=True) | Q(cancelled_on__isnull=False),
                name="invoice_released_only_when_cancelled",
            ),
        ]
        indexes = [
            models.Index(fields=["contract", "period_start"], name="invoice_by_contract"),
            models.Index(
                fields=["receivable"],
                condition=Q(receivable__isnull=False),
                name="invoice_by_receivable",
            ),
            models.Index(
                fields=["contract", "period_end"],
                condition=Q(covers=False),
                name="invoice_released",
            ),
            models.Index(
                fields=["contract"],
                condition=~Q(carried_cents=0) & Q(cancelled_on=None),
                name="invoice_carrying",
            ),
            models.Index(
                fields=["id"],
                condition=Q(kind="SINGLE", cancelled_on=None),
                name="invoice_single",
            ),
            models.Index(
                fields=["id"],
                condition=Q(cancelled_on__isnull=False),
                name="invoice_cancelled",
            ),
        ]

    def __str__(self) -> str:
        return f"Fatura {self.pk}"

    @property
    def customer(self) -> Customer:
        """Return whom it was issued to, who need not hold the contract any more."""
        return self.receivable.customer if self.receivable else self.contract.customer

    @property
    def last_day(self) -> date | None:
        """Return the last day of the service period, as screens show it."""
        return self.period_end - timedelta(days=1) if self.period_end else None


class InvoiceLine(models.Model):
    """One explained amount of an invoice; never changed, never deleted."""

    pk = models.CompositePrimaryKey("invoice_id", "number")
    invoice = models.ForeignKey(
        Invoice, on_delete=models.PROTECT, related_name="lines", db_index=False
    )
    number = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=12)
    product = models.ForeignKey(
        Product, on_delete=models.PROTECT, null=True, db_index=False, db_constraint=False
    )
    item_id = models.BigIntegerField(null=True)
    tax_class = models.CharField(max_length=10)
    description = models.CharField(max_length=160)
    quantity = models.DecimalField(max_digits=12, decimal_places=3, default=1)
    unit_cents = models.BigIntegerField()
    days = models.PositiveSmallIntegerField(null=True)
    amount_cents = models.BigIntegerField()
    explanation = models.TextField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=values(LineKind), tax_class__in=values(TaxClass)),
                name="invoice_line_codes",
            ),
        ]

    def __str__(self) -> str:
        return self.description


class ItemCharge(models.Model):
    """The n-th charge of a counted item sits on this invoice; deleted when it is given back."""

    item = models.ForeignKey(ContractItem, on_delete=models.PROTECT, related_name="charges")
    number = models.PositiveSmallIntegerField()
    invoice = models.ForeignKey(Invoice, on_delete=models.PROTECT, related_name="item_charges")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["item", "number"], name="item_charged_once"),
        ]

    def __str__(self) -> str:
        return f"{self.item_id} ({self.number})"
