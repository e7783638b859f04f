"""A whole table: ``tidu evaluate`` on its engines beside the same eleven criteria by hand in Polars and in OpenFisca.

Every contender runs in a process of its own, warmed, and answers the same counts; only then is its time
printed. Times are the least and the median of the repetitions: on a machine that others use the least is nearer
to the truth. All but “OpenFisca（内存）” read the same parquet file each time.
"""

from __future__ import annotations

import json
import os
import platform
import subprocess
import sys
import tempfile
from pathlib import Path
from statistics import median
from typing import Final, NamedTuple

from rich.console import Console
from rich.progress import Progress
from rich.table import Table

ROOT: Final = Path(__file__).resolve().parents[1]
SIZES: Final = (10_000, 100_000, 1_000_000, 10_000_000)
CONTENDERS: Final = {
    "hand": "手写 Polars",
    "tidu-polars": "tidu · Polars",
    "tidu-duckdb": "tidu · DuckDB",
    "tidu-spark": "tidu · Spark",
    "openfisca": "OpenFisca（内存）",
    "openfisca-load": "OpenFisca（含读取）",
}
#: OpenFisca decides a few rows at a boundary otherwise, with its 32-bit floats.
AGREEMENT: Final = 1e-4
#: Below this Spark only measures its own start of a query.
SPARK_FROM: Final = 1_000_000
WRITTEN: Final = {"hand": "手写 Polars", "tidu-polars": "tidu · Polars", "tidu-duckdb": "tidu · DuckDB"}


class Measured(NamedTuple):
    """Seconds per repetition (wall and processor), peak memory in MB, and the counts that came out."""

    seconds: list[float]
    cpu: list[float]
    peak: int
    load: float
    counts: dict[str, int]


def measure(name: str, file: Path, repeats: int, target: Path | None = None) -> Measured | str:
    """One contender in its own process; the last line of its complaint if it cannot run here."""
    command = [sys.executable, "-m", "bench.peers.measuring", name, str(file), str(repeats)]
    command += [str(target)] if target is not None else []
    done = subprocess.run(  # noqa: S603 - our own module
        command, cwd=ROOT, capture_output=True, text=True, check=False
    )
    if done.returncode or not done.stdout.strip():
        return (done.stderr.strip().splitlines() or ["没有结果"])[-1][:80]
    return Measured(**json.loads(done.stdout.strip().splitlines()[-1]))


def check(found: Measured, reference: Measured, name: str) -> None:
    """Every contender must answer the same before its time means anything."""
    slack = AGREEMENT * found.counts["rows"] if name.startswith("openfisca") else 0
    for key, value in found.counts.items():
        expected = reference.counts.get(key, 0)
        assert abs(value - expected) <= slack, f"{name}：{key} {value}，应为 {expected}"


def counting(folder: Path, progress: Progress) -> dict[tuple[str, int], Measured | str]:
    """Counts by criterion and status, and of what is missing, at every size."""
    task = progress.add_task("统计", total=len(SIZES) * len(CONTENDERS))
    found: dict[tuple[str, int], Measured | str] = {}
    for rows in SIZES:
        file = folder / f"companies_{rows}.parquet"
        for name, label in CONTENDERS.items():
            progress.update(task, description=f"统计 {rows:,} 行：{label}")
            if name == "tidu-spark" and rows < SPARK_FROM:
                continue
            repeats = 3 if rows > 10**6 or name.endswith(("spark", "load")) else 7
            result = measure(name, file, repeats)
            reference = found.get(("hand", rows))
            if isinstance(result, Measured) and isinstance(reference, Measured):
                check(result, reference, name)
            found[name, rows] = result
            progress.advance(task)
    return found


def writing(folder: Path, progress: Progress) -> dict[tuple[str, int], Measured | str]:
    """The whole result written as parquet."""
    sizes = SIZES[-2:]
    task = progress.add_task("写出", total=len(sizes) * len(WRITTEN))
    found: dict[tuple[str, int], Measured | str] = {}
    for rows in sizes:
        for name, label in WRITTEN.items():
            progress.update(task, description=f"写出 {rows:,} 行：{label}")
            file, target = folder / f"companies_{rows}.parquet", folder / "result.parquet"
            found[name, rows] = measure(name, file, 3 if rows <= 10**6 else 1, target)
            progress.advance(task)
    return found


def show(
    title: str, found: dict[tuple[str, int], Measured | str], labels: dict[str, str], note: str
) -> Table:
    """One row per size and contender; ratios are to the hand-written Polars of the same size in the same run."""
    table = Table(title=title, caption=note, caption_justify="left", title_justify="left")
    for head in (
        "行数",
        "实现",
        "最短 s",
        "中位 s",
        "百万行/s",
        "为手写的",
        "CPU s",
        "CPU 为手写的",
        "峰值 MB",
    ):
        table.add_column(head, justify="left" if head == "实现" else "right", no_wrap=True)
    sizes = sorted({rows for _, rows in found})
    for rows in sizes:
        reference = found["hand", rows]
        for name, label in labels.items():
            if (name, rows) not in found:
                continue
            table.add_row(
                f"{rows:,}" if name == "hand" else "", label, *_cells(found[name, rows], reference, rows)
            )
        table.add_section()
    return table


def _cells(result: Measured | str, reference: Measured | str, rows: int) -> list[str]:
    if isinstance(result, str):
        return ["—", "—", "—", "—", "—", "—", result]
    least, used = min(result.seconds), min(result.cpu)
    ratio = cpu_ratio = "—"
    if isinstance(reference, Measured):
        ratio = f"{least / min(reference.seconds):.2f} 倍"
        cpu_ratio = f"{used / min(reference.cpu):.2f} 倍"
    shown = [f"{least:.3f}", f"{median(result.seconds):.3f}", f"{rows / least / 1e6:.2f}", ratio]
    return [*shown, f"{used:.2f}", cpu_ratio, f"{result.peak:,}"]


def growth(found: dict[tuple[str, int], Measured | str]) -> Table:
    """How the time grows from the smallest table to the largest, a thousand times its size."""
    table = Table(title="从一万行到一千万行：行数为 1000 倍，时间为", title_justify="left")
    table.add_column("实现")
    table.add_column("时间", justify="right")
    table.add_column("峰值内存", justify="right")
    for name, label in CONTENDERS.items():
        first, last = found.get((name, SIZES[0])), found.get((name, SIZES[-1]))
        if isinstance(first, Measured) and isinstance(last, Measured):
            table.add_row(
                label, f"{min(last.seconds) / min(first.seconds):,.0f} 倍", f"{last.peak / first.peak:.1f} 倍"
            )
    return table


def against_openfisca(found: dict[tuple[str, int], Measured | str]) -> str:
    """How many times faster than OpenFisca, from the same file and with its arrays in memory."""
    mine = found["tidu-polars", SIZES[-1]]
    parts = []
    for name in ("openfisca-load", "openfisca"):
        other = found[name, SIZES[-1]]
        if isinstance(mine, Measured) and isinstance(other, Measured):
            parts.append(f"{CONTENDERS[name]} 的 {min(other.seconds) / min(mine.seconds):.1f} 倍")
    return f"一千万行，tidu · Polars 的速度是 {'、'.join(parts)}" if parts else ""


def main() -> None:
    """Make the tables, measure, print."""
    console = Console()
    console.width = max(console.width, 120)
    with tempfile.TemporaryDirectory(prefix="tidu-bench-") as name:
        folder = Path(name)
        with Progress(console=console, transient=True) as progress:
            task = progress.add_task("生成表格", total=len(SIZES))
            for rows in SIZES:
                command = [
                    sys.executable,
                    "-m",
                    "bench.peers.companies",
                    f"{folder}/companies_{rows}.parquet",
                    str(rows),
                ]
                subprocess.run(command, cwd=ROOT, check=True)  # noqa: S603 - our own module
                progress.advance(task)
            (folder / "small.parquet").hardlink_to(folder / f"companies_{SIZES[0]}.parquet")
            counted = counting(folder, progress)
            written = writing(folder, progress)
    loads = [result.load for result in counted.values() if isinstance(result, Measured)]
    machine = f"{os.cpu_count()} 核，Python {platform.python_version()}"
    noise = f"{machine}；测量期间的系统负载 {min(loads):.1f}–{max(loads):.1f}"
    console.print(show("十一项条件，按条件和状态计数，并数出各项缺什么", counted, CONTENDERS, noise))
    console.print(growth(counted))
    console.print(against_openfisca(counted))
    console.print()
    console.print(show("同上，逐行写出状态、余量和所缺（parquet）", written, WRITTEN, noise))


if __name__ == "__main__":
    main()
