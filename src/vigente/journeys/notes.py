"""Notes on a contract: added, and never changed."""

from datetime import datetime

from django.db import transaction

from vigente.audit import actions as audit
from vigente.audit.actor import Actor
from vigente.contracts import actions as contracts
from vigente.contracts.models import Contract, ContractNote

LONGEST = 4_000
NOTED = "contract noted"


class NoteRefused(ValueError):
    """A anotação não pode ser gravada assim."""


@transaction.atomic
def add(contract: Contract, text: str, *, by: Actor, now: datetime) -> ContractNote:
    """Note something about a contract, whatever its status.

    :raises NoteRefused: for a note that says nothing, or a very long one.
    """
    told = text.strip()
    if not told:
        raise NoteRefused("Escreva a anotação.")
    if len(told) > LONGEST:
        raise NoteRefused(
            f"A anotação tem {len(told)} letras; o limite é {LONGEST}. Divida em duas."
        )
    note = contracts.note(contract, told, by_user_id=by.user_id, by_name=by.name, at=now)
    audit.record(
        NOTED,
        object_kind="contract",
        object_id=contract.pk,
        by=by,
        at=now,
        branch_id=contract.branch_id,
    )
    return note
