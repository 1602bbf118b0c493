"""Modelos de documento: the text of contracts and addenda, with variables to fill in."""

from collections.abc import Sequence
from functools import partial

from django import forms
from django.db.models import QuerySet

from vigente.backoffice.fields import Code, Text, YesNo
from vigente.backoffice.registers.page import Begun, Column, RegisterPage, Section
from vigente.backoffice.registers.template_preview import LONGEST
from vigente.documents import ready_made
from vigente.documents.actions import TemplateFacts, TemplateRefused
from vigente.documents.models import DocumentTemplate
from vigente.documents.ready_made import ReadyMade
from vigente.domain.codes import TemplateKind
from vigente.domain.permissions import Permission
from vigente.journeys.templates import TEMPLATES as KEPT
from vigente.journeys.templates import TemplateInUse

KINDS = {TemplateKind.CONTRACT: "Contrato", TemplateKind.ADDENDUM: "Termo"}


class TemplateForm(forms.Form):
    """What is asked of a template."""

    name = Text("Nome", 120)
    kind = Code("Tipo", KINDS)
    is_active = YesNo("Ativo", initial=True)
    body = forms.CharField(
        label="Texto",
        max_length=LONGEST,
        widget=forms.Textarea({"rows": 20}),
        help_text="As variáveis vão entre chaves duplas, como {{ cliente.nome }}.",
    )


def facts(*, body: str, **told: object) -> TemplateFacts:
    """Return the facts that were typed; browsers end lines as no text here does."""
    lines = body.replace("\r\n", "\n").replace("\r", "\n")
    return TemplateFacts(body=lines, **told)  # type: ignore[arg-type]


def _begun(one: ReadyMade) -> dict[str, object]:
    return {"name": one.name, "kind": one.kind.value, "body": one.body}


def rows(_branch_ids: Sequence[int]) -> QuerySet[DocumentTemplate]:
    """Return all templates: every branch prints from the same ones."""
    return DocumentTemplate.objects.all()


def search(found: QuerySet[DocumentTemplate], words: str) -> QuerySet[DocumentTemplate]:
    """Find templates by a part of the name."""
    return found.filter(name__icontains=words)


DOCUMENT_TEMPLATES = RegisterPage(
    address="modelos-de-documento",
    title="Modelos de documento",
    new="Novo modelo de documento",
    empty="Escreva o texto dos contratos e dos termos: as variáveis vêm de cada contrato.",
    group="Cadastros",
    see=Permission.SEE_CATALOG,
    change=Permission.CHANGE_CATALOG,
    register=KEPT,
    rows=rows,
    search=search,
    columns=(
        Column("Nome", lambda t: t.name, "name"),
        Column("Tipo", lambda t: KINDS[TemplateKind(t.kind)]),
    ),
    form=TemplateForm,
    facts=facts,
    sections=(
        Section(
            "Identificação",
            ("name", "kind", "is_active"),
            "Inativo não é oferecido; os planos e contratos que o têm continuam com ele.",
        ),
        Section(
            "Texto",
            ("body",),
            "A prévia mostra o documento enquanto se escreve. Abaixo, o que ele pode citar.",
            wide=("body",),
        ),
    ),
    promises={"document_template_once": ("name", "Já existe um modelo com este nome.")},
    refusals=(TemplateRefused, TemplateInUse),
    also="registers/_variables.html",
    beside="registers/_template_beside.html",
    beginnings=tuple(Begun(one.code, one.name, partial(_begun, one)) for one in ready_made.ALL),
    sheet="modelos",
)
