"""What kind of alteration it is: told from what changes, never asked.

The permanent recurring values per month are compared, without what is charged n times, ends on a
day or depends on payment by the due date; where they are equal, the plans.
"""

from dataclasses import dataclass, replace

from vigente.domain import alteration_items, items
from vigente.domain.alteration_terms import AlterationFacts, PlanRank, WantedTerms
from vigente.domain.codes import AlterationKind

KIND_WORDS = {
    AlterationKind.UP: "Upgrade",
    AlterationKind.SC: "Upgrade sem custo adicional",
    AlterationKind.DW: "Downgrade",
    AlterationKind.AV: "Alteração de vencimento",
    AlterationKind.UV: "Upgrade e alteração de vencimento",
    AlterationKind.DV: "Downgrade e alteração de vencimento",
    AlterationKind.OT: "Outras alterações",
}
WITH_DUE_DAY = {
    AlterationKind.UP: AlterationKind.UV,
    AlterationKind.SC: AlterationKind.UV,
    AlterationKind.DW: AlterationKind.DV,
    AlterationKind.OT: AlterationKind.AV,
}


class NothingChanges(ValueError):
    """Nada muda: escolha outro plano, outro vencimento, outro tipo de cobrança ou outros itens."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Changed:
    """What of a contract changes, beside its values."""

    plan_before: PlanRank
    plan_after: PlanRank
    items: bool
    due_day: bool
    billing_type: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Classification:
    """The kind of an alteration, the two values a month that it was told from, and why."""

    kind: AlterationKind
    before_cents: int
    after_cents: int
    reason: str

    @property
    def words(self) -> str:
        """Return the kind as the manual calls it."""
        return KIND_WORDS[self.kind]

    @property
    def change_cents(self) -> int:
        """Return by how much the value a month changes."""
        return self.after_cents - self.before_cents


def classify(before_cents: int, after_cents: int, *, changed: Changed) -> Classification:
    """Return the kind of an alteration between two values a month.

    >>> fibra = PlanRank(id=1, name="Fibra 300", tier=1)
    >>> same = Changed(plan_before=fibra, plan_after=fibra, items=True, due_day=False,
    ...                billing_type=False)
    >>> up = classify(4990, 8990, changed=same)
    >>> up.kind.value, up.reason
    ('UP', 'valor maior, mesmo vencimento')

    :raises NothingChanges: where plan, items, due day and billing type all stay.
    """
    kind, why = _by_value(before_cents, after_cents) or _by_plan(changed)
    if changed.due_day:
        kind = WITH_DUE_DAY[kind]
    elif kind is AlterationKind.OT and not (changed.items or changed.billing_type):
        raise NothingChanges(str(NothingChanges.__doc__))
    due = "outro vencimento" if changed.due_day else "mesmo vencimento"
    return Classification(
        kind=kind,
        before_cents=before_cents,
        after_cents=after_cents,
        reason=f"{why}, {due}",
    )


def of_terms(
    facts: AlterationFacts,
    *,
    wanted: WantedTerms,
    items_change: bool,
    due_day_changes: bool,
    billing_type_changes: bool,
) -> Classification:
    """Return the kind of the alteration that leads to the wanted terms.

    A temporary one is told as if it were for good.

    :raises NothingChanges: see `classify`.
    """
    present = facts.contract.items
    for_good = alteration_items.change(present, wanted=replace(wanted, until=None))
    return classify(
        items.monthly_cents(present, on=wanted.on),
        items.monthly_cents(for_good.after, on=wanted.on),
        changed=Changed(
            plan_before=facts.plan,
            plan_after=wanted.plan or facts.plan,
            items=items_change,
            due_day=due_day_changes,
            billing_type=billing_type_changes,
        ),
    )


def _by_value(before_cents: int, after_cents: int) -> tuple[AlterationKind, str] | None:
    if before_cents == after_cents:
        return None
    if after_cents > before_cents:
        return AlterationKind.UP, "valor maior"
    return AlterationKind.DW, "valor menor"


def _by_plan(changed: Changed) -> tuple[AlterationKind, str]:
    before, after = changed.plan_before, changed.plan_after
    if before.id != after.id and after.rank >= before.rank:
        what = "superior" if after.rank > before.rank else "equivalente"
        return AlterationKind.SC, f"mesmo valor, plano {what} ({after.name})"
    if before.id != after.id:
        return AlterationKind.DW, f"mesmo valor, plano inferior ({after.name})"
    if changed.items:
        return AlterationKind.OT, "mesmo valor e plano, outros itens"
    if changed.billing_type:
        return AlterationKind.OT, "mesmo valor, plano e itens, outro tipo de cobrança"
    return AlterationKind.OT, "mesmo valor, plano e itens"
