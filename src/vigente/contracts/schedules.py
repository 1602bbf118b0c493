"""How a contract's time is cut, as its tables keep it: the schedule, and those before it."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from vigente.contracts.models import FormerSchedule
from vigente.domain.schedule import Schedule, Stretch

_STRETCH = msgspec.json.Decoder(Stretch)


def told(of: Schedule | Stretch) -> Any:
    """Return a schedule, or a stretch, as plain JSON."""
    return msgspec.to_builtins(of)


def read(row: Any) -> Schedule:
    """Return the schedule that `told` wrote."""
    return msgspec.convert(row, Schedule)


def read_stretch(text: str) -> Stretch:
    """Return the stretch of its JSON text."""
    return _STRETCH.decode(text)


def former(contract_ids: Sequence[int]) -> Mapping[int, tuple[Schedule, ...]]:
    """Return the schedules that each contract had before its present one, oldest first."""
    kept: defaultdict[int, list[Schedule]] = defaultdict(list)
    rows = FormerSchedule.objects.filter(contract_id__in=contract_ids, taken_up=False)
    for contract_id, schedule in rows.order_by("pk").values_list("contract_id", "schedule"):
        kept[contract_id].append(read(schedule))
    return {contract_id: tuple(schedules) for contract_id, schedules in kept.items()}
