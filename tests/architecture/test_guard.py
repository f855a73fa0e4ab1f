"""The guard of the test suite itself: nothing leaves this machine."""

from __future__ import annotations

import socket

import pytest


def test_connection_to_another_machine_fails_the_test() -> None:
    with socket.socket() as connection, pytest.raises(pytest.fail.Exception, match="another machine"):
        connection.connect(("192.0.2.1", 80))


def test_name_of_another_machine_is_not_looked_up() -> None:
    with pytest.raises(pytest.fail.Exception, match="another machine"):
        socket.create_connection(("example.org", 80), timeout=1)


def test_loopback_stays_open() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server, socket.create_connection(server.getsockname(), timeout=5) as connection:
        assert connection.getpeername() == server.getsockname()
