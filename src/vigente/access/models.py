"""The access wanted for each contract; the network is told of it, and compared with it."""

from django.db import models
from django.db.models import Q

from vigente.contracts.models import Contract
from vigente.domain.access import AccessState, Speed
from vigente.domain.codes import values


class WantedAccess(models.Model):
    """The access that a contract should have, and since when; derived, never edited."""

    contract = models.OneToOneField(
        Contract, on_delete=models.PROTECT, primary_key=True, related_name="access"
    )
    state = models.CharField(max_length=18)
    speed = models.CharField(max_length=8)
    kbps = models.IntegerField()
    since = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=values(AccessState), speed__in=values(Speed)),
                name="wanted_access_codes",
            ),
            models.CheckConstraint(
                condition=Q(kbps__gte=0) & (~Q(state="DISABLED") | Q(kbps=0)),
                name="wanted_access_disabled_has_no_speed",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.contract_id}: {self.state} {self.kbps}"
