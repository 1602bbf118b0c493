"""`vigente calc …`: the sums of an alteration, without a contract and without a database."""

import argparse
import json
import sys
from datetime import date, timedelta
from typing import Any, NamedTuple

from vigente.domain import alteration_difference, alteration_due_day, money
from vigente.domain.alteration_difference import DayOutsideThePeriod, Difference
from vigente.domain.alteration_due_day import DueDayRefused
from vigente.domain.codes import DifferenceKind, DifferencePolicy
from vigente.domain.parameters import MIN_DAYS_BEFORE_DUE
from vigente.domain.periods import EmptyPeriod, Period

YEARS = range(1900, 2200)
POLICIES = {policy.value.lower(): policy for policy in DifferencePolicy}


KINDS = {
    DifferenceKind.CHARGE: "serviço adicional na próxima fatura",
    DifferenceKind.DISCOUNT: "desconto na próxima fatura",
    DifferenceKind.NONE: "nenhum item",
}


class Row(NamedTuple):
    """One figure: how JSON tells it, and how the table shows it."""

    key: str
    title: str
    told: str | int
    shown: str


class CalculationRefused(ValueError):
    """Os dados não permitem esta conta."""


def add_parser(commands: Any) -> None:
    """Add the command."""
    parser = commands.add_parser("calc", help="calcula uma alteração de contrato, sem gravar nada")
    parser.set_defaults(run=_which)
    kinds = parser.add_subparsers(metavar="conta")
    alteration = kinds.add_parser("alteration", help="diferença de uma troca de plano")
    alteration.add_argument("--old", metavar="VALOR", help="valor anterior, como 49.90")
    alteration.add_argument("--new", metavar="VALOR", help="valor novo, como 89.90")
    alteration.add_argument(
        "--period", metavar="DE..ATÉ", help="primeiro e último dia, 2025-07-10..2025-08-09"
    )
    alteration.add_argument("--on", metavar="DIA", help="dia da alteração, como 2025-07-13")
    alteration.add_argument("--policy", help="manual ou period_balance")
    alteration.add_argument("--json", action="store_true", help="saída em JSON")
    alteration.set_defaults(run=_run, calculate=_alteration)
    due_day = kinds.add_parser("due-day", help="dias a mais ou a menos de uma troca de vencimento")
    due_day.add_argument("--value", metavar="VALOR", help="valor líquido do mês, como 89.90")
    due_day.add_argument(
        "--last-end", metavar="DIA", help="último dia do último período mantido, como 2025-08-09"
    )
    due_day.add_argument("--due-day", metavar="N", help="dia de vencimento de hoje, como 10")
    due_day.add_argument("--new-due-day", metavar="N", help="novo dia de vencimento, como 20")
    due_day.add_argument("--on", metavar="DIA", help="dia da alteração, como 2025-08-01")
    due_day.add_argument(
        "--notice",
        metavar="DIAS",
        default=str(MIN_DAYS_BEFORE_DUE.default),
        help="antecedência mínima do vencimento na filial (%(default)s)",
    )
    due_day.add_argument("--json", action="store_true", help="saída em JSON")
    due_day.set_defaults(run=_run, calculate=_due_day)


def _which(_chosen: argparse.Namespace) -> int:
    print("Informe a conta: vigente calc alteration ou vigente calc due-day.", file=sys.stderr)
    return 2


def _run(chosen: argparse.Namespace) -> int:
    """Calculate and print, as a table or as JSON."""
    try:
        rows = chosen.calculate(chosen)
    except (CalculationRefused, DayOutsideThePeriod, DueDayRefused) as refused:
        print(refused, file=sys.stderr)
        return 2
    if chosen.json:
        print(json.dumps({row.key: row.told for row in rows}, ensure_ascii=False, indent=2))
    else:
        print("\n".join(line for row in rows for line in _lines(row)))
    return 0


def _alteration(chosen: argparse.Namespace) -> list[Row]:
    difference = alteration_difference.of_values(
        _value(chosen.old, option="--old"),
        _value(chosen.new, option="--new"),
        period=_period(chosen.period, option="--period"),
        on=_day(chosen.on, option="--on"),
        policy=_policy(chosen.policy),
    )
    return [
        _amount("old_part", "Dias no valor anterior", difference.old_part.cents),
        _amount("new_part", "Dias no valor novo", difference.new_part.cents),
        _amount("sum", "Soma", difference.sum_cents),
        _amount("reference", "Valor subtraído", difference.reference_cents),
        _amount("difference", "Diferença", difference.cents),
        _kind(difference.kind),
        _text("explanation", "Contas", "\n".join(_sums(difference))),
    ]


def _due_day(chosen: argparse.Namespace) -> list[Row]:
    last_day = _day(chosen.last_end, option="--last-end")
    changed, shift = alteration_due_day.of_value(
        _value(chosen.value, option="--value"),
        last_end=last_day + timedelta(days=1),
        due_day=_number(chosen.due_day, option="--due-day", most=31),
        new_due_day=_number(chosen.new_due_day, option="--new-due-day", most=31),
        on=_day(chosen.on, option="--on"),
        min_notice_days=_number(
            chosen.notice, option="--notice", least=0, most=MIN_DAYS_BEFORE_DUE.most
        ),
    )
    period, days = changed.service.period, changed.shift_days
    return [
        Row(
            "next_due",
            "Próximo vencimento",
            changed.next_due_on.isoformat(),
            f"{changed.next_due_on:%d/%m/%Y}",
        ),
        Row("period", "Próximo período", f"{period.start}..{period.last_day}", period.label()),
        Row("shift_days", "Dias a mais ou a menos", days, f"{days:+d}".replace("-", "−")),
        _amount("amount", "Valor", abs(shift.signed_cents) if shift else 0),
        _kind(alteration_difference.kind_of(shift.signed_cents if shift else 0)),
        _text("explanation", "Conta", shift.cost.explanation if shift else "o período não muda"),
    ]


def _sums(difference: Difference) -> list[str]:
    *sums, last = difference.sums
    if difference.cents == 0 and difference.sum_cents != difference.reference_cents:
        last += " (não gera item)"
    return [*sums, last]


def _amount(key: str, title: str, cents: int) -> Row:
    return Row(key, title, f"{cents // 100}.{cents % 100:02d}", money.brl(cents))


def _kind(kind: DifferenceKind) -> Row:
    return Row("kind", "Resultado", kind.value.lower(), KINDS[kind])


def _text(key: str, title: str, text: str) -> Row:
    return Row(key, title, text, text)


def _lines(row: Row) -> list[str]:
    titles = [row.title, *[""] * row.shown.count("\n")]
    return [
        f"{title:<24} {line}" for title, line in zip(titles, row.shown.split("\n"), strict=True)
    ]


def _asked(text: str | None, *, option: str) -> str:
    if text is None:
        raise CalculationRefused(f"Falta {option}; veja --help.")
    return text.strip()


def _value(text: str | None, *, option: str) -> int:
    asked = _asked(text, option=option)
    try:
        cents = money.parse_brl(asked)
    except money.AmountNotUnderstood:
        raise CalculationRefused(
            f"{option}: «{asked}» não é um valor em reais; escreva como 49.90 ou 49,90."
        ) from None
    if cents < 0:
        raise CalculationRefused(f"{option}: o valor não pode ser negativo.")
    return cents


def _number(text: str | None, *, option: str, least: int = 1, most: int) -> int:
    asked = _asked(text, option=option)
    if not (asked.isascii() and asked.isdigit() and least <= int(asked) <= most):
        raise CalculationRefused(f"{option}: «{asked}» não serve; use de {least} a {most}.")
    return int(asked)


def _day(text: str | None, *, option: str) -> date:
    asked = _asked(text, option=option)
    try:
        day = date.fromisoformat(asked)
    except ValueError:
        raise CalculationRefused(
            f"{option}: «{asked}» não é uma data; escreva como 2025-07-13."
        ) from None
    if day.year not in YEARS:
        raise CalculationRefused(f"{option}: use um ano de {YEARS[0]} a {YEARS[-1]}.")
    return day


def _period(text: str | None, *, option: str) -> Period:
    first, dots, last = _asked(text, option=option).partition("..")
    if not dots:
        raise CalculationRefused(
            f"{option}: escreva o primeiro e o último dia, como 2025-07-10..2025-08-09."
        )
    start, end = _day(first, option=option), _day(last, option=option)
    try:
        return Period(start, end + timedelta(days=1))
    except EmptyPeriod:
        raise CalculationRefused(
            f"{option}: o último dia vem antes do primeiro; escreva como 2025-07-10..2025-08-09."
        ) from None


def _policy(text: str | None) -> DifferencePolicy:
    asked = _asked(text, option="--policy").lower().replace("-", "_")
    if asked not in POLICIES:
        raise CalculationRefused(f"--policy: «{asked}» não existe; use {' ou '.join(POLICIES)}.")
    return POLICIES[asked]
