"""The lists of recognition with ten thousand applications, as officers open them, on both databases.

Usage: python bench/recognition_lists.py [APPLICATIONS], by default 10000. Each database is one of its own. What is
measured is the whole request; the number of queries is held against that of the same page with a hundred rows.
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from contextlib import nullcontext
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

ROOT = Path(__file__).resolve().parents[1]
REPEATS = 15
FEW = 100
#: Person, name of the page, its query. All are about one call.
PAGES = (
    ("city_hohhot", "consolidated", ""),
    ("city_hohhot", "consolidated", "page=100"),
    ("city_hohhot", "consolidated", "verdict=not_met"),
    ("city_hohhot", "calls", ""),
    ("city_hohhot", "reviews", "state=all"),
    ("district_saihan", "reviews", "state=all"),
    ("district_saihan", "reviews", ""),
)


def fill(total: int) -> dict[str, Any]:
    """Put so many applications into the database that the environment names, half with the district."""
    from django.db import connection

    from tests.access.world import make_world
    from tests.recognition.cases import published_call
    from tests.recognition.deciding_cases import many
    from tidu.recognition.models import Status

    world = make_world()
    call = published_call(world)
    many(world, total // 2, Status.DISTRICT, call=call)
    many(world, total - total // 2, Status.DECISION, call=call, failing=range(0, total // 2, 10))
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    return {"call": call.pk}


def look(_total: int) -> dict[str, Any]:
    """Milliseconds and queries of every page."""
    from django.conf import settings
    from django.db import connection, reset_queries
    from django.test import Client
    from django.test.utils import setup_test_environment
    from django.urls import reverse

    from tests.accounts.signing_in import sign_in
    from tidu.accounts.models import User
    from tidu.recognition.models import Call

    setup_test_environment()
    settings.STORAGES["staticfiles"]["BACKEND"] = "django.contrib.staticfiles.storage.StaticFilesStorage"
    call = Call.objects.get()
    found: dict[str, Any] = {}
    for person, name, query in PAGES:
        client = Client()
        sign_in(client, User.objects.get(username=person))
        path = reverse(f"recognition:{name}", args=[call.pk] if name == "consolidated" else [])
        address = f"{path}?{query}"
        client.get(address)
        connection.force_debug_cursor = True
        reset_queries()
        assert client.get(address).status_code == 200, address
        queries = len(connection.queries)
        connection.force_debug_cursor = False
        times = []
        for _ in range(REPEATS):
            began = time.perf_counter()
            client.get(address)
            times.append((time.perf_counter() - began) * 1000)
        p95 = sorted(times)[int(len(times) * 0.95) - 1]
        found[f"{person} {name}?{query}"] = [queries, statistics.median(times), p95]
    return found


def _child(what: str, total: int, environment: dict[str, str]) -> dict[str, Any]:
    command = [sys.executable, __file__, what, str(total)]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)  # noqa: S603 - ourselves
    if done.returncode:
        sys.exit(done.stderr)
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


def main() -> None:
    """Measure both databases, each with few and with many rows, and print the table."""
    from tests.postgres import server

    total = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
    table = Table(title=f"申报 {total:,} 件时的列表：整个请求，p50／p95 毫秒")
    for head in ("页面", f"{FEW} 件时的查询数", f"{total:,} 件时的查询数", "SQLite", "PostgreSQL"):
        table.add_column(head, justify="left" if head == "页面" else "right")
    seen: list[tuple[dict[str, Any], dict[str, Any]]] = []
    for name in ("sqlite", "postgresql"):
        measured = []
        for number in (FEW, total):
            running = server() if name == "postgresql" else nullcontext("")
            with tempfile.TemporaryDirectory(prefix="tidu-bench-") as folder, running as address:
                environment = {key: value for key, value in os.environ.items() if key != "DATABASE_URL"} | {
                    "TIDU_DATA": folder,
                    "TIDU_HTTPS": "false",
                    "DJANGO_SETTINGS_MODULE": "tidu.site.settings",
                    "PYTHONPATH": str(ROOT),
                }
                if address:
                    environment["DATABASE_URL"] = address
                _child("fill", number, environment)
                measured.append(_child("look", number, environment))
        seen.append((measured[0], measured[1]))
    (few, many), (other_few, other_many) = seen
    uneven = []
    for page, (queries, p50, p95) in many.items():
        other = other_many[page]
        table.add_row(
            page, str(few[page][0]), str(queries), f"{p50:.0f}／{p95:.0f}", f"{other[1]:.0f}／{other[2]:.0f}"
        )
        if (queries, other[0]) != (few[page][0], other_few[page][0]):
            uneven.append(page)
    Console(width=130).print(table)
    if uneven:
        sys.exit(f"查询数随行数变化：{'、'.join(uneven)}")


if __name__ == "__main__":
    if len(sys.argv) > 2 and sys.argv[1] in {"fill", "look"}:
        import django
        from django.core.management import call_command

        django.setup()
        if sys.argv[1] == "fill":
            call_command("migrate", verbosity=0)
        print(json.dumps({"fill": fill, "look": look}[sys.argv[1]](int(sys.argv[2]))))
    else:
        main()
