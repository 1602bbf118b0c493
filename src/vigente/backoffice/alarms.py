"""What stands on every page until somebody deals with it."""

from dataclasses import dataclass

TOLD_AT_MOST = 2
COUNTED_AT_MOST = 99


@dataclass(frozen=True, slots=True)
class Alarms:
    """How many alarms of one kind are open, and the sentences of the first ones."""

    count: int
    told: tuple[str, ...]
