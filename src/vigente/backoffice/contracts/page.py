"""What the page of a contract shows: figures, tabs and the next invoice."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from vigente.access.models import WantedAccess
from vigente.alterations import queries as alterations
from vigente.audit import queries as audit
from vigente.backoffice.contracts import billing_tab, timeline
from vigente.backoffice.trail import views as trail
from vigente.billing import facts
from vigente.billing import queries as billing
from vigente.contracts import queries
from vigente.contracts.models import Contract
from vigente.domain import close_plan, items, schedule
from vigente.domain.close_plan import BranchRules, CloseTerms, ContractFacts, Hold, PlannedInvoice
from vigente.domain.codes import ItemKind
from vigente.domain.cycles import months_after
from vigente.domain.lifecycle import ContractStatus
from vigente.domain.parameters import PRORATE_CHANGES
from vigente.domain.schedule import ScheduleUsedUp
from vigente.journeys import notes
from vigente.parameters import queries as parameters

NEXT_INVOICES = 3
TABS = (
    ("contrato", "Contrato"),
    ("produtos", "Produtos"),
    ("servicos", "Serviços adicionais"),
    ("descontos", "Descontos"),
    ("faturamento", "Faturamento"),
    ("faturas", "Faturas"),
    ("documentos", "Documentos"),
    ("anotacoes", "Anotações"),
    ("historico", "Histórico"),
)
KIND_OF_TAB = {
    "produtos": ItemKind.PLAN,
    "servicos": ItemKind.ADDITIONAL,
    "descontos": ItemKind.DISCOUNT,
}


@dataclass(frozen=True, slots=True)
class Preview:
    """The next invoice as the close would issue it, or why it would wait."""

    invoice: PlannedInvoice | None
    hold: Hold | None
    following: tuple[PlannedInvoice, ...] = ()


def context(contract: Contract, *, tab: str, today: date) -> dict[str, Any]:
    """Return what the template needs; an unknown tab shows the first."""
    tab = tab if tab in dict(TABS) else TABS[0][0]
    own_items = list(contract.items.select_related("product").order_by("pk"))
    priced = facts.contract_items([contract.pk]).get(contract.pk, ())
    billed = billing.billed_until([contract.pk]).get(contract.pk, contract.imported_billed_until)
    invoices = list(billing.invoices(contract.pk))
    attached = [one.attachment for one in queries.attachments(contract.pk)]
    issued = [one.document for one in queries.documents(contract.pk)]
    signatures = queries.signatures(contract.pk) if issued else {}
    noted = list(queries.notes(contract.pk))
    listed: Mapping[str, Sequence[Any]] = {
        "faturas": invoices,
        "documentos": [*issued, *attached],
        "anotacoes": noted,
    }
    return {
        "contract": contract,
        "plan": queries.plan_names([contract.pk]).get(contract.pk, "—"),
        "tab": tab,
        "tabs": [(code, title, _count(code, own_items, listed)) for code, title in TABS],
        "items": [i for i in own_items if i.kind == KIND_OF_TAB.get(tab, "")],
        "invoices": invoices,
        "attached": attached,
        "issued": [(one, signatures.get(one.pk)) for one in issued],
        "awaits_signature": any(one.status == "PENDING" for one in signatures.values()),
        "notes": noted,
        "monthly_cents": items.monthly_cents(priced, on=today),
        "billed_until": billed - timedelta(days=1) if billed else None,
        "owed": billing.owed([contract.pk]).get(contract.pk),
        "loyalty_until": loyalty_until(contract),
        "preview": preview(contract, today=today),
        "billing": billing_tab.shown(contract) if tab == "faturamento" else None,
        "happened": _happened(contract) if tab == "historico" else (),
        "access": WantedAccess.objects.filter(contract=contract).first(),
        "unsigned": alterations.awaiting_signature([contract.pk]).get(contract.pk),
        "trail": _trail(contract) if tab == "historico" else (),
        "today": today,
    }


def _happened(contract: Contract) -> list[timeline.Happened]:
    altered = alterations.of_contract(contract.pk).select_related(
        "sale_plan_before", "sale_plan_after", "billing_type_before", "billing_type_after"
    )
    return timeline.of(contract, altered)


def _trail(contract: Contract) -> list[trail.Line]:
    """Return what was done, the newest first; notes have a tab of their own."""
    done = audit.trail(object_kind="contract", object_id=contract.pk).exclude(action=notes.NOTED)
    return [trail.line(entry, {}) for entry in done.prefetch_related("values")[:50]]


def preview(contract: Contract, *, today: date) -> Preview | None:
    """Return the contract's next invoices by the very rules of the close; None if not active."""
    if contract.status != ContractStatus.ACTIVE.value:
        return None
    [now] = facts.contract_facts([contract.pk], on=today)
    rules = facts.branch_rules([contract.branch_id], on=today)[contract.branch_id]
    invoices, hold = _next(now, rules, today=today)
    if not invoices:
        return Preview(None, hold)
    return Preview(invoices[0], hold, tuple(invoices[1:NEXT_INVOICES]))


def next_invoices(terms: ContractFacts, branch_id: int, *, today: date) -> list[PlannedInvoice]:
    """Return the next invoices of a contract as it would be, by the very rules of the close."""
    rules = facts.branch_rules([branch_id], on=today)[branch_id]
    invoices, _hold = _next(terms, rules, today=today)
    return invoices[:NEXT_INVOICES]


def prorates(contract: Contract) -> bool:
    """Tell whether changes inside a period are prorated, as contract, plan or branch say."""
    plan = contract.plans.order_by("-starts_on").first()
    resolved = parameters.in_force(
        PRORATE_CHANGES,
        branch_id=contract.branch_id,
        plan_id=plan.sale_plan_id if plan else None,
        contract_id=contract.pk,
    )
    return bool(resolved.value)


def _next(
    now: ContractFacts, rules: BranchRules, *, today: date
) -> tuple[list[PlannedInvoice], Hold | None]:
    """Plan the next invoices: up to the due date of the third period not yet billed."""
    start, until = now.billed_until, today
    for _ in range(NEXT_INVOICES):
        try:
            service = schedule.service_period(now.schedule, start=start)
        except ScheduleUsedUp:
            break
        start, until = service.period.end, service.nominal_due_on
    terms = CloseTerms(issued_on=today, due_until=until, back_periods_approved=True)
    return close_plan.plan_contract(now, rules=rules, terms=terms)


def _count(code: str, own_items: list[Any], listed: Mapping[str, Sequence[Any]]) -> int | None:
    if code in listed:
        return len(listed[code])
    kind = KIND_OF_TAB.get(code)
    return None if kind is None else sum(1 for item in own_items if item.kind == kind)


def loyalty_until(contract: Contract) -> date | None:
    """Return the first day after the loyalty term; None without one."""
    starts_on = contract.loyalty_starts_on
    if not contract.loyalty_months or starts_on is None:
        return None
    return months_after(starts_on, months=contract.loyalty_months)
