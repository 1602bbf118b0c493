"""Commands find the server that DATABASE_URL names, start the local one, or say what is missing."""

import json
import os
import subprocess
import sys
from pathlib import Path

from vigente.project import local_postgres

NOBODY_LISTENS = "postgres://vigente:x@127.0.0.1:9/vigente"


def vigente(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    inherited = {name: told for name, told in os.environ.items() if name != "DATABASE_URL"}
    return subprocess.run(
        [sys.executable, "-m", "vigente.cli", *arguments],
        env=inherited | environment,
        capture_output=True,
        text=True,
        check=False,
    )


def test_a_command_without_its_database_says_the_way_out() -> None:
    done = vigente("close-month", "2026-12", DATABASE_URL=NOBODY_LISTENS)

    assert done.returncode == 1
    assert done.stderr.startswith("O banco de dados não responde. Inicie-o")
    assert "Traceback" not in done.stderr


def test_the_benchmark_brings_its_own_server_and_leaves_none(tmp_path: Path) -> None:
    done = vigente(
        "bench", "month-close", "--contracts", "300", "--json", VIGENTE_HOME=str(tmp_path)
    )

    figures = json.loads(done.stdout)
    assert (figures["contracts"], figures["invoices"]) == (300, 300)
    assert figures["lines"] >= figures["invoices"]
    assert set(figures) >= {
        "seconds",
        "invoices_per_second",
        "copy_seconds",
        "ratio_to_copy",
        "peak_rss_mb",
    }
    assert local_postgres.running_url(tmp_path) is None
