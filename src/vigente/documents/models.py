"""Templates, the documents issued from them, and files that people attach."""

from django.db import models
from django.db.models.functions import Lower

from vigente.domain.codes import DocumentKind, TemplateKind, values
from vigente.domain.files import AttachmentKind, FileType
from vigente.domain.signature import SignatureProvider, SignatureStatus


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


class SignatureRequest(models.Model):
    """One request for a customer's signature on a document, with its evidence.

    The link and the codes are derived from random seeds and the secret of the installation, so
    that neither is ever written down; of the link the SHA-256 is kept, to find the request by it.
    """

    document = models.ForeignKey(
        IssuedDocument, on_delete=models.PROTECT, related_name="signature_requests"
    )
    provider = models.CharField(max_length=12)
    status = models.CharField(max_length=10, default=SignatureStatus.PENDING.value)
    token_seed = models.CharField(max_length=43)
    token_sha256 = models.CharField(max_length=64, unique=True)
    expires_at = models.DateTimeField()
    asked_at = models.DateTimeField()
    asked_by_user_id = models.BigIntegerField(null=True)
    asked_by_name = models.CharField(max_length=120)
    signer_name = models.CharField(max_length=160)
    signer_tax_id = models.CharField(max_length=14)
    channel = models.CharField(max_length=8)
    sent_to = models.CharField(max_length=160)

    opened_at = models.DateTimeField(null=True)
    code_seed = models.CharField(max_length=43, blank=True)
    code_channel = models.CharField(max_length=8, blank=True)
    code_to = models.CharField(max_length=160, blank=True)
    code_sent_at = models.DateTimeField(null=True)
    codes_sent = models.PositiveSmallIntegerField(default=0)
    wrong_codes = models.PositiveSmallIntegerField(default=0)
    wrong_codes_before = models.PositiveSmallIntegerField(default=0)

    settled_at = models.DateTimeField(null=True)
    reason = models.TextField(blank=True)
    ip = models.GenericIPAddressField(null=True)
    agent = models.CharField(max_length=400, blank=True)
    text_sha256 = models.CharField(max_length=64, blank=True)
    sealed_as = models.CharField(max_length=80, blank=True)
    sealed_sha256 = models.CharField(max_length=64, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["document"],
                condition=models.Q(status__in=["PENDING", "SIGNED"]),
                name="one_signature_of_a_document",
            ),
            models.CheckConstraint(
                condition=models.Q(
                    status__in=values(SignatureStatus), provider__in=values(SignatureProvider)
                ),
                name="signature_request_codes",
            ),
            models.CheckConstraint(
                condition=models.Q(status="PENDING", settled_at=None)
                | (~models.Q(status="PENDING") & models.Q(settled_at__isnull=False)),
                name="signature_request_settled",
            ),
            models.CheckConstraint(
                condition=~models.Q(status="SIGNED")
                | (
                    models.Q(ip__isnull=False, code_sent_at__isnull=False)
                    & models.Q(sealed_sha256__regex=r"^[0-9a-f]{64}$")
                    & ~models.Q(code_to="")
                    & ~models.Q(text_sha256="")
                    & ~models.Q(sealed_as="")
                ),
                name="signed_has_evidence",
            ),
            models.CheckConstraint(
                condition=~models.Q(status__in=["REFUSED", "CANCELLED"]) | ~models.Q(reason=""),
                name="unsigned_says_why",
            ),
        ]
        indexes = [
            models.Index(
                fields=["expires_at"],
                condition=models.Q(status="PENDING"),
                name="signature_request_waiting",
            ),
            models.Index(
                fields=["-id"],
                condition=models.Q(status__in=["REFUSED", "EXPIRED"]),
                name="signature_request_not_given",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.document_id}: {self.status}"


class DealtRefusal(models.Model):
    """What people did about a request that was refused or not signed in time; it closes its alarm.

    The request itself is never changed once it is settled.
    """

    request = models.OneToOneField(
        SignatureRequest, on_delete=models.PROTECT, related_name="dealt_with"
    )
    note = models.CharField(max_length=200)
    at = models.DateTimeField()
    by_name = models.CharField(max_length=120)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~models.Q(note=""), name="dealt_refusal_says_what"),
        ]

    def __str__(self) -> str:
        return f"{self.request_id}: {self.note}"
