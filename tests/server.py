"""The PostgreSQL server of the tests: the real one, started here where none is given.

Loaded with `-p tests.server`, before pytest-django reads the settings. With DATABASE_URL set, the
tests use that server instead.
"""

import os
from pathlib import Path

import pytest

from vigente.project import local_postgres

HOME = Path(__file__).parents[1] / "var" / "tests"
_STARTED_HERE = "DATABASE_URL" not in os.environ

os.environ["VIGENTE_HOME"] = str(HOME)
(HOME / "static").mkdir(parents=True, exist_ok=True)
if _STARTED_HERE:
    os.environ["DATABASE_URL"] = local_postgres.start(HOME, durable=False)


def pytest_unconfigure(config: pytest.Config) -> None:
    """Stop the server when the run that started it ends; xdist's workers only use it."""
    if _STARTED_HERE and not hasattr(config, "workerinput"):
        local_postgres.stop(HOME)
