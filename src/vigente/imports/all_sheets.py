"""Every kind of sheet, in the order in which a provider brings them in."""

from vigente.imports.contract_sheets import CONTRACTS, RECEIVABLES, SERVICES
from vigente.imports.customer_sheets import CUSTOMERS
from vigente.imports.provider_sheets import (
    BRANCHES,
    HOLIDAYS,
    PLANS,
    PRODUCTS,
    SELLERS,
    TEMPLATES,
    TERMS,
    TYPES,
    WALLETS,
)

SHEETS = {
    sheet.name: sheet
    for sheet in (
        BRANCHES,
        HOLIDAYS,
        SELLERS,
        WALLETS,
        TERMS,
        TYPES,
        TEMPLATES,
        PRODUCTS,
        PLANS,
        CUSTOMERS,
        CONTRACTS,
        SERVICES,
        RECEIVABLES,
    )
}
