"""Importing a hundred thousand enterprises and a hundred thousand rows of figures: time, memory, longest lock.

Usage: python bench/import_rows.py [ROWS], by default 100000. Runs on a database of its own: SQLite in a temporary
folder, or, with ``DATABASE_URL``, the PostgreSQL database that it names, which must be empty.
"""

from __future__ import annotations

import csv
import os
import random
import resource
import sys
import tempfile
import threading
import time
from pathlib import Path

_DISTRICTS = ("新城区", "回民区", "玉泉区", "赛罕区", "昆都仑区", "青山区", "东河区", "九原区")
_SYLLABLES = "衡岚铎沃垣禾朔启曜锐屹澄恒启岳泽霖朗桓晟睿铭翊瀚宸弘峻昱"
_FIELDS = ("新材料", "电子科技", "机械制造", "生物技术", "环保设备", "稀土功能材料", "饲料", "仪器仪表")


class Watch:
    """Steps that keep the time at which each began."""

    def __init__(self) -> None:
        self.began: dict[str, float] = {}
        self.zero = time.monotonic()

    def progress(self, _done: int, _total: int, step: str = "") -> None:
        """Note the first time of a step."""
        self.began.setdefault(step, time.monotonic() - self.zero)

    def stop_if_wanted(self) -> None:
        """Nobody stops a benchmark."""


class Writer(threading.Thread):
    """Somebody else who writes one small row every tenth of a second, and how long that took at worst."""

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self.waits: list[float] = []
        self.failed = 0
        self.over = threading.Event()

    def run(self) -> None:
        """Write until it is over."""
        from django.db import DatabaseError, connection

        from tidu.core.models import Job

        while not self.over.wait(0.1):
            began = time.monotonic()
            try:
                Job.objects.create(kind="bench", title="bench")
            except DatabaseError:
                self.failed += 1
            self.waits.append(time.monotonic() - began)
        connection.close()


def make_tables(folder: Path, rows: int) -> tuple[Path, Path]:
    """Made-up enterprises with codes of nobody, and their figures of three years."""
    from tidu.core.uscc import check_characters

    chance = random.Random(20260101)
    names, figures = folder / "enterprises.csv", folder / "figures.csv"
    with (
        names.open("w", newline="", encoding="utf-8") as first,
        figures.open("w", newline="", encoding="utf-8") as second,
    ):
        listed, counted = csv.writer(first), csv.writer(second)
        listed.writerow(
            (
                "企业名称",
                "统一社会信用代码",
                "注册地",
                "注册日期",
                "注册地址",
                "注册资本（万元）",
                "所属行业",
                "经营范围",
            )
        )
        counted.writerow(
            (
                "统一社会信用代码",
                *(
                    f"{year}年{label}"
                    for year in (2023, 2024, 2025)
                    for label in ("营业收入（万元）", "从业人员（人）", "研发费用（万元）")
                ),
            )
        )
        for number in range(rows):
            code = check_characters(f"91150999{_base(number)}")
            place = chance.choice(_DISTRICTS)
            word = "".join(chance.sample(_SYLLABLES, 3))
            city = "呼和浩特市" if place in _DISTRICTS[:4] else "包头市"
            name = f"{city}{word}{chance.choice(_FIELDS)}有限公司"
            day = f"{chance.randint(2000, 2024)}-{chance.randint(1, 12):02d}-{chance.randint(1, 28):02d}"
            listed.writerow(
                (
                    name,
                    code,
                    place,
                    day,
                    f"{city}{place}某街{number}号",
                    chance.randint(10, 9999),
                    "C3489",
                    "研发、生产、销售",
                )
            )
            revenue = chance.randint(100, 90000)
            counted.writerow(
                (
                    code,
                    *(
                        value
                        for growth in (1, 1.1, 1.2)
                        for value in (
                            round(revenue * growth, 2),
                            chance.randint(5, 300),
                            round(revenue * 0.05, 2),
                        )
                    ),
                )
            )
    return names, figures


def _base(number: int) -> str:
    """Eight characters of the code's alphabet for a number."""
    from tidu.core.uscc import ALPHABET

    text = ""
    for _ in range(8):
        number, rest = divmod(number, 31)
        text = ALPHABET[rest] + text
    return text


def main() -> None:
    """Import both tables, twice each, and print a table."""
    rows = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    with tempfile.TemporaryDirectory(prefix="tidu-bench-") as folder:
        os.environ.update(TIDU_DATA=folder, TIDU_HTTPS="false", TIDU_LOG_LEVEL="ERROR")
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tidu.site.settings")
        import django

        django.setup()
        from django.core.management import call_command
        from django.db import connection

        call_command("migrate", verbosity=0)
        names, figures = make_tables(Path(folder), rows)
        print(f"{rows:,} rows, {connection.vendor}")
        head = f"{'':28}{'survey s':>10}{'write s':>10}{'total s':>10}{'CPU s':>8}{'facts':>12}{'MB':>8}"
        print(f"{head}{'others waited s':>17}")
        for label, path, kind in (
            ("enterprises", names, "enterprises"),
            ("enterprises again", names, "enterprises"),
            ("figures", figures, "figures"),
            ("figures again", figures, "figures"),
        ):
            _measure(label, path, kind)


def _measure(label: str, path: Path, kind: str) -> None:
    from tidu.core.actor import SYSTEM
    from tidu.registry.importing.running import write
    from tidu.registry.importing.scope import Scope
    from tidu.registry.models import Import

    batch = Import.objects.create(kind=kind, state="writing")
    other = Writer()
    other.start()
    watch, spent = Watch(), time.process_time()
    tally = write(batch=batch, path=path, actor=SYSTEM, scope=Scope(), steps=watch)
    total, spent = time.monotonic() - watch.zero, time.process_time() - spent
    other.over.set()
    other.join()
    began = watch.began.get("写入", total)
    ended = watch.began.get("查找名称相近的企业", total)
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    assert tally.rejected == 0, tally.codes
    print(
        f"{label:28}{began:>10.1f}{ended - began:>10.1f}{total:>10.1f}{spent:>8.0f}{tally.facts:>12,}{memory:>8.0f}"
        f"{max(other.waits, default=0):>12.2f}{f' ({other.failed} failed)' if other.failed else ''}",
        flush=True,
    )


if __name__ == "__main__":
    main()
