"""Money is whole centavos, and this is the one place where a ratio of them is rounded.

Rounding is half up, away from zero, once, at the end of an exact ratio of whole numbers.
"""

import re
from collections.abc import Sequence
from functools import lru_cache

type Cents = int

# up to 15 digits of reais, so that centavos fit a bigint; the sign before or after "R$"
_SIGN = r"^(?P<sign>[-−] ?(?:R\$ ?)?|(?:R\$ ?)?[-−]?)"
_TYPED = re.compile(
    _SIGN + r"(?P<whole>[1-9][0-9]{0,2}(?:\.[0-9]{3}){1,4}|[0-9]{1,15})(?:,(?P<part>[0-9]{1,15}))?$"
)
_TYPED_WITH_POINT = re.compile(_SIGN + r"(?P<whole>[0-9]{1,15})\.(?P<part>[0-9]{1,2})$")


class AmountNotUnderstood(ValueError):
    """Não é um valor em reais; escreva como 1.234,56."""


class NothingToSpreadOver(ValueError):
    """Não há partes sobre as quais ratear o valor."""


def round_half_up(numerator: int, denominator: int) -> int:
    """Return numerator ÷ denominator rounded to a whole number, halves away from zero.

    >>> round_half_up(4990 * 3, 31), round_half_up(5, 2), round_half_up(-5, 2)
    (483, 3, -3)
    """
    if numerator < 0:
        return -((-2 * numerator + denominator) // (2 * denominator))
    return (2 * numerator + denominator) // (2 * denominator)


def share(cents: int, *, part: int, whole: int) -> int:
    """Return `part` of `whole` parts of an amount.

    >>> share(8990, part=28, whole=31)
    8120
    """
    return round_half_up(cents * part, whole)


def split(total_cents: int, *, parts: int) -> tuple[int, ...]:
    """Return the amount in equal parts that add up to it, centavo by centavo.

    >>> split(10000, parts=3)
    (3333, 3334, 3333)

    :raises NothingToSpreadOver: see `spread`.
    """
    return spread(total_cents, [1] * parts)


def spread(total_cents: int, weights: Sequence[int]) -> tuple[int, ...]:
    """Return the amount divided in proportion to `weights`; the parts add up to it.

    >>> spread(1000, [4990, 0, 8990])
    (357, 0, 643)

    :raises NothingToSpreadOver: if all weights are zero and the amount is not.
    """
    whole = sum(weights)
    if whole == 0:
        if total_cents:
            raise NothingToSpreadOver(brl(total_cents))
        return tuple(0 for _ in weights)
    parts, weighed, before = [], 0, 0
    for weight in weights:
        weighed += weight
        until_here = round_half_up(total_cents * weighed, whole)
        parts.append(until_here - before)
        before = until_here
    return tuple(parts)


def amount(cents: int) -> str:
    """Return centavos as people write them.

    >>> amount(123456), amount(-5)
    ('1.234,56', '−0,05')
    """
    reais, rest = divmod(abs(cents), 100)
    sign = "−" if cents < 0 else ""
    return f"{sign}{reais:,}".replace(",", ".") + f",{rest:02d}"


@lru_cache(maxsize=16_384)
def brl(cents: int) -> str:
    """Return centavos as reais; remembered, since a provider's contracts share a few prices.

    >>> brl(8990), brl(-8990)
    ('R$ 89,90', '−R$ 89,90')
    """
    return f"−R$ {amount(-cents)}" if cents < 0 else f"R$ {amount(cents)}"


def signed(cents: int) -> str:
    """Return a change as people write it, with its sign.

    >>> signed(4000), signed(-5), signed(0)
    ('+ 40,00', '− 0,05', '0,00')
    """
    if cents == 0:
        return amount(0)
    return f"{'+' if cents > 0 else '−'} {amount(abs(cents))}"


def parse_brl(text: str) -> int:
    """Return the centavos that a person typed.

    >>> parse_brl("R$ 1.234,56"), parse_brl("1234,5"), parse_brl("89.90"), parse_brl("1.234")
    (123456, 123450, 8990, 123400)

    :raises AmountNotUnderstood: for letters, parts of a centavo, more than 15 digits, or points
        that group no thousands.
    """
    typed = " ".join(text.replace("\xa0", " ").split())
    found = _TYPED.match(typed) or _TYPED_WITH_POINT.match(typed)
    if found is None:
        raise AmountNotUnderstood(text)
    part = (found["part"] or "0").ljust(2, "0")
    if part[2:].strip("0"):
        raise AmountNotUnderstood(text)
    cents = int(found["whole"].replace(".", "")) * 100 + int(part[:2])
    return -cents if found["sign"].strip("R$ ") else cents
