"""The server is killed while people save and upload: what it has acknowledged is there, and nothing is half done."""

from __future__ import annotations

import hashlib
import http.client
import http.cookiejar
import json
import os
import re
import signal
import socket
import sqlite3
import subprocess
import sys
import threading
import time
import urllib.parse
import urllib.request
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import pytest

from tests.cli.running import TIDU
from tests.cli.test_serving import free_port
from tests.core.files.sample_files import pdf
from tests.databases import lay_file

PASSWORD: Final = "Kundulun-fengche-71"
LAST: Final = time.localtime().tm_year - 1
_SEED: Final = f"""
import django; django.setup()
from django.utils import timezone
from tests.access.world import make_world
person = make_world().users["manager_a"]
person.set_password({PASSWORD!r}); person.password_changed_at = timezone.now(); person.save()
"""


@dataclass
class Site:
    """`tidu serve` on a data folder of its own, and a browser that is signed in to it."""

    data: Path
    port: int = field(default_factory=free_port)
    program: subprocess.Popen[bytes] | None = None

    @property
    def environment(self) -> dict[str, str]:
        kept = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith(("TIDU_", "DJANGO_", "DATABASE"))
        }
        return kept | {
            "TIDU_DATA": str(self.data),
            "TIDU_HTTPS": "false",
            "DJANGO_SETTINGS_MODULE": "tidu.site.settings",
            "PYTHONPATH": str(Path(__file__).resolve().parents[2]),
        }

    def begin(self) -> None:
        self.program = subprocess.Popen(  # noqa: S603 - our own program
            [TIDU, "serve", "--port", str(self.port), "--workers", "1", "--json"],
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=self.environment,
            start_new_session=True,
        )
        assert self.program.stdout is not None
        b"".join(iter(self.program.stdout.readline, b"}\n"))

    def kill(self) -> None:
        """End every process of it at once, as a lost power supply would."""
        assert self.program is not None
        os.killpg(self.program.pid, signal.SIGKILL)
        self.program.communicate(timeout=30)

    def manage(self, code: str) -> None:
        subprocess.run(  # noqa: S603 - as above
            [sys.executable, "-c", code], env=self.environment, check=True, timeout=120
        )

    def ask(self, query: str) -> list[tuple[Any, ...]]:
        with closing(sqlite3.connect(self.data / "tidu.sqlite3")) as database:
            return database.execute(query).fetchall()


class Browser:
    """Cookies, forms and their tokens."""

    def __init__(self, port: int) -> None:
        self._site = f"http://127.0.0.1:{port}"
        self.jar = http.cookiejar.CookieJar()
        self._opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(self.jar))
        self.token = ""

    def get(self, path: str) -> str:
        with self._opener.open(f"{self._site}{path}", timeout=60) as answer:
            page = str(answer.read().decode())
        found = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)
        self.token = found[1] if found else self.token
        return page

    def post(self, path: str, fields: dict[str, str]) -> bytes:
        body = urllib.parse.urlencode({"csrfmiddlewaretoken": self.token} | fields).encode()
        request = urllib.request.Request(  # noqa: S310 - our own address
            f"{self._site}{path}", body, {"X-Requested-With": "autosave", "Referer": self._site}
        )
        with self._opener.open(request, timeout=60) as answer:
            return bytes(answer.read())

    def sign_in(self) -> None:
        self.get("/accounts/login/")
        self.post("/accounts/login/", {"login": "manager_a", "password": PASSWORD})
        self.get("/registry/own/evidence/")

    @property
    def headers(self) -> dict[str, str]:
        return {"Cookie": "; ".join(f"{cookie.name}={cookie.value}" for cookie in self.jar)}


def _form(token: str, name: str, content: bytes) -> tuple[bytes, str]:
    line = "x-tidu-boundary"
    parts = [("csrfmiddlewaretoken", token), ("kind", "audit_report"), ("year", str(LAST))]
    head = "".join(
        f'--{line}\r\nContent-Disposition: form-data; name="{key}"\r\n\r\n{value}\r\n' for key, value in parts
    )
    head += (
        f'--{line}\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n'
        "Content-Type: application/pdf\r\n\r\n"
    )
    return head.encode() + content + f"\r\n--{line}--\r\n".encode(), f"multipart/form-data; boundary={line}"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """One site for all tests: each of them starts it again after the kill."""
    site = Site(lay_file(tmp_path_factory.mktemp("site") / "data"))
    site.begin()
    try:
        site.manage(_SEED)
        yield site
    finally:
        if site.program is not None and site.program.poll() is None:
            site.kill()


def _verify(site: Site) -> None:
    """The record is whole, and the site serves again."""
    site.begin()
    with urllib.request.urlopen(f"http://127.0.0.1:{site.port}/healthz", timeout=60) as answer:
        assert answer.status == 200
    checked = subprocess.run(  # noqa: S603 - our own program
        [TIDU, "audit", "verify"],
        env=site.environment,
        capture_output=True,
        timeout=120,
        check=False,
    )
    assert checked.returncode == 0, checked.stdout.decode()


def test_every_figure_that_was_acknowledged_is_there_after_the_kill(site: Site) -> None:
    acknowledged: list[int] = []
    sent: list[int] = []

    def type_on() -> None:
        browser = Browser(site.port)
        browser.sign_in()
        for figure in range(1, 10_000):
            sent.append(figure)
            shown = json.dumps({f"revenue_{LAST}": f"{figure - 1:,}.00" if figure > 1 else ""})
            fields = {f"revenue_{LAST}": str(figure), f"employees_{LAST}": str(figure), "shown": shown}
            try:
                answer = json.loads(browser.post("/registry/own/section/figures/", fields))
            except (OSError, http.client.HTTPException, ValueError):
                return
            assert answer["errors"] == {}, answer["errors"]
            acknowledged.append(figure)

    typist = threading.Thread(target=type_on)
    typist.start()
    deadline = time.monotonic() + 60
    while len(acknowledged) < 5 and time.monotonic() < deadline:
        time.sleep(0.01)
    site.kill()
    typist.join(timeout=60)
    assert len(acknowledged) >= 5

    facts = site.ask("SELECT indicator, value, ended_at IS NULL, chosen FROM registry_fact")
    revenue = {int(value) // 1_000_000 for indicator, value, *_ in facts if indicator == "revenue"}
    employees = {int(value) for indicator, value, *_ in facts if indicator == "employees"}
    assert set(acknowledged) <= revenue
    assert revenue == employees, "one save is one transaction: both figures of it, or neither"
    assert revenue <= set(sent)
    for indicator in ("revenue", "employees"):
        assert sum(stands for name, _, stands, _ in facts if name == indicator) == 1
        assert sum(chosen for name, _, _, chosen in facts if name == indicator) == 1
    recorded = site.ask("SELECT count(*) FROM core_auditevent WHERE action = 'registry.facts.recorded'")
    assert recorded == [(len(revenue),)]
    _verify(site)


def test_an_upload_that_was_cut_off_leaves_no_trace(site: Site) -> None:
    browser = Browser(site.port)
    browser.sign_in()
    body, content_type = _form(browser.token, "报告.pdf", pdf() + bytes(6_000_000))
    connection = socket.create_connection(("127.0.0.1", site.port), timeout=30)
    headers = browser.headers | {
        "Content-Type": content_type,
        "Content-Length": str(len(body)),
        "Host": "127.0.0.1",
    }
    request = "POST /registry/own/evidence/ HTTP/1.1\r\n" + "".join(
        f"{k}: {v}\r\n" for k, v in headers.items()
    )
    connection.sendall(request.encode() + b"\r\n" + body[: len(body) // 2])
    deadline = time.monotonic() + 30
    while not list((site.data / "incoming").iterdir()) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert list((site.data / "incoming").iterdir()), "the server is in the middle of taking it in"
    site.kill()
    connection.close()
    assert site.ask("SELECT count(*) FROM core_storedfile") == [(0,)]
    assert site.ask("SELECT count(*) FROM registry_evidence") == [(0,)]
    assert [path for path in site.data.glob("files/*/*") if path.is_file()] == []
    site.manage(
        "import django; django.setup()\n"
        "import datetime as dt\n"
        "from django.utils import timezone\n"
        "from tidu.core.files.sweeping import sweep_files\n"
        "assert sweep_files(now=timezone.now() + dt.timedelta(days=2)).removed == 1\n"
    )
    assert list((site.data / "incoming").iterdir()) == []
    _verify(site)


def test_every_file_that_was_acknowledged_is_there_whole_after_the_kill(site: Site) -> None:
    acknowledged: list[str] = []

    def hand_in() -> None:
        browser = Browser(site.port)
        browser.sign_in()
        for number in range(1, 1_000):
            content = pdf() + f"\n% {number}".encode() + os.urandom(200_000)
            body, content_type = _form(browser.token, f"报告{number}.pdf", content)
            connection = http.client.HTTPConnection("127.0.0.1", site.port, timeout=60)
            try:
                connection.request(
                    "POST", "/registry/own/evidence/", body, browser.headers | {"Content-Type": content_type}
                )
                status = connection.getresponse().status
            except (OSError, http.client.HTTPException):
                return
            finally:
                connection.close()
            assert status == 302
            acknowledged.append(hashlib.sha256(content).hexdigest())

    clerks = [threading.Thread(target=hand_in) for _ in range(2)]
    for clerk in clerks:
        clerk.start()
    deadline = time.monotonic() + 90
    while len(acknowledged) < 4 and time.monotonic() < deadline:
        time.sleep(0.005)
    site.kill()
    for clerk in clerks:
        clerk.join(timeout=60)
    assert len(acknowledged) >= 4

    rows = site.ask(
        "SELECT f.sha256, f.location, f.size FROM registry_evidence e JOIN core_storedfile f ON f.id = e.file_id"
    )
    assert set(acknowledged) <= {digest for digest, *_ in rows}
    assert site.ask("SELECT count(*) FROM core_storedfile") == [(len(rows),)]
    for digest, location, size in rows:
        content = (site.data / "files" / location).read_bytes()
        assert len(content) == size
        assert hashlib.sha256(content).hexdigest() == digest
    _verify(site)
