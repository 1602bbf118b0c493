"""Every cadastro, in the order of the menu."""

from vigente.backoffice.registers.billing_types import BILLING_TYPES
from vigente.backoffice.registers.branches import BRANCHES
from vigente.backoffice.registers.cancellation_reasons import CANCELLATION_REASONS
from vigente.backoffice.registers.customers import CUSTOMERS
from vigente.backoffice.registers.document_templates import DOCUMENT_TEMPLATES
from vigente.backoffice.registers.payment_terms import PAYMENT_TERMS
from vigente.backoffice.registers.people import PEOPLE
from vigente.backoffice.registers.price_indexes import PRICE_INDEXES
from vigente.backoffice.registers.products import PRODUCTS
from vigente.backoffice.registers.sale_plans import SALE_PLANS
from vigente.backoffice.registers.sellers import SELLERS
from vigente.backoffice.registers.wallets import WALLETS

PAGES = (
    CUSTOMERS,
    *(SALE_PLANS, PRODUCTS, BILLING_TYPES, PAYMENT_TERMS, WALLETS, SELLERS),
    *(CANCELLATION_REASONS, DOCUMENT_TEMPLATES, PRICE_INDEXES),
    *(BRANCHES, PEOPLE),
)
