"""What any maker of boletos does: number, print, tell the bank, and read what the bank answers.

Amounts are whole centavos and days are days: what a file writes is converted at its edge.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Protocol

from vigente.domain.codes import AnswerKind, OrderKind


class BoletoRefused(ValueError):
    """Com estes dados não se faz um boleto."""


class WrongFile(ValueError):
    """Este não é um arquivo de retorno desta conta."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """A provider's account at a bank, and the agreement under which it collects.

    `code` is what the bank calls the beneficiary by, `extra` what only some banks ask; see `banks`.
    """

    bank: str
    agency: str
    number: str
    digit: str
    carteira: str
    code: str
    extra: str
    holder_name: str
    holder_tax_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Payer:
    """Who pays, as banks want to know them."""

    name: str
    tax_id: str
    street: str
    district: str
    city: str
    uf: str
    postal_code: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What a boleto asks for; `number` is the one that the files carry (nosso número).

    The discount is given to who pays by the due date.
    """

    number: str
    reference: str
    issued_on: date
    due_on: date
    amount_cents: int
    payer: Payer | None = None
    fine_percent: Decimal = Decimal(0)
    interest_percent_month: Decimal = Decimal(0)
    discount_cents: int = 0
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Title:
    """What identifies a boleto: its number as it is printed, its barcode and its line."""

    printed_number: str
    barcode: str
    line: str


@dataclass(frozen=True, slots=True)
class Order:
    """One thing asked of the bank in a remittance."""

    kind: OrderKind
    asked: Asked


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """One record of a return file, and the number of its line there."""

    line: int
    kind: AnswerKind
    code: str
    told: str
    reasons: str
    number: str
    title_cents: int
    paid_cents: int
    fee_cents: int
    occurred_on: date | None
    credited_on: date | None


@dataclass(frozen=True, slots=True)
class BrokenLine:
    """A line that could not be read, and why; lines are counted from 1."""

    line: int
    why: str


@dataclass(frozen=True, slots=True)
class ReturnRead:
    """A return file as it was read: what is whole, and what is not."""

    sequence: int
    answers: tuple[Answer, ...]
    broken: tuple[BrokenLine, ...]


class Boletos(Protocol):
    """A maker of boletos."""

    def check(self, account: Account) -> None:
        """Refuse an account of which no boleto can be made.

        :raises BoletoRefused: saying what is wrong.
        """

    def number(self, account: Account, sequence: int, *, issued_on: date) -> str:
        """Return the number that the files carry for the n-th boleto of an account.

        :raises BoletoRefused: where the bank's numbers are used up.
        """

    def title(self, account: Account, asked: Asked) -> Title:
        """Return number, barcode and line as they are printed.

        :raises BoletoRefused: saying what is wrong.
        """

    def slip(self, account: Account, asked: Asked) -> bytes:
        """Return a page to be paid, as a PDF.

        :raises BoletoRefused: saying what is wrong.
        """

    def booklet(self, account: Account, asked: Sequence[Asked]) -> bytes:
        """Return a carnê, three boletos a page, as a PDF.

        :raises BoletoRefused: saying what is wrong.
        """

    def remittance(
        self, account: Account, orders: Sequence[Order], *, sequence: int, today: date
    ) -> bytes:
        """Return the file that asks the bank for all of it.

        :raises BoletoRefused: saying what is wrong.
        """

    def read(self, account: Account, content: bytes) -> ReturnRead:
        """Return what a return file tells, line by line.

        :raises WrongFile: where it is no return file, or one of another bank or account.
        """
