"""The only writes of issued documents: the text as filled, and its PDF, kept for good."""

from datetime import datetime

from vigente.documents import printing, storage
from vigente.documents.models import DocumentTemplate, IssuedDocument
from vigente.documents.printing import Letterhead
from vigente.domain.codes import PRINTED_FROM, DocumentKind, TemplateKind


class KindRefused(ValueError):
    """Este modelo não serve para este documento."""


def issue_document(
    *,
    kind: DocumentKind,
    title: str,
    html: str,
    head: Letterhead,
    template: DocumentTemplate | None,
    by_user_id: int | None,
    by_name: str,
    now: datetime,
) -> IssuedDocument:
    """Print a filled text and keep both; neither changes afterwards.

    :raises KindRefused: if the template is of another kind.
    :raises PrintFailed: if the PDF cannot be made.
    """
    if template is not None and TemplateKind(template.kind) not in PRINTED_FROM[kind]:
        raise KindRefused("Este modelo é de outro tipo de documento. Escolha outro modelo.")
    pdf = printing.printer().pdf(printing.page(title, html, head))
    return IssuedDocument.objects.create(
        kind=kind.value,
        title=title,
        html=html,
        text_sha256=storage.digest(html.encode()),
        pdf_sha256=storage.digest(pdf),
        size=len(pdf),
        stored_as=storage.keep(pdf, now=now),
        template=template,
        at=now,
        by_user_id=by_user_id,
        by_name=by_name,
    )


def pdf_of(document: IssuedDocument) -> bytes:
    """Return a document's PDF, exactly as it was issued.

    :raises FileChanged: if the file is gone or is no longer the same.
    """
    return storage.read(document.stored_as, sha256=document.pdf_sha256)
