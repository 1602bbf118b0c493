"""What a template may name: variables in double braces, each filled from the contract."""

from collections.abc import Mapping
from html import escape

from vigente.domain import markup
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
    "hoje.extenso": "data da impressão por extenso",
}
OF_AN_ADDENDUM: Mapping[str, str] = {
    **OF_A_CONTRACT,
    "alteracao.data": "data da alteração",
    "alteracao.tipo": "tipo da alteração",
    "alteracao.plano_anterior": "plano antes da alteração",
    "alteracao.plano_novo": "plano depois da alteração",
    "alteracao.valor_anterior": "valor mensal antes da alteração",
    "alteracao.valor_novo": "valor mensal depois da alteração",
    "alteracao.vencimento_anterior": "dia de vencimento antes da alteração",
    "alteracao.vencimento_novo": "dia de vencimento depois da alteração",
    "alteracao.diferenca": "o que a alteração cobra ou devolve",
    "alteracao.conta": "conta da diferença",
    "alteracao.itens": "o que entra e o que sai, um por linha",
}
SAMPLES: Mapping[str, str] = {
    "contrato.codigo": "1042",
    "contrato.assinatura": "12/03/2026",
    "contrato.ativacao": "15/03/2026",
    "contrato.dia_vencimento": "10",
    "contrato.fidelidade": "12",
    "contrato.beneficio": "R$ 400,00",
    "contrato.vigencia": "12",
    "contrato.taxa": "R$ 100,00",
    "contrato.parcelas_taxa": "2",
    "cliente.nome": "Marina Alves de Souza",
    "cliente.documento": "529.982.247-25",
    "cliente.telefone": "(31) 98765-4321",
    "cliente.email": "marina@example.com",
    "plano.nome": "Fibra 600",
    "produtos": "Internet 600 Mb — R$ 89,90\nTelefone fixo — R$ 20,00",
    "valor_mensal": "R$ 109,90",
    "endereco": "Rua das Flores, 120, Centro, Serra Clara/MG",
    "filial.nome": "Provedor Serra Clara",
    "filial.cnpj": "11.222.333/0001-81",
    "filial.cidade": "Serra Clara",
    "vendedor.nome": "Caio Bastos",
    "hoje": "12/03/2026",
    "hoje.extenso": "12 de março de 2026",
    "alteracao.data": "13/07/2026",
    "alteracao.tipo": "Upgrade",
    "alteracao.plano_anterior": "Fibra 300",
    "alteracao.plano_novo": "Fibra 600",
    "alteracao.valor_anterior": "R$ 49,90",
    "alteracao.valor_novo": "R$ 89,90",
    "alteracao.vencimento_anterior": "10",
    "alteracao.vencimento_novo": "10",
    "alteracao.diferenca": "R$ 36,13 cobrados na próxima fatura",
    "alteracao.conta": "R$ 49,90 ÷ 31 × 3 dias + R$ 89,90 ÷ 31 × 28 dias − R$ 49,90 = R$ 36,13",
    "alteracao.itens": "Sai: Internet 300 Mb\nEntra: Internet 600 Mb",
}


class VariableMissing(LookupError):
    """Este modelo cita o que este documento não tem."""


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
    unknown = ", ".join(braced(name) for name in markup.names(body) if name not in known)
    told = []
    if unknown:
        told.append(f"Variável desconhecida: {unknown}. Use: {', '.join(map(braced, known))}.")
    rest = markup.IN_BRACES.sub("", body)
    if "{{" in rest or "}}" in rest:
        told.append("Há chaves sem par: escreva cada variável assim: {{ cliente.nome }}.")
    return tuple(told)


def fill(body: str, values: Mapping[str, str]) -> str:
    r"""Return a body as HTML, with its variables filled in as plain text.

    >>> fill("Olá, {{ cliente.nome }}!", {"cliente.nome": "Ana & Cia"})
    '<p>Olá, Ana &amp; Cia!</p>\n'

    :raises VariableMissing: naming what the body names and `values` has not.
    """
    missing = ", ".join(braced(name) for name in markup.names(body) if name not in values)
    if missing:
        raise VariableMissing(
            f"O modelo cita {missing}, que este documento não tem. Escolha outro modelo; o que é "
            "de uma alteração sai pelo assistente de alteração."
        )
    return markup.html(body, values)


def sketch(body: str, values: Mapping[str, str]) -> str:
    r"""Return a body as HTML while it is written: what has no value yet stays, marked.

    >>> sketch("De {{ x }}", {})
    '<p>De <mark>{{ x }}</mark></p>\n'
    """

    def filled(name: str) -> str:
        if name in values:
            return markup.shown(values[name])
        return f"<mark>{escape(braced(name))}</mark>"

    return markup.marked(body, filled)


def braced(name: str) -> str:
    """Return a variable as a template writes it.

    >>> braced("hoje")
    '{{ hoje }}'
    """
    return f"{{{{ {name} }}}}"
