"""The last minutes of a call: applicants save and submit against a running server, until and beyond the closing second.

Usage: python bench/closing_rush.py [APPLICANTS] [SECONDS], by default 200 and 600. ``tidu serve`` runs here on
a PostgreSQL of its own. Every applicant opens the form, saves a statement several times and hands in, at a time that is
likelier the nearer the closing; one in twenty comes too late and must be refused. What was acknowledged is counted
against what is stored.
"""

from __future__ import annotations

import html
import http.client
import json
import os
import random
import re
import signal
import statistics
import subprocess
import sys
import tempfile
import threading
import time
import urllib.parse
from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

ROOT = Path(__file__).resolve().parents[1]
TIDU = ROOT / ".venv" / "bin" / "tidu"
SAVES = 5
LATE = 20  # one in so many comes too late
_TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')
_PART = re.compile(r'href="(/recognition/applications/\d+/parts/[a-z_0-9-]+/)"')
_TEXT = re.compile(r'<textarea[^>]*name="([^"]+)"')
_SHOWN = re.compile(r'name="shown" value="([^"]*)"')


def prepare(applicants: int, seconds: int) -> dict[str, Any]:
    """Fill the database that the environment names; what the applicants need to know."""
    import datetime as dt

    from django.conf import settings
    from django.test import Client
    from django.utils import timezone

    from tests.access.world import HOHHOT, SAIHAN, make_world
    from tests.accounts.signing_in import sign_in
    from tests.recognition.cases import published_call
    from tests.recognition.fitting import fit
    from tidu.accounts.identities import Identity, actor_of
    from tidu.accounts.models import Membership, Organisation, User
    from tidu.core.roles import OrganisationKind, Role
    from tidu.core.uscc import check_characters
    from tidu.recognition.actions.applying import start_application
    from tidu.registry.models import Enterprise

    world = make_world()
    call = published_call(world, closes_at=timezone.now() + dt.timedelta(days=1))
    known = []
    for number in range(applicants):
        organisation = Organisation.objects.create(kind=OrganisationKind.ENTERPRISE, name=f"抢报{number}")
        enterprise = Enterprise.objects.create(
            uscc=check_characters(f"91150105MA0R{number:03d}X"[:16].ljust(16, "1")),
            name=f"某市抢报{number:03d}科技有限公司",
            core_name=f"抢报{number:03d}",
            city_id=HOHHOT,
            district_id=SAIHAN,
            organisation=organisation,
        )
        fit(enterprise)
        person = User.objects.create_user(f"rush{number}", name=f"经办{number}")
        membership = Membership.objects.create(
            user=person, organisation=organisation, role=Role.ENTERPRISE_MANAGER
        )
        application = start_application(actor=actor_of(person, Identity(membership)), call=call)
        client = Client()
        sign_in(client, person)
        known.append({"pk": application.pk, "session": client.cookies[settings.SESSION_COOKIE_NAME].value})
    call.closes_at = timezone.now() + dt.timedelta(seconds=seconds)
    call.save(update_fields=["closes_at"])
    return {
        "applicants": known,
        "closes": call.closes_at.timestamp(),
        "cookie": settings.SESSION_COOKIE_NAME,
        "csrf": settings.CSRF_COOKIE_NAME,
    }


@dataclass
class Seen:
    """What all applicants measured."""

    times: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    errors: list[str] = field(default_factory=list)
    acknowledged: int = 0
    refused_late: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)

    def add(self, kind: str, seconds: float) -> None:
        """Keep one measurement."""
        with self.lock:
            self.times[kind].append(seconds)


class Applicant(threading.Thread):
    """One person with one browser session."""

    def __init__(self, port: int, known: dict[str, Any], who: dict[str, Any], at: float, seen: Seen) -> None:
        super().__init__(daemon=True)
        self.port, self.pk, self.at, self.seen = port, who["pk"], at, seen
        self.cookies = {known["cookie"]: who["session"]}
        self.late = at > known["closes"]
        self.token = ""

    def run(self) -> None:
        """Fill in, then hand in at the appointed time."""
        try:
            self._work()
        except Exception as error:  # noqa: BLE001 - whatever goes wrong for an applicant is an error of the site
            with self.seen.lock:
                self.seen.errors.append(f"{self.pk}: {error!r}")

    def _work(self) -> None:
        base = f"/recognition/applications/{self.pk}/"
        time.sleep(random.uniform(0, 5))
        page = "" if self.late else self._get("overview", base)
        parts = list(dict.fromkeys(_PART.findall(page)))
        for turn in range(SAVES if parts else 0):
            part = parts[turn % len(parts)]
            form = self._get("form", part)
            names = _TEXT.findall(form)
            fields = (
                {names[0]: f"第 {turn} 次填写：" + "为主机厂配套，签有年度供货合同。" * 20} if names else {}
            )
            shown = _SHOWN.search(form)
            fields["shown"] = html.unescape(shown[1]) if shown else "{}"
            self._post("save", part, fields, {200, 302})
            time.sleep(max(0.0, (self.at - time.time()) / (SAVES - turn + 1)))
        time.sleep(max(0.0, self.at - time.time()))
        self._get("declaration", f"{base}submit/")
        status, where = self._post(
            "submit",
            f"{base}submit/",
            {"true": "yes", "declared_by": "负责人", "accept_unknown": "yes", "accept_not_met": "yes"},
            {302, 422} if self.late else {302},
        )
        with self.seen.lock:
            if status == 302 and where.endswith("/receipt/"):
                self.seen.acknowledged += 1
            elif self.late:
                self.seen.refused_late += 1

    def _get(self, kind: str, path: str) -> str:
        status, _, body = self._ask(kind, "GET", path, None)
        if status != 200:
            raise RuntimeError(f"GET {path}: {status}")
        found = _TOKEN.search(body)
        self.token = found[1] if found else self.token
        return body

    def _post(self, kind: str, path: str, fields: dict[str, str], fine: set[int]) -> tuple[int, str]:
        status, where, body = self._ask(kind, "POST", path, {"csrfmiddlewaretoken": self.token} | fields)
        if status not in fine:
            raise RuntimeError(f"POST {path}: {status} {re.sub('<[^>]+>', ' ', body)[:300]}")
        return status, where

    def _ask(self, kind: str, method: str, path: str, fields: dict[str, str] | None) -> tuple[int, str, str]:
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}
        body = None if fields is None else urllib.parse.urlencode(fields)
        if body is not None:
            headers |= {
                "Content-Type": "application/x-www-form-urlencoded",
                "Referer": f"http://127.0.0.1:{self.port}/",
            }
            if kind == "save":
                headers["X-Requested-With"] = "autosave"
        began = time.monotonic()
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=120)
        try:
            connection.request(method, path, body, headers)
            answer = connection.getresponse()
            text = answer.read().decode(errors="replace")
        finally:
            connection.close()
        self.seen.add(kind, time.monotonic() - began)
        for header in answer.headers.get_all("Set-Cookie") or ():
            name, _, value = header.partition(";")[0].partition("=")
            self.cookies[name] = value
        return answer.status, answer.headers.get("Location", ""), text


def main() -> None:
    """Prepare, serve, let them come, count."""
    applicants = int(sys.argv[1]) if len(sys.argv) > 1 else 200
    seconds = int(sys.argv[2]) if len(sys.argv) > 2 else 600
    from tests.cli.test_serving import free_port
    from tests.postgres import server

    with server() as address, tempfile.TemporaryDirectory() as data:
        kept = {
            name: value for name, value in os.environ.items() if not name.startswith(("TIDU_", "DJANGO_"))
        }
        environment = kept | {
            "DATABASE_URL": address,
            "TIDU_DATA": data,
            "TIDU_HTTPS": "false",
            "DJANGO_SETTINGS_MODULE": "tidu.site.settings",
            "PYTHONPATH": str(ROOT),
        }
        port = free_port()
        program = subprocess.Popen(  # noqa: S603 - our own program
            [TIDU, "serve", "--port", str(port), "--workers", "2", "--json"],
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=environment,
            start_new_session=True,
        )
        try:
            assert program.stdout is not None
            b"".join(iter(program.stdout.readline, b"}\n"))
            made = subprocess.run(  # noqa: S603
                [sys.executable, __file__, "prepare", str(applicants), str(seconds)],
                env=environment,
                check=True,
                stdout=subprocess.PIPE,
            )
            known = json.loads(made.stdout)
            seen = rush(port, known, seconds)
            stored = subprocess.run(  # noqa: S603
                [sys.executable, __file__, "count"], env=environment, check=True, stdout=subprocess.PIPE
            )
        finally:
            os.killpg(program.pid, signal.SIGTERM)
            program.communicate(timeout=60)
    tell(seen, int(stored.stdout), applicants, seconds)
    if seen.errors or seen.acknowledged != int(stored.stdout):
        sys.exit("申报数与回执数不符，或有出错的请求。")


def rush(port: int, known: dict[str, Any], seconds: int) -> Seen:
    """Let everybody work until the closing second and a little beyond."""
    random.seed(20261122)
    seen, closes = Seen(), float(known["closes"])
    threads = []
    for number, who in enumerate(known["applicants"]):
        late = number % LATE == LATE - 1
        # Two thirds of those in time come in the last third of the window; the last five seconds are left free,
        # so that whether a request was in time is never in doubt.
        at = (
            closes + random.uniform(1, 5)
            if late
            else closes - 5 - seconds * 0.9 * (1 - random.random() ** 0.5)
        )
        threads.append(Applicant(port, known, who, at, seen))
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=seconds + 300)
    return seen


def tell(seen: Seen, stored: int, applicants: int, seconds: int) -> None:
    """The table."""
    table = Table(title=f"截止前的集中申报：{applicants} 家，{seconds} 秒，PostgreSQL，{os.cpu_count()} 核")
    for column in ("请求", "次数", "p50 ms", "p95 ms", "p99 ms", "最长 ms"):
        table.add_column(column, justify="left" if column == "请求" else "right")
    for kind, times in seen.times.items():
        cuts = statistics.quantiles(times, n=100, method="inclusive") if len(times) > 1 else times * 99
        shown = (cuts[49], cuts[94], cuts[98], max(times))
        table.add_row(kind, str(len(times)), *(f"{1000 * value:,.0f}" for value in shown))
    console = Console()
    console.print(table)
    console.print(
        f"回执 {seen.acknowledged}，入库 {stored}，截止后被拒 {seen.refused_late}，出错 {len(seen.errors)}"
    )
    for error in seen.errors[:10]:
        console.print(error)


if __name__ == "__main__":
    if len(sys.argv) > 1 and sys.argv[1] in {"prepare", "count"}:
        import django

        django.setup()
        if sys.argv[1] == "prepare":
            json.dump(prepare(int(sys.argv[2]), int(sys.argv[3])), sys.stdout)
        else:
            from tidu.recognition.models import Submission

            sys.stdout.write(str(Submission.objects.count()))
    else:
        main()
