"""Money that came in, what it settled, and what customers have to their credit."""

from django.db import models
from django.db.models import Q

from vigente.billing.models import Invoice, Receivable
from vigente.customers.models import Customer
from vigente.domain.codes import CreditKind, PaymentMeans, ReceiptChannel, values
from vigente.staff.models import Branch


class Receipt(models.Model):
    """A baixa: one payment of one customer; `key` is what makes a repeat recognisable."""

    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="receipts")
    branch = models.ForeignKey(Branch, on_delete=models.PROTECT, related_name="+")
    channel = models.CharField(max_length=10)
    key = models.CharField(max_length=120)
    received_on = models.DateField()
    amount_cents = models.BigIntegerField()
    created_at = models.DateTimeField()
    by_user_id = models.BigIntegerField(null=True)
    note = models.CharField(max_length=200, blank=True)
    reversed_at = models.DateTimeField(null=True)
    reversed_by_user_id = models.BigIntegerField(null=True)
    reverse_reason = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["channel", "key"], name="receipt_once_per_key"),
            models.CheckConstraint(
                condition=Q(channel__in=values(ReceiptChannel)), name="receipt_channel"
            ),
            models.CheckConstraint(condition=Q(amount_cents__gt=0), name="receipt_amount"),
            models.CheckConstraint(
                condition=Q(reversed_at=None, reverse_reason="")
                | Q(reversed_at__isnull=False) & ~Q(reverse_reason=""),
                name="receipt_reversed_for_a_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"Recebimento {self.pk}"


class Allocation(models.Model):
    """What a receipt, or credit where `receipt` is null, settled of a receivable."""

    receivable = models.ForeignKey(Receivable, on_delete=models.PROTECT, related_name="allocations")
    receipt = models.ForeignKey(
        Receipt, on_delete=models.PROTECT, null=True, related_name="allocations"
    )
    amount_cents = models.BigIntegerField()
    discount_cents = models.BigIntegerField(default=0)
    on = models.DateField()
    released_on = models.DateField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(amount_cents__gte=0, discount_cents__gte=0)
                & ~Q(amount_cents=0, discount_cents=0),
                name="allocation_amount",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.amount_cents} em {self.receivable_id}"


class Refund(models.Model):
    """A devolução: credit given back to the customer, undone if it never was."""

    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="refunds")
    branch = models.ForeignKey(Branch, on_delete=models.PROTECT, related_name="+")
    amount_cents = models.BigIntegerField()
    means = models.CharField(max_length=12)
    refunded_on = models.DateField()
    created_at = models.DateTimeField()
    by_user_id = models.BigIntegerField(null=True)
    note = models.CharField(max_length=200, blank=True)
    undone_at = models.DateTimeField(null=True)
    undone_by_user_id = models.BigIntegerField(null=True)
    undo_reason = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(amount_cents__gt=0), name="refund_amount"),
            models.CheckConstraint(
                condition=Q(means__in=values(PaymentMeans)), name="refund_means"
            ),
            models.CheckConstraint(
                condition=Q(undone_at=None, undo_reason="")
                | Q(undone_at__isnull=False) & ~Q(undo_reason=""),
                name="refund_undone_for_a_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"Devolução {self.pk}"


class CreditEntry(models.Model):
    """One movement of a customer's credit; the balance never falls below zero."""

    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="credit_entries")
    kind = models.CharField(max_length=14)
    amount_cents = models.BigIntegerField()
    on = models.DateField()
    receipt = models.ForeignKey(Receipt, on_delete=models.PROTECT, null=True)
    allocation = models.ForeignKey(Allocation, on_delete=models.PROTECT, null=True)
    invoice = models.ForeignKey(Invoice, on_delete=models.PROTECT, null=True)
    refund = models.ForeignKey(Refund, on_delete=models.PROTECT, null=True)
    note = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=values(CreditKind)), name="credit_entry_kind"
            ),
            models.CheckConstraint(
                condition=Q(kind="OVERPAYMENT", amount_cents__gt=0, receipt__isnull=False)
                | Q(kind="RELEASED", amount_cents__gt=0, receipt__isnull=False, allocation=None)
                | Q(kind="RELEASED", amount_cents__gt=0, receipt=None, allocation__isnull=False)
                | Q(kind="FINAL_INVOICE", amount_cents__gt=0, invoice__isnull=False)
                | Q(kind="USED", amount_cents__lt=0, allocation__isnull=False)
                | Q(kind="REVERSAL", amount_cents__lt=0, receipt__isnull=False)
                | Q(kind="REFUND", amount_cents__lt=0, refund__isnull=False)
                | Q(kind="REFUND_UNDONE", amount_cents__gt=0, refund__isnull=False),
                name="credit_entry_says_where_it_comes_from",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.amount_cents}"
