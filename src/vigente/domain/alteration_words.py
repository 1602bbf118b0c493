"""An AlterationPlan in words and figures, as the screen, the page kept and the document show it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from vigente.domain import cycles, money
from vigente.domain.alteration_difference import Difference
from vigente.domain.alteration_loyalty import LoyaltyChange
from vigente.domain.alteration_plan import AlterationPlan
from vigente.domain.alteration_settlement import Settlement
from vigente.domain.close_plan import PlannedInvoice
from vigente.domain.codes import (
    AlterationDefinition,
    DifferenceKind,
    DifferencePolicy,
    ItemKind,
)
from vigente.domain.explanation import calculation
from vigente.domain.periods import Period

POLICY_WORDS = {
    DifferencePolicy.MANUAL: "Manual",
    DifferencePolicy.PERIOD_BALANCE: "Saldo do período",
}
POLICY_HINTS = {
    DifferencePolicy.MANUAL: "como nos exemplos do manual",
    DifferencePolicy.PERIOD_BALANCE: "o que o período custa, menos o já faturado",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Sum:
    """One line of a sum: its words, the calculation and the amount; `role` is how it looks."""

    words: str
    calculation: str
    cents: int
    role: str = ""

    @property
    def shown(self) -> str:
        """Return the amount as people write it."""
        return money.amount(self.cents)


@dataclass(frozen=True, slots=True, kw_only=True)
class Effect:
    """One thing that happens: a sentence, its detail, and an amount or a status at its side."""

    icon: str
    family: str
    title: str
    detail: str = ""
    value: str = ""
    note: str = ""
    status: str = ""
    is_struck: bool = False
    sums: tuple[Sum, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Effects of one kind, under a heading."""

    title: str
    effects: tuple[Effect, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One policy's sums, beside the other's."""

    words: str
    hint: str
    is_used: bool
    sums: tuple[Sum, ...]
    why_not: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Timeline:
    """The period in use, split by the alteration; days in true proportion."""

    period: Period
    on: date
    old_days: int
    new_days: int
    invoiced_cents: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Split:
    """What the alteration makes of the period in use: the picture and both policies."""

    timeline: Timeline
    verdict: str
    columns: tuple[Column, ...]
    sentence: str
    shortfall_cents: int


def groups(plan: AlterationPlan) -> tuple[Group, ...]:
    """Return all that the plan does, in the order in which people ask about it."""
    told = (
        ("Contrato", _of_the_contract(plan)),
        ("Faturas", _of_invoices(plan)),
        (_heading_of_next(plan), _of_the_next_invoice(plan)),
        ("Pagamento, assinatura e acesso", _of_payment_and_access(plan)),
    )
    made = (Group(title=title, effects=tuple(effects)) for title, effects in told)
    return tuple(group for group in made if group.effects)


def split(plan: AlterationPlan) -> Split | None:
    """Return the split of the period in use, or None where nothing of it is settled."""
    settlement = plan.settlement
    if settlement is None:
        return None
    period, on = settlement.service.period, plan.wanted.on
    old_days = (on - period.start).days
    current = plan.invoices.current
    manual, balance = settlement.manual, settlement.balance
    return Split(
        timeline=Timeline(
            period=period,
            on=on,
            old_days=old_days,
            new_days=period.days - old_days,
            invoiced_cents=current.total_cents if current else None,
        ),
        verdict=_verdict(settlement.chosen),
        columns=(
            Column(
                words=POLICY_WORDS[DifferencePolicy.MANUAL],
                hint=POLICY_HINTS[DifferencePolicy.MANUAL],
                is_used=settlement.chosen is manual,
                sums=sums(manual, period=period, on=on) if manual else (),
                why_not=settlement.why_not_manual or "",
            ),
            Column(
                words=POLICY_WORDS[DifferencePolicy.PERIOD_BALANCE],
                hint=POLICY_HINTS[DifferencePolicy.PERIOD_BALANCE],
                is_used=settlement.chosen is balance,
                sums=sums(balance, period=period, on=on),
            ),
        ),
        sentence=_comparison(settlement),
        shortfall_cents=settlement.shortfall_cents,
    )


def next_invoice(plan: AlterationPlan) -> PlannedInvoice | None:
    """Return the first invoice under the new terms, or None while it waits."""
    return plan.first_invoices[0] if plan.first_invoices else None


def _of_the_contract(plan: AlterationPlan) -> Iterator[Effect]:
    classification, wanted = plan.classification, plan.wanted
    until = ""
    if wanted.until is not None:
        until = f", até {wanted.until - timedelta(days=1):%d/%m/%Y}; depois volta como é hoje"
    values = (
        f"Valor líquido de {money.brl(classification.before_cents)} para "
        f"{money.brl(classification.after_cents)} por mês, a partir de {wanted.on:%d/%m/%Y}{until}."
    )
    title = "Os produtos mudam"
    if wanted.plan is not None and wanted.plan.id != plan.plan_before.id:
        title = f"De {plan.plan_before.name} para {wanted.plan.name}"
    if wanted.plan is not None or not plan.items.is_empty:
        yield Effect(
            icon="arrows-exchange",
            family="info",
            title=title,
            detail=values,
            value=money.signed(classification.change_cents),
            note="por mês",
        )
    if plan.items.started or plan.items.ended:
        started = ", ".join(item.draft.description for item in plan.items.started)
        ended = ", ".join(item.description for item in plan.items.ended)
        parts = [("Começam: ", started), ("Terminam: ", ended)]
        yield Effect(
            icon="circle-check",
            family="info",
            title="Produtos e serviços",
            detail=" ".join(f"{words}{names}." for words, names in parts if names),
        )
    if plan.schedule.billing_type_changes and wanted.billing_type is not None:
        yield Effect(
            icon="calendar-event",
            family="info",
            title=f"Tipo de cobrança passa a {wanted.billing_type.name}",
            detail=f"Vale a partir de {plan.schedule.schedule.starts_on:%d/%m/%Y}, onde termina a "
            "última fatura que fica.",
        )
    if plan.schedule.due_day_changes:
        yield _due_day(plan)
    if plan.loyalty is not None:
        yield _loyalty(plan.loyalty)


def _loyalty(change: LoyaltyChange) -> Effect:
    begun = change.begun
    end = cycles.months_after(begun.starts_on, months=begun.months)
    former = " Toma o lugar do prazo de hoje." if change.former else ""
    return Effect(
        icon="signature",
        family="warn",
        title=f"Fidelidade de {begun.months} meses",
        detail=f"De {begun.starts_on:%d/%m/%Y} até {end - timedelta(days=1):%d/%m/%Y}, em troca "
        f"de um benefício de {money.brl(begun.benefit_cents)}.{former}",
    )


def _due_day(plan: AlterationPlan) -> Effect:
    change = plan.schedule
    moved = change.due_day_change
    detail = ""
    if moved is not None:
        detail = (
            f"Próximo vencimento em {moved.next_due_on:%d/%m/%Y}, período de uso de "
            f"{moved.service.period.label()}."
        )
    return Effect(
        icon="calendar-event",
        family="info",
        title=f"Vencimento passa do dia {change.former.due_day} para o dia "
        f"{change.schedule.due_day}",
        detail=detail,
        value=plan.shift.words if plan.shift else "",
    )


def _of_invoices(plan: AlterationPlan) -> Iterator[Effect]:
    current, cancelled = plan.invoices.current, plan.invoices.cancelled
    if current is not None:
        yield Effect(
            icon="circle-check",
            family="ok",
            title=f"Fatura {current.service.reference_month:%m/%Y} fica como está",
            detail=f"Uso de {current.service.period.label()}, vence {current.due_on:%d/%m/%Y}. "
            "Contém o dia da alteração.",
            value=money.amount(current.total_cents),
            note="mantida",
        )
    if cancelled:
        yield Effect(
            icon="ban",
            family="mute",
            title=_counted(
                len(cancelled), "fatura futura é cancelada", "faturas futuras são canceladas"
            ),
            detail="; ".join(
                f"{one.invoice_id}, {one.service.reference_month:%m/%Y}, vence "
                f"{one.due_on:%d/%m/%Y}, {money.brl(one.total_cents)}"
                for one in cancelled
            )
            + ". O período é faturado de novo nas condições novas.",
            value=money.amount(plan.invoices.cancelled_cents),
            note=f"{money.brl(plan.invoices.credit_cents)} pagos"
            if plan.invoices.credit_cents
            else "nada foi pago",
            is_struck=True,
        )
    if plan.invoices.credit_cents:
        yield Effect(
            icon="cash",
            family="ok",
            title="O que foi pago vira crédito do cliente",
            detail="O crédito é usado nas contas em aberto e na próxima conta a receber.",
            value=money.amount(plan.invoices.credit_cents),
        )
    for receivable in plan.invoices.receivables:
        if receivable.issued_again_cents:
            yield Effect(
                icon="receipt",
                family="info",
                title=f"Conta a receber {receivable.id} é emitida de novo para as outras faturas",
                detail=f"Mesmo vencimento, {receivable.due_on:%d/%m/%Y}: de "
                f"{money.brl(receivable.amount_cents)} para "
                f"{money.brl(receivable.issued_again_cents)}.",
                value=money.amount(receivable.issued_again_cents),
            )


def _heading_of_next(plan: AlterationPlan) -> str:
    invoice = next_invoice(plan)
    if invoice is None:
        return "Na próxima fatura"
    return f"Na fatura {invoice.nominal_due_on:%m/%Y}, que vence {invoice.due_on:%d/%m/%Y}"


def _of_the_next_invoice(plan: AlterationPlan) -> Iterator[Effect]:
    settlement = plan.settlement
    if settlement is not None:
        yield _difference(settlement, on=plan.wanted.on)
    if plan.shift is not None:
        sign = "Serviço adicional" if plan.shift.is_charged else "Desconto"
        yield Effect(
            icon="calendar-plus",
            family="warn" if plan.shift.is_charged else "ok",
            title=f"{sign}: {plan.shift.words}",
            detail=f"De {plan.shift.days.label()}, pela mudança do vencimento.",
            value=money.amount(plan.shift.signed_cents),
            sums=(
                Sum(
                    words=plan.shift.words,
                    calculation=calculation(plan.shift.cost.explanation),
                    cents=plan.shift.signed_cents,
                    role="res",
                ),
            ),
        )
    if plan.penalty is not None:
        yield _penalty(plan)
    if plan.settlement is None and plan.shift is None and not plan.items.is_empty:
        yield Effect(
            icon="circle-check",
            family="ok",
            title="Sem acerto",
            detail="O período em uso ainda não foi faturado: a próxima fatura já vem com os dois "
            "valores, cada um pelos seus dias.",
        )
    if plan.hold is not None:
        yield Effect(
            icon="alert-triangle",
            family="warn",
            title="A fatura seguinte fica retida",
            detail=f"{plan.hold.detail[:1].upper()}{plan.hold.detail[1:]}. Será faturada quando "
            "for liberada.",
            value=money.amount(plan.hold.amount_cents),
        )


def _difference(settlement: Settlement, *, on: date) -> Effect:
    chosen = settlement.chosen
    period = settlement.service.period.label()
    by = POLICY_WORDS[chosen.policy]
    if chosen.kind is DifferenceKind.NONE:
        return Effect(
            icon="circle-check",
            family="ok",
            title="Nenhuma diferença a acertar",
            detail=f"Período de {period}, pela política {by}.",
            value=money.amount(0),
            sums=sums(chosen, period=settlement.service.period, on=on),
        )
    is_charged = chosen.kind is DifferenceKind.CHARGE
    items = ", ".join(
        f"{'serviço adicional' if i.draft.kind is ItemKind.ADDITIONAL else 'desconto'} de "
        f"{money.brl(i.draft.price_cents)}"
        for i in settlement.items
    )
    split_by_tax = f" Por classe fiscal: {items}." if len(settlement.items) > 1 else ""
    return Effect(
        icon="receipt",
        family="warn" if is_charged else "ok",
        title="Serviço adicional: diferença da alteração"
        if is_charged
        else "Desconto: diferença da alteração",
        detail=f"Acerto de {period} pela política {by}.{split_by_tax}",
        value=money.amount(chosen.signed_cents),
        sums=sums(chosen, period=settlement.service.period, on=on),
    )


def _penalty(plan: AlterationPlan) -> Effect:
    penalty = plan.penalty
    assert penalty is not None
    is_charged = penalty.item is not None
    return Effect(
        icon="receipt",
        family="warn" if is_charged else "mute",
        title="Multa de fidelidade" if is_charged else "Multa de fidelidade, não cobrada",
        detail=f"Faltam {penalty.months_left} meses do prazo."
        + ("" if is_charged else " Marque «Cobrar a multa» na etapa 2 para cobrá-la."),
        value=money.amount(penalty.cents),
        is_struck=not is_charged,
        sums=(
            Sum(
                words="Benefício, pelos meses que faltam",
                calculation=calculation(penalty.explanation),
                cents=penalty.cents,
                role="res",
            ),
        ),
    )


def _of_payment_and_access(plan: AlterationPlan) -> Iterator[Effect]:
    if plan.cancels_pix_recurrence:
        yield Effect(
            icon="qrcode",
            family="risk",
            title="A recorrência do Pix é cancelada",
            detail="O dia do débito mudou. O cliente recebe um convite novo para autorizar no "
            "banco.",
            status="Cancelada",
        )
    if plan.wanted.definition is not AlterationDefinition.NONE:
        yield _signature(plan)
    if plan.speed is not None:
        before, after = (kbps // 1000 for kbps in (plan.speed.before_kbps, plan.speed.after_kbps))
        waits = plan.awaits_signature
        yield Effect(
            icon="gauge",
            family="sign" if waits else "ok",
            title=f"Velocidade de {before} para {after} Mb/s",
            detail="O acesso de hoje continua até o cliente assinar; depois muda."
            if waits
            else "O acesso muda assim que a alteração valer.",
            status="Espera a assinatura" if waits else "",
        )


def _signature(plan: AlterationPlan) -> Effect:
    is_contract = plan.wanted.definition is AlterationDefinition.CONTRACT
    document = "O contrato novo" if is_contract else "O termo"
    if plan.awaits_signature:
        return Effect(
            icon="signature",
            family="sign",
            title="Assinatura digital: o contrato aguarda assinatura",
            detail=f"{document} é enviado ao cliente, que lê e assina no celular. O acesso novo é "
            "liberado quando assinar.",
            status="Aguardando assinatura",
        )
    return Effect(
        icon="printer",
        family="mute",
        title="Assinatura impressa: a situação do contrato não muda",
        detail=f"{document} fica na aba Documentos, para imprimir e colher a assinatura.",
    )


def sums(difference: Difference, *, period: Period, on: date) -> tuple[Sum, ...]:
    """Return a difference line by line: both parts, their sum, what is taken off, the result."""
    old_days = (on - period.start).days
    new_days = period.days - old_days
    is_manual = difference.policy is DifferencePolicy.MANUAL
    parts = f"{money.amount(difference.old_part.cents)} + {money.amount(difference.new_part.cents)}"
    told = [
        Sum(
            words=f"{_counted(old_days, 'dia', 'dias')} no valor anterior",
            calculation=calculation(difference.old_part.explanation),
            cents=difference.old_part.cents,
            role="a",
        ),
        Sum(
            words=f"{_counted(new_days, 'dia', 'dias')} no valor novo",
            calculation=calculation(difference.new_part.explanation),
            cents=difference.new_part.cents,
            role="b",
        ),
        Sum(
            words="Soma dos proporcionais" if is_manual else "Custo exato do período",
            calculation=parts,
            cents=difference.sum_cents,
            role="sub",
        ),
        Sum(
            words=_reference_words(difference),
            calculation="",
            cents=-difference.reference_cents,
        ),
        Sum(words=_result_words(difference), calculation="", cents=difference.cents, role="res"),
    ]
    return tuple(told if old_days else told[1:])


def _reference_words(difference: Difference) -> str:
    """Return what is taken off: the manual takes the new value where it goes down."""
    is_manual = difference.policy is DifferencePolicy.MANUAL
    if is_manual and difference.kind is DifferenceKind.DISCOUNT:
        return "Valor novo de um ciclo inteiro"
    return "Já faturado deste período"


def _result_words(difference: Difference) -> str:
    return {
        DifferenceKind.CHARGE: "Serviço adicional na próxima fatura",
        DifferenceKind.DISCOUNT: "Desconto na próxima fatura",
        DifferenceKind.NONE: "Nenhum acerto",
    }[difference.kind]


def _verdict(difference: Difference) -> str:
    if difference.kind is DifferenceKind.NONE:
        return "nada a acertar"
    what = "a cobrar" if difference.kind is DifferenceKind.CHARGE else "a devolver"
    return f"{money.brl(difference.cents)} {what}"


def _comparison(settlement: Settlement) -> str:
    if settlement.why_not_manual is not None:
        return (
            f"A política Manual não se aplica: {settlement.why_not_manual}. Vale o saldo do "
            "período, que é exato."
        )
    assert settlement.manual is not None
    if settlement.manual.signed_cents == settlement.balance.signed_cents:
        return (
            "As duas políticas dão o mesmo valor nesta alteração. Elas se separam no downgrade e "
            "quando há mais de uma alteração no mesmo período."
        )
    return (
        "As duas políticas dão valores diferentes nesta alteração: "
        f"{_verdict(settlement.manual)} pela Manual, {_verdict(settlement.balance)} pelo saldo do "
        "período."
    )


def _counted(count: int, one: str, many: str) -> str:
    return f"{count} {one if count == 1 else many}"
