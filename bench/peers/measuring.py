"""Measures one contender in a process of its own and prints what came of it as JSON.

``python -m bench.peers.measuring CONTENDER FILE REPEATS [TARGET]``. Programs are loaded and warmed on a small
file first: only the work itself is timed. Peak memory is that of the whole process.
"""

from __future__ import annotations

import datetime as dt
import json
import os
import resource
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

ROOT: Final = Path(__file__).resolve().parents[2]
PACK: Final = ROOT / "bench" / "packs" / "objective-criteria"
AS_OF: Final = dt.date(2026, 6, 30)

Counts = dict[str, int]


def ours(engine: str, target: Path | None) -> Callable[[Path], Counts]:
    """``tidu evaluate`` on one engine."""
    from tidu.policy.batch.evaluate import evaluate
    from tidu.policy.documents.pack import load_pack
    from tidu.policy.status import Status

    pack = load_pack(PACK)

    def run(path: Path) -> Counts:
        summary = evaluate(path, pack, as_of=AS_OF, engine=engine, output=target)
        found = {"rows": summary.rows}
        for name, counted in [
            ("status", summary.counts),
            *((item.id, item.counts) for item in summary.criteria),
        ]:
            found[f"met {name}"] = counted[Status.MET]
            found[f"unknown {name}"] = counted[Status.UNKNOWN]
        return found | {f"missing {item.key}": item.rows for item in summary.missing}

    return run


def by_hand(target: Path | None) -> Callable[[Path], Counts]:
    """The same by hand in Polars."""
    from bench.peers import hand_polars

    def run(path: Path) -> Counts:
        if target is not None:
            hand_polars.write(path, target)
        return hand_polars.counts(path)

    return run


def openfisca(*, loading: bool) -> Callable[[Path], Counts]:
    """The same in OpenFisca, over arrays that are in memory already, or ``loading`` them too."""
    from bench.peers import openfisca_batch

    made = openfisca_batch.system()
    kept: dict[Path, Any] = {}

    def run(path: Path) -> Counts:
        arrays = openfisca_batch.load(path) if loading or path not in kept else kept[path]
        kept.clear()
        kept[path] = arrays
        return openfisca_batch.counts(made, arrays)

    return run


def contender(name: str, target: Path | None) -> Callable[[Path], Counts]:
    """The one called ``name``."""
    if name.startswith("tidu-"):
        return ours(name.removeprefix("tidu-"), target)
    if name == "hand":
        return by_hand(target)
    return openfisca(loading=name == "openfisca-load")


def children() -> tuple[float, int]:
    """Processor seconds and peak memory (MB) of the processes that this one started: Spark's Java."""
    ticks, own = os.sysconf("SC_CLK_TCK"), str(os.getpid())
    seconds, peak = 0.0, 0
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            fields = (folder / "stat").read_text().rpartition(")")[2].split()
            status = (folder / "status").read_text()
        except OSError:
            continue
        if fields[1] == own:
            seconds += (int(fields[11]) + int(fields[12])) / ticks
            marks = [line.split()[1] for line in status.splitlines() if line.startswith("VmHWM")]
            peak += int(marks[0]) // 1024 if marks else 0
    return seconds, peak


def main() -> None:
    """Measure, and print one line of JSON."""
    name, file, repeats = sys.argv[1], Path(sys.argv[2]), int(sys.argv[3])
    target = Path(sys.argv[4]) if len(sys.argv) > 4 else None
    run = contender(name, target)
    small = file.with_name("small.parquet")
    run(small)
    if name == "openfisca":
        run(file)
    seconds, busy, found = [], [], {}
    for _ in range(repeats):
        begun, used = time.perf_counter(), time.process_time() + children()[0]
        found = run(file)
        seconds.append(time.perf_counter() - begun)
        busy.append(time.process_time() + children()[0] - used)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024 + children()[1]
    print(
        json.dumps(
            {"seconds": seconds, "cpu": busy, "peak": peak, "load": os.getloadavg()[0], "counts": found}
        )
    )
    sys.stdout.flush()
    os._exit(0)  # Spark's Java needs seconds to stop, and nobody waits for it


if __name__ == "__main__":
    main()
