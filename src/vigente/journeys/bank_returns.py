"""A return file on its way: received, read, each record brought to its end in chunks.

A chunk is one transaction, so whoever dies in the middle leaves whole chunks behind and the next
worker goes on; a record that was brought to its end is never taken again.
"""

from datetime import date, datetime

from django.db import transaction

from vigente.audit import actions as audit
from vigente.audit.actor import Actor
from vigente.billing.models import Receivable
from vigente.customers.models import Customer
from vigente.domain import boleto_orders, money
from vigente.domain.codes import (
    AnswerKind,
    BoletoStatus,
    ReceiptChannel,
    RecordOutcome,
    ReturnStatus,
)
from vigente.gateways.boleto.port import WrongFile
from vigente.journeys import payment_messages
from vigente.outbox import jobs
from vigente.payments import bank_returns, batches, boletos, credit
from vigente.payments.bank_models import UNRESOLVED, ReturnFile, ReturnRecord
from vigente.payments.bank_returns import Chunk
from vigente.payments.batches import Incoming
from vigente.payments.models import Receipt

CHUNK = 2_000


class RecordResolved(ValueError):
    """Este pagamento já foi resolvido."""


@transaction.atomic
def receive(account_id: int, content: bytes, *, name: str, by: Actor, now: datetime) -> ReturnFile:
    """Keep a file and queue its reading.

    :raises bank_returns.ReturnRefused: for one that is empty or too large.
    :raises bank_returns.ReturnSentBefore: for one that is here already.
    """
    account = boletos.held(account_id)
    file = bank_returns.keep(
        account, content, name=name, at=now, by_user_id=by.user_id, by_name=by.name
    )
    _note("return received", file, by=by, now=now)
    queue(file.pk)
    return file


@transaction.atomic
def take_the_rest(file_id: int, *, by: Actor, now: datetime) -> None:
    """Go on with a file in spite of its broken lines.

    :raises bank_returns.ReturnRefused: where it waits for no such word.
    """
    told = ReturnFile.objects.filter(pk=file_id, status=ReturnStatus.BROKEN.value).update(
        status=ReturnStatus.WAITING.value, takes_the_rest=True
    )
    if told != 1:
        raise bank_returns.ReturnRefused("Este retorno não espera mais por isso.")
    _note("return taken broken", ReturnFile.objects.get(pk=file_id), by=by, now=now)
    queue(file_id)


@transaction.atomic
def begin(file_id: int, *, now: datetime) -> None:
    """Read a file into records, all of them or none; broken lines stop it until told otherwise."""
    file = ReturnFile.objects.select_for_update().get(pk=file_id)
    if file.status != ReturnStatus.WAITING.value:
        return
    file.account = boletos.held(file.account_id)
    try:
        found = bank_returns.read(file)
    except WrongFile as wrong:
        bank_returns.refuse(file, why=str(wrong), at=now)
        return
    file.sequence = found.sequence
    file.broken = [[one.line, one.why] for one in found.broken]
    if found.broken and not file.takes_the_rest:
        file.status = ReturnStatus.BROKEN.value
    else:
        bank_returns.write_records(file, found)
        file.status = ReturnStatus.READING.value
    file.save(update_fields=["sequence", "broken", "status"])


@transaction.atomic
def read_chunk(file_id: int, *, now: datetime, size: int = CHUNK) -> bool:
    """Bring the next records of a file to their end; tell whether there may be more."""
    file = ReturnFile.objects.select_for_update().defer("content").get(pk=file_id)
    if file.status != ReturnStatus.READING.value:
        return False
    boletos.held(file.account_id)  # no remittance changes its boletos meanwhile
    chunk = bank_returns.chunk(file, size=size)
    if not chunk.records:
        file.status, file.finished_at = ReturnStatus.DONE.value, now
        file.save(update_fields=["status", "finished_at"])
        return False
    payments = _bring_to_their_end(chunk)
    receipts = batches.receive_many(
        [_incoming(one) for one in payments],
        channel=ReceiptChannel.BANK,
        at=now,
        by_user_id=file.by_user_id,
    )
    for record in payments:
        record.receipt = receipts[record.key]
    bank_returns.settle_records(chunk.records)
    payment_messages.thank(list(receipts.values()), now=now)
    audit.record_many(
        "receipt recorded",
        object_kind="receipt",
        object_ids=[receipt.pk for receipt in receipts.values()],
        by=Actor(file.by_user_id, file.by_name),
        at=now,
    )
    return True


@transaction.atomic
def give_to_customer(record_id: int, *, customer_id: int, by: Actor, now: datetime) -> Receipt:
    """Resolve a payment: it becomes the credit of a customer.

    :raises RecordResolved: if it waits for nobody.
    """
    record = _held(record_id)
    customer = Customer.objects.get(pk=customer_id)
    receipt = batches.credit_customer(
        customer.pk,
        branch_id=customer.branch_id,
        amount_cents=record.paid_cents,
        on=_paid_on(record),
        channel=ReceiptChannel.BANK,
        key=record.key,
        at=now,
        by_user_id=by.user_id,
        note=_note_of(record),
    )
    _resolve(record, RecordOutcome.CREDITED, receipt=receipt, reason="", by=by, now=now)
    audit.record(
        "receipt recorded",
        object_kind="receipt",
        object_id=receipt.pk,
        by=by,
        at=now,
        branch_id=customer.branch_id,
        detail={"amount": money.brl(record.paid_cents)},
    )
    return receipt


@transaction.atomic
def dismiss(record_id: int, *, reason: str, by: Actor, now: datetime) -> None:
    """Resolve a payment that is nobody's here; the record stays, with the reason.

    :raises RecordResolved: if it waits for nobody.
    """
    record = _held(record_id)
    _resolve(record, RecordOutcome.DISMISSED, receipt=None, reason=reason, by=by, now=now)
    audit.record(
        "bank payment dismissed",
        object_kind="return file",
        object_id=record.file_id,
        by=by,
        at=now,
        detail={"line": record.line, "reason": reason},
    )


def queue(file_id: int) -> None:
    """Queue a file, to be read by one worker at a time."""
    key = f"return {file_id}"
    jobs.queue(jobs.READ_RETURN, once=key, alone=key, file_id=file_id)


def take_up() -> None:
    """Queue the files that were left under way."""
    left = ReturnFile.objects.filter(
        status__in=[ReturnStatus.WAITING.value, ReturnStatus.READING.value]
    )
    for file_id in left.values_list("pk", flat=True):
        queue(file_id)


def _bring_to_their_end(chunk: Chunk) -> list[ReturnRecord]:
    """Decide each record and what its boleto is from now on; return those to be received."""
    of_boletos = Receivable.objects.filter(
        pk__in=[one.receivable_id for one in chunk.boletos.values()]
    )
    credit.lock(of_boletos.values_list("customer_id", flat=True))
    cancelled = set(of_boletos.exclude(cancelled_on=None).values_list("pk", flat=True))
    payments = []
    for record in chunk.records:
        boleto = chunk.boletos.get(record.number)
        kind = AnswerKind(record.kind)
        record.boleto = boleto
        outcome = boleto_orders.outcome(
            kind,
            paid_cents=record.paid_cents,
            asked_cents=None if boleto is None else boleto.amount_cents,
            is_cancelled=boleto is not None and boleto.receivable_id in cancelled,
        )
        record.outcome = outcome.value
        if outcome is RecordOutcome.PAID:
            payments.append(record)
        if boleto is not None:
            boleto.status = boleto_orders.status_after(kind, BoletoStatus(boleto.status)).value
            boleto.bank_told = " ".join(filter(None, (record.told, record.reasons)))[:200]
    bank_returns.settle_boletos(chunk.boletos.values())
    return payments


def _incoming(record: ReturnRecord) -> Incoming:
    assert record.boleto is not None
    return Incoming(
        receivable_id=record.boleto.receivable_id,
        amount_cents=record.paid_cents,
        on=_paid_on(record),
        key=record.key,
        note=_note_of(record),
    )


def _paid_on(record: ReturnRecord) -> date:
    assert record.occurred_on is not None
    return record.occurred_on


def _note_of(record: ReturnRecord) -> str:
    return f"Boleto {record.number}, retorno {record.file_id}, linha {record.line}"


def _held(record_id: int) -> ReturnRecord:
    record = ReturnRecord.objects.select_for_update().get(pk=record_id)
    if record.outcome not in UNRESOLVED:
        raise RecordResolved("Este pagamento já foi resolvido. Atualize a página.")
    return record


def _resolve(
    record: ReturnRecord,
    outcome: RecordOutcome,
    *,
    receipt: Receipt | None,
    reason: str,
    by: Actor,
    now: datetime,
) -> None:
    record.outcome, record.receipt, record.reason = outcome.value, receipt, reason
    record.resolved_at, record.resolved_by = now, by.name
    record.save(update_fields=["outcome", "receipt", "reason", "resolved_at", "resolved_by"])


def _note(action: str, file: ReturnFile, *, by: Actor, now: datetime) -> None:
    audit.record(
        action,
        object_kind="return file",
        object_id=file.pk,
        by=by,
        at=now,
        branch_id=file.account.wallet.branch_id,
        detail={"file": file.name, "sha256": file.sha256},
    )
