"""Keeping wallets: one that contracts of several branches use is never one branch's alone."""

from datetime import datetime

from vigente.audit.actor import Actor
from vigente.catalog import actions
from vigente.catalog.actions import WalletFacts, WalletRefused
from vigente.catalog.models import Wallet
from vigente.contracts.models import Contract
from vigente.journeys.registers import Register


def follow_wallet(
    wallet: Wallet, facts: WalletFacts, _before: WalletFacts | None, _by: Actor, _now: datetime
) -> None:
    """Refuse to leave contracts of other branches without their wallet.

    :raises WalletRefused: where there are any.
    """
    if facts.branch_id is None:
        return
    others = Contract.objects.filter(wallet=wallet).exclude(branch=facts.branch_id)
    if others.exists():
        raise WalletRefused(
            "Contratos de outras filiais usam esta carteira: deixe-a para todas, e crie outra "
            "carteira para a filial."
        )


WALLETS = Register(
    kind="wallet",
    model=Wallet,
    facts=actions.wallet_facts,
    write=actions.write_wallet,
    branch_id=lambda wallet: wallet.branch_id,
    follow=follow_wallet,
)
