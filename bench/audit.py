"""The record: events written one by one, searched and verified, on SQLite and on PostgreSQL.

Usage: python bench/audit.py [EVENTS], by default 100000. Each database is one of its own. A thousand events are
recorded each in a transaction of its own, as actions do it; the rest are written in large transactions, so that
searching and verifying meet a long record. Both are measured in a process of their own, with its peak of memory.
"""

from __future__ import annotations

import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

ROOT = Path(__file__).resolve().parents[1]
SINGLE = 1_000
SEARCHES = 20


def fill(total: int) -> dict[str, float]:
    """Write the record; events a second when each is a transaction of its own."""
    from django.core.management import call_command
    from django.db import transaction

    from tidu.core.actor import Actor
    from tidu.core.audit.recording import record
    from tidu.core.roles import Role

    call_command("migrate", verbosity=0)
    actors = [
        Actor(
            user_id=number + 1,
            name=f"经办人{number}",
            role=Role.CITY_OFFICER,
            organisation_id=number,
            organisation="市工信局",
            place=("150100", "150200")[number % 2],
            address="192.0.2.1",
        )
        for number in range(40)
    ]

    def write(number: int) -> None:
        record(
            actor=actors[number % 40],
            action=("core.setting.changed", "core.file.downloaded", "core.personal.revealed")[number % 3],
            subject_label=f"第{number}号材料",
            enterprise_id=number % 5_000,
            before={"值": number},
            after={"值": number + 1},
            detail={"说明": "基准"},
        )

    began = time.perf_counter()
    for number in range(SINGLE):
        write(number)
    alone = SINGLE / (time.perf_counter() - began)
    began = time.perf_counter()
    for start in range(SINGLE, total, 5_000):
        with transaction.atomic():
            for number in range(start, min(start + 5_000, total)):
                write(number)
    together = (total - SINGLE) / (time.perf_counter() - began)
    return {"alone": alone, "together": together}


def look(total: int) -> dict[str, float]:
    """Search as an audit administrator of a city does; verify everything."""
    from django.db import connection

    from tidu.core.actor import Actor
    from tidu.core.audit.queries import page, search
    from tidu.core.audit.verification import verify
    from tidu.core.roles import Role

    reader = Actor(user_id=1, name="审计", role=Role.AUDIT_ADMINISTRATOR, place="150200", level="city")
    searches: list[dict[str, str]] = [
        {},
        {"action": "core.personal.revealed"},
        {"person": "不存在的人"},
        {"subject": "第77号"},
        {"since": "2020-01-01", "result": "done"},
    ]
    times = []
    for number in range(SEARCHES):
        began = time.perf_counter()
        page(search(reader, searches[number % len(searches)]), before=total // 2 if number % 2 else None)
        times.append((time.perf_counter() - began) * 1000)
    connection.close()
    began = time.perf_counter()
    result = verify()
    seconds = time.perf_counter() - began
    assert result.whole
    assert result.checked == total
    return {
        "p50": statistics.median(times),
        "p95": sorted(times)[int(len(times) * 0.95) - 1],
        "verified": total / seconds,
        "memory": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    }


def _child(what: str, total: int, environment: dict[str, str]) -> dict[str, Any]:
    command = [sys.executable, __file__, what, str(total)]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)  # noqa: S603 - ourselves
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


def measure(name: str, total: int, environment: dict[str, str]) -> list[str]:
    """One row of the table."""
    filled = _child("fill", total, environment)
    looked = _child("look", total, environment)
    return [
        name,
        f"{filled['alone']:,.0f}",
        f"{filled['together']:,.0f}",
        f"{looked['p50']:.1f} / {looked['p95']:.1f} ms",
        f"{looked['verified']:,.0f}",
        f"{looked['memory']:.0f} MB",
    ]


def main() -> None:
    """Measure both databases and print the table."""
    from tests.postgres import server

    total = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    table = Table(title=f"The record: {total:,} events")
    for head in (
        "database",
        "recorded/s, alone",
        "recorded/s, together",
        "search p50 / p95",
        "verified/s",
        "peak memory",
    ):
        table.add_column(head, justify="left" if head == "database" else "right")
    with tempfile.TemporaryDirectory(prefix="tidu-bench-") as folder, server() as address:
        plain = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
        plain |= {
            "TIDU_DATA": folder,
            "DJANGO_SETTINGS_MODULE": "tidu.site.settings",
            "PYTHONPATH": str(ROOT),
        }
        table.add_row(*measure("SQLite", total, plain))
        table.add_row(*measure("PostgreSQL", total, plain | {"DATABASE_URL": address}))
    Console().print(table)


if __name__ == "__main__":
    if len(sys.argv) > 2 and sys.argv[1] in {"fill", "look"}:
        import django

        django.setup()
        print(json.dumps({"fill": fill, "look": look}[sys.argv[1]](int(sys.argv[2]))))
    else:
        sys.path.insert(0, str(ROOT))
        main()
