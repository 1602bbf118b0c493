"""Wallets with a bank: the account, its boletos, what was sent to the bank and what it answered."""

from django.db import models
from django.db.models import Q

from vigente.billing.models import Receivable
from vigente.catalog.models import Wallet
from vigente.domain.codes import (
    AnswerKind,
    BoletoStatus,
    OrderKind,
    RecordOutcome,
    ReturnStatus,
    values,
)
from vigente.gateways.boleto.banks import BANKS
from vigente.payments.models import Receipt

STANDING = (
    BoletoStatus.TO_REGISTER.value,
    BoletoStatus.SENT.value,
    BoletoStatus.REGISTERED.value,
)
UNRESOLVED = (
    RecordOutcome.UNKNOWN.value,
    RecordOutcome.OF_CANCELLED.value,
    RecordOutcome.ABSURD.value,
)


class BankAccount(models.Model):
    """The bank account of a wallet, and the next numbers of its boletos and remittances."""

    wallet = models.OneToOneField(Wallet, on_delete=models.PROTECT, related_name="bank_account")
    bank = models.CharField(max_length=3)
    agency = models.CharField(max_length=5)
    number = models.CharField(max_length=12)
    digit = models.CharField(max_length=1)
    carteira = models.CharField(max_length=3)
    code = models.CharField(max_length=20, blank=True)
    extra = models.CharField(max_length=20, blank=True)
    holder_name = models.CharField(max_length=120)
    holder_tax_id = models.CharField(max_length=14)
    next_number = models.BigIntegerField(default=1)
    numbered_year = models.PositiveSmallIntegerField(null=True)
    next_remittance = models.BigIntegerField(default=1)

    class Meta:
        constraints = [
            # the return file of an account belongs to one wallet
            models.UniqueConstraint(fields=["bank", "agency", "number"], name="bank_account_once"),
            models.CheckConstraint(condition=Q(bank__in=list(BANKS)), name="bank_account_bank"),
            models.CheckConstraint(
                condition=Q(next_number__gte=1, next_remittance__gte=1),
                name="bank_account_counts_from_one",
            ),
        ]

    def __str__(self) -> str:
        return f"{BANKS[self.bank].name} {self.agency} / {self.number}-{self.digit}"


class Boleto(models.Model):
    """A boleto of a receivable; `number` is the one that the bank's files carry."""

    account = models.ForeignKey(BankAccount, on_delete=models.PROTECT, related_name="boletos")
    receivable = models.ForeignKey(Receivable, on_delete=models.PROTECT, related_name="boletos")
    number = models.CharField(max_length=20)
    printed_number = models.CharField(max_length=30)
    line = models.CharField(max_length=60)
    barcode = models.CharField(max_length=44)
    issued_on = models.DateField()
    due_on = models.DateField()
    amount_cents = models.BigIntegerField()
    status = models.CharField(max_length=12, default=BoletoStatus.TO_REGISTER.value)
    bank_told = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["account", "number"], name="boleto_number_once"),
            # a receivable is asked for by one boleto at a time
            models.UniqueConstraint(
                fields=["receivable"],
                condition=Q(status__in=STANDING),
                name="one_standing_boleto",
            ),
            models.CheckConstraint(
                condition=Q(status__in=values(BoletoStatus)), name="boleto_status"
            ),
            models.CheckConstraint(condition=Q(amount_cents__gt=0), name="boleto_amount"),
            models.CheckConstraint(
                condition=Q(barcode__regex=r"^[0-9]{44}$"), name="boleto_barcode_shape"
            ),
            models.CheckConstraint(
                condition=~Q(status=BoletoStatus.REFUSED.value) | ~Q(bank_told=""),
                name="boleto_refused_for_a_reason",
            ),
        ]
        indexes = [
            models.Index(
                fields=["account", "id"], condition=Q(status__in=STANDING), name="boleto_standing"
            ),
        ]

    def __str__(self) -> str:
        return self.printed_number

    @property
    def is_standing(self) -> bool:
        """Tell whether it may still be paid."""
        return self.status in STANDING


class Remittance(models.Model):
    """A file that asks the bank for what is in its orders, kept as it was made."""

    account = models.ForeignKey(BankAccount, on_delete=models.PROTECT, related_name="remittances")
    sequence = models.BigIntegerField()
    content = models.BinaryField()
    sha256 = models.CharField(max_length=64)
    count = models.PositiveIntegerField()
    at = models.DateTimeField()
    by_user_id = models.BigIntegerField(null=True)
    by_name = models.CharField(max_length=120)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["account", "sequence"], name="remittance_once"),
            models.CheckConstraint(condition=Q(count__gt=0), name="remittance_asks_for_something"),
        ]

    def __str__(self) -> str:
        return f"Remessa {self.sequence}"


class BoletoOrder(models.Model):
    """One thing that a remittance asks for, and what the boleto says from then on."""

    remittance = models.ForeignKey(Remittance, on_delete=models.PROTECT, related_name="orders")
    boleto = models.ForeignKey(Boleto, on_delete=models.PROTECT, related_name="orders")
    kind = models.CharField(max_length=13)
    due_on = models.DateField()
    amount_cents = models.BigIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["remittance", "boleto", "kind"], name="boleto_order_once"
            ),
            models.CheckConstraint(
                condition=Q(kind__in=values(OrderKind)), name="boleto_order_kind"
            ),
            # a boleto is registered once
            models.UniqueConstraint(
                fields=["boleto"],
                condition=Q(kind=OrderKind.REGISTER.value),
                name="boleto_registered_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.boleto_id}"


class ReturnFile(models.Model):
    """A file that the bank sent back, kept as it came; a refused one may be sent again."""

    account = models.ForeignKey(BankAccount, on_delete=models.PROTECT, related_name="returns")
    name = models.CharField(max_length=200)
    content = models.BinaryField()
    sha256 = models.CharField(max_length=64)
    sequence = models.BigIntegerField(null=True)
    status = models.CharField(max_length=8, default=ReturnStatus.WAITING.value)
    refusal = models.CharField(max_length=300, blank=True)
    broken = models.JSONField(default=list)
    takes_the_rest = models.BooleanField(default=False)
    at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)
    by_user_id = models.BigIntegerField(null=True)
    by_name = models.CharField(max_length=120)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["sha256"],
                condition=~Q(status=ReturnStatus.REFUSED.value),
                name="return_file_once",
            ),
            models.CheckConstraint(
                condition=Q(status__in=values(ReturnStatus)), name="return_file_status"
            ),
            models.CheckConstraint(
                condition=~Q(status=ReturnStatus.REFUSED.value) | ~Q(refusal=""),
                name="return_file_refused_for_a_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"Retorno {self.pk}"


class ReturnRecord(models.Model):
    """One record of a return file and what became of it; `key` tells a repeat in another file."""

    file = models.ForeignKey(
        ReturnFile, on_delete=models.PROTECT, related_name="records", db_index=False
    )
    account = models.ForeignKey(
        BankAccount, on_delete=models.PROTECT, related_name="records", db_index=False
    )
    line = models.PositiveIntegerField()
    key = models.CharField(max_length=110)
    kind = models.CharField(max_length=14)
    code = models.CharField(max_length=4)
    told = models.CharField(max_length=120)
    reasons = models.CharField(max_length=40, blank=True)
    number = models.CharField(max_length=20)
    title_cents = models.BigIntegerField()
    paid_cents = models.BigIntegerField()
    fee_cents = models.BigIntegerField()
    occurred_on = models.DateField(null=True)
    credited_on = models.DateField(null=True)
    outcome = models.CharField(max_length=12, default=RecordOutcome.WAITING.value)
    boleto = models.ForeignKey(Boleto, on_delete=models.PROTECT, null=True, related_name="records")
    receipt = models.OneToOneField(
        Receipt, on_delete=models.PROTECT, null=True, related_name="bank_record"
    )
    resolved_at = models.DateTimeField(null=True)
    resolved_by = models.CharField(max_length=120, blank=True)
    reason = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["file", "line"], name="return_line_once"),
            # what a bank tells twice counts once
            models.UniqueConstraint(
                fields=["account", "key"],
                condition=~Q(outcome=RecordOutcome.REPEATED.value),
                name="return_record_once",
            ),
            models.CheckConstraint(
                condition=Q(kind__in=values(AnswerKind), outcome__in=values(RecordOutcome)),
                name="return_record_codes",
            ),
            models.CheckConstraint(
                condition=Q(title_cents__gte=0, paid_cents__gte=0, fee_cents__gte=0),
                name="return_record_amounts",
            ),
            models.CheckConstraint(
                condition=Q(outcome__in=["PAID", "CREDITED"], receipt__isnull=False)
                | ~Q(outcome__in=["PAID", "CREDITED"]) & Q(receipt=None),
                name="return_record_paid_by_its_receipt",
            ),
            models.CheckConstraint(
                condition=~Q(outcome=RecordOutcome.DISMISSED.value) | ~Q(reason=""),
                name="return_record_dismissed_for_a_reason",
            ),
        ]
        indexes = [
            models.Index(
                fields=["file", "line"],
                condition=Q(outcome=RecordOutcome.WAITING.value),
                name="return_record_waiting",
            ),
            models.Index(
                fields=["account", "id"],
                condition=Q(outcome__in=UNRESOLVED),
                name="return_record_unresolved",
            ),
        ]

    def __str__(self) -> str:
        return f"Linha {self.line}"
