"""Which days of a contract are billed, and which were given back to be billed again."""

from collections.abc import Iterable

from vigente.domain.periods import Period


def uncovered(released: Iterable[Period], *, covered: Iterable[Period]) -> tuple[Period, ...]:
    """Return the days of `released` periods that no `covered` period bills, oldest first.

    >>> from datetime import date
    >>> july, august = (Period(date(2025, m, 10), date(2025, m + 1, 10)) for m in (7, 8))
    >>> [p.label() for p in uncovered([july, august], covered=[august])]
    ['10/07/2025 a 09/08/2025']
    """
    gaps: list[Period] = []
    for period in sorted(set(released)):
        left = [period]
        for billed in covered:
            left = [part for gap in left for part in _without(gap, billed)]
        for gap in left:
            if gaps and gaps[-1].end >= gap.start:
                gaps[-1] = Period(gaps[-1].start, max(gaps[-1].end, gap.end))
            else:
                gaps.append(gap)
    return tuple(gaps)


def _without(gap: Period, billed: Period) -> list[Period]:
    if gap.overlap(billed) is None:
        return [gap]
    parts = []
    if gap.start < billed.start:
        parts.append(Period(gap.start, billed.start))
    if billed.end < gap.end:
        parts.append(Period(billed.end, gap.end))
    return parts
