"""The local server: found again, kept, and safe from kill −9."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psycopg
import pytest

from vigente.project import local_postgres


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Path]:
    """Return a home with blanks and accents in its path, as people's have."""
    home = tmp_path / "Meus Dados çã"
    home.mkdir()
    yield home
    local_postgres.reset(home)


def rows(url: str) -> list[int]:
    with psycopg.connect(url) as connection:
        return [row[0] for row in connection.execute("SELECT n FROM kept ORDER BY n")]


def keep(url: str, number: int) -> None:
    with psycopg.connect(url) as connection:
        connection.execute("CREATE TABLE IF NOT EXISTS kept (n int)")
        connection.execute("INSERT INTO kept VALUES (%s)", [number])


def postmaster(home: Path) -> int:
    return int((local_postgres._place(home).data / "postmaster.pid").read_text().split()[0])


def test_a_second_start_finds_the_same_server(home: Path) -> None:
    with ThreadPoolExecutor(2) as both_at_once:
        first, second = both_at_once.map(local_postgres.start, [home, home])

    assert first == second == local_postgres.start(home)


def test_data_survive_a_clean_stop_and_a_kill(home: Path) -> None:
    url = local_postgres.start(home)
    keep(url, 1)

    assert local_postgres.stop(home)
    keep(local_postgres.start(home), 2)
    os.kill(postmaster(home), signal.SIGKILL)

    assert rows(local_postgres.start(home)) == [1, 2]


def test_a_pid_file_that_names_another_process_is_no_obstacle(home: Path) -> None:
    url = local_postgres.start(home)
    keep(url, 1)
    pid_file = local_postgres._place(home).data / "postmaster.pid"
    left = pid_file.read_text()
    local_postgres.stop(home)
    stranger = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
    pid_file.write_text(left.replace(left.split()[0], str(stranger.pid), 1))

    try:
        assert rows(local_postgres.start(home)) == [1]
    finally:
        stranger.kill()
        stranger.wait()


def test_the_password_is_asked_for_and_only_loopback_answers(home: Path) -> None:
    url = local_postgres.start(home)
    address = psycopg.conninfo.conninfo_to_dict(url)

    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        psycopg.connect(url, password="wrong")
    with psycopg.connect(url) as connection:
        [listening] = connection.execute("SHOW listen_addresses").fetchone() or [None]

    assert listening == "127.0.0.1"
    assert address["password"] not in ("", None)
    assert (home / "postgres" / "url").stat().st_mode & 0o077 == 0


@pytest.mark.skipif(os.geteuid() != 0, reason="only root has this trouble")
def test_root_may_keep_its_home_to_itself(tmp_path: Path) -> None:
    closed = tmp_path / "root-only"
    closed.mkdir(mode=0o700)

    url = local_postgres.start(closed)
    try:
        keep(url, 7)
        assert rows(url) == [7]
    finally:
        local_postgres.reset(closed)
