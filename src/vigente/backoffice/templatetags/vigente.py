"""Filters and tags of every page: amounts, days, statuses as word and colour, icons."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta

from django import forms, template
from django.templatetags.static import static
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

from vigente.backoffice.registers import template_preview as template_preview_of
from vigente.domain import money, templates, words
from vigente.domain.access import AccessState
from vigente.domain.alteration_classification import KIND_WORDS
from vigente.domain.codes import (
    AlterationKind,
    AlterationStatus,
    BoletoStatus,
    CloseStatus,
    HoldReason,
    ImportStatus,
    OrderKind,
    PaymentMeans,
    ReceivableState,
    RecordOutcome,
    ReturnStatus,
)
from vigente.domain.daily import DayStatus
from vigente.domain.lifecycle import ContractStatus
from vigente.domain.permissions import PERMISSION_WORDS, PERMISSIONS_OF, ROLE_WORDS, Role
from vigente.domain.signature import SignatureStatus
from vigente.outbox.states import EffectStatus

register = template.Library()

ACCESS_STATES: Mapping[AccessState, tuple[str, str, bool]] = {
    AccessState.ACTIVE: ("Ativo", "ok", False),
    AccessState.DISABLED: ("Desativado", "mute", False),
    AccessState.MANUAL_BLOCK: ("Bloqueio manual", "risk", True),
    AccessState.AUTO_BLOCK: ("Bloqueio automático", "risk", True),
    AccessState.OVERDUE_NOTICE: ("Financeiro em atraso", "warn", True),
    AccessState.AWAITING_SIGNATURE: ("Aguardando assinatura", "sign", True),
    AccessState.PAUSED: ("Suspenso", "mute", True),
}
STATUSES: Mapping[str, tuple[str, str, bool]] = {
    ContractStatus.PRE: ("Pré-contrato", "info", True),
    ContractStatus.ACTIVE: ("Ativo", "ok", False),
    ContractStatus.INACTIVE: ("Inativo", "mute", True),
    ContractStatus.LISTED: ("Negativado", "risk", True),
    ContractStatus.WITHDRAWN: ("Desistiu", "mute", True),
    AlterationStatus.DRAFT: ("Rascunho", "mute", True),
    AlterationStatus.SCHEDULED: ("Agendada", "info", True),
    AlterationStatus.CONFIRMED: ("Concluída", "ok", False),
    AlterationStatus.UNDONE: ("Desfeita", "mute", True),
    AlterationStatus.DROPPED: ("Descartada", "mute", True),
    CloseStatus.SIMULATING: ("Simulando", "info", True),
    CloseStatus.SIMULATED: ("Simulado", "info", True),
    CloseStatus.DISCARDED: ("Descartado", "mute", True),
    CloseStatus.RUNNING: ("Em execução", "info", True),
    CloseStatus.PAUSED: ("Pausado", "warn", True),
    CloseStatus.DONE: ("Concluído", "ok", True),
    ReceivableState.DUE: ("A vencer", "info", False),
    ReceivableState.OVERDUE: ("Vencida", "risk", True),
    ReceivableState.SETTLED: ("Recebida", "ok", False),
    ReceivableState.CANCELLED: ("Cancelada", "mute", True),
    DayStatus.WAITING: ("Aguarda a hora", "mute", False),
    DayStatus.CLOSING: ("Fechando", "info", True),
    DayStatus.FAILED: ("Falhou", "risk", True),
    DayStatus.MISSED: ("Perdido", "warn", True),
    ImportStatus.UPLOADED: ("Enviada", "info", False),
    ImportStatus.CHECKING: ("Conferindo", "info", True),
    ImportStatus.CHECKED: ("Conferida", "info", True),
    EffectStatus.PENDING: ("A enviar", "info", False),
    EffectStatus.FAILING: ("Com erro", "warn", True),
    EffectStatus.DEAD: ("Parado", "risk", True),
    EffectStatus.DELIVERED: ("Enviado", "ok", False),
    EffectStatus.DISCARDED: ("Descartado", "mute", True),
}
BOLETO_STATUSES: Mapping[BoletoStatus, tuple[str, str]] = {
    BoletoStatus.TO_REGISTER: ("A registrar", "info"),
    BoletoStatus.SENT: ("Enviado ao banco", "info"),
    BoletoStatus.REGISTERED: ("Registrado", "ok"),
    BoletoStatus.REFUSED: ("Recusado pelo banco", "risk"),
    BoletoStatus.PAID: ("Pago", "ok"),
    BoletoStatus.CANCELLED: ("Baixado", "mute"),
}
RETURN_STATUSES: Mapping[ReturnStatus, tuple[str, str]] = {
    ReturnStatus.WAITING: ("Na fila", "info"),
    ReturnStatus.BROKEN: ("Com linhas ilegíveis", "warn"),
    ReturnStatus.READING: ("Lendo", "info"),
    ReturnStatus.DONE: ("Lido", "ok"),
    ReturnStatus.REFUSED: ("Recusado", "risk"),
}
OUTCOMES: Mapping[RecordOutcome, tuple[str, str]] = {
    RecordOutcome.WAITING: ("Na fila", "info"),
    RecordOutcome.PAID: ("Recebido", "ok"),
    RecordOutcome.NOTED: ("Anotado", "ok"),
    RecordOutcome.REPEATED: ("Repetido", "mute"),
    RecordOutcome.UNKNOWN: ("Título desconhecido", "risk"),
    RecordOutcome.OF_CANCELLED: ("Conta cancelada", "risk"),
    RecordOutcome.ABSURD: ("Valor absurdo", "risk"),
    RecordOutcome.CREDITED: ("Virou crédito", "ok"),
    RecordOutcome.DISMISSED: ("Dispensado", "mute"),
}
ORDERS: Mapping[OrderKind, str] = {
    OrderKind.REGISTER: "registro",
    OrderKind.CANCEL: "baixa",
    OrderKind.CHANGE_DUE: "mudança de vencimento",
    OrderKind.CHANGE_AMOUNT: "mudança de valor",
}
SIGNATURES: Mapping[SignatureStatus, tuple[str, str]] = {
    SignatureStatus.PENDING: ("Aguardando assinatura", "sign"),
    SignatureStatus.SIGNED: ("Assinado", "ok"),
    SignatureStatus.REFUSED: ("Recusado", "risk"),
    SignatureStatus.EXPIRED: ("Prazo vencido", "warn"),
    SignatureStatus.CANCELLED: ("Pedido cancelado", "mute"),
}
REASONS = {
    HoldReason.CEILING: (
        "warn",
        "Vencimento acima do teto",
        "Voltam sozinhos quando o teto for liberado",
    ),
    HoldReason.SIGNATURE: ("sign", "Aguardando assinatura", "Registrar a assinatura do contrato"),
    HoldReason.OPEN_RECEIVABLES: ("risk", "Muitas contas em aberto", "Tratar na cobrança"),
    HoldReason.BACK_PERIODS: (
        "warn",
        "Períodos atrasados",
        "Aprovar os atrasados e simular de novo",
    ),
    HoldReason.MISSING_DATA: ("info", "Cadastro incompleto", "Completar o que falta no cadastro"),
    HoldReason.SCHEDULE_USED_UP: (
        "info",
        "Datas de vencimento esgotadas",
        "Acrescentar datas à condição de pagamento",
    ),
    HoldReason.FAILED: ("risk", "Falha ao faturar", "Ver o detalhe e corrigir o contrato"),
}


ACTIONS = {
    "contract sold": "Contrato vendido",
    "contract activated": "Contrato ativado",
    "contract ended": "Contrato cancelado",
    "document attached": "Documento anexado",
    "document removed": "Documento removido",
    "document issued": "Documento emitido",
    "signature asked for": "Assinatura pedida",
    "signature given": "Documento assinado pelo cliente",
    "signature refused": "Assinatura recusada pelo cliente",
    "signature cancelled": "Pedido de assinatura cancelado",
    "signature expired": "Pedido de assinatura vencido",
    "signature alarm closed": "Assinatura não dada: alarme resolvido",
    "contract changed": "Dados alterados",
    "contract withdrawn": "Desistência registrada",
    "contract reactivated": "Contrato reativado",
    "contract holder changed": "Troca de titular",
    "contract noted": "Anotação",
    "contract address changed": "Mudança de endereço",
    "contract renewed": "Vigência renovada",
    "alteration begun": "Alteração iniciada",
    "alteration scheduled": "Alteração agendada",
    "alteration confirmed": "Alteração concluída",
    "alteration dropped": "Alteração descartada",
    "alteration undone": "Alteração desfeita",
    "item added": "Item incluído",
    "item ended": "Item encerrado",
    "credit used": "Crédito usado",
    "charges waived": "Multa e juros dispensados",
    "boleto issued": "Boleto emitido",
    "one-off sold": "Venda avulsa",
    "invoice issued": "Fatura emitida",
    "receivable postponed": "Vencimento prorrogado",
    "invoice cancelled": "Fatura cancelada",
    "alarm dealt with": "Alarme resolvido",
    "effect retried": "Envio repetido",
    "effect discarded": "Envio descartado",
    "signed in": "Entrada",
    "sign in failed": "Entrada recusada",
    "signed out": "Saída",
    "password changed": "Senha alterada",
    "password link asked for": "Senha nova pedida",
    "second step switched on": "Verificação em duas etapas ligada",
    "second step switched off": "Verificação em duas etapas desligada",
    "recovery codes made": "Códigos de recuperação gerados",
    "session ended": "Sessão encerrada",
}


MEANS = {
    PaymentMeans.CASH: "Dinheiro",
    PaymentMeans.PIX: "Pix",
    PaymentMeans.DEBIT_CARD: "Cartão de débito",
    PaymentMeans.CREDIT_CARD: "Cartão de crédito",
    PaymentMeans.TRANSFER: "Transferência",
    PaymentMeans.CHEQUE: "Cheque",
    PaymentMeans.OTHER: "Outra forma",
}


@register.filter
def action_word(action: str) -> str:
    """Print what was done."""
    return ACTIONS.get(action, action)


@register.simple_tag
def boleto_status(code: str) -> SafeString:
    """Print how a boleto stands at the bank."""
    word, family = BOLETO_STATUSES[BoletoStatus(code)]
    return format_html('<span class="st {} tint">{}</span>', family, word)


@register.simple_tag
def return_status(code: str) -> SafeString:
    """Print how far a return file was read."""
    word, family = RETURN_STATUSES[ReturnStatus(code)]
    return format_html('<span class="st {} tint">{}</span>', family, word)


@register.simple_tag
def outcome(code: str) -> SafeString:
    """Print what became of a record of a return file."""
    word, family = OUTCOMES[RecordOutcome(code)]
    return format_html('<span class="st {} tint">{}</span>', family, word)


@register.filter
def order_word(kind: str) -> str:
    """Print what a bank is asked to do with a boleto."""
    return ORDERS[OrderKind(kind)]


@register.filter
def means_word(means: str) -> str:
    """Print what money was handed over as."""
    return MEANS[PaymentMeans(means)]


@register.filter
def brl(cents: int | None) -> str:
    """Print centavos as R$ 1.234,56."""
    return "—" if cents is None else money.brl(cents)


@register.filter
def amount(cents: int | None) -> str:
    """Print centavos as 1.234,56."""
    return "—" if cents is None else money.amount(cents)


@register.filter
def signed(cents: int) -> str:
    """Print a change as + 40,00."""
    return money.signed(cents)


@register.filter
def count(number: int) -> str:
    """Print a count as 1.234."""
    return f"{number:,}".replace(",", ".")


@register.filter
def day(value: date | None) -> str:
    """Print a day as dd/mm/aaaa."""
    return f"{value:%d/%m/%Y}" if value else "—"


@register.filter
def last_day(end: datetime) -> date:
    """Return the last day before a moment, such as the end of a term."""
    return timezone.localdate(end - timedelta(seconds=1))


@register.filter
def month(value: date | None) -> str:
    """Print a month as mm/aaaa."""
    return f"{value:%m/%Y}" if value else "—"


@register.filter
def tax_id(number: str) -> str:
    """Print a CPF or CNPJ with its punctuation."""
    return words.printed_tax_id(number)


@register.filter
def phone(number: str) -> str:
    """Print a telephone as (31) 98765-4321."""
    return words.printed_phone(number)


@register.filter
def initials(name: str) -> str:
    """Print the first letters of the first and the last name."""
    names = name.split()
    return "".join(part[0].upper() for part in (*names[:1], *names[1:][-1:]))


@register.filter
def in_fours(text: str) -> str:
    """Print a long key in groups of four."""
    return " ".join(text[start : start + 4] for start in range(0, len(text), 4))


@register.filter
def at(values: Mapping[str, object], name: str) -> object:
    """Return the value under a name, or the name itself."""
    return values.get(name, name)


@register.simple_tag
def icon(name: str, classes: str = "ic") -> SafeString:
    """Draw an icon of the sprite."""
    address = static("vigente/icons.svg")
    return format_html(
        '<svg class="{}" aria-hidden="true"><use href="{}#i-{}"></use></svg>',
        classes,
        address,
        name,
    )


@register.simple_tag
def roles_explained() -> list[tuple[str, list[str]]]:
    """Return each role with the words of what it may do."""
    return [
        (word, [what for permission, what in PERMISSION_WORDS.items() if permission in may])
        for word, may in ((ROLE_WORDS[role], PERMISSIONS_OF[role]) for role in Role)
    ]


@register.simple_tag
def variables_explained() -> list[tuple[str, list[tuple[str, str]]]]:
    """Return what templates may name, and what only those of addenda may."""
    of_all, more = templates.OF_A_CONTRACT, templates.OF_AN_ADDENDUM
    return [
        ("Em todos os modelos", [(templates.braced(n), what) for n, what in of_all.items()]),
        (
            "Só em termos",
            [(templates.braced(n), what) for n, what in more.items() if n not in of_all],
        ),
    ]


@register.simple_tag
def template_preview(form: forms.Form) -> template_preview_of.Preview:
    """Return the text of a template's form as it would be printed."""
    return template_preview_of.of(str(form["body"].value() or ""), str(form["kind"].value() or ""))


@register.simple_tag
def assistant_steps() -> tuple[tuple[int, str, str], ...]:
    """Return the steps of the alteration assistant: number, words and address."""
    return (
        (1, "Configurações", "alteration-settings"),
        (2, "Contrato", "alteration-terms"),
        (3, "Conclusão", "alteration-conclude"),
    )


@register.simple_tag
def status(code: str) -> SafeString:
    """Print a status as its word and colour; exceptional ones are tinted."""
    word, family, is_tinted = STATUSES[code]
    tint = " tint" if is_tinted else ""
    return format_html('<span class="st {}{}">{}</span>', family, tint, word)


@register.simple_tag
def signature_status(code: str) -> SafeString:
    """Print how a request for a signature stands."""
    word, family = SIGNATURES[SignatureStatus(code)]
    return format_html('<span class="st {} tint">{}</span>', family, word)


@register.simple_tag
def access_status(state: str) -> SafeString:
    """Print the access that there should be as its word and colour."""
    word, family, is_tinted = ACCESS_STATES[AccessState(state)]
    tint = " tint" if is_tinted else ""
    return format_html('<span class="st {}{}">{}</span>', family, tint, word)


@register.filter
def megabits(kbps: int) -> str:
    """Print a speed as 600 Mb/s."""
    return f"{kbps / 1000:g} Mb/s".replace(".", ",")


@register.filter
def alteration_word(kind: str) -> str:
    """Print the kind of an alteration, its letters first; a draft has none yet."""
    return f"{kind} · {KIND_WORDS[AlterationKind(kind)]}" if kind else "ainda sem tipo"


@register.filter
def reason_word(code: str) -> str:
    """Print why contracts were held."""
    return REASONS[HoldReason(code)][1]


@register.filter
def reason_family(code: str) -> str:
    """Return the colour of a reason."""
    return REASONS[HoldReason(code)][0]


@register.filter
def reason_way_out(code: str) -> str:
    """Print what to do about held contracts."""
    return REASONS[HoldReason(code)][2]
