"""What all tests share."""

import socket
from collections.abc import Iterator

import pytest
from hypothesis import settings

settings.register_profile("vigente", deadline=None, max_examples=100, derandomize=True)
settings.load_profile("vigente")

THIS_MACHINE = frozenset({"127.0.0.1", "::1", "localhost"})


@pytest.fixture(autouse=True, scope="session")
def nothing_beyond_this_machine() -> Iterator[None]:
    """Let no test reach beyond loopback, wherever it runs."""
    connect = socket.socket.connect

    def guarded(here: socket.socket, address: tuple[str, int] | str) -> None:
        if here.family != socket.AF_UNIX and address[0] not in THIS_MACHINE:
            raise PermissionError(f"Um teste quis sair desta máquina: {address}")
        connect(here, address)

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(socket.socket, "connect", guarded)
        yield
