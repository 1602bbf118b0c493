"""Parameters that inherit: contract, sale plan, branch, system, and at last the default.

Each is declared once here, with the words that its screen shows. Values are JSON-ready:
dates are ISO text, so that the database can read them too (`vigente_last_due_on`).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from vigente.domain.codes import DifferencePolicy
from vigente.domain.permissions import ROLE_WORDS, Role
from vigente.domain.signature import SignatureProvider


class Scope(StrEnum):
    """Where a value may be set, from the nearest to the most general."""

    CONTRACT = "CONTRACT"
    PLAN = "PLAN"
    BRANCH = "BRANCH"
    SYSTEM = "SYSTEM"


class ValueKind(StrEnum):
    """What a value is."""

    YES_NO = "YES_NO"
    NUMBER = "NUMBER"
    DAY = "DAY"
    CHOICE = "CHOICE"


type Value = bool | int | str | None

EVERYWHERE = (Scope.CONTRACT, Scope.PLAN, Scope.BRANCH, Scope.SYSTEM)
BRANCHES = (Scope.BRANCH, Scope.SYSTEM)


@dataclass(frozen=True, slots=True)
class Parameter:
    """One setting: its default, its limits and the words of its screen.

    A default of None where nothing may be empty says that people have yet to choose.
    """

    name: str
    kind: ValueKind
    default: Value
    scopes: tuple[Scope, ...]
    title: str
    explanation: str
    least: int = 0
    most: int = 0
    may_be_empty: bool = False
    choices: tuple[tuple[str, str], ...] = ()


class ParameterUnknown(LookupError):
    """Não existe parâmetro com este nome."""


class ValueRefused(ValueError):
    """O valor não serve para este parâmetro."""


LAST_DUE_ON = Parameter(
    "last_due_on",
    ValueKind.DAY,
    "2026-12-31",
    BRANCHES,
    "Teto de vencimento",
    "Nenhum financeiro é gerado com vencimento depois deste dia. A partir de 2027 mudam os "
    "tributos (CBS e IBS, LC 214/2025); até a adequação, o teto evita valores inconsistentes e "
    "retrabalho. Os contratos retidos voltam sozinhos quando o teto é liberado.",
    may_be_empty=True,
)
MIN_DAYS_BEFORE_DUE = Parameter(
    "min_days_before_due",
    ValueKind.NUMBER,
    5,
    BRANCHES,
    "Antecedência mínima do vencimento",
    "Uma fatura vence no mínimo estes dias depois de emitida. Se preciso, o vencimento anda; "
    "o período de uso, nunca.",
    most=60,
)
DUE_ON_BUSINESS_DAY = Parameter(
    "due_on_business_day",
    ValueKind.YES_NO,
    default=True,
    scopes=BRANCHES,
    title="Vencimento em dia útil",
    explanation="Quando o vencimento cai em fim de semana ou feriado, o pagamento é aceito até o "
    "próximo dia útil. O período de uso não muda.",
)
GROUP_INVOICES = Parameter(
    "group_invoices",
    ValueKind.YES_NO,
    default=True,
    scopes=EVERYWHERE,
    title="Agrupar faturas",
    explanation="Faturas do mesmo cliente, filial, carteira e vencimento formam uma só conta a "
    "receber.",
)
PRORATE_CHANGES = Parameter(
    "prorate_changes",
    ValueKind.YES_NO,
    default=True,
    scopes=EVERYWHERE,
    title="Cobrar proporcional",
    explanation="Serviço incluído ou encerrado no meio de um período é cobrado pelos dias usados.",
)
SIGNATURE_BEFORE_BILLING = Parameter(
    "signature_before_billing",
    ValueKind.YES_NO,
    default=False,
    scopes=EVERYWHERE,
    title="Faturar só depois da assinatura",
    explanation="Contratos sem a primeira assinatura ficam retidos no fechamento.",
)
MAX_OVERDUE_RECEIVABLES = Parameter(
    "max_overdue_receivables",
    ValueKind.NUMBER,
    0,
    EVERYWHERE,
    "Limite de contas vencidas em aberto",
    "Com este número de contas vencidas, o contrato deixa de ser faturado. Zero: sem limite.",
    most=99,
)
BLOCK_AUTOMATICALLY = Parameter(
    "block_automatically",
    ValueKind.YES_NO,
    default=True,
    scopes=EVERYWHERE,
    title="Bloqueio automático",
    explanation="Em atraso além do prazo da régua de cobrança, o acesso é bloqueado sozinho. "
    "Desligado, a régua avisa e o bloqueio só acontece por uma pessoa.",
)
CLOSE_AUTOMATICALLY = Parameter(
    "close_automatically",
    ValueKind.YES_NO,
    default=True,
    scopes=BRANCHES,
    title="Fechamento automático",
    explanation="Todos os dias a filial fatura sozinha o que vence dentro da antecedência.",
)
CLOSE_LEAD_DAYS = Parameter(
    "close_lead_days",
    ValueKind.NUMBER,
    10,
    BRANCHES,
    "Antecedência do fechamento",
    "Quantos dias antes do vencimento a fatura é emitida.",
    most=90,
)
CLOSE_HOUR = Parameter(
    "close_hour",
    ValueKind.NUMBER,
    6,
    BRANCHES,
    "Hora do fechamento",
    "A partir desta hora, no fuso da filial, o fechamento automático do dia começa.",
    most=23,
)


CASH_DESK_REQUIRED = Parameter(
    "cash_desk_required",
    ValueKind.YES_NO,
    default=False,
    scopes=BRANCHES,
    title="Receber só com caixa aberto",
    explanation="Quem recebe ou devolve à mão precisa ter o seu caixa aberto na filial. Sem isto, "
    "o que se recebe sem caixa aberto não entra em nenhum.",
)


REMIND_DAYS_BEFORE = Parameter(
    "remind_days_before",
    ValueKind.NUMBER,
    default=0,
    scopes=BRANCHES,
    title="Lembrar da conta dias antes do vencimento",
    explanation="O cliente recebe uma vez o valor, o vencimento e como pagar. Zero não envia.",
    least=0,
    most=15,
)
REMIND_ON_DUE = Parameter(
    "remind_on_due",
    ValueKind.YES_NO,
    default=False,
    scopes=BRANCHES,
    title="Lembrar da conta no dia do vencimento",
    explanation="O que ainda não foi pago é lembrado no próprio dia.",
)
REMIND_HOUR = Parameter(
    "remind_hour",
    ValueKind.NUMBER,
    default=9,
    scopes=BRANCHES,
    title="Hora dos lembretes",
    explanation="A partir desta hora, no fuso da filial, os lembretes do dia são enviados.",
    least=6,
    most=20,
)
THANK_FOR_RECEIPTS = Parameter(
    "thank_for_receipts",
    ValueKind.YES_NO,
    default=False,
    scopes=BRANCHES,
    title="Avisar o cliente do recebimento",
    explanation="A cada pagamento o cliente recebe o valor e o que ele quitou.",
)


def _discount_limit(role: Role, percent: int) -> Parameter:
    return Parameter(
        f"discount_limit_{role.value.lower()}",
        ValueKind.NUMBER,
        percent,
        BRANCHES,
        f"Limite de desconto: {ROLE_WORDS[role].lower()}",
        "Maior desconto que esta função pode dar num contrato, em % do valor mensal.",
        most=100,
    )


DISCOUNT_LIMITS: Mapping[Role, Parameter] = {
    Role.ATTENDANT: _discount_limit(Role.ATTENDANT, 10),
    Role.SELLER: _discount_limit(Role.SELLER, 10),
    Role.FINANCE: _discount_limit(Role.FINANCE, 20),
    Role.COLLECTIONS: _discount_limit(Role.COLLECTIONS, 30),
    Role.MANAGER: _discount_limit(Role.MANAGER, 100),
}

DIFFERENCE_POLICY = Parameter(
    "difference_policy",
    ValueKind.CHOICE,
    None,
    (Scope.BRANCH,),
    "Diferença das alterações",
    "Como se calcula o que uma troca de plano no meio de um período cobra ou devolve. «Manual» "
    "segue as contas do manual: na redução de plano devolve menos. «Saldo do período» é exato: o "
    "custo do período com os dois planos menos o que já foi faturado.",
    choices=(
        (DifferencePolicy.MANUAL.value, "Manual"),
        (DifferencePolicy.PERIOD_BALANCE.value, "Saldo do período"),
    ),
)

MAX_DUE_DAY_CHANGES = Parameter(
    "max_due_day_changes",
    ValueKind.NUMBER,
    2,
    BRANCHES,
    "Mudanças de vencimento em 12 meses",
    "Quantas vezes o dia de vencimento de um contrato pode mudar em 12 meses. Cada mudança alonga "
    "ou encurta um período de uso.",
    most=12,
)

SIGNATURE_DAYS = Parameter(
    "signature_days",
    ValueKind.NUMBER,
    15,
    BRANCHES,
    "Prazo da assinatura digital",
    "Quantos dias o link de assinatura vale. Depois disso o pedido vence; o acesso novo de "
    "uma alteração continua à espera.",
    least=1,
    most=90,
)
CUT_UNSIGNED = Parameter(
    "cut_unsigned",
    ValueKind.YES_NO,
    default=False,
    scopes=BRANCHES,
    title="Cortar o acesso sem assinatura",
    explanation="Se o prazo da assinatura de uma alteração passa, ou o cliente recusa, o acesso é "
    "cortado até assinar ou até a alteração ser desfeita. Desligado, o acesso de antes continua e "
    "a alteração fica marcada para alguém resolver.",
)
SIGNATURE_PROVIDER = Parameter(
    "signature_provider",
    ValueKind.CHOICE,
    SignatureProvider.BUILT_IN.value,
    BRANCHES,
    "Assinatura digital",
    "Quem recolhe a assinatura e sela o documento. «Vigente» usa a página própria, com código "
    "por e-mail ou SMS e selo PAdES. «Simulada» não sela nada: serve para ensaios.",
    choices=(
        (SignatureProvider.BUILT_IN.value, "Vigente"),
        (SignatureProvider.SIMULATED.value, "Simulada"),
    ),
)

PARAMETERS: Mapping[str, Parameter] = {
    parameter.name: parameter
    for parameter in (
        LAST_DUE_ON,
        MIN_DAYS_BEFORE_DUE,
        DUE_ON_BUSINESS_DAY,
        GROUP_INVOICES,
        PRORATE_CHANGES,
        SIGNATURE_BEFORE_BILLING,
        MAX_OVERDUE_RECEIVABLES,
        BLOCK_AUTOMATICALLY,
        CLOSE_AUTOMATICALLY,
        CLOSE_LEAD_DAYS,
        CLOSE_HOUR,
        CASH_DESK_REQUIRED,
        REMIND_DAYS_BEFORE,
        REMIND_ON_DUE,
        REMIND_HOUR,
        THANK_FOR_RECEIPTS,
        *DISCOUNT_LIMITS.values(),
        DIFFERENCE_POLICY,
        MAX_DUE_DAY_CHANGES,
        SIGNATURE_DAYS,
        CUT_UNSIGNED,
        SIGNATURE_PROVIDER,
    )
}


@dataclass(frozen=True, slots=True)
class Resolved:
    """A value in force and where it comes from; `scope` None means the product's default."""

    value: Value
    scope: Scope | None


def resolve(parameter: Parameter, *, own: Mapping[Scope, Value]) -> Resolved:
    """Return the value nearest to the contract among those set in `own`.

    >>> resolve(CLOSE_HOUR, own={Scope.SYSTEM: 4, Scope.BRANCH: 7})
    Resolved(value=7, scope=<Scope.BRANCH: 'BRANCH'>)
    >>> resolve(CLOSE_HOUR, own={})
    Resolved(value=6, scope=None)
    """
    for scope in parameter.scopes:
        if scope in own:
            return Resolved(own[scope], scope)
    return Resolved(parameter.default, None)


def checked(parameter: Parameter, value: Value) -> Value:
    """Return `value` if it fits the parameter.

    :raises ValueRefused: with a sentence that names the parameter and what it takes.
    """
    if value is None and parameter.may_be_empty:
        return None
    if parameter.kind is ValueKind.YES_NO and isinstance(value, bool):
        return value
    if parameter.kind is ValueKind.NUMBER and _is_number_within(parameter, value):
        return value
    if parameter.kind is ValueKind.DAY and isinstance(value, str) and _is_day(value):
        return value
    if parameter.kind is ValueKind.CHOICE and value in dict(parameter.choices):
        return value
    raise ValueRefused(sentence(parameter))


def sentence(parameter: Parameter) -> str:
    """Return what the parameter takes, as a refusal says it."""
    return f"{parameter.title}: {_what_it_takes(parameter)}."


def is_to_be_chosen(parameter: Parameter) -> bool:
    """Tell whether people have to choose a value, since the product has no default for it."""
    return parameter.default is None and not parameter.may_be_empty


def words(parameter: Parameter, value: Value) -> str:
    """Return a value as people read it.

    >>> words(LAST_DUE_ON, "2026-12-31"), words(LAST_DUE_ON, None), words(GROUP_INVOICES, True)
    ('31/12/2026', 'sem limite', 'Sim')
    >>> words(DIFFERENCE_POLICY, None)
    'ainda não escolhido'
    """
    if value is None:
        return "sem limite" if parameter.may_be_empty else "ainda não escolhido"
    match parameter.kind:
        case ValueKind.YES_NO:
            return "Sim" if value else "Não"
        case ValueKind.DAY:
            return f"{date.fromisoformat(str(value)):%d/%m/%Y}"
        case ValueKind.CHOICE:
            return dict(parameter.choices).get(str(value), str(value))
        case ValueKind.NUMBER:
            return str(value)


def _is_number_within(parameter: Parameter, value: Value) -> bool:
    is_number = isinstance(value, int) and not isinstance(value, bool)
    return is_number and parameter.least <= int(value or 0) <= parameter.most


def _is_day(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


def _what_it_takes(parameter: Parameter) -> str:
    match parameter.kind:
        case ValueKind.YES_NO:
            return "informe sim ou não"
        case ValueKind.NUMBER:
            return f"informe um número inteiro de {parameter.least} a {parameter.most}"
        case ValueKind.DAY:
            return "informe uma data válida, como 31/12/2026"
        case ValueKind.CHOICE:
            return f"escolha {' ou '.join(word for _, word in parameter.choices)}"
