"""What import-linter cannot see: links between tables and migrations go down as well."""

import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from django.apps import apps
from django.db import models
from django.db.migrations.loader import MigrationLoader

ROOT = Path(__file__).parents[2]
CONTRACTS = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]
LAYERS: list[str] = CONTRACTS["contracts"][0]["layers"]


def height(app_label: str) -> int:
    """Return how high an app stands; frameworks stand under everything."""
    for number, layer in enumerate(reversed(LAYERS), start=1):
        if app_label in layer.replace(" ", "").split("|"):
            return number
    return 0


def may_link(upper: str, lower: str) -> bool:
    return upper == lower or height(upper) > height(lower)


def test_every_app_has_a_layer() -> None:
    ours = [c.label for c in apps.get_app_configs() if c.name.startswith("vigente.")]

    assert all(height(label) > 0 for label in ours)


def test_no_framework_is_taken_for_a_layer() -> None:
    theirs = [c.label for c in apps.get_app_configs() if not c.name.startswith("vigente.")]

    assert "mfa" in theirs
    assert [label for label in theirs if height(label) > 0] == []


def test_foreign_keys_go_down() -> None:
    wrong = [
        f"{model._meta.label} -> {field.related_model._meta.label}"
        for model in apps.get_models()
        if model.__module__.startswith("vigente.")
        for field in model._meta.get_fields()
        if isinstance(field, (models.ForeignKey, models.ManyToManyField))
        and not may_link(model._meta.app_label, field.related_model._meta.app_label)
    ]

    assert wrong == []


def test_migrations_go_down() -> None:
    loader = MigrationLoader(None)
    wrong = [
        f"{app}.{name} -> {dependency}"
        for (app, name), migration in loader.disk_migrations.items()
        if height(app)
        for dependency, _ in migration.dependencies
        if dependency != "__setting__" and not may_link(app, dependency)
    ]
    wrong += [
        f"{later} -> {app}.{name}, which wants to run before it"
        for (app, name), migration in loader.disk_migrations.items()
        for later, _ in migration.run_before
        if height(later) and not may_link(later, app)
    ]

    assert wrong == []


def test_frameworks_point_at_people_alone() -> None:
    """Their tables are made before ours, but for those that point at the custom user."""
    pointing = {
        field.related_model._meta.label
        for model in apps.get_models()
        if not model.__module__.startswith("vigente.")
        for field in model._meta.get_fields()
        if isinstance(field, (models.ForeignKey, models.ManyToManyField))
        and field.related_model.__module__.startswith("vigente.")
    }

    assert pointing == {"staff.User"}


@pytest.mark.parametrize(
    ("upper", "lower", "allowed"),
    [
        ("billing", "contracts", True),
        ("contracts", "billing", False),
        ("audit", "outbox", False),
        ("billing", "billing", True),
    ],
)
def test_the_check_itself_can_fail(upper: str, lower: str, allowed: bool) -> None:
    assert may_link(upper, lower) is allowed


def test_the_import_contract_refuses_an_import_that_goes_up(tmp_path: Path) -> None:
    package = tmp_path / "src" / "vigente"
    for layer in LAYERS:
        for name in layer.replace(" ", "").split("|"):
            (package / name).mkdir(parents=True)
            (package / name / "__init__.py").touch()
    (package / "__init__.py").touch()
    (package / "contracts" / "rules.py").write_text("from vigente.billing import late\n")
    (package / "billing" / "late.py").touch()
    (package / "domain" / "clock.py").write_text("import django\n")
    (package / "project").mkdir()
    (package / "project" / "__init__.py").touch()
    (tmp_path / "pyproject.toml").write_bytes((ROOT / "pyproject.toml").read_bytes())

    done = subprocess.run(
        [Path(sys.executable).with_name("lint-imports"), "--no-cache"],
        check=False,
        cwd=tmp_path,
        env={"PYTHONPATH": str(tmp_path / "src"), "PATH": ""},
        capture_output=True,
        text=True,
    )

    assert done.returncode != 0
    assert "vigente.contracts.rules -> vigente.billing.late" in done.stdout
    assert "vigente.domain.clock -> django" in done.stdout
