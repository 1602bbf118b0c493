"""When a contract may be altered: each precondition is one function, and all that fail are told.

Only the service period counts, never whether an invoice was paid.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

from vigente.domain import (
    alteration_classification,
    alteration_items,
    alteration_schedule,
    cycles,
    items,
    schedule,
)
from vigente.domain.alteration_classification import NothingChanges
from vigente.domain.alteration_due_day import DueDayRefused
from vigente.domain.alteration_terms import AlterationFacts, WantedTerms
from vigente.domain.codes import AlterationRefusal, ItemKind
from vigente.domain.items import CyclePriceMissing
from vigente.domain.lifecycle import STATUS_WORDS, ContractStatus
from vigente.domain.schedule import DueRule, ScheduleIncomplete, ScheduleUsedUp

MONTHS_OF_DUE_DAY_CHANGES = 12
LONGEST_AHEAD = timedelta(days=366)


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """Why a contract cannot be altered like this, and the way out; `field` is the one to change."""

    code: AlterationRefusal
    sentence: str
    field: str = ""


type Precondition = Callable[[AlterationFacts, WantedTerms], Refusal | None]


def refusals(facts: AlterationFacts, *, wanted: WantedTerms) -> tuple[Refusal, ...]:
    """Return every precondition that fails, in the order in which they are listed."""
    told = (precondition(facts, wanted) for precondition in PRECONDITIONS)
    return tuple(refusal for refusal in told if refusal is not None)


def contract_is_active(facts: AlterationFacts, _wanted: WantedTerms) -> Refusal | None:
    """Refuse a contract that is not in force; one that is blocked or suspended still is."""
    if facts.status is ContractStatus.ACTIVE:
        return None
    return Refusal(
        code=AlterationRefusal.CONTRACT_INACTIVE,
        sentence=f"O contrato está {STATUS_WORDS[facts.status]}: só um contrato ativo é alterado. "
        "Ative-o ou reative-o antes.",
    )


def grouping_is_on(facts: AlterationFacts, _wanted: WantedTerms) -> Refusal | None:
    """Refuse without invoice grouping."""
    if facts.contract.grouped:
        return None
    return Refusal(
        code=AlterationRefusal.GROUPING_OFF,
        sentence="Para utilizar o assistente, é necessário que o sistema opere pelo agrupamento "
        "de faturas. Ligue «Agrupar faturas» para este contrato, seu plano ou sua filial.",
    )


def has_an_invoice(facts: AlterationFacts, _wanted: WantedTerms) -> Refusal | None:
    """Refuse before the first invoice; an imported faturado até counts as one."""
    if facts.issued or facts.imported_until is not None:
        return None
    return Refusal(
        code=AlterationRefusal.NO_INVOICE,
        sentence="É necessário que o contrato possua ao menos uma fatura gerada. Gere a primeira "
        "no fechamento e volte.",
    )


def previous_invoice_exists(facts: AlterationFacts, wanted: WantedTerms) -> Refusal | None:
    """Refuse unless the period before was invoiced, or nothing was served before."""
    if wanted.on > facts.today:
        return None
    missing = _days_without_invoice(facts, before=wanted.on)
    if missing is None:
        return None
    return Refusal(
        code=AlterationRefusal.PREVIOUS_INVOICE_MISSING,
        sentence="É obrigatório que a fatura do período anterior à alteração já tenha sido gerada: "
        f"falta a do período que começa em {missing:%d/%m/%Y}. Gere-a no fechamento e volte.",
        field="on",
    )


def due_rule_is_not_custom(facts: AlterationFacts, wanted: WantedTerms) -> Refusal | None:
    """Refuse a list of due dates: such a contract is changed by hand."""
    rules = [facts.contract.schedule.due_rule]
    rules += [wanted.billing_type.due_rule] if wanted.billing_type else []
    if DueRule.CUSTOM not in rules:
        return None
    return Refusal(
        code=AlterationRefusal.CUSTOM_DUE_RULE,
        sentence="Com uma condição de pagamento cujo tipo de vencimento é Personalizado não é "
        "possível utilizar o assistente. Faça o ajuste manualmente, diretamente no contrato.",
        field="billing_type",
    )


def no_alteration_is_open(facts: AlterationFacts, _wanted: WantedTerms) -> Refusal | None:
    """Refuse a second alteration while one is open."""
    if facts.open_alteration is None:
        return None
    return Refusal(
        code=AlterationRefusal.ALTERATION_OPEN,
        sentence=f"A alteração {facts.open_alteration} deste contrato está aberta ou espera a "
        "assinatura. Conclua-a ou desfaça-a antes de começar outra.",
    )


def policy_is_chosen(facts: AlterationFacts, _wanted: WantedTerms) -> Refusal | None:
    """Refuse until the branch has chosen how the difference is reckoned."""
    if facts.policy is not None:
        return None
    return Refusal(
        code=AlterationRefusal.POLICY_NOT_CHOSEN,
        sentence="A filial ainda não escolheu como se calcula a diferença das alterações. "
        "Escolha em Configurações › Filiais.",
    )


def day_is_in_reach(facts: AlterationFacts, wanted: WantedTerms) -> Refusal | None:
    """Refuse days before the period in use, an earlier alteration or the holder, and far ones."""
    held = [facts.held_since] if facts.held_since else []
    earliest = max([_period_in_use(facts), *facts.altered_on, *held])
    latest = facts.today + LONGEST_AHEAD
    sentence = ""
    if wanted.on < earliest:
        sentence = f"Data da alteração: escolha um dia a partir de {earliest:%d/%m/%Y}."
    elif wanted.on > latest:
        sentence = f"Data da alteração: escolha um dia até {latest:%d/%m/%Y}."
    elif wanted.until is not None and wanted.until <= wanted.on:
        sentence = f"Fim da alteração: escolha um dia depois de {wanted.on:%d/%m/%Y}."
    elif facts.contract.ends_on is not None and wanted.on >= facts.contract.ends_on:
        sentence = (
            f"Data da alteração: o contrato termina em {facts.contract.ends_on:%d/%m/%Y}; "
            "escolha um dia antes."
        )
    if not sentence:
        return None
    return Refusal(code=AlterationRefusal.DAY_OUT_OF_REACH, sentence=sentence, field="on")


def temporary_changes_only_items(_facts: AlterationFacts, wanted: WantedTerms) -> Refusal | None:
    """Refuse to cut time otherwise for a while: plan, services and discounts may revert."""
    if wanted.until is None or (wanted.billing_type is None and wanted.due_day is None):
        return None
    return Refusal(
        code=AlterationRefusal.TEMPORARY_SCHEDULE,
        sentence="Uma alteração temporária muda só o plano, os serviços e os descontos. Deixe o "
        "tipo de cobrança e o vencimento como estão, ou faça uma alteração permanente.",
        field="until",
    )


def items_are_of_the_contract(facts: AlterationFacts, wanted: WantedTerms) -> Refusal | None:
    """Refuse to keep or end items of another contract."""
    own = {item.id: item.kind for item in facts.contract.items}
    kept = all(own.get(id_) is ItemKind.PLAN for id_ in wanted.kept_item_ids)
    ended = all(id_ in own for id_ in wanted.ended_item_ids)
    if kept and ended:
        return None
    return Refusal(
        code=AlterationRefusal.FOREIGN_ITEM,
        sentence="Um dos produtos escolhidos não é mais deste contrato. Atualize a página e "
        "escolha de novo.",
    )


def due_day_can_change(facts: AlterationFacts, wanted: WantedTerms) -> Refusal | None:
    """Refuse a due day that is none, or that would decide nothing."""
    try:
        alteration_schedule.change(
            alteration_schedule.on_the_day(facts, wanted=wanted), wanted=wanted
        )
    except (DueDayRefused, ScheduleIncomplete) as refused:
        return Refusal(code=AlterationRefusal.DUE_DAY, sentence=str(refused), field="due_day")
    except ScheduleUsedUp:
        return None  # told by `due_rule_is_not_custom`
    return None


def due_day_changes_are_few(facts: AlterationFacts, wanted: WantedTerms) -> Refusal | None:
    """Refuse more due-day changes in 12 months than the branch allows."""
    since = cycles.months_after(wanted.on, months=-MONTHS_OF_DUE_DAY_CHANGES)
    recent = [day for day in facts.due_day_changed_on if since < day]
    if not _changes_due_day(facts, wanted) or len(recent) < facts.max_due_day_changes:
        return None
    again_on = cycles.months_after(
        sorted(recent)[-facts.max_due_day_changes] if facts.max_due_day_changes else wanted.on,
        months=MONTHS_OF_DUE_DAY_CHANGES,
    )
    return Refusal(
        code=AlterationRefusal.TOO_MANY_DUE_DAYS,
        sentence=f"O vencimento muda no máximo {facts.max_due_day_changes} vezes em 12 meses; este "
        f"contrato pode mudá-lo de novo a partir de {again_on:%d/%m/%Y}.",
        field="due_day",
    )


def last_due_day_change_was_invoiced(facts: AlterationFacts, wanted: WantedTerms) -> Refusal | None:
    """Refuse while the period that an earlier change stretched has not reached an invoice."""
    present = facts.contract.schedule
    reached = any(i.service.period.start >= present.starts_on for i in facts.issued)
    if not _changes_due_day(facts, wanted) or present.stretch is None or reached:
        return None
    return Refusal(
        code=AlterationRefusal.DUE_DAY_PENDING,
        sentence="A mudança de vencimento anterior ainda não chegou a uma fatura. Mude de novo "
        f"depois que for gerada a que vence em {present.stretch.due_on:%d/%m/%Y}, ou desfaça a "
        "anterior.",
        field="due_day",
    )


def something_changes(facts: AlterationFacts, wanted: WantedTerms) -> Refusal | None:
    """Refuse what alters nothing."""
    present = facts.contract.schedule
    billing_type = wanted.billing_type
    try:
        alteration_classification.of_terms(
            facts,
            wanted=wanted,
            items_change=not alteration_items.change(facts.contract.items, wanted=wanted).is_empty,
            due_day_changes=wanted.due_day not in (None, present.due_day),
            billing_type_changes=billing_type is not None
            and billing_type.id != facts.billing_type_id,
        )
    except NothingChanges as nothing:
        return Refusal(code=AlterationRefusal.NOTHING_CHANGES, sentence=str(nothing))
    return None


def cycles_have_prices(facts: AlterationFacts, wanted: WantedTerms) -> Refusal | None:
    """Refuse cycles counted in days where a recurring item has no price per cycle."""
    billing_type = wanted.billing_type
    periodicity = billing_type.periodicity if billing_type else facts.contract.schedule.periodicity
    after = alteration_items.change(facts.contract.items, wanted=wanted).after
    for item in after:
        is_priced = item.is_recurring and item.percent_e4 is None
        if is_priced and (item.ends_on is None or item.ends_on > wanted.on):
            try:
                items.cycle_price(item, periodicity=periodicity)
            except CyclePriceMissing:
                return Refusal(
                    code=AlterationRefusal.CYCLE_PRICE,
                    sentence=f"O item {item.description} não tem preço por ciclo, e os ciclos "
                    "deste tipo de cobrança são contados em dias. Informe o preço por ciclo.",
                    field="billing_type",
                )
    return None


def nothing_is_issued_above_the_ceiling(
    facts: AlterationFacts, wanted: WantedTerms
) -> Refusal | None:
    """Refuse to issue again a receivable that is due above the ceiling."""
    ceiling = facts.rules.last_due_on
    cancelled = {i.invoice_id for i in alteration_schedule.later(facts.issued, on=wanted.on)}
    for receivable in facts.receivables:
        own = sum(cents for id_, cents in receivable.invoices if id_ in cancelled)
        is_again = 0 < own < receivable.amount_cents
        if ceiling is not None and is_again and receivable.due_on > ceiling:
            return Refusal(
                code=AlterationRefusal.CEILING,
                sentence=f"A conta a receber que vence em {receivable.due_on:%d/%m/%Y} seria "
                "emitida de novo para as outras faturas, acima do teto de vencimento de "
                f"{ceiling:%d/%m/%Y}. Peça a quem administra a filial que libere o teto.",
            )
    return None


PRECONDITIONS: tuple[Precondition, ...] = (
    contract_is_active,
    grouping_is_on,
    has_an_invoice,
    previous_invoice_exists,
    due_rule_is_not_custom,
    no_alteration_is_open,
    policy_is_chosen,
    day_is_in_reach,
    temporary_changes_only_items,
    items_are_of_the_contract,
    something_changes,
    due_day_can_change,
    due_day_changes_are_few,
    last_due_day_change_was_invoiced,
    cycles_have_prices,
    nothing_is_issued_above_the_ceiling,
)


def _changes_due_day(facts: AlterationFacts, wanted: WantedTerms) -> bool:
    return wanted.due_day not in (None, facts.contract.schedule.due_day)


def _days_without_invoice(facts: AlterationFacts, *, before: date) -> date | None:
    """Return the first day of a whole period before `before` that no invoice covers, or None."""
    gap = next((gap for gap in facts.contract.gaps if gap.start < before), None)
    if gap is not None:
        return gap.start
    billed_until = facts.contract.billed_until
    if billed_until > before:
        return None
    try:
        current = schedule.service_period(facts.contract.schedule, start=billed_until)
    except (ScheduleUsedUp, ScheduleIncomplete):
        return None  # told by others
    return billed_until if current.period.end <= before else None


def _period_in_use(facts: AlterationFacts) -> date:
    """Return the first day of the period that contains today, as far as it is known."""
    containing = [i.service.period.start for i in facts.issued if facts.today in i.service.period]
    if containing:
        return containing[0]
    contract = facts.contract
    if contract.billed_until <= facts.today:
        return contract.billed_until
    try:
        cycle = schedule.regular_cycle(contract.schedule, day=facts.today)
    except (ScheduleUsedUp, ScheduleIncomplete):
        return facts.today
    return min(cycle.start, facts.today)
