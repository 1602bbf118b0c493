"""Who may do what: a role is a set of permissions, and a person may have several roles.

The branches of a person narrow what is seen; a role says what may be done there. An
administrator may do everything in every branch.
"""

from collections.abc import Iterable, Mapping
from enum import StrEnum


class Permission(StrEnum):
    """One thing that somebody may be allowed to do."""

    SEE_CUSTOMERS = "SEE_CUSTOMERS"
    CHANGE_CUSTOMERS = "CHANGE_CUSTOMERS"
    SEE_CONTRACTS = "SEE_CONTRACTS"
    SELL = "SELL"
    CHANGE_CONTRACTS = "CHANGE_CONTRACTS"
    MASS_ALTER = "MASS_ALTER"
    ACTIVATE_CONTRACTS = "ACTIVATE_CONTRACTS"
    END_CONTRACTS = "END_CONTRACTS"
    TRANSFER_CONTRACTS = "TRANSFER_CONTRACTS"
    WRITE_NOTES = "WRITE_NOTES"
    SEE_DOCUMENTS = "SEE_DOCUMENTS"
    ATTACH_DOCUMENTS = "ATTACH_DOCUMENTS"
    ISSUE_DOCUMENTS = "ISSUE_DOCUMENTS"
    SEE_SIGNATURES = "SEE_SIGNATURES"
    SEE_CATALOG = "SEE_CATALOG"
    CHANGE_CATALOG = "CHANGE_CATALOG"
    SEE_MONEY = "SEE_MONEY"
    RECEIVE = "RECEIVE"
    POSTPONE = "POSTPONE"
    WAIVE_CHARGES = "WAIVE_CHARGES"
    REVERSE_RECEIPTS = "REVERSE_RECEIPTS"
    ISSUE_INVOICES = "ISSUE_INVOICES"
    CHANGE_INVOICES = "CHANGE_INVOICES"
    REFUND = "REFUND"
    SEE_DESKS = "SEE_DESKS"
    REOPEN_DESKS = "REOPEN_DESKS"
    SEND_TO_BANK = "SEND_TO_BANK"
    CLOSE_MONTH = "CLOSE_MONTH"
    SEE_SCHEDULE = "SEE_SCHEDULE"
    IMPORT = "IMPORT"
    SEE_OUTBOX = "SEE_OUTBOX"
    CHANGE_OUTBOX = "CHANGE_OUTBOX"
    SEE_PARAMETERS = "SEE_PARAMETERS"
    CHANGE_PARAMETERS = "CHANGE_PARAMETERS"
    LIFT_CEILING = "LIFT_CEILING"
    CHANGE_BRANCHES = "CHANGE_BRANCHES"
    CHANGE_PEOPLE = "CHANGE_PEOPLE"
    SEE_TRAIL = "SEE_TRAIL"


class Role(StrEnum):
    """What a person is hired for."""

    ATTENDANT = "ATTENDANT"
    SELLER = "SELLER"
    FINANCE = "FINANCE"
    COLLECTIONS = "COLLECTIONS"
    NETWORK = "NETWORK"
    MANAGER = "MANAGER"
    AUDITOR = "AUDITOR"


ROLE_WORDS: Mapping[Role, str] = {
    Role.ATTENDANT: "Atendente",
    Role.SELLER: "Vendedor",
    Role.FINANCE: "Financeiro",
    Role.COLLECTIONS: "Cobrança",
    Role.NETWORK: "Rede",
    Role.MANAGER: "Gerente",
    Role.AUDITOR: "Auditor",
}

PERMISSION_WORDS: Mapping[Permission, str] = {
    Permission.SEE_CUSTOMERS: "ver clientes",
    Permission.CHANGE_CUSTOMERS: "cadastrar e alterar clientes",
    Permission.SEE_CONTRACTS: "ver contratos",
    Permission.SELL: "vender",
    Permission.CHANGE_CONTRACTS: "alterar contratos, serviços e descontos",
    Permission.MASS_ALTER: "alterar contratos em massa",
    Permission.ACTIVATE_CONTRACTS: "ativar contratos",
    Permission.END_CONTRACTS: "cancelar e reativar contratos",
    Permission.TRANSFER_CONTRACTS: "trocar o titular de contratos",
    Permission.WRITE_NOTES: "anotar em contratos",
    Permission.SEE_DOCUMENTS: "ver documentos",
    Permission.ATTACH_DOCUMENTS: "anexar documentos",
    Permission.ISSUE_DOCUMENTS: "emitir documentos e pedir assinaturas",
    Permission.SEE_SIGNATURES: "ver as assinaturas pedidas e as que ninguém deu",
    Permission.SEE_CATALOG: "ver produtos, planos e o mais da venda",
    Permission.CHANGE_CATALOG: "alterar produtos, planos e o mais da venda",
    Permission.SEE_MONEY: "ver faturas e contas a receber",
    Permission.RECEIVE: "registrar recebimentos",
    Permission.POSTPONE: "prorrogar vencimentos",
    Permission.WAIVE_CHARGES: "dispensar multa e juros",
    Permission.REVERSE_RECEIPTS: "estornar recebimentos",
    Permission.ISSUE_INVOICES: "fazer vendas avulsas",
    Permission.CHANGE_INVOICES: "alterar e cancelar faturas",
    Permission.REFUND: "devolver crédito a clientes",
    Permission.SEE_DESKS: "ver os caixas de todos",
    Permission.REOPEN_DESKS: "fechar caixas de outros, reabrir e estornar nos fechados",
    Permission.SEND_TO_BANK: "emitir boletos, fazer remessas e ler retornos",
    Permission.CLOSE_MONTH: "fechar o mês",
    Permission.SEE_SCHEDULE: "ver os agendamentos e seus alarmes",
    Permission.IMPORT: "importar planilhas",
    Permission.SEE_OUTBOX: "ver a caixa de saída",
    Permission.CHANGE_OUTBOX: "reenviar e desistir de envios",
    Permission.SEE_PARAMETERS: "ver parâmetros e filiais",
    Permission.CHANGE_PARAMETERS: "alterar parâmetros",
    Permission.LIFT_CEILING: "liberar o teto de vencimento",
    Permission.CHANGE_BRANCHES: "cadastrar e alterar filiais",
    Permission.CHANGE_PEOPLE: "cadastrar e alterar pessoas",
    Permission.SEE_TRAIL: "ver a trilha de auditoria",
}

EVERYTHING = frozenset(Permission)
_P = Permission
_LOOK = frozenset({_P.SEE_CUSTOMERS, _P.SEE_CONTRACTS, _P.SEE_CATALOG, _P.WRITE_NOTES})
_SELL = _LOOK | {_P.CHANGE_CUSTOMERS, _P.SELL, _P.SEE_DOCUMENTS, _P.ATTACH_DOCUMENTS}
_SELL |= {_P.ISSUE_DOCUMENTS, _P.SEE_SIGNATURES}

PERMISSIONS_OF: Mapping[Role, frozenset[Permission]] = {
    Role.ATTENDANT: _SELL
    | {_P.CHANGE_CONTRACTS, _P.ACTIVATE_CONTRACTS, _P.END_CONTRACTS, _P.SEE_MONEY, _P.RECEIVE}
    | {_P.ISSUE_INVOICES, _P.TRANSFER_CONTRACTS},
    Role.SELLER: _SELL,
    Role.FINANCE: _LOOK
    | {_P.SEE_MONEY, _P.RECEIVE, _P.REVERSE_RECEIPTS, _P.CHANGE_INVOICES, _P.CLOSE_MONTH}
    | {_P.ISSUE_INVOICES, _P.SEE_DOCUMENTS, _P.SEE_OUTBOX, _P.SEE_PARAMETERS}
    | {_P.SEE_SCHEDULE, _P.POSTPONE, _P.REFUND, _P.SEE_DESKS, _P.REOPEN_DESKS}
    | {_P.SEND_TO_BANK, _P.WAIVE_CHARGES},
    Role.COLLECTIONS: _LOOK
    | {_P.SEE_MONEY, _P.RECEIVE, _P.CHANGE_CONTRACTS, _P.SEE_OUTBOX, _P.POSTPONE}
    | {_P.WAIVE_CHARGES},
    Role.NETWORK: _LOOK | {_P.ACTIVATE_CONTRACTS, _P.SEE_OUTBOX, _P.CHANGE_OUTBOX},
    Role.MANAGER: EVERYTHING - {_P.CHANGE_PEOPLE},
    Role.AUDITOR: frozenset(p for p in Permission if p.value.startswith("SEE_")),
}


def permissions(roles: Iterable[Role], *, is_administrator: bool = False) -> frozenset[Permission]:
    """Return what a person of these roles may do.

    >>> Permission.CLOSE_MONTH in permissions([Role.ATTENDANT])
    False
    >>> Permission.CLOSE_MONTH in permissions([Role.ATTENDANT, Role.FINANCE])
    True
    """
    if is_administrator:
        return EVERYTHING
    return frozenset().union(*(PERMISSIONS_OF[role] for role in roles))
