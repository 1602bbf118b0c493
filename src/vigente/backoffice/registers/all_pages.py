"""Every cadastro, in the order of the menu."""

from vigente.backoffice.registers.branches import BRANCHES
from vigente.backoffice.registers.people import PEOPLE
from vigente.backoffice.registers.products import PRODUCTS

PAGES = (PRODUCTS, BRANCHES, PEOPLE)
