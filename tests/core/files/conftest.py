"""A virus scanner that speaks ClamAV's protocol on a real socket."""

from __future__ import annotations

import socketserver
import struct
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from pytest_django import Settings

EICAR = b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$" + b"EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"


class _Scanner(socketserver.StreamRequestHandler):
    def handle(self) -> None:
        command = b""
        while not command.endswith(b"\0"):
            command += self.rfile.read(1)
        if command == b"zVERSION\0":
            self.wfile.write(b"ClamAV 1.4.3/27654\0")
            return
        body = b""
        while length := struct.unpack("!L", self.rfile.read(4))[0]:
            body += self.rfile.read(length)
        self.server.seen.append(len(body))  # type: ignore[attr-defined]
        self.wfile.write(b"stream: Eicar-Test-Signature FOUND\0" if EICAR in body else b"stream: OK\0")


class _Server(socketserver.ThreadingUnixStreamServer):
    daemon_threads = True


@pytest.fixture
def scanner(tmp_path: Path, settings: Settings) -> Iterator[list[int]]:
    """A scanner on a Unix socket; the sizes of what it has seen."""
    address = str(tmp_path / "clamd.ctl")
    server = _Server(address, _Scanner)
    server.seen = []  # type: ignore[attr-defined]
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
    settings.CLAMAV = address
    yield server.seen  # type: ignore[attr-defined]
    server.shutdown()
    server.server_close()
