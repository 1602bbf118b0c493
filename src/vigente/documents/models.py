"""Templates, the documents issued from them, and files that people attach."""

from django.db import models
from django.db.models.functions import Lower

from vigente.domain.codes import DocumentKind, TemplateKind, values
from vigente.domain.files import AttachmentKind, FileType


class DocumentTemplate(models.Model):
    """A modelo: text with variables, for a contract or for an addendum."""

    name = models.CharField(max_length=120)
    kind = models.CharField(max_length=10)
    body = models.TextField(blank=True)
    is_active = models.BooleanField(default=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(Lower("name"), name="document_template_once"),
            models.CheckConstraint(
                condition=models.Q(kind__in=values(TemplateKind)),
                name="document_template_kind",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Attachment(models.Model):
    """A file that somebody attached: kept as it came, under a name of ours, never changed."""

    kind = models.CharField(max_length=14)
    name = models.CharField(max_length=160)
    content_type = models.CharField(max_length=40)
    size = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    stored_as = models.CharField(max_length=80, unique=True)
    at = models.DateTimeField()
    by_name = models.CharField(max_length=120)
    removed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(kind__in=values(AttachmentKind)), name="attachment_kind"
            ),
            models.CheckConstraint(
                condition=models.Q(content_type__in=values(FileType)), name="attachment_type"
            ),
            models.CheckConstraint(condition=models.Q(size__gt=0), name="attachment_not_empty"),
        ]

    def __str__(self) -> str:
        return self.name


class IssuedDocument(models.Model):
    """A document as it was issued: its text and its PDF, each with its SHA-256; never changed."""

    kind = models.CharField(max_length=10)
    title = models.CharField(max_length=160)
    html = models.TextField()
    text_sha256 = models.CharField(max_length=64)
    pdf_sha256 = models.CharField(max_length=64)
    size = models.PositiveIntegerField()
    stored_as = models.CharField(max_length=80, unique=True)
    template = models.ForeignKey(DocumentTemplate, on_delete=models.PROTECT, null=True)
    at = models.DateTimeField()
    by_user_id = models.BigIntegerField(null=True)
    by_name = models.CharField(max_length=120)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(kind__in=values(DocumentKind)), name="issued_document_kind"
            ),
            models.CheckConstraint(
                condition=models.Q(
                    text_sha256__regex=r"^[0-9a-f]{64}$", pdf_sha256__regex=r"^[0-9a-f]{64}$"
                ),
                name="issued_document_digests",
            ),
            models.CheckConstraint(
                condition=models.Q(size__gt=0) & ~models.Q(html=""),
                name="issued_document_not_empty",
            ),
        ]

    def __str__(self) -> str:
        return self.title
