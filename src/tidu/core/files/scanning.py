"""The virus scanner: ClamAV's daemon, spoken to over its socket.

``TIDU_CLAMAV`` names it: a path of a Unix socket, or ``host:port``. Without it files are kept unscanned and marked so;
with it, nothing comes in that it has not seen.
"""

from __future__ import annotations

import re
import socket
import struct
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Final

from django.conf import settings

_CHUNK: Final = 1 << 16
_LONGEST_ANSWER: Final = 4_096
_FOUND: Final = re.compile(r"stream: (?P<name>.+) FOUND")


class ScannerDown(RuntimeError):  # noqa: N818 - the state of the scanner
    """The scanner is set up and gives no answer."""


@dataclass(frozen=True, slots=True)
class Scanned:
    """What the scanner says; ``virus`` is the name of what it found, or empty."""

    virus: str = ""


@dataclass(frozen=True, slots=True)
class ScannerStatus:
    """How the scanner stands, for the system administrator."""

    configured: bool
    answers: bool
    version: str = ""
    fault: str = ""


def is_configured() -> bool:
    """Whether a scanner is set up."""
    return bool(settings.CLAMAV)


def scan(path: Path) -> Scanned:
    """Send a file to the scanner. Raises :class:`ScannerDown` where there is no clear answer."""
    try:
        with closing(_connection()) as connection, path.open("rb") as source:
            answer = _streamed(connection, source)
    except OSError as error:
        raise ScannerDown(str(error) or type(error).__name__) from error
    if answer == "stream: OK":
        return Scanned()
    found = _FOUND.fullmatch(answer)
    if found is None:
        raise ScannerDown(answer or "no answer")
    return Scanned(found["name"])


def scanner_status() -> ScannerStatus:
    """Ask the scanner for its version."""
    if not is_configured():
        return ScannerStatus(configured=False, answers=False)
    try:
        with closing(_connection()) as connection:
            connection.sendall(b"zVERSION\0")
            return ScannerStatus(configured=True, answers=True, version=_answer(connection))
    except OSError as error:
        return ScannerStatus(configured=True, answers=False, fault=str(error) or type(error).__name__)


def _connection() -> socket.socket:
    address: str = settings.CLAMAV
    if address.startswith("/"):
        connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        try:
            connection.settimeout(settings.CLAMAV_SECONDS)
            connection.connect(address)
        except OSError:
            connection.close()
            raise
        return connection
    host, _, port = address.rpartition(":")
    return socket.create_connection((host.strip("[]"), int(port)), timeout=settings.CLAMAV_SECONDS)


def _streamed(connection: socket.socket, source: IO[bytes]) -> str:
    """INSTREAM: chunks with their length before them, an empty one at the end."""
    try:
        connection.sendall(b"zINSTREAM\0")
        while chunk := source.read(_CHUNK):
            connection.sendall(struct.pack("!L", len(chunk)) + chunk)
        connection.sendall(struct.pack("!L", 0))
    except (BrokenPipeError, ConnectionResetError):
        # A file beyond the scanner's own limit is cut off, and the answer already says so.
        return _answer(connection)
    return _answer(connection)


def _answer(connection: socket.socket) -> str:
    answer = b""
    while not answer.endswith(b"\0") and len(answer) < _LONGEST_ANSWER:
        piece = connection.recv(_LONGEST_ANSWER)
        if not piece:
            break
        answer += piece
    return answer.rstrip(b"\0\r\n").decode("utf-8", "replace")
