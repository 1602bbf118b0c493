"""The life of an effect."""

from enum import StrEnum


class EffectStatus(StrEnum):
    """PENDING -> DELIVERED, or FAILING -> ... -> DELIVERED or DEAD; DISCARDED by a person."""

    PENDING = "PENDING"
    FAILING = "FAILING"
    DELIVERED = "DELIVERED"
    DEAD = "DEAD"
    DISCARDED = "DISCARDED"


RETRYABLE = frozenset({EffectStatus.FAILING, EffectStatus.DEAD})
UNSETTLED = (EffectStatus.PENDING, EffectStatus.FAILING, EffectStatus.DEAD)
