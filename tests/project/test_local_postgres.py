"""The local server: found again, kept, and safe from kill −9."""

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psycopg
import pytest

from vigente.project import local_postgres
from vigente.project.local_postgres_place import place_of

AS_ROOT = os.geteuid() == 0


@pytest.fixture
def home() -> Iterator[Path]:
    """Return a home with blanks and accents in its path, as people's have, open to all."""
    with tempfile.TemporaryDirectory(prefix="vigente ção ") as folder:
        home = Path(folder) / "Meus Dados"
        home.mkdir()
        home.parent.chmod(0o755)
        yield home
        local_postgres.reset(home)


def rows(url: str) -> list[int]:
    with psycopg.connect(url) as connection:
        return [row[0] for row in connection.execute("SELECT n FROM kept ORDER BY n")]


def keep(url: str, number: int) -> None:
    with psycopg.connect(url) as connection:
        connection.execute("CREATE TABLE IF NOT EXISTS kept (n int)")
        connection.execute("INSERT INTO kept VALUES (%s)", [number])


def pid_file(home: Path) -> Path:
    return place_of(home).data / "postmaster.pid"


def kill(home: Path) -> None:
    os.kill(int(pid_file(home).read_text().split()[0]), signal.SIGKILL)


def told(capsys: pytest.CaptureFixture[str], command: str, *, home: Path) -> tuple[int, str]:
    """Return what the launcher's command answers: its exit code and its words."""
    code = local_postgres.main([command, "--home", str(home)])
    printed = capsys.readouterr()
    return code, (printed.out + printed.err).strip()


def test_a_second_start_finds_the_same_server(home: Path) -> None:
    with ThreadPoolExecutor(2) as both_at_once:
        first, second = both_at_once.map(local_postgres.start, [home, home])

    assert first == second == local_postgres.start(home)
    assert (home / "postgres" / "url").read_text() == first


def test_the_server_outlives_its_starter_and_stops_when_told(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert told(capsys, "status", home=home) == (1, "parado")

    program = [sys.executable, "-m", "vigente.project.local_postgres"]
    started = subprocess.run([*program, "start", "--home", home], check=True, capture_output=True)
    url = started.stdout.decode().strip()
    keep(url, 1)

    assert told(capsys, "url", home=home) == (0, url)
    assert told(capsys, "status", home=home) == (0, "em execução")
    assert told(capsys, "stop", home=home) == (0, "parado")
    assert not pid_file(home).exists()
    assert told(capsys, "url", home=home) == (1, "parado")
    assert told(capsys, "stop", home=home) == (0, "não estava em execução")


def test_data_and_address_survive_a_clean_stop_and_a_kill(home: Path) -> None:
    url = local_postgres.start(home)
    keep(url, 1)

    assert local_postgres.stop(home)
    keep(local_postgres.start(home), 2)
    kill(home)
    again = local_postgres.start(home)

    assert rows(again) == [1, 2]
    assert again == url


def test_a_killed_servers_last_worker_does_not_stand_in_the_way(home: Path) -> None:
    url = local_postgres.start(home)
    keep(url, 1)

    def work_on() -> None:
        with contextlib.suppress(psycopg.OperationalError), psycopg.connect(url) as connection:
            connection.execute("SET statement_timeout = '40s'")
            connection.execute("DO 'BEGIN LOOP END LOOP; END'")

    working = threading.Thread(target=work_on)
    working.start()
    with psycopg.connect(url, autocommit=True) as watching:
        at_work = "SELECT 1 FROM pg_stat_activity WHERE state = 'active' AND query LIKE 'DO%'"
        while watching.execute(at_work).fetchone() is None:
            time.sleep(0.05)
    kill(home)

    assert rows(local_postgres.start(home)) == [1]
    working.join()


def test_a_pid_file_that_names_another_process_is_no_obstacle(home: Path) -> None:
    url = local_postgres.start(home)
    keep(url, 1)
    left = pid_file(home).read_text()
    local_postgres.stop(home)
    # The stranger has the server's user and its name.
    person = place_of(home).runs_as
    stranger = subprocess.Popen(
        ["bash", "-c", "exec -a postgres sleep 60"], user=person.uid if person else None
    )
    pid_file(home).write_text(left.replace(left.split()[0], str(stranger.pid), 1))
    if person is not None:
        os.chown(pid_file(home), person.uid, person.gid)

    try:
        assert local_postgres.running_url(home) is None
        assert rows(local_postgres.start(home)) == [1]
    finally:
        stranger.kill()
        stranger.wait()


def test_the_password_is_asked_for_and_only_loopback_answers(home: Path) -> None:
    url = local_postgres.start(home)

    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        psycopg.connect(url, password="wrong")
    with psycopg.connect(url) as connection:
        listening = connection.execute(
            "SELECT current_setting('listen_addresses'), current_setting('unix_socket_directories')"
        )
        rules = connection.execute("SELECT DISTINCT auth_method FROM pg_hba_file_rules")

        assert listening.fetchone() == ("127.0.0.1", "")
        assert rules.fetchall() == [("scram-sha-256",)]
    for name in ("url", "password"):
        assert (home / "postgres" / name).stat().st_mode & 0o077 == 0
    (home / "postgres" / "password").write_text("lost")
    with pytest.raises(local_postgres.ServerRefused, match="não aceitou a conexão com a senha"):
        local_postgres.start(home)


def test_a_path_that_the_servers_shell_would_misread_is_refused(home: Path) -> None:
    strange = home / "$HOME"

    with pytest.raises(local_postgres.ServerRefused, match="não aceita"):
        local_postgres.start(strange)


@pytest.fixture
def closed(tmp_path: Path) -> Iterator[Path]:
    """Return a home below a folder that only root enters, free to be moved within it."""
    root_only = tmp_path / "root-only"
    root_only.mkdir(mode=0o700)
    yield root_only / "home"
    for home in root_only.iterdir():
        local_postgres.reset(home)


@pytest.mark.skipif(not AS_ROOT, reason="only root has this trouble")
def test_root_may_keep_its_home_to_itself(closed: Path) -> None:
    keep(local_postgres.start(closed), 7)
    local_postgres.stop(closed)
    folder = place_of(closed).folder
    assert not folder.is_relative_to(closed)
    copy = shutil.copytree(closed, closed.with_name("copy"))
    assert place_of(copy).folder != folder
    moved = closed.rename(closed.with_name("moved"))

    assert rows(local_postgres.start(moved)) == [7]
    local_postgres.reset(moved)
    assert not folder.exists()


@pytest.mark.skipif(not AS_ROOT, reason="only root runs the server as somebody else")
def test_root_refuses_to_start_over_when_its_data_are_shut_away(home: Path) -> None:
    local_postgres.start(home)
    local_postgres.stop(home)
    home.parent.chmod(0o700)

    with pytest.raises(local_postgres.ServerRefused, match="chmod o\\+x"):
        local_postgres.start(home)
    home.parent.chmod(0o755)
