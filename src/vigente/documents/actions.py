"""The only writes to templates."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass

from vigente.documents.models import DocumentTemplate


@dataclass(frozen=True, slots=True, kw_only=True)
class TemplateFacts:
    """What is kept of a template; the body is text with variables in double braces."""

    name: str
    kind: str
    body: str
    is_active: bool = True


def template_facts(template: DocumentTemplate) -> TemplateFacts:
    """Return what is kept of a template."""
    return TemplateFacts(
        name=template.name, kind=template.kind, body=template.body, is_active=template.is_active
    )


def write_template(template: DocumentTemplate | None, facts: TemplateFacts) -> DocumentTemplate:
    """Write a template; documents printed from it before stay as they are."""
    template = template or DocumentTemplate()
    for name, value in asdict(facts).items():
        setattr(template, name, value)
    template.save()
    return template


def create_templates(new: Sequence[TemplateFacts]) -> list[DocumentTemplate]:
    """Write many templates at once."""
    return DocumentTemplate.objects.bulk_create(
        [DocumentTemplate(**asdict(facts)) for facts in new]
    )
