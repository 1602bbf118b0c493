"""Reads of wallets with a bank for screens, narrowed to branches; a wallet may serve all."""

from collections.abc import Sequence

from django.db.models import Count, F, Q, QuerySet, Sum

from vigente.payments.bank_models import (
    STANDING,
    UNRESOLVED,
    BankAccount,
    Boleto,
    Remittance,
    ReturnFile,
    ReturnRecord,
)


def accounts(branch_ids: Sequence[int]) -> QuerySet[BankAccount]:
    """Return the accounts of wallets of these branches, or of all."""
    return BankAccount.objects.filter(_of(branch_ids, "wallet")).select_related("wallet")


def remittances(branch_ids: Sequence[int]) -> QuerySet[Remittance]:
    """Return the remittances of these accounts, the newest first, without their content."""
    found = Remittance.objects.filter(_of(branch_ids, "account__wallet")).defer("content")
    return found.select_related("account__wallet").order_by("-pk")


def returns(branch_ids: Sequence[int]) -> QuerySet[ReturnFile]:
    """Return the return files of these accounts, the newest first, without their content."""
    found = ReturnFile.objects.filter(_of(branch_ids, "account__wallet")).defer("content")
    return found.select_related("account__wallet").order_by("-pk")


def records(branch_ids: Sequence[int]) -> QuerySet[ReturnRecord]:
    """Return the records of these accounts' return files."""
    found = ReturnRecord.objects.filter(_of(branch_ids, "account__wallet"))
    return found.select_related("account__wallet", "boleto__receivable__customer", "receipt")


def unresolved(branch_ids: Sequence[int]) -> QuerySet[ReturnRecord]:
    """Return the payments that wait for a person, the oldest first."""
    return records(branch_ids).filter(outcome__in=UNRESOLVED).order_by("pk")


def outcomes(file: ReturnFile) -> list[tuple[str, int, int]]:
    """Return what became of a file's records: outcome, how many, and how much was paid."""
    told = file.records.values("outcome").annotate(n=Count("pk"), cents=Sum("paid_cents"))
    return [(one["outcome"], one["n"], one["cents"]) for one in told.order_by("outcome")]


def boleto_of(receivable_id: int) -> Boleto | None:
    """Return the boleto that tells most of a receivable: the standing one, or the last."""
    found = Boleto.objects.filter(receivable=receivable_id).select_related(
        "account__wallet", "receivable__customer"
    )
    boletos = list(found.order_by("-pk"))
    return next((one for one in boletos if one.is_standing), boletos[0] if boletos else None)


def to_be_paid(customer_id: int, *, branch_ids: Sequence[int]) -> list[Boleto]:
    """Return a customer's standing boletos in these branches, the first due first."""
    found = Boleto.objects.filter(
        receivable__customer=customer_id,
        receivable__branch_id__in=branch_ids,
        receivable__cancelled_on=None,
        receivable__amount_cents__gt=F("receivable__received_cents")
        + F("receivable__discounted_cents"),
        status__in=STANDING,
    )
    return list(
        found.select_related("account__wallet", "receivable__customer").order_by("due_on", "pk")
    )


def _of(branch_ids: Sequence[int], wallet: str) -> Q:
    return Q(**{f"{wallet}__branch": None}) | Q(**{f"{wallet}__branch_id__in": branch_ids})
