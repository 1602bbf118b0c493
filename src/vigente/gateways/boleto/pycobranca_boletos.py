"""Boletos by `pycobranca`: it computes and prints here, and reaches for nothing outside."""

from collections.abc import Sequence
from datetime import date

from vigente.gateways.boleto import remittance, returns, titles
from vigente.gateways.boleto.port import Account, Asked, Order, ReturnRead, Title


class PyCobrancaBoletos:
    """A maker of boletos."""

    def check(self, account: Account) -> None:
        """Refuse an account of which no boleto can be made."""
        titles.check(account)

    def number(self, account: Account, sequence: int, *, issued_on: date) -> str:
        """Return the number that the files carry for the n-th boleto of an account."""
        return titles.number(account, sequence, issued_on=issued_on)

    def title(self, account: Account, asked: Asked) -> Title:
        """Return number, barcode and line as they are printed."""
        return titles.title(account, asked)

    def slip(self, account: Account, asked: Asked) -> bytes:
        """Return a page to be paid, as a PDF."""
        return titles.slip(account, asked)

    def booklet(self, account: Account, asked: Sequence[Asked]) -> bytes:
        """Return a carnê, three boletos a page, as a PDF."""
        return titles.booklet(account, asked)

    def remittance(
        self, account: Account, orders: Sequence[Order], *, sequence: int, today: date
    ) -> bytes:
        """Return the file that asks the bank for all of it."""
        return remittance.write(account, orders, sequence=sequence, today=today)

    def read(self, account: Account, content: bytes) -> ReturnRead:
        """Return what a return file tells, line by line."""
        return returns.read(account, content)
