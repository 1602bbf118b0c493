"""The access that there should be: derived from the contract, never edited.

Manual: "Digital … o contrato modificará para aguardando assinatura"; the access of before goes on
until the customer signs.
"""

from dataclasses import dataclass
from enum import StrEnum

from vigente.domain.lifecycle import ContractStatus


class AccessState(StrEnum):
    """What the network is to do with a contract's connection."""

    ACTIVE = "ACTIVE"
    DISABLED = "DISABLED"
    MANUAL_BLOCK = "MANUAL_BLOCK"
    AUTO_BLOCK = "AUTO_BLOCK"
    OVERDUE_NOTICE = "OVERDUE_NOTICE"
    AWAITING_SIGNATURE = "AWAITING_SIGNATURE"
    PAUSED = "PAUSED"


class Speed(StrEnum):
    """Whether the connection runs at the speed that was sold."""

    NORMAL = "NORMAL"
    REDUCED = "REDUCED"


SERVED = (ContractStatus.ACTIVE, ContractStatus.LISTED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Unsigned:
    """A document without its signature; of an alteration, also the speed before it, if it changes.

    It `is_cut` once the request was refused or is out of time, where the branch chose so.
    """

    kbps_before: int | None = None
    is_cut: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class AccessFacts:
    """What the access of a contract follows from.

    `plan_kbps` is the speed of the plan's products in force, `upgrade_kbps` of temporary upgrades;
    `unsigned` is what the customer has still to sign.
    """

    status: ContractStatus
    plan_kbps: int
    upgrade_kbps: int = 0
    unsigned: Unsigned | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Access:
    """The access that there should be."""

    state: AccessState
    speed: Speed
    kbps: int


def wanted(facts: AccessFacts) -> Access:
    """Return the access that a contract should have.

    >>> sold = AccessFacts(status=ContractStatus.ACTIVE, plan_kbps=600_000)
    >>> wanted(sold).kbps
    600000

    While a digital signature is awaited, the speed of before goes on.

    >>> from dataclasses import replace
    >>> told = wanted(replace(sold, unsigned=Unsigned(kbps_before=200_000)))
    >>> told.state.value, told.kbps
    ('AWAITING_SIGNATURE', 200000)
    >>> wanted(replace(sold, unsigned=Unsigned(kbps_before=200_000, is_cut=True))).kbps
    0
    """
    if facts.status not in SERVED:
        return Access(state=AccessState.DISABLED, speed=Speed.NORMAL, kbps=0)
    unsigned, plan_kbps = facts.unsigned, facts.plan_kbps
    if unsigned is None:
        kbps = max(plan_kbps, facts.upgrade_kbps)
        return Access(state=AccessState.ACTIVE, speed=Speed.NORMAL, kbps=kbps)
    if unsigned.kbps_before is not None:
        plan_kbps = unsigned.kbps_before
    kbps = 0 if unsigned.is_cut else max(plan_kbps, facts.upgrade_kbps)
    return Access(state=AccessState.AWAITING_SIGNATURE, speed=Speed.NORMAL, kbps=kbps)
