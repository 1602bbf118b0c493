"""The database server of commands: the one that DATABASE_URL names, or the local one."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from vigente.project import local_postgres


def home() -> Path:
    """Return the folder of the local server and of the demonstration."""
    return Path(os.environ.get("VIGENTE_HOME", "var")).absolute()


def start() -> None:
    """Start the local server, to be left running, unless DATABASE_URL names another.

    :raises local_postgres.ServerRefused: with a sentence that says what is wrong.
    """
    if "DATABASE_URL" not in os.environ:
        os.environ["DATABASE_URL"] = local_postgres.start(home())


@contextmanager
def at_hand() -> Iterator[None]:
    """Start the server as `start` does, and stop it afterwards if it was not running.

    :raises local_postgres.ServerRefused: see `start`.
    """
    is_ours = "DATABASE_URL" not in os.environ and local_postgres.running_url(home()) is None
    start()
    try:
        yield
    finally:
        if is_ours:
            local_postgres.stop(home())
