"""Templates from which contracts and addenda are printed."""

from django.db import models
from django.db.models.functions import Lower


class DocumentTemplate(models.Model):
    """A modelo: text with variables, for a contract or for an addendum."""

    CONTRACT = "CONTRACT"
    ADDENDUM = "ADDENDUM"

    name = models.CharField(max_length=120)
    kind = models.CharField(max_length=10)
    body = models.TextField(blank=True)
    is_active = models.BooleanField(default=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(Lower("name"), name="document_template_once"),
            models.CheckConstraint(
                condition=models.Q(kind__in=["CONTRACT", "ADDENDUM"]),
                name="document_template_kind",
            ),
        ]

    def __str__(self) -> str:
        return self.name
