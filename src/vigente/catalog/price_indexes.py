"""The only writes to price indexes, month by month."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from vigente.catalog.actions import as_written
from vigente.catalog.models import PriceIndex


@dataclass(frozen=True, slots=True, kw_only=True)
class PriceIndexFacts:
    """What is kept of one month of an index; `month` is its first day."""

    code: str
    month: date
    percent: Decimal


def price_index_facts(index: PriceIndex) -> PriceIndexFacts:
    """Return what is kept of one month of an index."""
    return PriceIndexFacts(code=index.code, month=index.month, percent=as_written(index.percent))


def write_price_index(index: PriceIndex | None, facts: PriceIndexFacts) -> PriceIndex:
    """Write one month of an index; readjustments made before keep the percent that they had."""
    index = index or PriceIndex()
    index.code, index.month, index.percent = facts.code.upper(), facts.month, facts.percent
    index.save()
    return index
