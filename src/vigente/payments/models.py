"""Money that came in, what it settled, and what customers have to their credit."""

from django.db import models
from django.db.models import F, Q

from vigente.billing.models import Invoice, Receivable
from vigente.contracts.models import Contract
from vigente.customers.models import Customer
from vigente.domain.codes import (
    CreditKind,
    DeskMovement,
    PaymentMeans,
    ReceiptChannel,
    RecurrenceStatus,
    values,
)
from vigente.staff.models import Branch, User


class CashDesk(models.Model):
    """A caixa: the money that one operator takes in and out in a branch, until it is counted."""

    branch = models.ForeignKey(Branch, on_delete=models.PROTECT, related_name="+")
    operator = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    opened_at = models.DateTimeField()
    opening_cents = models.BigIntegerField()
    closed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["branch", "operator"],
                condition=Q(closed_at=None),
                name="one_open_desk_per_operator_and_branch",
            ),
            models.CheckConstraint(
                condition=Q(opening_cents__gte=0), name="cash_desk_opens_with_money_or_none"
            ),
            models.CheckConstraint(
                condition=Q(closed_at=None) | Q(closed_at__gte=F("opened_at")),
                name="cash_desk_closes_after_it_opened",
            ),
        ]

    def __str__(self) -> str:
        return f"Caixa {self.pk}"


class CashMovement(models.Model):
    """A sangria or a suprimento: cash taken out of a desk or put into it, for a reason."""

    desk = models.ForeignKey(CashDesk, on_delete=models.PROTECT, related_name="movements")
    kind = models.CharField(max_length=10)
    amount_cents = models.BigIntegerField()
    reason = models.CharField(max_length=200)
    at = models.DateTimeField()
    by_user_id = models.BigIntegerField(null=True)
    by_name = models.CharField(max_length=120)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=values(DeskMovement)), name="cash_movement_kind"
            ),
            models.CheckConstraint(
                condition=Q(amount_cents__gt=0) & ~Q(reason=""),
                name="cash_movement_of_an_amount_for_a_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.amount_cents}"


class CashClosing(models.Model):
    """A closing of a desk; reopened at most once, and then another closing follows.

    Its counts are written before it, so that none can join it.
    """

    desk = models.ForeignKey(CashDesk, on_delete=models.PROTECT, related_name="closings")
    closed_at = models.DateTimeField()
    by_user_id = models.BigIntegerField(null=True)
    by_name = models.CharField(max_length=120)
    note = models.CharField(max_length=200, blank=True)
    reopened_at = models.DateTimeField(null=True)
    reopened_by_user_id = models.BigIntegerField(null=True)
    reopened_by_name = models.CharField(max_length=120, blank=True)
    reopen_reason = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["desk"],
                condition=Q(reopened_at=None),
                name="one_standing_closing_per_desk",
            ),
            models.CheckConstraint(
                condition=Q(reopened_at=None, reopen_reason="")
                | Q(reopened_at__isnull=False) & ~Q(reopen_reason=""),
                name="cash_closing_reopened_for_a_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"Fechamento {self.pk} do caixa {self.desk_id}"


class CashCount(models.Model):
    """What should have been in a desk of one means of payment at a closing, and what was."""

    closing = models.ForeignKey(CashClosing, on_delete=models.PROTECT, related_name="counts")
    means = models.CharField(max_length=12)
    expected_cents = models.BigIntegerField()
    counted_cents = models.BigIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["closing", "means"], name="cash_counted_once"),
            models.CheckConstraint(
                condition=Q(means__in=values(PaymentMeans)), name="cash_count_means"
            ),
            models.CheckConstraint(
                condition=Q(counted_cents__gte=0), name="cash_count_not_below_zero"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.means}: {self.counted_cents}"


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
    means = models.CharField(max_length=12, null=True)
    desk = models.ForeignKey(
        CashDesk, on_delete=models.PROTECT, null=True, related_name="receipts", db_index=False
    )
    reversal_desk = models.ForeignKey(
        CashDesk, on_delete=models.PROTECT, null=True, related_name="reversals", db_index=False
    )
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
            models.CheckConstraint(
                condition=Q(means=None, desk=None)
                | Q(means__isnull=False, means__in=values(PaymentMeans)),
                name="receipt_in_a_desk_says_its_means",
            ),
            models.CheckConstraint(
                condition=Q(reversal_desk=None) | Q(desk__isnull=False, reversed_at__isnull=False),
                name="receipt_leaves_a_desk_only_if_it_came_into_one",
            ),
        ]
        indexes = [
            models.Index(fields=["desk"], condition=Q(desk__isnull=False), name="receipt_of_desk"),
            models.Index(
                fields=["reversal_desk"],
                condition=Q(reversal_desk__isnull=False),
                name="receipt_reversed_in_desk",
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
    fine_cents = models.BigIntegerField(default=0, db_default=0)
    interest_cents = models.BigIntegerField(default=0, db_default=0)
    on = models.DateField()
    released_on = models.DateField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(
                    amount_cents__gte=0,
                    discount_cents__gte=0,
                    fine_cents__gte=0,
                    interest_cents__gte=0,
                )
                & ~Q(amount_cents=0, discount_cents=0, fine_cents=0, interest_cents=0),
                name="allocation_amount",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.amount_cents} em {self.receivable_id}"

    @property
    def spent_cents(self) -> int:
        """Return what of the receipt, or of the credit, it spent."""
        return self.amount_cents + self.fine_cents + self.interest_cents


class ChargeWaiver(models.Model):
    """A dispensa: what delay had cost until a day and nobody has to pay, for a reason.

    One that was granted with a receipt goes with it when that is reversed.
    """

    receivable = models.ForeignKey(Receivable, on_delete=models.PROTECT, related_name="waivers")
    receipt = models.ForeignKey(
        Receipt, on_delete=models.PROTECT, null=True, related_name="waivers"
    )
    fine_cents = models.BigIntegerField()
    interest_cents = models.BigIntegerField()
    on = models.DateField()
    reason = models.CharField(max_length=200)
    at = models.DateTimeField()
    by_user_id = models.BigIntegerField(null=True)
    by_name = models.CharField(max_length=120)
    released_on = models.DateField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(fine_cents__gte=0, interest_cents__gte=0)
                & ~Q(fine_cents=0, interest_cents=0)
                & ~Q(reason=""),
                name="charge_waiver_of_something_for_a_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.fine_cents + self.interest_cents} em {self.receivable_id}"


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
    desk = models.ForeignKey(CashDesk, on_delete=models.PROTECT, null=True, related_name="refunds")
    undo_desk = models.ForeignKey(
        CashDesk, on_delete=models.PROTECT, null=True, related_name="undone_refunds"
    )
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
            models.CheckConstraint(
                condition=Q(undo_desk=None) | Q(desk__isnull=False, undone_at__isnull=False),
                name="refund_comes_back_only_if_it_left_a_desk",
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


STANDING_RECURRENCES = (
    RecurrenceStatus.AWAITING_APPROVAL.value,
    RecurrenceStatus.APPROVED.value,
)


class PixRecurrence(models.Model):
    """A Pix automático of one contract: the payer's bank pays by itself on the due day.

    `recurrence_id` is the supplier's; it is unknown until the supplier was told.
    """

    contract = models.ForeignKey(Contract, on_delete=models.PROTECT, related_name="pix_recurrences")
    recurrence_id = models.CharField(max_length=60, null=True, unique=True)
    due_day = models.PositiveSmallIntegerField(null=True)
    status = models.CharField(max_length=18, default=RecurrenceStatus.AWAITING_APPROVAL.value)
    created_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    end_reason = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(status__in=values(RecurrenceStatus)), name="pix_recurrence_status"
            ),
            models.UniqueConstraint(
                fields=["contract"],
                condition=Q(status__in=STANDING_RECURRENCES),
                name="one_standing_pix_recurrence",
            ),
            models.CheckConstraint(
                condition=Q(status__in=STANDING_RECURRENCES, ended_at=None)
                | (~Q(status__in=STANDING_RECURRENCES) & Q(ended_at__isnull=False)),
                name="pix_recurrence_that_ended_says_when",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.contract_id}: {self.status}"


# the tables of wallets with a bank, in a module of their own
from vigente.payments import bank_models  # noqa: E402, F401
