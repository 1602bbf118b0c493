"""What a bank has to be asked for, from what it knows of a boleto and what is owed now."""

from dataclasses import dataclass
from datetime import date

from vigente.domain.codes import AnswerKind, BoletoStatus, OrderKind, RecordOutcome

TIMES_TOO_MUCH = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """A boleto as the bank knows it, or will once it is told."""

    status: BoletoStatus
    due_on: date
    amount_cents: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Owed:
    """What is open of its receivable; nothing is where it was cancelled or settled."""

    due_on: date
    open_cents: int


def orders(known: Known, owed: Owed) -> tuple[OrderKind, ...]:
    """Return what to ask the bank for.

    >>> bill = Known(status=BoletoStatus.REGISTERED, due_on=date(2026, 3, 10), amount_cents=9000)
    >>> orders(bill, Owed(due_on=date(2026, 3, 20), open_cents=9000))
    (<OrderKind.CHANGE_DUE: 'CHANGE_DUE'>,)
    >>> orders(bill, Owed(due_on=date(2026, 3, 10), open_cents=0))
    (<OrderKind.CANCEL: 'CANCEL'>,)
    """
    match known.status:
        case BoletoStatus.TO_REGISTER:
            return (OrderKind.REGISTER,) if owed.open_cents else ()
        case BoletoStatus.SENT | BoletoStatus.REGISTERED:
            if not owed.open_cents:
                return (OrderKind.CANCEL,)
            due = (OrderKind.CHANGE_DUE,) if owed.due_on != known.due_on else ()
            amount = (OrderKind.CHANGE_AMOUNT,) if owed.open_cents != known.amount_cents else ()
            return due + amount
        case BoletoStatus.REFUSED | BoletoStatus.PAID | BoletoStatus.CANCELLED:
            return ()


def status_after(answer: AnswerKind, status: BoletoStatus) -> BoletoStatus:
    """Return how a boleto stands once the bank told something of it; a paid one stays so.

    >>> status_after(AnswerKind.REGISTERED, BoletoStatus.SENT).value
    'REGISTERED'
    >>> status_after(AnswerKind.WRITTEN_OFF, BoletoStatus.PAID).value
    'PAID'
    """
    if answer is AnswerKind.PAID:
        return BoletoStatus.PAID
    if status is BoletoStatus.PAID:
        return status
    match answer:
        case AnswerKind.REGISTERED if status in {BoletoStatus.TO_REGISTER, BoletoStatus.SENT}:
            return BoletoStatus.REGISTERED
        case AnswerKind.REFUSED if status in {BoletoStatus.TO_REGISTER, BoletoStatus.SENT}:
            return BoletoStatus.REFUSED
        case AnswerKind.WRITTEN_OFF:
            return BoletoStatus.CANCELLED
    return status


def outcome(
    answer: AnswerKind, *, paid_cents: int, asked_cents: int | None, is_cancelled: bool
) -> RecordOutcome:
    """Return what a record comes to; `asked_cents` is None where nobody knows its boleto.

    >>> outcome(AnswerKind.PAID, paid_cents=9000, asked_cents=None, is_cancelled=False).value
    'UNKNOWN'
    """
    if answer is not AnswerKind.PAID:
        return RecordOutcome.NOTED
    if asked_cents is None:
        return RecordOutcome.UNKNOWN
    if is_cancelled:
        return RecordOutcome.OF_CANCELLED
    if paid_cents > TIMES_TOO_MUCH * asked_cents:
        return RecordOutcome.ABSURD
    return RecordOutcome.PAID
