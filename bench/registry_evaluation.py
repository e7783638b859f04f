"""A tier of a pack against a registry of a hundred thousand enterprises, on SQLite and on PostgreSQL.

Usage: python bench/registry_evaluation.py [ENTERPRISES], by default 100000. Each database is one of its own. The
registry is made of the demonstration's enterprises, copied inside the database, with every tenth fact left out by turns
so that hardly two are alike. A run reads all facts that the tier asks for, evaluates, and stores results and counts; it
is measured in a process of its own.
"""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

ROOT = Path(__file__).resolve().parents[1]
TEMPLATES = 600
TIERS = (("hohhot-2022-recognition", "municipal_srdi"), ("national-2026-gradient", "srdi"))
_AS_OF, _BASE_YEAR = "2026-06-30", 2025


def prepare(total: int) -> None:
    """Fill the database that the environment names."""
    import datetime as dt

    from django.core.management import call_command
    from django.db import connection

    from tidu.core.uscc import ALPHABET, check_characters
    from tidu.demo.loading import load
    from tidu.registry.models import Enterprise

    call_command("migrate", verbosity=0)
    load(on=dt.date.fromisoformat(_AS_OF), count=TEMPLATES, stories=False)
    Enterprise.objects.update(city="150100", district="150105")
    first = Enterprise.objects.order_by("pk").values_list("pk", flat=True)[0]

    def code(number: int) -> str:
        text = ""
        for _ in range(6):
            number, rest = divmod(number, len(ALPHABET))
            text = ALPHABET[rest] + text
        return check_characters(f"91159911TD{text}")

    Enterprise.objects.bulk_create(
        (
            Enterprise(
                pk=first + number,
                uscc=code(number),
                name=f"测算{number}",
                city_id="150100",
                district_id="150105",
                industry="C3985",
            )
            for number in range(TEMPLATES, total)
        ),
        batch_size=1000,
    )
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("PRAGMA synchronous = OFF")
            cursor.execute("PRAGMA foreign_keys = OFF")
        else:
            cursor.execute(
                "SET session_replication_role = replica"
            )  # ten million rows, each with nine references
        for table, kept in (
            ("registry_fact", "(e.id * 7 + t.id * 13) % 10 <> 0"),
            ("registry_title", "1 = 1"),
        ):
            cursor.execute(f"SELECT * FROM {table} LIMIT 1")  # noqa: S608 - our own tables
            columns = [column[0] for column in cursor.description if column[0] not in {"id", "enterprise_id"}]
            names = ", ".join(connection.ops.quote_name(name) for name in columns)
            copied = ", ".join(f"t.{connection.ops.quote_name(name)}" for name in columns)
            cursor.execute(
                f"INSERT INTO {table} (enterprise_id, {names}) SELECT e.id, {copied} FROM registry_enterprise e"  # noqa: S608
                f" JOIN {table} t ON t.enterprise_id = {first} + (e.id - {first}) % {TEMPLATES}"
                f" WHERE e.id >= {first + TEMPLATES} AND {kept}"
            )
        cursor.execute("ANALYZE")


def measure() -> dict[str, Any]:
    """Run every tier once and say how long each part took."""
    import datetime as dt

    from tidu.core.models import Jurisdiction
    from tidu.policy.documents.library import load_library
    from tidu.registry.evaluating.running import evaluate_registry
    from tidu.registry.models import Evaluation, EvaluationResult, Fact

    found: dict[str, Any] = {"facts": Fact.objects.count(), "runs": []}
    for name, tier in TIERS:
        pack = load_library().get(name)
        run = Evaluation.objects.create(
            place=Jurisdiction.objects.get(pk="150100"),
            pack=name,
            tier=tier,
            pack_digest=pack.digest,
            pack_title=pack.document.title,
            as_of=dt.date.fromisoformat(_AS_OF),
            base_year=_BASE_YEAR,
            in_force=True,
            criteria=[item.id for item in pack.criteria(tier).criteria],
        )
        marks: dict[str, float] = {}
        began, used = time.perf_counter(), time.process_time()

        def note(
            step: str, _done: int, _total: int, marks: dict[str, float] = marks, began: float = began
        ) -> None:
            marks[step] = time.perf_counter() - began

        evaluate_registry(run, note)
        assert EvaluationResult.objects.filter(run=run).count() == run.enterprises
        found["runs"].append(
            {
                "tier": f"{pack.document.short_title} · {tier}",
                "enterprises": run.enterprises,
                "read": marks["读取企业数据"],
                "total": marks["保存结果"],
                "cpu": time.process_time() - used,
                "profiles": len(
                    set(EvaluationResult.objects.filter(run=run).values_list("statuses", flat=True))
                ),
            }
        )
    found["peak"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    return found


@contextmanager
def databases() -> Iterator[list[tuple[str, str]]]:
    """Both databases with their addresses; PostgreSQL is left out where its programs are not there."""
    from tests.postgres import server
    from tools.system import find_postgresql

    with tempfile.TemporaryDirectory(prefix="tidu-bench-") as folder:
        found = [("SQLite", f"sqlite:///{folder}/registry.sqlite3")]
        with server() if find_postgresql() else nullcontext("") as address:
            yield [*found, ("PostgreSQL", address)] if address else found


def child(address: str, *arguments: str) -> str:
    """Run this file again in the given database."""
    with tempfile.TemporaryDirectory(prefix="tidu-bench-data-") as folder:
        environment = {
            **os.environ,
            "DATABASE_URL": address,
            "TIDU_DATA": folder,
            "TIDU_HTTPS": "false",
            "TIDU_LOG_LEVEL": "ERROR",
            "PYTHONPATH": f"{ROOT}/src:{ROOT}",
            "DJANGO_SETTINGS_MODULE": "tidu.site.settings",
        }
        command = [sys.executable, str(Path(__file__)), *arguments]
        done = subprocess.run(  # noqa: S603 - this file
            command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True, check=True
        )
    return done.stdout


def main() -> None:
    """Prepare and measure both databases, print a table."""
    total = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    table = Table(title=f"评估企业库：{total:,} 家，{os.cpu_count()} 核", title_justify="left")
    for head in ("数据库", "称号", "数据条数", "读取 s", "全程 s", "CPU s", "家/s", "结论组合", "峰值 MB"):
        table.add_column(head, justify="left" if head in {"数据库", "称号"} else "right", no_wrap=True)
    with databases() as known:
        for label, address in known:
            child(address, "prepare", str(total))
            found = json.loads(child(address, "measure").strip().splitlines()[-1])
            for run in found["runs"]:
                table.add_row(
                    label,
                    run["tier"],
                    f"{found['facts']:,}",
                    f"{run['read']:.1f}",
                    f"{run['total']:.1f}",
                    f"{run['cpu']:.1f}",
                    f"{run['enterprises'] / run['total']:,.0f}",
                    f"{run['profiles']:,}",
                    f"{found['peak']:,}",
                )
    console = Console()
    console.width = max(console.width, 130)
    console.print(table)


if __name__ == "__main__":
    if sys.argv[1:2] in (["prepare"], ["measure"]):
        import django

        django.setup()
        if sys.argv[1] == "prepare":
            prepare(int(sys.argv[2]))
        else:
            print(json.dumps(measure()))
    else:
        main()
