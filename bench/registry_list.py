"""The list of enterprises and its search, as an officer of a city and one of a district open it, on both databases.

Usage: python bench/registry_list.py [ENTERPRISES], by default 100000, nine tenths of them in the officer's city. Each
database is one of its own. What is measured is the whole request: scope, filters, count, page and template.
"""

from __future__ import annotations

import json
import os
import random
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
REPEATS = 15
PATHS: dict[str, str] = {
    "first page": "",
    "page 500": "page=500",
    "by completeness": "sort=-completeness",
    "by registration date": "sort=registered",
    "filter: tier": "tier=srdi",
    "filter: industry, size": "industry=C39&size=small",
    "filter: completeness band": "known=middle",
    "search: 稀土 (thousands)": "q=稀土",
    "search: four characters": "q=衡屹稀土",
    "search: one character": "q=屹",
    "search: initials hyxt": "q=hyxt",
    "search: pinyin hengyi": "q=hengyi",
    "search: nothing found": "q=绝无此名",
    "search: credit code": "q=91159900MA0",
    "search and filter": "q=稀土&tier=srdi&size=small",
}
_FIRST = "衡朔沃蒙泰瑞宏盛鑫源博远恒达昊天晟屹禾芷垣曜铎岚锦辰越峰凯翔"
_FIELDS = (
    "稀土材料",
    "智能装备",
    "生物制品",
    "新能源",
    "精密铸造",
    "数据服务",
    "乳业装备",
    "铝业",
    "化工",
    "光伏",
)
_DISTRICTS = (
    "150202",
    "150203",
    "150204",
    "150205",
    "150206",
    "150207",
    "150221",
    "150222",
    "150223",
    "150271",
)


def fill(total: int) -> dict[str, float]:
    """Made-up enterprises, written with the columns that the actions would give them."""
    from django.core.management import call_command
    from django.db import connection
    from django.utils import timezone

    from tidu.accounts.models import Membership, Organisation, User
    from tidu.core.roles import OrganisationKind, Role
    from tidu.core.uscc import check_characters
    from tidu.registry.actions.bulk_writes import insert_rows
    from tidu.registry.models import Enterprise
    from tidu.registry.naming import name_columns

    call_command("migrate", verbosity=0)
    draw = random.Random(7)
    columns = (
        "uscc", "name", "core_name", "pinyin", "initials", "search_text", "city_id", "district_id", "status",
        "industry", "industry_basis", "size", "listing_stage", "tier", "completeness", "created_at", "changed_at",
    )  # fmt: skip
    now = timezone.now()
    began = time.perf_counter()
    rows = []
    for number in range(total):
        name = f"包头市{''.join(draw.choices(_FIRST, k=3))}{draw.choice(_FIELDS)}有限公司"
        named = name_columns(name)
        here = number % 10 != 0
        rows.append(
            (
                check_characters(f"91159900MA{number:06d}"), named.name, named.core_name, named.pinyin,
                named.initials, named.search_text, "150200" if here else "150100",
                draw.choice(_DISTRICTS) if here else "150105", "active",
                draw.choice(("C3985", "C3232", "C2651", "I6531", "C1440")), "",
                draw.choice(("small", "small", "micro", "medium")), "",
                draw.choice(("", "", "", "", "innovative", "srdi")), draw.randrange(101), now, now,
            )
        )  # fmt: skip
    insert_rows(Enterprise, columns, rows)
    seconds = time.perf_counter() - began
    for name, kind, place, role in (
        ("city", OrganisationKind.CITY_BUREAU, "150200", Role.CITY_OFFICER),
        ("district", OrganisationKind.DISTRICT_BUREAU, "150203", Role.DISTRICT_OFFICER),
    ):
        organisation = Organisation.objects.create(kind=kind, name=name, place_id=place)
        Membership.objects.create(
            user=User.objects.create_user(name, name=name), organisation=organisation, role=role
        )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    return {"seconds": seconds}


def look(_total: int) -> dict[str, Any]:
    """Milliseconds and queries of every path for both officers."""
    from django.conf import settings
    from django.db import connection, reset_queries
    from django.test import Client
    from django.test.utils import setup_test_environment
    from django.urls import reverse

    from tests.accounts.signing_in import sign_in
    from tidu.accounts.models import User

    setup_test_environment()
    settings.STORAGES["staticfiles"]["BACKEND"] = "django.contrib.staticfiles.storage.StaticFilesStorage"
    found: dict[str, Any] = {}
    for person in ("city", "district"):
        client = Client()
        sign_in(client, User.objects.get(username=person))
        for name, query in PATHS.items():
            address = f"{reverse('registry:enterprises')}?{query}"
            connection.force_debug_cursor = True
            reset_queries()
            response = client.get(address)
            assert response.status_code == 200
            queries = len(connection.queries)
            connection.force_debug_cursor = False
            times = []
            for _ in range(REPEATS):
                began = time.perf_counter()
                client.get(address)
                times.append((time.perf_counter() - began) * 1000)
            found[f"{person}|{name}"] = [
                response.context["list"].total,
                queries,
                statistics.median(times),
                sorted(times)[int(len(times) * 0.95) - 1],
            ]
    return found


def _child(what: str, total: int, environment: dict[str, str]) -> dict[str, Any]:
    command = [sys.executable, __file__, what, str(total)]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)  # noqa: S603 - ourselves
    if done.returncode:
        sys.exit(done.stderr)
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


def main() -> None:
    """Measure both databases and print the table."""
    from tests.postgres import server

    total = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    table = Table(title=f"The list of {total:,} enterprises: p50 / p95 of the whole request in ms")
    for head in ("who", "what", "rows", "queries", "SQLite", "PostgreSQL"):
        table.add_column(head, justify="left" if head in {"who", "what"} else "right")
    with tempfile.TemporaryDirectory(prefix="tidu-bench-") as folder, server() as address:
        plain = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
        plain |= {
            "TIDU_DATA": folder,
            "TIDU_HTTPS": "false",
            "DJANGO_SETTINGS_MODULE": "tidu.site.settings",
            "PYTHONPATH": str(ROOT),
        }
        both = []
        for name, environment in (("SQLite", plain), ("PostgreSQL", plain | {"DATABASE_URL": address})):
            seconds = _child("fill", total, environment)["seconds"]
            print(f"{name}: filled in {seconds:.1f} s")
            both.append(_child("look", total, environment))
    for key, (rows, queries, p50, p95) in both[0].items():
        person, what = key.split("|")
        other = both[1][key]
        assert other[:2] == [rows, queries], key
        table.add_row(
            person,
            what,
            f"{rows:,}",
            str(queries),
            f"{p50:.0f} / {p95:.0f}",
            f"{other[2]:.0f} / {other[3]:.0f}",
        )
    Console(width=120).print(table)


if __name__ == "__main__":
    if len(sys.argv) > 2 and sys.argv[1] in {"fill", "look"}:
        import django

        django.setup()
        print(json.dumps({"fill": fill, "look": look}[sys.argv[1]](int(sys.argv[2]))))
    else:
        sys.path.insert(0, str(ROOT))
        main()
