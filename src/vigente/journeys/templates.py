"""Keeping templates: one that contracts or plans name goes on being of their kind."""

from datetime import datetime

from vigente.audit.actor import Actor
from vigente.catalog.models import SalePlan
from vigente.contracts.models import Contract
from vigente.documents import actions
from vigente.documents.actions import TemplateFacts
from vigente.documents.models import DocumentTemplate
from vigente.journeys.registers import Register


class TemplateInUse(ValueError):
    """Planos ou contratos usam este modelo: o tipo dele não muda."""

    field = "kind"


def follow_template(
    template: DocumentTemplate,
    facts: TemplateFacts,
    before: TemplateFacts | None,
    _by: Actor,
    _now: datetime,
) -> None:
    """Refuse to make another kind of a template in use.

    :raises TemplateInUse: where plans or contracts name it.
    """
    if before is None or before.kind == facts.kind:
        return
    if any(model.objects.filter(template=template).exists() for model in (SalePlan, Contract)):
        raise TemplateInUse(
            "Planos ou contratos usam este modelo: o tipo dele não muda. Cadastre outro modelo."
        )


TEMPLATES = Register(
    kind="document_template",
    model=DocumentTemplate,
    facts=actions.template_facts,
    write=actions.write_template,
    branch_id=lambda _template: None,
    follow=follow_template,
)
