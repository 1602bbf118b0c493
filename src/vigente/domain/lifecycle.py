"""The legal moves of a contract: one table, kept also by the database (`contract_status_moves`)."""

from enum import StrEnum


class ContractStatus(StrEnum):
    """Where a contract stands in its life."""

    PRE = "PRE"
    ACTIVE = "ACTIVE"
    INACTIVE = "INACTIVE"
    LISTED = "LISTED"
    WITHDRAWN = "WITHDRAWN"


STATUS_WORDS = {
    ContractStatus.PRE: "em pré-contrato",
    ContractStatus.ACTIVE: "ativo",
    ContractStatus.INACTIVE: "inativo",
    ContractStatus.LISTED: "negativado",
    ContractStatus.WITHDRAWN: "desistido",
}

MOVES: frozenset[tuple[ContractStatus, ContractStatus]] = frozenset(
    {
        (ContractStatus.PRE, ContractStatus.ACTIVE),  # activation
        (ContractStatus.PRE, ContractStatus.WITHDRAWN),  # the prospect gave up
        (ContractStatus.ACTIVE, ContractStatus.INACTIVE),  # termination or expiry
        (ContractStatus.ACTIVE, ContractStatus.LISTED),  # listed at a bureau
        (ContractStatus.LISTED, ContractStatus.ACTIVE),  # the debt was paid
        (ContractStatus.LISTED, ContractStatus.INACTIVE),
        (ContractStatus.INACTIVE, ContractStatus.LISTED),  # listed after termination
        (ContractStatus.INACTIVE, ContractStatus.ACTIVE),  # reactivation
    }
)


def may_move(before: ContractStatus, *, to: ContractStatus) -> bool:
    """Tell whether a contract may go from `before` to `to`.

    >>> may_move(ContractStatus.PRE, to=ContractStatus.ACTIVE)
    True
    >>> may_move(ContractStatus.WITHDRAWN, to=ContractStatus.ACTIVE)
    False
    """
    return (before, to) in MOVES
