"""Asking for money by boleto: issued, sent to the bank, changed and called back with what is owed.

What the bank has to be told is found by comparing its boletos with what is owed, at the moment a
remittance is made: whatever changed a receivable, nobody has to remember to say so.
"""

from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from vigente.audit import actions as audit
from vigente.audit.actor import Actor
from vigente.billing.models import Receivable
from vigente.payments import boletos
from vigente.payments.bank_models import STANDING, BankAccount, Boleto, Remittance
from vigente.payments.boletos import LeftOut


class BoletoNotIssued(ValueError):
    """O boleto não pode ser emitido."""


@dataclass(frozen=True, slots=True)
class Sent:
    """A remittance, and the receivables of which no boleto could be made."""

    remittance: Remittance
    left_out: tuple[LeftOut, ...]


@transaction.atomic
def issue(receivable_id: int, *, by: Actor, now: datetime, today: date) -> Boleto:
    """Make the boleto of one receivable; the next remittance registers it.

    :raises BoletoNotIssued: saying why not.
    """
    receivable = Receivable.objects.select_related("customer").get(pk=receivable_id)
    account_of = BankAccount.objects.filter(wallet=receivable.wallet_id).first()
    if account_of is None:
        raise BoletoNotIssued(
            "A carteira desta conta não tem banco. Cadastre-o em Carteiras de cobrança."
        )
    account = boletos.held(account_of.pk)
    if receivable.boletos.filter(status__in=STANDING).exists():
        raise BoletoNotIssued("Esta conta já tem um boleto. Atualize a página.")
    issued = boletos.issue(account, [receivable], today=today)
    if issued.left_out:
        raise BoletoNotIssued(issued.left_out[0].why)
    [boleto] = issued.boletos
    audit.record(
        "boleto issued",
        object_kind="receivable",
        object_id=receivable.pk,
        by=by,
        at=now,
        branch_id=receivable.branch_id,
        detail={"number": boleto.printed_number},
    )
    return boleto


@transaction.atomic
def send(account_id: int, *, due_until: date, by: Actor, now: datetime, today: date) -> Sent:
    """Issue what falls due by a day and has no boleto, and tell the bank all that waits.

    :raises boletos.NothingToSend: where there is nothing.
    :raises BoletoRefused: where no file can be made of it.
    """
    account = boletos.held(account_id)
    owed = boletos.without_boleto(account, due_from=today, due_until=due_until)
    issued = boletos.issue(account, list(owed.select_related("customer")), today=today)
    boletos.bring_up_to_date(account)
    remittance = boletos.send(
        account,
        boletos.wanted(account),
        today=today,
        at=now,
        by_user_id=by.user_id,
        by_name=by.name,
    )
    audit.record(
        "remittance made",
        object_kind="remittance",
        object_id=remittance.pk,
        by=by,
        at=now,
        branch_id=account.wallet.branch_id,
        detail={"count": remittance.count, "sha256": remittance.sha256},
    )
    return Sent(remittance, issued.left_out)
