"""B6: bodies over the limit, sent by hand as no proper program would."""

from __future__ import annotations

import socket
from contextlib import suppress
from urllib.parse import urlsplit

_PIECE = bytes(1 << 20)


def send_declared(url: str, size: int) -> bytes:
    """Say that so many bytes will come, and send none."""
    with _connected(url) as line:
        line.sendall(_head(f"Content-Length: {size}"))
        return _answer(line)


def send_chunked(url: str, megabytes: int) -> bytes:
    """Send megabytes without saying how many will come, until nobody listens any more."""
    with _connected(url) as line:
        with suppress(ConnectionError):
            line.sendall(_head("Transfer-Encoding: chunked"))
            for _ in range(megabytes):
                line.sendall(b"100000\r\n" + _PIECE + b"\r\n")
            line.sendall(b"0\r\n\r\n")
        return _answer(line)


def send_short(url: str, said: int, sent: int) -> None:
    """Say that many bytes will come, send fewer, and go away."""
    with _connected(url) as line:
        line.sendall(_head(f"Content-Length: {said}") + bytes(sent))


def _head(length: str) -> bytes:
    return f"POST /api/v1/uploads HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Filename: large.csv\r\n{length}\r\n\r\n".encode()


def _connected(url: str) -> socket.socket:
    where = urlsplit(url)
    return socket.create_connection((where.hostname, where.port), timeout=60)


def _answer(line: socket.socket) -> bytes:
    """Return all that comes back before the line is cut."""
    parts = []
    with suppress(ConnectionError, TimeoutError):
        line.settimeout(20)
        while part := line.recv(1 << 16):
            parts.append(part)
            if b"fix" in part:
                break
    return b"".join(parts)
