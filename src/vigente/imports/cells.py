"""What a cell may say: each reader turns trimmed text into a value or says why it cannot."""

import re
import unicodedata
from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from enum import StrEnum

from validate_docbr import CNPJ, CPF

from vigente.domain import money

MOST_CENTS = 100_000_000_00
_DAY = re.compile(  # a time of day after it says nothing here
    r"^(?:(\d{1,2})/(\d{1,2})/(\d{4})|(\d{4})-(\d{2})-(\d{2}))(?:[ T]\d{2}:\d{2}(?::\d{2})?)?$"
)
_NUMBER = re.compile(r"^(?:\d{1,3}(?:\.\d{3})+|\d+)(?:,\d+)?$|^\d+\.\d{1,2}$")
_EMAIL = re.compile(r"^[^@\s]+@[^@\s]+\.[^@\s]+$")
_RANDOM_KEY = re.compile(r"^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$", re.IGNORECASE)
LONGEST_PIX_KEY = 77
UFS = frozenset(
    (
        *("AC", "AL", "AP", "AM", "BA", "CE", "DF", "ES", "GO"),
        *("MA", "MT", "MS", "MG", "PA", "PB", "PR", "PE", "PI"),
        *("RJ", "RN", "RS", "RO", "RR", "SC", "SP", "SE", "TO"),
    )
)

type Reader[T] = Callable[[str], T]


class BadCell(ValueError):
    """O valor não serve; a mensagem diz por quê."""


def plain(text: str) -> str:
    """Return text without accents, case or punctuation, to compare what people write."""
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    kept = (c for c in decomposed if not unicodedata.combining(c))
    return " ".join(re.sub(r"[^a-z0-9]+", " ", "".join(kept)).split())


def text(most: int = 160) -> Reader[str]:
    """Return a reader of text of at most so many characters."""

    def read(cell: str) -> str:
        if len(cell) > most:
            raise BadCell(f"tem {len(cell)} caracteres; o máximo é {most}")
        return cell

    return read


def tax_id(cell: str) -> str:
    """Read a CPF or CNPJ, alphanumeric ones too, with check digits."""
    number = re.sub(r"[.\-/\s]", "", cell).upper()
    if len(number) < 11 and number.isdigit():
        number = number.zfill(11)  # spreadsheets drop the zeros in front
    if len(number) == 11:
        if not CPF().validate(number):
            raise BadCell("CPF com dígitos verificadores errados")
        return number
    if len(number) == 13 and number.isdigit():
        number = number.zfill(14)
    if len(number) == 14:
        if not CNPJ().validate(number):
            raise BadCell("CNPJ com dígitos verificadores errados")
        return number
    raise BadCell("não é CPF (11 dígitos) nem CNPJ (14 caracteres)")


def day(cell: str) -> date:
    """Read dd/mm/aaaa, or aaaa-mm-dd."""
    return _day_since(1990, cell)


def birthday(cell: str) -> date:
    """Read the day on which somebody was born."""
    return _day_since(1900, cell)


def _day_since(year: int, cell: str) -> date:
    found = _DAY.match(cell)
    if found is None:
        raise BadCell("data: escreva dd/mm/aaaa")
    d, m, y, y2, m2, d2 = found.groups()
    try:
        read = date(int(y or y2), int(m or m2), int(d or d2))
    except ValueError:
        raise BadCell("esta data não existe") from None
    if not year <= read.year <= 2100:
        raise BadCell(f"ano fora de {year} a 2100")
    return read


def cents(cell: str) -> int:
    """Read an amount in reais, not below zero."""
    try:
        amount = money.parse_brl(cell)
    except money.AmountNotUnderstood:
        raise BadCell("valor: escreva como 1.234,56") from None
    if amount < 0:
        raise BadCell("o valor não pode ser negativo")
    if amount > MOST_CENTS:
        raise BadCell("valor absurdo: acima de R$ 100 milhões")
    return amount


def whole(least: int, most: int) -> Reader[int]:
    """Return a reader of whole numbers within limits."""

    def read(cell: str) -> int:
        if not re.fullmatch(r"\d{1,9}", cell) or not least <= int(cell) <= most:
            raise BadCell(f"número inteiro de {least} a {most}")
        return int(cell)

    return read


def decimal(least: str, most: str, *, places: int = 4) -> Reader[Decimal]:
    """Return a reader of numbers with a decimal comma, within limits.

    More decimals than `places` are refused: keeping them would round.
    """

    def read(cell: str) -> Decimal:
        typed = cell.rstrip("%").strip()
        if not _NUMBER.match(typed):
            raise BadCell("número: escreva como 1.234,5")
        has_point_for_comma = "," not in typed and not re.search(r"\.\d{3}$", typed)
        plain_number = typed if has_point_for_comma else typed.replace(".", "").replace(",", ".")
        number = Decimal(plain_number)
        if not Decimal(least) <= number <= Decimal(most):
            raise BadCell(f"número de {least} a {most}".replace(".", ","))
        if round(number, places) != number:
            raise BadCell(f"use até {places} casas depois da vírgula")
        return number

    return read


def yes_no(cell: str) -> bool:
    """Read sim or não."""
    word = plain(cell)
    if word in ("sim", "s", "x", "1", "verdadeiro", "true"):
        return True
    if word in ("nao", "n", "0", "falso", "false"):
        return False
    raise BadCell("escreva sim ou não")


def uf(cell: str) -> str:
    """Read a state."""
    if cell.upper() not in UFS:
        raise BadCell("não é a sigla de um estado")
    return cell.upper()


def postal_code(cell: str) -> str:
    """Read a CEP."""
    digits = re.sub(r"[.\-\s]", "", cell)
    if not re.fullmatch(r"\d{7,8}", digits):
        raise BadCell("CEP tem 8 dígitos")
    return digits.zfill(8)


def phone(cell: str) -> str:
    """Read a telephone with its area code."""
    digits = re.sub(r"\D", "", cell).lstrip("0")
    if len(digits) in (12, 13):
        digits = digits.removeprefix("55")
    if len(digits) not in (10, 11):
        raise BadCell("telefone com DDD tem 10 ou 11 dígitos")
    return digits


def email(cell: str) -> str:
    """Read an e-mail address."""
    if not _EMAIL.match(cell) or len(cell) > 160:
        raise BadCell("não é um e-mail")
    return cell.lower()


def pix_key(cell: str) -> str:
    """Read a Pix key: CPF or CNPJ, e-mail, telephone as +55…, or a random key."""
    told = cell.strip()
    if _RANDOM_KEY.match(told):
        return told.lower()
    if "@" in told:
        if len(told) > LONGEST_PIX_KEY:
            raise BadCell("e-mail longo demais para uma chave Pix: no máximo 77 letras")
        return email(told)
    if told.startswith("+"):
        digits = re.sub(r"[\s().-]", "", told)
        if not re.fullmatch(r"\+55[1-9][0-9]{9,10}", digits):
            raise BadCell("telefone de chave Pix se escreve +55, DDD e número")
        return digits
    try:
        return tax_id(told)
    except BadCell as bad:
        raise BadCell("chave Pix é CPF, CNPJ, e-mail, telefone (+55…) ou chave aleatória") from bad


def days_list(cell: str) -> list[date]:
    """Read dates separated by blanks, commas or semicolons; they must go forward."""
    days = [day(part) for part in re.split(r"[\s,;]+", cell) if part]
    if days != sorted(set(days)):
        raise BadCell("as datas devem vir em ordem, sem repetição")
    return days


def one_of[T: StrEnum](words: Mapping[str, T]) -> Reader[T]:
    """Return a reader of a code by the words that people use for it."""

    def read(cell: str) -> T:
        found = words.get(plain(cell))
        if found is None:
            raise BadCell(f"use um destes: {', '.join(words)}")
        return found

    return read
