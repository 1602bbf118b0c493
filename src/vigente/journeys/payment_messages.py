"""What customers are told of their bills: a reminder before and on the due date, and thanks.

Every message has the key of what it says, so that nobody gets the same one twice, whoever asks
for it and however often. Who wants no reminders gets none.
"""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from vigente.billing.models import Receivable
from vigente.billing.receivable_queries import IS_OPEN
from vigente.customers.models import MessageOptOut
from vigente.domain import money, reminders
from vigente.domain.late_charges import NO_CHARGES
from vigente.domain.parameters import REMIND_DAYS_BEFORE, REMIND_ON_DUE, THANK_FOR_RECEIPTS
from vigente.domain.reminders import ReminderKind
from vigente.journeys import customer_message
from vigente.outbox import actions as outbox
from vigente.parameters import queries as parameters
from vigente.payments import pix_codes
from vigente.payments.bank_models import STANDING, Boleto
from vigente.payments.models import Allocation, Receipt

AT_ONCE = 1_000


def remind(branch_id: int, *, today: date, now: datetime) -> int:
    """Remind a branch's customers of what falls due; return how many bills it was."""
    values = parameters.branch_values((REMIND_DAYS_BEFORE, REMIND_ON_DUE), branch_id=branch_id)
    days_before = int(values[REMIND_DAYS_BEFORE.name] or 0)
    on_due = bool(values[REMIND_ON_DUE.name])
    if not days_before and not on_due:
        return 0
    due = Receivable.objects.filter(
        IS_OPEN,
        branch_id=branch_id,
        due_on__range=(today, today + timedelta(days=days_before)),
    ).exclude(customer__in=MessageOptOut.objects.values("customer"))
    ids, count = list(due.order_by("pk").values_list("pk", flat=True)), 0
    for first in range(0, len(ids), AT_ONCE):
        found = Receivable.objects.filter(pk__in=ids[first : first + AT_ONCE])
        wanted = [
            (one, kind)
            for one in found.select_related("customer", "wallet", "branch").order_by("pk")
            if (
                kind := reminders.kind_on(
                    today, due_on=one.due_on, days_before=days_before, on_due=on_due
                )
            )
        ]
        count += _remind(wanted, today=today, now=now)
    return count


def thank(receipts: Sequence[Receipt], *, now: datetime) -> None:
    """Tell customers what was received of them, in the branches that want it."""
    branch_ids = {receipt.branch_id for receipt in receipts}
    told_by = parameters.resolved_in_branches((THANK_FOR_RECEIPTS,), branch_ids=sorted(branch_ids))
    wanted = [
        receipt for receipt in receipts if told_by[receipt.branch_id][THANK_FOR_RECEIPTS.name].value
    ]
    if not wanted:
        return
    contacts = customer_message.contacts_of({receipt.customer_id for receipt in wanted})
    settled = Allocation.objects.filter(receipt__in=wanted, released_on=None).order_by("pk")
    of_receipt: dict[int | None, list[Allocation]] = {}
    for one in settled:
        of_receipt.setdefault(one.receipt_id, []).append(one)
    outbox.enqueue(
        [
            customer_message.message(
                contacts[receipt.customer_id],
                key=f"receipt {receipt.pk}",
                subject="Recebemos o seu pagamento",
                sentences=_thanks(receipt, of_receipt.get(receipt.pk, [])),
                object_kind="receipt",
                object_id=receipt.pk,
                branch_id=receipt.branch_id,
            )
            for receipt in wanted
            if receipt.customer_id in contacts
        ],
        now=now,
    )


def _remind(
    wanted: Sequence[tuple[Receivable, ReminderKind]], *, today: date, now: datetime
) -> int:
    contacts = customer_message.contacts_of({one.customer_id for one, _ in wanted})
    standing = Boleto.objects.filter(
        receivable__in=[one.pk for one, _ in wanted], status__in=STANDING
    )
    lines = dict(standing.values_list("receivable_id", "line"))
    effects = [
        customer_message.message(
            contacts[one.customer_id],
            # a bill that was postponed is another one to be reminded of
            key=f"reminder {kind.value} {one.pk} {one.due_on:%Y-%m-%d}",
            subject=f"Sua conta {reminders.when(today, due_on=one.due_on)}",
            sentences=_reminding(one, today=today, line=lines.get(one.pk, "")),
            object_kind="receivable",
            object_id=one.pk,
            branch_id=one.branch_id,
        )
        for one, kind in wanted
        if one.customer_id in contacts
    ]
    outbox.enqueue(effects, now=now)
    return len(effects)


def _reminding(receivable: Receivable, *, today: date, line: str) -> list[str]:
    when = reminders.when(today, due_on=receivable.due_on)
    told = [f"Sua conta de {money.brl(receivable.open_cents)} {when}."]
    discount = receivable.discount_until_due_cents - receivable.discounted_cents
    if discount > 0:
        told.append(f"Pago até o vencimento, há desconto de {money.brl(discount)}.")
    if line:
        told.append(f"Boleto: {line}")
    code = pix_codes.code_of(receivable, NO_CHARGES, is_in_time=True)
    if code is not None:
        told.append(f"Pix copia e cola: {code.text}")
    return [*told, "Se já pagou, desconsidere esta mensagem."]


def _thanks(receipt: Receipt, settled: Sequence[Allocation]) -> list[str]:
    told = [f"Recebemos {money.brl(receipt.amount_cents)} em {receipt.received_on:%d/%m/%Y}."]
    for one in settled:
        charged = one.fine_cents + one.interest_cents
        more = f", mais {money.brl(charged)} de multa e juros" if charged else ""
        told.append(f"Conta {one.receivable_id}: {money.brl(one.amount_cents)}{more}.")
    left = receipt.amount_cents - sum(one.spent_cents for one in settled)
    if left:
        told.append(f"{money.brl(left)} ficam como crédito para as próximas contas.")
    return [*told, "Obrigado."]
