"""The only writes to templates: what they name can be filled in."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass

from vigente.documents.models import DocumentTemplate
from vigente.domain import templates
from vigente.domain.codes import TemplateKind


class TemplateRefused(ValueError):
    """Este modelo não poderia ser impresso; `problems` são os campos e suas frases."""

    def __init__(self, problems: tuple[tuple[str, str], ...]) -> None:
        super().__init__(" ".join(sentence for _, sentence in problems))
        self.problems = problems


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
    """Write a template; documents printed from it before stay as they are.

    :raises TemplateRefused: naming what it names in vain, and what it may name.
    """
    problems = template_problems(facts)
    if problems:
        raise TemplateRefused(problems)
    template = template or DocumentTemplate()
    for name, value in asdict(facts).items():
        setattr(template, name, value)
    template.save()
    return template


def template_problems(facts: TemplateFacts) -> tuple[tuple[str, str], ...]:
    """Return why a template could not be printed: each field with its sentence."""
    told = templates.problems(facts.body, TemplateKind(facts.kind))
    return tuple(("body", sentence) for sentence in told)


def create_templates(new: Sequence[TemplateFacts]) -> list[DocumentTemplate]:
    """Write many templates at once; their problems were asked for before."""
    return DocumentTemplate.objects.bulk_create(
        [DocumentTemplate(**asdict(facts)) for facts in new]
    )
