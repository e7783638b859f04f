"""What the components of the signed-in pages take: plain frozen records, made by views, shown by ``templates/cotton``.

Like those of :mod:`tidu.core.components` they hold words and figures that are ready to be read.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal

from tidu.core.components import Clause
from tidu.core.figures import number


@dataclass(frozen=True, slots=True)
class Kpi:
    """One figure of a strip: what it is, the number, its unit, and a sentence. ``kind`` is empty, warn or bad."""

    label: str
    value: str
    unit: str = ""
    note: str = ""
    kind: str = ""
    url: str = ""  # the rows behind the figure
    words: bool = False  # the value is a name rather than a number, and set smaller


@dataclass(frozen=True, slots=True)
class Tab:
    """One tab above a list: an address of its own, so that it works without scripts and can be bookmarked."""

    label: str
    url: str
    count: int | None = None
    current: bool = False
    kind: str = ""  # of the count: empty, warn or bad


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a process, with the clauses that it rests on. ``state`` is done, now or todo."""

    label: str
    note: str = ""
    state: str = "todo"
    icon: str = "circle-dashed"
    url: str = ""
    clauses: tuple[Clause, ...] = ()


@dataclass(frozen=True, slots=True)
class LogEntry:
    """Something that happened. ``at`` is a day or a moment; ``mine`` marks what the reader did or was given."""

    at: dt.date
    text: str
    by: str = ""
    note: str = ""
    url: str = ""
    mine: bool = False

    @property
    def moment(self) -> bool:
        """Whether the time of day is known."""
        return isinstance(self.at, dt.datetime)


@dataclass(frozen=True, slots=True)
class Conflict:
    """One of several sources that differ. The chosen one is marked, the others are kept."""

    source: str  # a key of components.SOURCES
    label: str
    value: str
    obtained: dt.date | None = None
    note: str = ""
    chosen: bool = False


@dataclass(frozen=True, slots=True)
class Change:
    """A value before and after. An empty text means that there was, or will be, none."""

    label: str
    before: str = ""
    after: str = ""
    note: str = ""
    subject: str = ""  # whose value it is, where rows are about several
    row: str = ""  # number of the line of a workbook


@dataclass(frozen=True, slots=True)
class Progress:
    """How far something has come. ``kind`` is empty, ok, warn or bad."""

    label: str
    value: int
    total: int
    unit: str = ""
    kind: str = ""


@dataclass(frozen=True, slots=True)
class Work:
    """Background work as its owner sees it. ``state`` is queued, running, done, failed or cancelled.

    ``poll`` is the address of the same component as a fragment; the page asks it again until the work has ended.
    ``stop`` and ``retry`` are addresses to POST to, empty where the work offers neither.
    """

    title: str
    state: str
    word: str
    step: str = ""
    done: int = 0
    total: int = 0
    fault: str = ""
    poll: str = ""
    stop: str = ""
    stop_label: str = "停止"
    retry: str = ""
    result: str = ""  # address of what came out

    @property
    def pill(self) -> str:
        """The value of ``td-st[data-s]`` that fits."""
        return {"queued": "stop", "running": "run", "done": "met", "failed": "overdue"}.get(
            self.state, "expired"
        )

    @property
    def ended(self) -> bool:
        """Whether nothing will change any more."""
        return self.state in {"done", "failed", "cancelled"}


@dataclass(frozen=True, slots=True)
class Bullet:
    """A figure against its target, drawn 640 units wide: actual, forecast with its range, target."""

    label: str
    actual: int
    goal: int
    unit: str = ""
    forecast: int | None = None
    low: int | None = None
    high: int | None = None

    WIDTH = 640

    def _at(self, value: float) -> str:
        top = max(self.goal, self.actual, self.forecast or 0, self.high or 0) or 1
        return f"{self.WIDTH * value / (top * 1.2):.1f}"

    @property
    def actual_at(self) -> str:
        """Right end of the bar of what is."""
        return self._at(self.actual)

    @property
    def goal_at(self) -> str:
        """Where the target's mark stands."""
        return self._at(self.goal)

    @property
    def forecast_at(self) -> str:
        """Right end of the bar of what is expected."""
        return self._at(self.forecast or 0)

    @property
    def low_at(self) -> str:
        """Left end of the range."""
        return self._at(self.low or 0)

    @property
    def high_at(self) -> str:
        """Right end of the range."""
        return self._at(self.high or 0)

    @property
    def share(self) -> str:
        """How much of the target is reached, such as ``93.0%``."""
        return f"{number(round(Decimal(100 * self.actual) / self.goal, 1))}%" if self.goal else "—"

    @property
    def words(self) -> str:
        """The picture in words."""
        unit = f" {self.unit}" if self.unit else ""
        text = f"{self.label}：实际 {self.actual:,}{unit}，目标 {self.goal:,}{unit}，完成 {self.share}"
        if self.forecast is not None:
            text += f"，预计 {self.forecast:,}{unit}"
        if self.low is not None and self.high is not None:
            text += f"（{self.low:,}—{self.high:,}）"
        return text
