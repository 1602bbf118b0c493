"""Plans and terms as they are kept with an alteration, and read again."""

from typing import Any

import msgspec

from vigente.domain.alteration_plan import AlterationPlan
from vigente.domain.alteration_terms import WantedTerms


def told(value: AlterationPlan | WantedTerms) -> Any:
    """Return a plan, or wanted terms, as plain JSON."""
    return msgspec.to_builtins(value)


def read_plan(row: Any) -> AlterationPlan:
    """Return the plan that was told."""
    return msgspec.convert(row, AlterationPlan)


def read_wanted(row: Any) -> WantedTerms:
    """Return the wanted terms that were told."""
    return msgspec.convert(row, WantedTerms)
