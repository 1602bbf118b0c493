"""The trail in the words of people: actions, kinds of objects, fields and values."""

import json
import re
from collections.abc import Mapping
from datetime import date
from typing import Any

from django.urls import reverse

from vigente.audit.models import AuditEntry
from vigente.backoffice.registers.all_pages import PAGES
from vigente.backoffice.templatetags import vigente as tags
from vigente.domain import money, parameters
from vigente.domain.parameters import PARAMETERS


def _choices(field: Any) -> list[tuple[Any, Any]]:
    """Return the codes and words of a field of a form that offers the same to everybody."""
    return list(getattr(field, "choices", ()))


KINDS: Mapping[str, str] = {
    "contract": "Contrato",
    "invoice": "Fatura",
    "receivable": "Conta a receber",
    "receipt": "Recebimento",
    "refund": "Devolução de crédito",
    "cash desk": "Caixa",
    "close": "Fechamento",
    "mass alteration": "Alteração em massa",
    "effect": "Envio",
    "import": "Importação",
    "remittance": "Remessa",
    "return file": "Retorno",
    "bank account": "Conta no banco",
    "daily run": "Agendamento do dia",
    "user": "Pessoa",
    "account": "Conta",
    "branch": "Filial",
    "product": "Produto",
    "parameter system": "Parâmetros do sistema",
    "parameter branch": "Parâmetros da filial",
    "parameter plan": "Parâmetros do plano",
    "parameter contract": "Parâmetros do contrato",
} | {page.register.kind: page.new.split(" ", 1)[-1].capitalize() for page in PAGES}
_MORE = {
    "invoice cancelled": "Fatura cancelada",
    "receipt recorded": "Recebimento registrado",
    "receipt reversed": "Recebimento estornado",
    "credit refunded": "Crédito devolvido",
    "refund undone": "Devolução desfeita",
    "import uploaded": "Planilha enviada",
    "import executed": "Importação executada",
    "import discarded": "Importação descartada",
    "remittance made": "Remessa feita",
    "return received": "Retorno enviado",
    "return taken broken": "Retorno lido sem as linhas ilegíveis",
    "bank payment dismissed": "Pagamento do banco dispensado",
    "bank account kept": "Conta no banco cadastrada",
    "desk opened": "Caixa aberto",
    "desk supplied": "Suprimento de caixa",
    "desk withdrawn from": "Sangria de caixa",
    "desk closed": "Caixa fechado",
    "desk reopened": "Caixa reaberto",
    "close begun": "Fechamento iniciado",
    "close executed": "Fechamento executado",
    "close paused": "Fechamento pausado",
    "close discarded": "Fechamento descartado",
    "reminders stopped": "Lembretes: não quer mais",
    "reminders resumed": "Lembretes: voltou a receber",
    "mass alteration begun": "Alteração em massa simulada",
    "mass alteration executed": "Alteração em massa executada",
    "mass alteration paused": "Alteração em massa pausada",
    "mass alteration resumed": "Alteração em massa retomada",
    "mass alteration discarded": "Alteração em massa descartada",
    "document attached": "Documento anexado",
    "document removed": "Documento removido",
    "parameter set": "Parâmetro definido",
    "parameter inherited": "Parâmetro volta a herdar",
    "user password set": "Senha definida",
    "user joined branch": "Pessoa passa a ver a filial",
}
ACTIONS: Mapping[str, str] = (
    {
        f"{page.register.kind} {done}": f"{KINDS[page.register.kind]}: {word}"
        for page in PAGES
        for done, word in (("created", "cadastro"), ("changed", "alteração"))
    }
    | _MORE
    | tags.ACTIONS
)
DETAILS = {
    "reason": "Motivo",
    "contract": "Contrato",
    "receivable": "Conta a receber",
    "customer": "Cliente",
    "holder": "Titular",
    "address": "Endereço de instalação",
    "invoices": "Faturas",
    "amount": "Valor",
    "difference": "Diferença",
    "due_before": "Vencia em",
    "due_after": "Passa a vencer em",
    "bill_again": "Faturar de novo",
    "valid_until": "Vigente até",
    "sale_plan": "Plano de venda",
    "due_until": "Vencimentos até",
    "filters": "Filtros",
    "ends_on": "Termina em",
    "note": "Observação",
    "day": "Dia",
    "sheet": "Planilha",
    "file": "Arquivo",
    "error": "Erro",
    "on": "Em",
    "alteration": "Alteração",
    "key": "Chave",
    "item": "Item",
    "description": "Descrição",
    "attachment": "Anexo",
    "document": "Documento",
    "kind": "Tipo",
    "sha256": "Impressão digital",
    "email": "E-mail",
    "ip": "Endereço IP",
    "device": "Aparelho",
    "steps": "Etapas",
    "number": "Nosso número",
    "count": "Quantidade",
    "line": "Linha",
    "account": "Conta",
}
FIELDS: Mapping[str, str] = {name: one.title for name, one in PARAMETERS.items()}
LABELS: Mapping[str, Mapping[str, str]] = {
    page.register.kind: {
        **{lines.name: lines.title for lines in page.lines},
        **{name: str(field.label) for name, field in page.form.base_fields.items()},
    }
    for page in PAGES
}
CODES: Mapping[tuple[str, str], Mapping[str, str]] = {
    (page.register.kind, name): {str(code): str(word) for code, word in _choices(field)}
    for page in PAGES
    for name, field in page.form.base_fields.items()
    if _choices(field)
}
_ADDRESSES = {
    "account": "pessoas-edit",
    "contract": "contract",
    "invoice": "invoice",
    "receivable": "receivable",
    "cash desk": "cash-desk",
    "close": "month-close-run",
    "mass alteration": "mass-alteration-run",
    "effect": "effect",
    "import": "import",
    "return file": "return",
    "parameter branch": "parameters-branch",
    "parameter plan": "parameters-plan",
    "parameter contract": "parameters-contract",
} | {page.register.kind: page.leads_to for page in PAGES}
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


def action(code: str) -> str:
    """Return what was done; an action without words of its own shows its code."""
    return ACTIONS.get(code, code)


def kind(code: str) -> str:
    """Return what kind of object it was done to."""
    return KINDS.get(code, code)


def field(object_kind: str, name: str) -> str:
    """Return what a field is called on its form."""
    return LABELS.get(object_kind, {}).get(name) or FIELDS.get(name) or DETAILS.get(name, name)


BRANCHES = frozenset({"branch", "parameter branch"})
OF_BRANCHES = frozenset({"branch_id", "branches"})


def value(
    object_kind: str, name: str, text: str | None, *, branches: Mapping[int, str] | None = None
) -> str:
    """Return what a field held, as people write it; `branches` are known by their names."""
    if text is None or text == "":
        return "—"
    try:
        told = json.loads(text)
    except ValueError:
        told = text
    if name in PARAMETERS:
        return parameters.words(PARAMETERS[name], told)
    codes = CODES.get((object_kind, name))
    if branches and name in OF_BRANCHES and told is not None:
        codes = {str(pk): branch for pk, branch in branches.items()}
    if codes:
        many = told if isinstance(told, list) else [told]
        return ", ".join(codes.get(str(one), str(one)) for one in many) or "—"
    return _plain(name, told, text)


def detail(told: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Return what else an entry says."""
    shown = ((DETAILS.get(name, name), one) for name, one in told.items())
    return [(name, _plain(name, one, str(one))) for name, one in shown if one not in (None, "", {})]


def address(entry: AuditEntry) -> str:
    """Return the page of an object, or nothing where it has none."""
    if entry.object_kind == "parameter system":
        return reverse("parameters-system")
    return page_of(entry.object_kind, entry.object_id)


def page_of(object_kind: str, object_id: int | None) -> str:
    """Return the page of an object by its kind and id, or nothing where it has none."""
    name = _ADDRESSES.get(object_kind)
    return reverse(name, args=[object_id]) if name and object_id and object_id > 0 else ""


def _plain(name: str, told: Any, text: str) -> str:
    if isinstance(told, bool):
        return "sim" if told else "não"
    if isinstance(told, int) and name.endswith("_cents"):
        return money.amount(told)
    if isinstance(told, str) and _DAY.fullmatch(told):
        return f"{date.fromisoformat(told):%d/%m/%Y}"
    if isinstance(told, list):
        return ", ".join(_plain("", one, str(one)) for one in told) or "—"
    if isinstance(told, dict):
        said = (_plain(key, one, str(one)) for key, one in told.items() if one and key != "id")
        return " ".join(said)
    return text
