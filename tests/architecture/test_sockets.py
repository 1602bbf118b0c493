"""Tests talk to this machine alone."""

import socket

import pytest


def test_nothing_beyond_loopback_is_reached() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        socket.create_connection(server.getsockname()).close()

    # 192.0.2.0/24 is set aside for documents: nobody answers there.
    with pytest.raises(PermissionError, match="sair desta máquina"):
        socket.create_connection(("192.0.2.1", 80), timeout=0.1)
