"""Values that override a parameter's default for the system, a branch, a plan or a contract."""

from django.db import models

from vigente.domain.codes import values
from vigente.domain.parameters import Scope


class ParameterValue(models.Model):
    """One parameter's own value in one scope; no row means that the value is inherited.

    Plans and contracts live in upper apps, so the scope is a kind and an id without a key.
    """

    name = models.CharField(max_length=60)
    scope = models.CharField(max_length=10)
    scope_id = models.BigIntegerField(default=0)
    value = models.JSONField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["name", "scope", "scope_id"], name="parameter_once_per_scope"
            ),
            models.CheckConstraint(
                condition=models.Q(scope__in=values(Scope)), name="parameter_scope"
            ),
            models.CheckConstraint(
                condition=models.Q(scope="SYSTEM", scope_id=0)
                | (~models.Q(scope="SYSTEM") & models.Q(scope_id__gt=0)),
                name="parameter_system_has_no_id",
            ),
        ]
        indexes = [models.Index(fields=["scope", "scope_id"], name="parameter_by_scope")]

    def __str__(self) -> str:
        return f"{self.name} ({self.scope} {self.scope_id})"
