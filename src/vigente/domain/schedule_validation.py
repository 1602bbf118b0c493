"""Which billing types and payment terms determine service periods, and what to say of others.

The sentences are for whoever fills in a form or a spreadsheet: each names the field and the way
out. What is lawful here never fails in `schedule`, but for a list of dates that is used up.
"""

from collections.abc import Iterator
from datetime import date
from itertools import pairwise

from vigente.domain.cycles import PeriodUnit
from vigente.domain.schedule import Divisor, DueRule, PeriodBase, Timing

LONGEST_CYCLE = 400
SHORTEST_MONTH = 28


def validate(
    *,
    timing: Timing,
    base: PeriodBase,
    period_unit: PeriodUnit,
    period_count: int,
    due_rule: DueRule,
    due_day: int | None,
    interval_days: int | None,
    custom_dates: tuple[date, ...],
    first_divisor: Divisor,
) -> tuple[str, ...]:
    """Return a sentence for each thing that keeps a schedule from being lawful; none if it is.

    >>> validate(timing=Timing.POSTPAID, base=PeriodBase.CALENDAR, period_unit=PeriodUnit.DAY,
    ...          period_count=30, due_rule=DueRule.FIXED_DAY, due_day=None, interval_days=None,
    ...          custom_dates=(), first_divisor=Divisor.ACTUAL)
    ('Base do período: ciclos em dias não seguem o calendário; escolha vencimento ou aniversário.',)
    """
    return (
        *_of_the_cycle(base, period_unit, period_count, first_divisor),
        *_of_the_due_rule(period_unit, due_rule, due_day, interval_days, custom_dates),
        *_of_the_first_interval(timing, base, period_unit, period_count, due_rule, interval_days),
    )


def validate_terms(
    *, due_rule: DueRule, interval_days: int | None, custom_dates: tuple[date, ...]
) -> tuple[str, ...]:
    """Return a sentence for each thing that payment terms lack, or have for another rule.

    >>> validate_terms(due_rule=DueRule.CUSTOM, interval_days=None, custom_dates=())
    ('Vencimentos personalizados: informe ao menos uma data.',)
    """
    return (
        *_of_the_dates(due_rule, interval_days, custom_dates),
        *_of_another_rule(due_rule, interval_days, custom_dates),
    )


def _of_the_cycle(
    base: PeriodBase, period_unit: PeriodUnit, period_count: int, first_divisor: Divisor
) -> Iterator[str]:
    if not 1 <= period_count <= LONGEST_CYCLE:
        yield f"Periodicidade: informe de 1 a {LONGEST_CYCLE} meses ou dias."
    if period_unit is PeriodUnit.MONTH:
        return
    if base is PeriodBase.CALENDAR:
        yield (
            "Base do período: ciclos em dias não seguem o calendário; "
            "escolha vencimento ou aniversário."
        )
    if first_divisor is Divisor.THIRTY:
        yield "Divisor da primeira fatura: 30 dias só vale para ciclos em meses; escolha o real."


def _of_the_due_rule(
    period_unit: PeriodUnit,
    due_rule: DueRule,
    due_day: int | None,
    interval_days: int | None,
    custom_dates: tuple[date, ...],
) -> Iterator[str]:
    by_due_day = due_rule is DueRule.FIXED_DAY and period_unit is PeriodUnit.MONTH
    if by_due_day and due_day not in range(1, 32):
        yield "Dia de vencimento: informe um dia de 1 a 31."
    yield from _of_the_dates(due_rule, interval_days, custom_dates)


def _of_the_dates(
    due_rule: DueRule, interval_days: int | None, custom_dates: tuple[date, ...]
) -> Iterator[str]:
    if due_rule is DueRule.INTERVAL and (interval_days is None or interval_days < 0):
        yield "Intervalo: informe quantos dias até o vencimento, a partir de 0."
    if due_rule is DueRule.CUSTOM and not custom_dates:
        yield "Vencimentos personalizados: informe ao menos uma data."
    if any(one >= following for one, following in pairwise(custom_dates)):
        yield "Vencimentos personalizados: ponha as datas em ordem, cada uma uma só vez."


def _of_another_rule(
    due_rule: DueRule, interval_days: int | None, custom_dates: tuple[date, ...]
) -> Iterator[str]:
    if due_rule is not DueRule.INTERVAL and interval_days is not None:
        yield "Intervalo: só o vencimento por intervalo tem dias; deixe vazio."
    if due_rule is not DueRule.CUSTOM and custom_dates:
        yield "Vencimentos personalizados: só o vencimento personalizado tem datas; deixe vazio."


def _of_the_first_interval(
    timing: Timing,
    base: PeriodBase,
    period_unit: PeriodUnit,
    period_count: int,
    due_rule: DueRule,
    interval_days: int | None,
) -> Iterator[str]:
    """Refuse an interval after which the first due date would not be the grid's first."""
    counts_from_due_date = base is PeriodBase.DUE_DATE and timing is Timing.POSTPAID
    if due_rule is not DueRule.INTERVAL or not counts_from_due_date:
        return
    longest = period_count * (SHORTEST_MONTH if period_unit is PeriodUnit.MONTH else 1)
    if (interval_days or 0) > longest:
        yield (
            f"Intervalo: na base vencimento pós-paga, use até {longest} dias (um ciclo), "
            "ou escolha a base aniversário."
        )
