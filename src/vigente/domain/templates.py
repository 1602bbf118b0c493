"""What a template may name: variables in double braces, each filled from the contract."""

import re
from collections.abc import Mapping

from vigente.domain.codes import TemplateKind

OF_A_CONTRACT: Mapping[str, str] = {
    "contrato.codigo": "número do contrato",
    "contrato.assinatura": "data da assinatura",
    "contrato.ativacao": "data da ativação",
    "contrato.dia_vencimento": "dia de vencimento",
    "contrato.fidelidade": "meses de fidelidade",
    "contrato.beneficio": "benefício da fidelidade",
    "contrato.vigencia": "meses de vigência",
    "contrato.taxa": "taxa de ativação",
    "contrato.parcelas_taxa": "parcelas da taxa de ativação",
    "cliente.nome": "nome do cliente",
    "cliente.documento": "CPF ou CNPJ do cliente",
    "cliente.telefone": "telefone do cliente",
    "cliente.email": "e-mail do cliente",
    "plano.nome": "plano de venda em vigor",
    "produtos": "produtos do contrato, um por linha",
    "valor_mensal": "valor líquido mensal",
    "endereco": "endereço de instalação",
    "filial.nome": "nome da filial",
    "filial.cnpj": "CNPJ da filial",
    "filial.cidade": "município da filial",
    "vendedor.nome": "vendedor",
    "hoje": "data da impressão",
}
OF_AN_ADDENDUM: Mapping[str, str] = {
    **OF_A_CONTRACT,
    "alteracao.data": "data da alteração",
    "alteracao.plano_anterior": "plano antes da alteração",
    "alteracao.valor_anterior": "valor mensal antes da alteração",
}
_IN_BRACES = re.compile(r"\{\{(.*?)\}\}", re.DOTALL)


def variables(kind: TemplateKind) -> Mapping[str, str]:
    """Return what a template of this kind may name, and what each is filled with."""
    return OF_AN_ADDENDUM if kind is TemplateKind.ADDENDUM else OF_A_CONTRACT


def problems(body: str, kind: TemplateKind) -> tuple[str, ...]:
    """Return why a body could not be printed: what it names in vain, and braces left open.

    >>> problems("Olá, {{ cliente.nome }}!", TemplateKind.CONTRACT)
    ()
    >>> problems("Olá, {{ cliente.nme }}!", TemplateKind.CONTRACT)[0][:44]
    'Variável desconhecida: {{ cliente.nme }}. Us'
    >>> problems("Olá, {{ cliente.nome }!", TemplateKind.CONTRACT)
    ('Há chaves sem par: escreva cada variável assim: {{ cliente.nome }}.',)
    """
    known = variables(kind)
    named = dict.fromkeys(name.strip() for name in _IN_BRACES.findall(body))
    unknown = ", ".join(braced(name) for name in named if name not in known)
    told = []
    if unknown:
        told.append(f"Variável desconhecida: {unknown}. Use: {', '.join(map(braced, known))}.")
    rest = _IN_BRACES.sub("", body)
    if "{{" in rest or "}}" in rest:
        told.append("Há chaves sem par: escreva cada variável assim: {{ cliente.nome }}.")
    return tuple(told)


def braced(name: str) -> str:
    """Return a variable as a template writes it.

    >>> braced("hoje")
    '{{ hoje }}'
    """
    return f"{{{{ {name} }}}}"
