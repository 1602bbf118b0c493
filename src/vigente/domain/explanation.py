"""The sums that screens and documents print, in the manual's own style, and their evaluation.

Every amount is explained by a text such as "R$ 49,90 ÷ 31 × 3 dias = R$ 4,83"; `evaluate`
recomputes a text from its own figures, so that a test can hold each printed sum to its amount.
A bracket is rounded to centavos before it is used further, as it is printed.
"""

import re
from collections.abc import Sequence
from fractions import Fraction

from vigente.domain import money

_TOKEN = re.compile(
    r"\s*(?:(?P<money>R\$\s*\d[\d.]*,\d{2})|(?P<percent>\d[\d.]*(?:,\d+)?)\s*%"
    r"|(?P<number>(?<=× )\d+,\d{1,3}|\d+)(?:\s+(?:dias?|meses|mês))?|(?P<sign>[()÷×+−]))"
)

_DIFFERENCE = re.compile(
    r"(?P<after>−?R\$ [\d.]+,\d{2}) − \(?(?P<before>−?R\$ [\d.]+,\d{2})\)? = [^=]+$"
)

_AT_DAILY_RATE = re.compile(
    r"(?P<rate>R\$ [\d.]+,\d{4}) × (?P<days>\d+) dias? = (?P<stated>R\$ [\d.]+,\d{2})"
    r" \((?P<truncated>truncado; )?diária (?P<price>R\$ [\d.]+,\d{2}) ÷ (?P<divisor>\d+)"
    r" = (?P=rate)\)$"
)


class SumNotUnderstood(ValueError):
    """O texto não é uma soma impressa."""


def whole(cents: int) -> str:
    """Return an amount that needs no sum."""
    return money.brl(cents)


def days_of_cycle(price_cents: int, *, divisor: int, days: int, cents: int) -> str:
    """Return the plain product: price ÷ days of the cycle × days used."""
    return f"{_part(price_cents, divisor, days)} = {money.brl(cents)}"


def running_totals(price_cents: int, *, divisor: int, until: int, after: int, cents: int) -> str:
    """Return the difference of two running totals, where the plain product is a centavo off."""
    first, second = _part(price_cents, divisor, until), _part(price_cents, divisor, after)
    return f"({first}) − ({second}) = {money.brl(cents)}"


def at_daily_rate(price_cents: int, *, divisor: int, days: int, cents: int, truncated: bool) -> str:
    """Return days at a daily rate cut to ten-thousandths of a real, as the manual reckons them.

    Where the plain product comes to the same, it is what is printed.

    >>> at_daily_rate(4990, divisor=31, days=28, cents=4506, truncated=True)
    'R$ 1,6096 × 28 dias = R$ 45,06 (truncado; diária R$ 49,90 ÷ 31 = R$ 1,6096)'
    >>> at_daily_rate(4990, divisor=31, days=3, cents=483, truncated=False)
    'R$ 49,90 ÷ 31 × 3 dias = R$ 4,83'
    """
    if cents == money.share(price_cents, part=days, whole=divisor):
        return days_of_cycle(price_cents, divisor=divisor, days=days, cents=cents)
    rate, cut = _rate(price_cents * 100 // divisor), "truncado; " if truncated else ""
    daily = f"diária {money.brl(price_cents)} ÷ {divisor} = {rate}"
    return f"{rate} × {_days(days)} = {money.brl(cents)} ({cut}{daily})"


def addition(cents: Sequence[int], *, less: int = 0) -> str:
    """Return a sum of amounts, less one more where it is given.

    >>> addition([483, 8120], less=4990)
    'R$ 4,83 + R$ 81,20 − R$ 49,90 = R$ 36,13'
    >>> addition([4990, -1000])
    'R$ 49,90 − R$ 10,00 = R$ 39,90'
    """
    first, *others = [*cents, -less] if less else [*cents]
    signed = "".join(f" {'−' if c < 0 else '+'} {money.brl(abs(c))}" for c in others)
    result = sum(cents) - less
    return f"{money.brl(first)}{signed} = {money.brl(result)}" if others else whole(first)


def instalments(total_cents: int, *, times: int, after: int, until: int) -> tuple[int, str]:
    """Return instalments `after` + 1 to `until` of a total, and their sum.

    >>> instalments(10000, times=3, after=1, until=2)
    (3334, '(R$ 100,00 ÷ 3 × 2) − (R$ 100,00 ÷ 3 × 1) = R$ 33,34')
    >>> instalments(12000, times=3, after=1, until=2)
    (4000, 'R$ 120,00 ÷ 3 = R$ 40,00')
    """
    until_here = money.share(total_cents, part=until, whole=times)
    before = money.share(total_cents, part=after, whole=times)
    cents, number = until_here - before, until - after
    price = money.brl(total_cents)
    if cents == money.share(total_cents, part=number, whole=times):
        count = "" if number == 1 else f" × {number}"
        return cents, f"{price} ÷ {times}{count} = {money.brl(cents)}"
    totals = f"({price} ÷ {times} × {until}) − ({price} ÷ {times} × {after})"
    return cents, f"{totals} = {money.brl(cents)}"


def quantity(price_cents: int, *, quantity_milli: int) -> tuple[int, str]:
    """Return what a quantity, in thousandths, costs at a price for each, and the sum.

    >>> quantity(3000, quantity_milli=1500)
    (4500, 'R$ 30,00 × 1,5 = R$ 45,00')
    >>> quantity(3000, quantity_milli=1000)
    (3000, 'R$ 30,00')
    """
    cents = money.round_half_up(price_cents * quantity_milli, 1000)
    if quantity_milli == 1000:
        return cents, whole(cents)
    text = f"{quantity_milli // 1000},{quantity_milli % 1000:03d}".rstrip("0").rstrip(",")
    return cents, f"{money.brl(price_cents)} × {text} = {money.brl(cents)}"


def months_of_term(cents_of_term: int, *, months: int, left: int, cents: int) -> str:
    """Return the part of an amount that falls on the months left of a term.

    >>> months_of_term(30000, months=12, left=5, cents=12500)
    'R$ 300,00 ÷ 12 × 5 meses = R$ 125,00'
    """
    unit = "mês" if left == 1 else "meses"
    return f"{money.brl(cents_of_term)} ÷ {months} × {left} {unit} = {money.brl(cents)}"


def percent(base_cents: int, *, percent_e4: int) -> str:
    """Return a part in hundredths of an amount; `percent_e4` is ten-thousandths of 1 %.

    >>> percent(8990, percent_e4=100000)
    'R$ 89,90 × 10% = R$ 8,99'
    """
    cents = money.round_half_up(base_cents * percent_e4, 1_000_000)
    return f"{money.brl(base_cents)} × {_hundredths(percent_e4)} = {money.brl(cents)}"


def fine(base_cents: int, *, percent_e4: int, less: int, cents: int) -> str:
    """Return a fine on what was not paid in time, less what was paid or waived of it.

    >>> fine(8990, percent_e4=20000, less=100, cents=80)
    'R$ 89,90 × 2% − R$ 1,00 = R$ 0,80'
    """
    before = f" − {money.brl(less)}" if less else ""
    return f"{money.brl(base_cents)} × {_hundredths(percent_e4)}{before} = {money.brl(cents)}"


def interest(parts: Sequence[tuple[int, int]], *, percent_e4: int, less: int, cents: int) -> str:
    """Return simple interest on each principal for its days, less what was paid or waived of it.

    >>> interest([(8990, 10), (4000, 5)], percent_e4=10000, less=0, cents=37)
    'R$ 89,90 × 1% ÷ 30 × 10 dias + R$ 40,00 × 1% ÷ 30 × 5 dias = R$ 0,37'
    """
    rate = f"{_hundredths(percent_e4)} ÷ 30"
    owed = " + ".join(f"{money.brl(base)} × {rate} × {_days(days)}" for base, days in parts)
    before = f" − {money.brl(less)}" if less else ""
    return f"{owed}{before} = {money.brl(cents)}"


def negative(text: str) -> str:
    """Return a sum as what it takes off: its result, or the amount alone, turned negative.

    >>> negative("R$ 89,90 × 10% = R$ 8,99")
    '−(R$ 89,90 × 10%) = −R$ 8,99'
    >>> negative("R$ 10,00")
    '−R$ 10,00'
    """
    if " = " not in text:
        return f"−{text}"
    sum_, result = text.rsplit(" = ", 1)
    return f"−({sum_}) = −{result}"


def difference(after_cents: int, before_cents: int) -> str:
    """Return what a change makes: the cost after it less the cost before it.

    >>> difference(9600, 8990)
    'R$ 96,00 − R$ 89,90 = R$ 6,10'
    >>> difference(0, -1000)
    'R$ 0,00 − (−R$ 10,00) = R$ 10,00'
    """
    cents = after_cents - before_cents
    before = f"({money.brl(before_cents)})" if before_cents < 0 else money.brl(before_cents)
    return f"{money.brl(after_cents)} − {before} = {money.brl(cents)}"


def turned(text: str) -> str:
    """Return a printed difference the other way round: what is given back, above zero.

    >>> turned("R$ 89,90 − R$ 96,00 = −R$ 6,10")
    'R$ 96,00 − R$ 89,90 = R$ 6,10'

    :raises SumNotUnderstood: if the text is no difference of two amounts.
    """
    found = _DIFFERENCE.match(text)
    if found is None:
        raise SumNotUnderstood(text)
    return difference(money.parse_brl(found["before"]), money.parse_brl(found["after"]))


def calculation(text: str) -> str:
    """Return a printed sum without its result, for a table that has it in a column of its own.

    >>> calculation("R$ 49,90 ÷ 31 × 3 dias = R$ 4,83"), calculation("R$ 49,90")
    ('49,90 ÷ 31 × 3', '')
    >>> calculation(
    ...     at_daily_rate(4990, divisor=31, days=28, cents=4506, truncated=True)
    ... )
    '1,6096 × 28 (diária 49,90 ÷ 31, truncada)'
    """
    left, equals, right = text.partition(" = ")
    if not equals:
        return ""
    found = re.search(r"\(truncado; diária (.+) = ", right)
    rate = f" (diária {found[1]}, truncada)" if found else ""
    return re.sub(r"R\$ | dias?\b", "", left + rate)


def evaluate(text: str) -> int:
    """Return the centavos that a printed sum comes to, recomputed from its own figures.

    >>> evaluate("R$ 49,90 ÷ 31 × 3 dias = R$ 4,83")
    483

    :raises SumNotUnderstood: if the text is no sum, or if what it says is not what it comes to.
    """
    if found := _AT_DAILY_RATE.match(text):
        return _of_daily_rate(found)
    sum_, _, stated = text.rpartition(" = ")
    try:
        value = _value(sum_ or stated)
        is_true = not sum_ or value == _value(stated)
    except (SumNotUnderstood, money.AmountNotUnderstood, ZeroDivisionError) as flaw:
        raise SumNotUnderstood(text) from flaw
    if not is_true:
        raise SumNotUnderstood(text)
    return value


def _value(text: str) -> int:
    tokens = _tokens(text)
    value = _rounded(_sum(tokens))
    if tokens:
        raise SumNotUnderstood(text)
    return value


def _part(price_cents: int, divisor: int, days: int) -> str:
    return f"{money.brl(price_cents)} ÷ {divisor} × {_days(days)}"


def _hundredths(percent_e4: int) -> str:
    text = f"{percent_e4 // 10_000},{percent_e4 % 10_000:04d}".rstrip("0").rstrip(",")
    return f"{text}%"


def _days(days: int) -> str:
    return f"{days} {'dia' if days == 1 else 'dias'}"


def _rate(ten_thousandths: int) -> str:
    """Return a daily rate, in ten-thousandths of a real."""
    cents, rest = divmod(ten_thousandths, 100)
    return f"{money.brl(cents)}{rest:02d}"


def _of_daily_rate(found: re.Match[str]) -> int:
    price, stated = money.parse_brl(found["price"]), money.parse_brl(found["stated"])
    divisor, days = int(found["divisor"]), int(found["days"])
    rate = price * 100 // divisor if divisor else 0
    cents = rate * days // 100 if found["truncated"] else money.round_half_up(rate * days, 100)
    if _rate(rate) != found["rate"] or cents != stated:
        raise SumNotUnderstood(found[0])
    return cents


def _tokens(text: str) -> list[re.Match[str]]:
    tokens, position = [], 0
    while position < len(text):
        found = _TOKEN.match(text, position)
        if found is None:
            raise SumNotUnderstood(text)
        tokens.append(found)
        position = found.end()
    tokens.reverse()
    return tokens


def _next_sign(tokens: list[re.Match[str]], *signs: str) -> str | None:
    if tokens and tokens[-1]["sign"] in signs:
        return tokens.pop()["sign"]
    return None


def _sum(tokens: list[re.Match[str]]) -> Fraction:
    total = -_product(tokens) if _next_sign(tokens, "−") else _product(tokens)
    while sign := _next_sign(tokens, "+", "−"):
        term = _product(tokens)
        total += term if sign == "+" else -term
    return total


def _product(tokens: list[re.Match[str]]) -> Fraction:
    value = _factor(tokens)
    while sign := _next_sign(tokens, "×", "÷"):
        factor = _factor(tokens)
        value = value * factor if sign == "×" else value / factor
    return value


def _factor(tokens: list[re.Match[str]]) -> Fraction:
    if _next_sign(tokens, "("):
        inside = Fraction(_rounded(_sum(tokens)))
        if not _next_sign(tokens, ")"):
            raise SumNotUnderstood
        return inside
    if not tokens:
        raise SumNotUnderstood
    token = tokens.pop()
    if token["money"]:
        return Fraction(money.parse_brl(token["money"]))
    if token["percent"]:
        return _decimal(token["percent"]) / 100
    if token["number"]:
        return _decimal(token["number"])
    raise SumNotUnderstood


def _decimal(text: str) -> Fraction:
    whole_part, _, decimals = text.partition(",")
    return Fraction(int(whole_part + decimals), 10 ** len(decimals))


def _rounded(value: Fraction) -> int:
    return money.round_half_up(value.numerator, value.denominator)
