"""From the nominal due date to the day on which an invoice is payable."""

from datetime import date, timedelta

from vigente.domain.business_days import BusinessCalendar


def payable_on(
    nominal_due_on: date,
    *,
    issued_on: date,
    min_days: int,
    calendar: BusinessCalendar,
    move_to_business_day: bool,
) -> date:
    """Return the payable date: never sooner than `min_days` after the issue, on a business day.

    The service period and the nominal date never move.
    """
    payable = max(nominal_due_on, issued_on + timedelta(days=min_days))
    return calendar.next_business_day(payable) if move_to_business_day else payable


def beyond(ceiling: date) -> str:
    """Return where a refused payable date lies, and the way out, as the end of a sentence.

    >>> beyond(date(2026, 12, 31)).split(":")[0]
    'depois do teto de vencimento de 31/12/2026'
    """
    return (
        f"depois do teto de vencimento de {ceiling:%d/%m/%Y}: escolha um dia até lá, ou peça a "
        "quem tem a permissão que libere o teto."
    )
