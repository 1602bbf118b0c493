"""A mass alteration, contract by contract: the plan of each, or why it is left as it is."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date

from vigente.domain import alteration_plan, money, readjustment
from vigente.domain.alteration_plan import AlterationPlan, AlterationRefused
from vigente.domain.alteration_terms import AlterationFacts, DraftedItem, PlanRank, WantedTerms
from vigente.domain.codes import (
    AlterationDefinition,
    AlterationRefusal,
    ItemKind,
    MassSkipReason,
    ServiceKind,
)
from vigente.domain.readjustment import Readjustment, ReadjustmentRefused

REASON_WORDS: Mapping[str, str] = {
    MassSkipReason.TOO_EARLY.value: "Menos de 12 meses",
    MassSkipReason.NO_ACTIVATION.value: "Sem data de ativação",
    MassSkipReason.TEMPORARY.value: "Mudança já marcada",
    MassSkipReason.SAME_PLAN.value: "Já está no plano",
    MassSkipReason.OTHER_BRANCH.value: "Plano de outra filial",
    MassSkipReason.SHORTFALL.value: "Cliente receberia a menos",
    MassSkipReason.FAILED.value: "Falha no contrato",
    AlterationRefusal.CONTRACT_INACTIVE.value: "Contrato não está ativo",
    AlterationRefusal.GROUPING_OFF.value: "Sem agrupamento de faturas",
    AlterationRefusal.NO_INVOICE.value: "Nenhuma fatura gerada",
    AlterationRefusal.PREVIOUS_INVOICE_MISSING.value: "Falta a fatura anterior",
    AlterationRefusal.CUSTOM_DUE_RULE.value: "Vencimento personalizado",
    AlterationRefusal.ALTERATION_OPEN.value: "Alteração aberta",
    AlterationRefusal.POLICY_NOT_CHOSEN.value: "Diferença não definida na filial",
    AlterationRefusal.DAY_OUT_OF_REACH.value: "Dia fora do alcance",
    AlterationRefusal.TEMPORARY_SCHEDULE.value: "Alteração temporária",
    AlterationRefusal.FOREIGN_ITEM.value: "Produto de outro contrato",
    AlterationRefusal.NOTHING_CHANGES.value: "Nada muda",
    AlterationRefusal.DUE_DAY.value: "Vencimento recusado",
    AlterationRefusal.TOO_MANY_DUE_DAYS.value: "Vencimento já mudou",
    AlterationRefusal.DUE_DAY_PENDING.value: "Mudança de vencimento pendente",
    AlterationRefusal.CYCLE_PRICE.value: "Sem preço por ciclo",
    AlterationRefusal.CEILING.value: "Acima do teto de vencimento",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanMigration:
    """Another sale plan for every contract; `branch_id` is the one that sells it, None all."""

    plan: PlanRank
    items: tuple[DraftedItem, ...]
    branch_id: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PriceRise:
    """The yearly readjustment; additional services too where that is asked."""

    by: Readjustment
    with_additional: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Skip:
    """A contract that is left as it is, and why; `shortfall_cents` is what it asks a tick for."""

    contract_id: int
    reason: str
    sentence: str
    shortfall_cents: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class MassFigures:
    """What a mass alteration comes to: the same for a simulation and for what was written.

    `altered` count also those that wait for their day. `before_cents` and `after_cents` are per
    month; `charged_cents` and `given_back_cents` are differences of periods that are invoiced;
    `cancelled_cents` are invoices of later periods, which are issued again. `shortfalls` are
    contracts whose customers get less than the exact difference, by `shortfall_cents` together,
    whether they are altered or left for want of a tick.
    """

    contracts: int = 0
    altered: int = 0
    scheduled: int = 0
    before_cents: int = 0
    after_cents: int = 0
    charged_cents: int = 0
    given_back_cents: int = 0
    cancelled_cents: int = 0
    shortfalls: int = 0
    shortfall_cents: int = 0

    @property
    def skipped(self) -> int:
        """Return how many contracts are left as they are."""
        return self.contracts - self.altered

    @property
    def change_cents(self) -> int:
        """Return by how much the value a month changes."""
        return self.after_cents - self.before_cents


def plan_one(
    facts: AlterationFacts,
    *,
    what: PlanMigration | PriceRise,
    on: date,
    readjusted_on: date | None,
    service_kinds: Mapping[int, ServiceKind],
    accepts_shortfall: bool,
) -> AlterationPlan | Skip:
    """Return what is done to one contract, or why it is left.

    `accepts_shortfall` is the tick of who carries the run out, for all of its contracts.
    """
    contract_id = facts.contract.id
    try:
        match what:
            case PlanMigration():
                wanted = _migrated(facts, what, on=on)
            case PriceRise():
                wanted = readjustment.wanted(
                    facts,
                    by=what.by,
                    on=on,
                    readjusted_on=readjusted_on,
                    with_additional=what.with_additional,
                    service_kinds=service_kinds,
                )
        plan = alteration_plan.plan_alteration(facts, wanted=wanted)
    except ReadjustmentRefused as refused:
        return Skip(contract_id=contract_id, reason=refused.reason.value, sentence=str(refused))
    except AlterationRefused as refused:
        code = refused.refusals[0].code.value
        return Skip(contract_id=contract_id, reason=code, sentence=str(refused))
    except (ArithmeticError, LookupError, ValueError) as fault:
        return failed(contract_id, fault)
    if plan.needs_tick and not accepts_shortfall:
        return Skip(
            contract_id=contract_id,
            reason=MassSkipReason.SHORTFALL.value,
            sentence=f"O cliente receberia {money.brl(plan.shortfall_cents)} a menos do que a "
            "conta exata, e ninguém marcou que está ciente. Execute com a marca, ou altere este "
            "contrato sozinho.",
            shortfall_cents=plan.shortfall_cents,
        )
    return plan


def failed(contract_id: int, fault: Exception) -> Skip:
    """Return the skip of a contract that cannot be altered for a fault of its facts."""
    told = str(fault).splitlines()[0] if str(fault) else ""
    return Skip(
        contract_id=contract_id,
        reason=MassSkipReason.FAILED.value,
        sentence=f"{type(fault).__name__}: {told}".rstrip(": "),
    )


def figures(plans: Sequence[AlterationPlan], skips: Sequence[Skip]) -> MassFigures:
    """Return what plans and skips come to."""
    shortfalls = [
        *(plan.shortfall_cents for plan in plans if plan.needs_tick),
        *(skip.shortfall_cents for skip in skips if skip.shortfall_cents),
    ]
    differences = [p.settlement.chosen.signed_cents for p in plans if p.settlement is not None]
    return MassFigures(
        contracts=len(plans) + len(skips),
        altered=len(plans),
        scheduled=sum(plan.is_scheduled for plan in plans),
        before_cents=sum(plan.classification.before_cents for plan in plans),
        after_cents=sum(plan.classification.after_cents for plan in plans),
        charged_cents=sum(cents for cents in differences if cents > 0),
        given_back_cents=-sum(cents for cents in differences if cents < 0),
        cancelled_cents=sum(plan.invoices.cancelled_cents for plan in plans),
        shortfalls=len(shortfalls),
        shortfall_cents=sum(shortfalls),
    )


def total(parts: Iterable[MassFigures]) -> MassFigures:
    """Return the figures of several chunks as one.

    >>> total([MassFigures(contracts=3, altered=1), MassFigures(contracts=2, altered=2)]).skipped
    2
    """
    every = tuple(parts)
    names = [field.name for field in fields(MassFigures)]
    return MassFigures(**{name: sum(getattr(part, name) for part in every) for name in names})


def _migrated(facts: AlterationFacts, what: PlanMigration, *, on: date) -> WantedTerms:
    """Return the terms of another plan with all its products.

    :raises ReadjustmentRefused: where the contract has the plan already, or cannot have it.
    """
    if facts.plan.id == what.plan.id:
        raise ReadjustmentRefused(
            MassSkipReason.SAME_PLAN, f"O contrato já está no plano {what.plan.name}."
        )
    if what.branch_id not in (None, facts.contract.branch_id):
        raise ReadjustmentRefused(
            MassSkipReason.OTHER_BRANCH,
            f"O plano {what.plan.name} não é vendido na filial do contrato.",
        )
    present = [item for item in facts.contract.items if item.kind is ItemKind.PLAN]
    readjustment.refuse_what_is_to_change(facts, present, on=on)
    return WantedTerms(
        on=on,
        plan=what.plan,
        plan_items=what.items,
        definition=AlterationDefinition.NONE,
    )
