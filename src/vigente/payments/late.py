"""What delay costs of receivables: read set-wise, and waived."""

from collections import defaultdict
from collections.abc import Mapping
from datetime import date, datetime, timedelta

from vigente.audit.actor import Actor
from vigente.billing import calendars
from vigente.billing.models import Receivable
from vigente.catalog.models import Wallet
from vigente.domain import late_charges
from vigente.domain.late_charges import NO_CHARGES, Charges, LateDebt, LateTerms, Settled
from vigente.payments.models import Allocation, ChargeWaiver, Receipt
from vigente.staff.models import Branch


def charges_of(days: Mapping[Receivable, date]) -> dict[int, Charges]:
    """Return what delay until its day costs of each receivable, by id.

    A constant number of queries, and none where no day comes after its due date.
    """
    late = {receivable: on for receivable, on in days.items() if on > receivable.due_on}
    found = {receivable.pk: NO_CHARGES for receivable in days}
    if late:
        debts = _debts(late)
        found |= {one.pk: late_charges.charges(debts[one.pk], on=on) for one, on in late.items()}
    return found


def waive(
    receivable: Receivable,
    charged: Charges,
    *,
    on: date,
    reason: str,
    by: Actor,
    at: datetime,
) -> ChargeWaiver:
    """Write that what delay costs until a day need not be paid."""
    return ChargeWaiver.objects.create(
        receivable=receivable,
        fine_cents=charged.fine_cents,
        interest_cents=charged.interest_cents,
        on=on,
        reason=reason,
        at=at,
        by_user_id=by.user_id,
        by_name=by.name,
    )


def bind(waived: ChargeWaiver, receipt: Receipt) -> None:
    """Let a waiver go with the receipt that it was granted with."""
    ChargeWaiver.objects.filter(pk=waived.pk, receipt=None).update(receipt=receipt)


def take_back(receipt: Receipt, *, on: date) -> None:
    """Let what was waived with a receipt be owed again."""
    ChargeWaiver.objects.filter(receipt=receipt, released_on=None).update(released_on=on)


def _debts(late: Mapping[Receivable, date]) -> dict[int, LateDebt]:
    terms = _terms({receivable.wallet_id for receivable in late})
    settled = _settled(late)
    branches = Branch.objects.filter(pk__in={one.branch_id for one in late})
    years = {day.year for one in late for day in (one.due_on, one.due_on + timedelta(days=9))}
    open_on = calendars.calendars(branches, years=sorted(years))
    return {
        one.pk: LateDebt(
            amount_cents=one.amount_cents,
            due_on=one.due_on,
            free_until=open_on[one.branch_id].next_business_day(one.due_on),
            terms=terms[one.wallet_id],
            settled=tuple(settled[one.pk]),
        )
        for one in late
    }


def _terms(wallet_ids: set[int]) -> dict[int, LateTerms]:
    return {
        wallet.pk: LateTerms(
            fine_e4=int(wallet.fine_percent * 10_000),
            interest_e4=int(wallet.interest_percent_month * 10_000),
        )
        for wallet in Wallet.objects.filter(pk__in=wallet_ids)
    }


def _settled(late: Mapping[Receivable, date]) -> Mapping[int, list[Settled]]:
    ids = [receivable.pk for receivable in late]
    found: defaultdict[int, list[Settled]] = defaultdict(list)
    for paid in Allocation.objects.filter(receivable_id__in=ids, released_on=None):
        found[paid.receivable_id].append(
            Settled(
                on=paid.on,
                principal_cents=paid.amount_cents + paid.discount_cents,
                fine_cents=paid.fine_cents,
                interest_cents=paid.interest_cents,
            )
        )
    for waived in ChargeWaiver.objects.filter(receivable_id__in=ids, released_on=None):
        found[waived.receivable_id].append(
            Settled(
                on=waived.on,
                fine_cents=waived.fine_cents,
                interest_cents=waived.interest_cents,
            )
        )
    return found
