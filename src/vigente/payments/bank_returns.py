"""Return files: kept, read into records once, and each record brought to its end.

A journey owns the transactions; whatever it was doing when it died is simply still to be done.
"""

import hashlib
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import connection

from vigente.billing import copying
from vigente.domain.codes import RecordOutcome, ReturnStatus
from vigente.gateways.boleto.port import Answer, ReturnRead
from vigente.payments import boletos
from vigente.payments.bank_models import BankAccount, Boleto, ReturnFile, ReturnRecord

MOST_MEGABYTES = 100
COPIED = (
    *("file_id", "account_id", "line", "key", "kind", "code", "told", "reasons", "number"),
    *("title_cents", "paid_cents", "fee_cents", "occurred_on", "credited_on", "outcome"),
    *("resolved_by", "reason"),
)


class ReturnSentBefore(ValueError):
    """Este arquivo já foi recebido."""


class ReturnRefused(ValueError):
    """Este arquivo não pode ser recebido assim."""


@dataclass(frozen=True, slots=True)
class Chunk:
    """Records to be brought to their end together, with their boletos by number."""

    records: Sequence[ReturnRecord]
    boletos: dict[str, Boleto]


def keep(
    account: BankAccount,
    content: bytes,
    *,
    name: str,
    at: datetime,
    by_user_id: int | None,
    by_name: str,
) -> ReturnFile:
    """Keep a file as it came; the account is held (see `boletos.held`).

    :raises ReturnRefused: for one that is empty or too large.
    :raises ReturnSentBefore: for one that is here already.
    """
    if not content:
        raise ReturnRefused("O arquivo está vazio. Baixe-o de novo do banco.")
    if len(content) > MOST_MEGABYTES * 1_000_000:
        raise ReturnRefused(f"O arquivo passa de {MOST_MEGABYTES} MB.")
    sha256 = hashlib.sha256(content).hexdigest()
    before = (
        ReturnFile.objects.filter(sha256=sha256).exclude(status=ReturnStatus.REFUSED.value).first()
    )
    if before is not None:
        raise ReturnSentBefore(
            f"Este arquivo já foi recebido em {before.at:%d/%m/%Y}, como retorno {before.pk}: "
            "nada foi lido de novo."
        )
    return ReturnFile.objects.create(
        account=account,
        name=name[:200],
        content=content,
        sha256=sha256,
        at=at,
        by_user_id=by_user_id,
        by_name=by_name,
    )


def read(file: ReturnFile) -> ReturnRead:
    """Return what a kept file tells.

    :raises WrongFile: where it is none of the account.
    """
    return boletos.maker().read(boletos.facts(file.account), bytes(file.content))


def refuse(file: ReturnFile, *, why: str, at: datetime) -> None:
    """Say why nothing is taken from a file."""
    file.status, file.refusal, file.finished_at = ReturnStatus.REFUSED.value, why[:300], at
    file.save(update_fields=["status", "refusal", "finished_at"])


def write_records(file: ReturnFile, found: ReturnRead) -> None:
    """Write all records of a file; what another file told before is marked as repeated.

    The account is held, so that two files never tell the same at once.
    """
    keys = _keys(file.account, found)
    told_before = _told_before(file.account, keys)
    if found.answers:
        rows = (
            _row(file, answer, key, is_repeated=key in told_before)
            for answer, key in zip(found.answers, keys, strict=True)
        )
        copying.copy("payments_returnrecord", ", ".join(COPIED), rows)


def chunk(file: ReturnFile, *, size: int) -> Chunk:
    """Return the next records of a file that wait, in its order."""
    waiting = file.records.filter(outcome=RecordOutcome.WAITING.value).order_by("line")
    records = list(waiting[:size])
    found = Boleto.objects.filter(
        account=file.account_id, number__in={one.number for one in records}
    )
    return Chunk(records, {one.number: one for one in found})


def settle_records(records: Sequence[ReturnRecord]) -> None:
    """Write what became of records, in one statement."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE payments_returnrecord r"
            " SET outcome = s.outcome, boleto_id = s.boleto, receipt_id = s.receipt"
            " FROM unnest(%s::bigint[], %s::text[], %s::bigint[], %s::bigint[])"
            " s (id, outcome, boleto, receipt) WHERE r.id = s.id",
            [
                [one.pk for one in records],
                [one.outcome for one in records],
                [one.boleto_id for one in records],
                [one.receipt_id for one in records],
            ],
        )


def settle_boletos(changed: Collection[Boleto]) -> None:
    """Write what the bank told of boletos, in one statement."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE payments_boleto b SET status = s.status, bank_told = s.told"
            " FROM unnest(%s::bigint[], %s::text[], %s::text[]) s (id, status, told)"
            " WHERE b.id = s.id",
            [
                [one.pk for one in changed],
                [one.status for one in changed],
                [one.bank_told for one in changed],
            ],
        )


def _keys(account: BankAccount, found: ReturnRead) -> list[str]:
    """Return what makes each record recognisable, wherever in the file it stands.

    Bank, account and the file's sequence, what is told, and the how-manieth of its like it is: a
    file that the bank makes anew is a repeat, two payments alike in one file are two.
    """
    seen: Counter[str] = Counter()
    keys = []
    for one in found.answers:
        told = (
            f"{account.bank}/{account.agency}/{account.number}/{found.sequence}/{one.number}"
            f"/{one.code}/{one.occurred_on or ''}/{one.paid_cents}"
        )
        seen[told] += 1
        keys.append(f"{told}/{seen[told]}")
    return keys


def _told_before(account: BankAccount, keys: Sequence[str]) -> set[str]:
    found: set[str] = set()
    for at in range(0, len(keys), 10_000):
        before = ReturnRecord.objects.filter(account=account, key__in=keys[at : at + 10_000])
        found.update(before.values_list("key", flat=True))
    return found


def _row(file: ReturnFile, answer: Answer, key: str, *, is_repeated: bool) -> str:
    """Return a record as COPY takes it."""
    outcome = RecordOutcome.REPEATED if is_repeated else RecordOutcome.WAITING
    return "\t".join(
        (
            str(file.pk),
            str(file.account_id),
            str(answer.line),
            copying.text(key),
            answer.kind.value,
            copying.text(answer.code),
            copying.text(answer.told[:120]),
            copying.text(answer.reasons[:40]),
            answer.number,
            str(answer.title_cents),
            str(answer.paid_cents),
            str(answer.fee_cents),
            copying.optional(answer.occurred_on),
            copying.optional(answer.credited_on),
            outcome.value,
            "",
            "",
        )
    )
