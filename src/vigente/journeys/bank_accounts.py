"""Giving a wallet its bank: checked by making a boleto of it before it is kept."""

from datetime import datetime

from django.db import transaction

from vigente.audit import actions as audit
from vigente.audit.actor import Actor
from vigente.catalog.models import Wallet
from vigente.gateways.boleto.port import Account
from vigente.payments import boletos
from vigente.payments.bank_models import BankAccount


class AccountRefused(ValueError):
    """Esta conta não pode ser da carteira."""


@transaction.atomic
def keep(
    wallet: Wallet,
    told: Account,
    *,
    next_number: int,
    next_remittance: int,
    by: Actor,
    now: datetime,
) -> BankAccount:
    """Keep the account of a wallet; once it has boletos only its counters go on.

    :raises BoletoRefused: where no boleto could be made of it.
    :raises AccountRefused: where another wallet has it, or boletos were issued from another one.
    """
    boletos.maker().check(told)
    account = BankAccount.objects.select_for_update().filter(wallet=wallet).first()
    _refuse_taken(wallet, told)
    if account is None:
        account = BankAccount(wallet=wallet)
    elif account.boletos.exists():
        _refuse_changes(account, told, next_number, next_remittance)
    for name in Account.__dataclass_fields__:
        setattr(account, name, getattr(told, name))
    account.next_number, account.next_remittance = next_number, next_remittance
    account.save()
    audit.record(
        "bank account kept",
        object_kind="bank account",
        object_id=account.pk,
        by=by,
        at=now,
        branch_id=wallet.branch_id,
        detail={"account": str(account)},
    )
    return account


def _refuse_taken(wallet: Wallet, told: Account) -> None:
    same = BankAccount.objects.filter(bank=told.bank, agency=told.agency, number=told.number)
    other = same.exclude(wallet=wallet).select_related("wallet").first()
    if other is not None:
        raise AccountRefused(f"Esta conta já é da carteira «{other.wallet}».")


def _refuse_changes(
    account: BankAccount, told: Account, next_number: int, next_remittance: int
) -> None:
    before = boletos.facts(account)
    if (before.bank, before.agency, before.number, before.carteira, before.code) != (
        told.bank,
        told.agency,
        told.number,
        told.carteira,
        told.code,
    ):
        raise AccountRefused(
            "Já há boletos desta conta: para outro banco, outra conta ou outra carteira do banco, "
            "crie outra carteira de cobrança."
        )
    if next_number < account.next_number or next_remittance < account.next_remittance:
        raise AccountRefused(
            f"O próximo nosso número é {account.next_number} e a próxima remessa, "
            f"{account.next_remittance}: só podem avançar."
        )
