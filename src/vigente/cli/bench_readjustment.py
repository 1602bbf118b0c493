"""A readjustment of many contracts for measurements: made, simulated and carried out."""

from datetime import UTC, date, datetime

from vigente.alterations import mass
from vigente.alterations.mass import Asked, Choice
from vigente.alterations.models import MassAlteration
from vigente.audit.actor import SYSTEM
from vigente.cli import bench_provider, close_month
from vigente.domain.codes import DifferencePolicy, MassKind
from vigente.domain.parameters import DIFFERENCE_POLICY, Scope
from vigente.journeys import mass_alteration
from vigente.parameters import actions as parameters
from vigente.staff.models import Branch

NOW = datetime(2026, 11, 1, 12, tzinfo=UTC)
TODAY = date(2026, 11, 1)


def make(count: int) -> MassAlteration:
    """Write contracts, invoice their November and begin their readjustment."""
    close = bench_provider.make(count)
    close_month.write_chunks(close.pk)
    parameters.set_value(
        DIFFERENCE_POLICY,
        DifferencePolicy.PERIOD_BALANCE.value,
        scope=Scope.BRANCH,
        scope_id=Branch.objects.get().pk,
        by=SYSTEM,
        now=NOW,
    )
    asked = Asked(kind=MassKind.PERCENT, on=TODAY, percents_e4=(48_700,), with_additional=True)
    return mass_alteration.begin(asked, Choice(), by=SYSTEM, at=NOW)


def simulate(mass_id: int) -> None:
    """Simulate chunks until none is left."""
    run = MassAlteration.objects.get(pk=mass_id)
    while mass_alteration.simulate_chunk(run, today=TODAY):
        pass


def execute(run: MassAlteration) -> None:
    """Let the simulated run write."""
    mass_alteration.finish_simulation(run)
    mass_alteration.execute(run, by=SYSTEM, at=NOW)


def write(mass_id: int) -> None:
    """Write chunks until none is left."""
    run = MassAlteration.objects.get(pk=mass_id)
    while mass_alteration.write_chunk(run, now=NOW, today=TODAY):
        pass


def written(run: MassAlteration) -> dict[str, float]:
    """Return how many contracts were altered, and how many were left."""
    figures = mass.written(run)
    return {"altered": figures.altered, "skipped": figures.skipped}
