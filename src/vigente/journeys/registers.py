"""Registers: rows that people keep by hand; each change is in the trail and none is overwritten.

What a row says is read as facts, a frozen value, and written from facts. The facts that a person
saw before changing them come back with the change: where they are no longer what the row says,
somebody else was faster, and nothing is written.
"""

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, fields
from datetime import datetime
from typing import Any, ClassVar, Protocol

from django.core.serializers.json import DjangoJSONEncoder
from django.db import transaction
from django.db.models import Model

from vigente.audit import actions as audit
from vigente.audit.actor import Actor


class FrozenFacts(Protocol):
    """A frozen dataclass of what is kept of a row."""

    __dataclass_fields__: ClassVar[dict[str, Any]]


SECRET = {"secret": True}

type Told = Mapping[str, str | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Register[Row: Model, Facts: FrozenFacts]:
    """One kind of row: what it is called in the trail, how it is read and how it is written.

    `follow` does or refuses what depends on what the row said before, on the person or the moment;
    `begin` makes a new row that keeps its moment.
    """

    kind: str
    model: type[Row]
    facts: Callable[[Row], Facts]
    write: Callable[[Row | None, Facts], Row]
    branch_id: Callable[[Row], int | None]
    follow: Callable[[Row, Facts, Facts | None, Actor, datetime], None] | None = None
    begin: Callable[[datetime], Row] | None = None


class ChangedMeanwhile(Exception):
    """Outra pessoa alterou este cadastro enquanto você o editava."""

    def __init__(self, differences: Mapping[str, tuple[str | None, str | None]]) -> None:
        super().__init__(
            "Outra pessoa alterou este cadastro enquanto você o editava. Confira as diferenças "
            "e salve de novo para ficar com o que está nesta página."
        )
        self.differences = differences


@transaction.atomic
def keep[Row: Model, Facts: FrozenFacts](
    register: Register[Row, Facts],
    row_id: int | None,
    facts: Facts,
    *,
    seen: Told | None,
    by: Actor,
    now: datetime,
) -> Row:
    """Write a row as told; `row_id` None makes a new one, `seen` None overwrites what is there.

    :raises ChangedMeanwhile: where the row no longer says what was seen.
    :raises IntegrityError: named for the promise of the table that would break.
    """
    row = None if row_id is None else _locked(register, row_id)
    old = register.facts(row) if row is not None else None
    before = told(old) if old is not None else {}
    if row is not None and seen is not None and dict(seen) != before:
        raise ChangedMeanwhile(_differences(seen, before))
    if row is None and register.begin is not None:
        row = register.begin(now)
    written = register.write(row, facts)
    if register.follow is not None:
        register.follow(written, facts, old, by, now)
    changes = _differences(before, told(register.facts(written)))
    if changes:
        audit.record(
            f"{register.kind} changed" if row_id else f"{register.kind} created",
            object_kind=register.kind,
            object_id=written.pk,
            by=by,
            at=now,
            branch_id=register.branch_id(written),
            values=changes,
        )
    return written


def told(facts: FrozenFacts) -> dict[str, str | None]:
    """Return facts as text, field by field, to compare them and to keep them in the trail.

    A field marked `SECRET`, such as a password, is never told.
    """
    secret = {one.name for one in fields(facts) if one.metadata.get("secret")}
    return {name: _text(value) for name, value in asdict(facts).items() if name not in secret}


def _locked[Row: Model, Facts: FrozenFacts](register: Register[Row, Facts], row_id: int) -> Row:
    rows = register.model._default_manager.select_for_update(of=("self",))  # noqa: SLF001
    return rows.get(pk=row_id)


def _differences(before: Told, after: Told) -> dict[str, tuple[str | None, str | None]]:
    names = [*after, *(name for name in before if name not in after)]
    return {
        name: (before.get(name), after.get(name))
        for name in names
        if before.get(name) != after.get(name)
    }


def _text(value: Any) -> str | None:
    if value is None or isinstance(value, str):
        return value
    return DjangoJSONEncoder(ensure_ascii=False, sort_keys=True).encode(value)
