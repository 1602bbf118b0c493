"""The life of a contract as one line of time: alterations, moves and holders, the newest first."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.urls import reverse

from vigente.alterations.models import Alteration
from vigente.backoffice.templatetags.vigente import STATUSES, alteration_word
from vigente.contracts.models import Contract, ContractMove, HolderChange
from vigente.domain import money


@dataclass(frozen=True, slots=True, kw_only=True)
class Happened:
    """One thing that happened on a day: what, how it was before and after, and where to read it."""

    on: date
    title: str
    details: tuple[str, ...] = ()
    status: str = ""
    who: str = ""
    address: str = ""


def of(contract: Contract, alterations: Iterable[Alteration]) -> list[Happened]:
    """Return all that happened to a contract."""
    found = [
        *(_altered(one) for one in alterations),
        *(_moved(one) for one in contract.moves.order_by("-pk")),
        *(_passed(one) for one in contract.holder_changes.select_related("former", "customer")),
    ]
    return sorted(found, key=lambda one: one.on, reverse=True)


def _altered(one: Alteration) -> Happened:
    return Happened(
        on=one.on,
        title=alteration_word(one.kind),
        details=tuple(_changes(one)),
        status=one.status,
        who=one.confirmed_by_name or one.by_name,
        address=reverse("alteration", args=[one.pk]),
    )


def _changes(one: Alteration) -> Iterable[str]:
    before, after = one.monthly_before_cents, one.monthly_after_cents
    if before is not None and after is not None:
        yield f"{money.brl(before)} → {money.brl(after)} por mês"
    if one.sale_plan_before and one.sale_plan_after and one.sale_plan_before != one.sale_plan_after:
        yield f"{one.sale_plan_before.name} → {one.sale_plan_after.name}"
    if one.due_day_before != one.due_day_after:
        yield f"dia {one.due_day_before} → dia {one.due_day_after}"
    if one.billing_type_before and one.billing_type_before != one.billing_type_after:
        yield f"{one.billing_type_before.name} → {one.billing_type_after}"
    if one.undo_reason:
        yield f"desfeita: {one.undo_reason}"


def _moved(one: ContractMove) -> Happened:
    before, after = STATUSES[one.before][0], STATUSES[one.after][0]
    return Happened(
        on=one.on,
        title=f"{before} → {after}",
        details=(one.reason,) if one.reason else (),
    )


def _passed(one: HolderChange) -> Happened:
    return Happened(
        on=one.on,
        title=f"Titular: {one.former.name} → {one.customer.name}",
        details=(one.reason,) if one.reason else (),
    )
