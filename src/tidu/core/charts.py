"""Charts drawn by the server as SVG, each with the table it stands for. Nothing here needs a script.

Figures come in twice: as numbers to draw and as words to read. A missing figure is ``None``; it leaves a gap in the
picture and stands as 未报 in the table, never as zero.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from decimal import Decimal

from tidu.core.figures import MINUS

Figure = int | float | Decimal | None
MISSING = "未报"
_LEFT, _RIGHT, _TOP, _BOTTOM = 64, 12, 28, 28
_TICKS = 4


@dataclass(frozen=True, slots=True)
class Series:
    """One row of figures. ``shown`` are the same in words; without them the numbers are written out."""

    name: str
    values: tuple[Figure, ...]
    shown: tuple[str, ...] = ()

    def word(self, index: int) -> str:
        """The figure at ``index`` as read in the table."""
        if self.shown:
            return self.shown[index]
        value = self.values[index]
        return MISSING if value is None else f"{value:,}"


@dataclass(frozen=True, slots=True)
class Mark:
    """A bar, or a point of a line. ``number`` is that of its series, which gives colour and pattern."""

    number: int
    x: str
    y: str
    width: str = ""
    height: str = ""
    title: str = ""


@dataclass(frozen=True, slots=True)
class Tick:
    """A line of the grid with its words."""

    at: str
    text: str


@dataclass(frozen=True, slots=True)
class Chart:
    """Bars side by side, or lines, over labels such as years. ``title`` says what is shown, ``unit`` in what."""

    title: str
    labels: tuple[str, ...]
    series: tuple[Series, ...]
    unit: str = ""
    kind: str = "bars"  # or lines
    first_head: str = "年度"

    WIDTH = 640
    HEIGHT = 240

    def __post_init__(self) -> None:
        """Refuse a series that is longer or shorter than the labels."""
        for row in self.series:
            if len(row.values) != len(self.labels) or (row.shown and len(row.shown) != len(self.labels)):
                raise ValueError(f"series {row.name!r} does not fit {len(self.labels)} labels")

    @property
    def empty(self) -> bool:
        """Whether there is nothing to draw."""
        return all(value is None for row in self.series for value in row.values)

    @property
    def _range(self) -> tuple[float, float, float]:
        """Bottom, top and step of the axis: round numbers around every figure and around zero."""
        known = [float(value) for row in self.series for value in row.values if value is not None]
        low, high = min([0.0, *known]), max([0.0, *known])
        if low == high:
            high = 1.0
        rough = (high - low) / _TICKS
        size = 10 ** math.floor(math.log10(rough))
        step = next(size * times for times in (1, 2, 2.5, 5, 10) if size * times >= rough)
        return math.floor(low / step) * step, math.ceil(high / step) * step, step

    def _y(self, value: float) -> float:
        low, high, _ = self._range
        return _TOP + (high - value) / (high - low) * (self.HEIGHT - _TOP - _BOTTOM)

    @property
    def _slot(self) -> float:
        return (self.WIDTH - _LEFT - _RIGHT) / max(len(self.labels), 1)

    @property
    def grid(self) -> list[Tick]:
        """Horizontal lines with their figures."""
        low, high, step = self._range
        count = round((high - low) / step)
        return [
            Tick(f"{self._y(low + step * index):.1f}", f"{low + step * index:,.10g}".replace("-", MINUS))
            for index in range(count + 1)
        ]

    @property
    def zero(self) -> str:
        """The height of the axis."""
        return f"{self._y(0):.1f}"

    @property
    def ends(self) -> list[Tick]:
        """The labels below, at the middle of their place."""
        return [
            Tick(f"{_LEFT + self._slot * (index + 0.5):.1f}", text) for index, text in enumerate(self.labels)
        ]

    @property
    def bars(self) -> list[Mark]:
        """Every bar, from zero to its figure."""
        width = min(self._slot * 0.7 / max(len(self.series), 1), 44)
        marks = []
        for number, row in enumerate(self.series):
            for index, value in enumerate(row.values):
                if value is None:
                    continue
                middle = _LEFT + self._slot * (index + 0.5)
                x = middle - width * len(self.series) / 2 + width * number
                edges = sorted((self._y(0), self._y(float(value))))
                marks.append(
                    Mark(
                        number + 1,
                        f"{x:.1f}",
                        f"{edges[0]:.1f}",
                        f"{width - 2:.1f}",
                        f"{max(edges[1] - edges[0], 1):.1f}",
                        f"{self.labels[index]} {row.name} {row.word(index)}",
                    )
                )
        return marks

    @property
    def points(self) -> list[Mark]:
        """Every point of the lines."""
        return [
            Mark(
                number + 1,
                f"{_LEFT + self._slot * (index + 0.5):.1f}",
                f"{self._y(float(value)):.1f}",
                title=f"{self.labels[index]} {row.name} {row.word(index)}",
            )
            for number, row in enumerate(self.series)
            for index, value in enumerate(row.values)
            if value is not None
        ]

    @property
    def paths(self) -> list[tuple[int, str]]:
        """The lines, as paths that break where a figure is missing."""
        lines = []
        for number, row in enumerate(self.series):
            path, pen = "", "M"
            for index, value in enumerate(row.values):
                if value is None:
                    pen = "M"
                    continue
                path += f"{pen}{_LEFT + self._slot * (index + 0.5):.1f} {self._y(float(value)):.1f}"
                pen = "L"
            lines.append((number + 1, path))
        return lines

    @property
    def rows(self) -> list[tuple[str, list[str]]]:
        """The table: each label with the figure of every series."""
        return [(label, [row.word(index) for row in self.series]) for index, label in enumerate(self.labels)]

    @property
    def words(self) -> str:
        """The picture in words, for those who hear it."""
        unit = f"，单位{self.unit}" if self.unit else ""
        rows = "；".join(
            f"{row.name}："
            + "，".join(f"{label} {row.word(index)}" for index, label in enumerate(self.labels))
            for row in self.series
        )
        return f"{self.title}{unit}。{rows}"


@dataclass(frozen=True, slots=True)
class Axis:
    """One spoke of a radar: its name and two shares between 0 and 1; ``None`` where there is no figure."""

    label: str
    mine: float | None
    peers: float | None = None
    detail: str = ""  # 23／25
    note: str = ""
    unsaid: str = ""  # what is said instead of a share that is missing: 待人工评判

    @property
    def share(self) -> str:
        """The share in words; what nobody has judged yet is not nought."""
        return self.unsaid if self.mine is None and self.unsaid else Radar.percent(self.mine)


@dataclass(frozen=True, slots=True)
class Radar:
    """Shares on three to eight spokes, with those of peers as a dashed outline."""

    title: str
    axes: tuple[Axis, ...]
    mine: str = "本企业"
    peers: str = ""

    MIDDLE_X, MIDDLE_Y, RADIUS = 223, 140, 100

    def _point(self, index: int, share: float, beyond: float = 0) -> tuple[float, float]:
        angle = 2 * math.pi * index / len(self.axes)
        reach = self.RADIUS * share + beyond
        return self.MIDDLE_X + reach * math.sin(angle), self.MIDDLE_Y - reach * math.cos(angle)

    def _outline(self, shares: list[float]) -> str:
        return " ".join(
            "{:.1f},{:.1f}".format(*self._point(index, share)) for index, share in enumerate(shares)
        )

    @property
    def rings(self) -> list[str]:
        """The grid at 25, 50, 75 and 100 %."""
        return [self._outline([share] * len(self.axes)) for share in (0.25, 0.5, 0.75, 1)]

    @property
    def spokes(self) -> list[tuple[str, str]]:
        """The ends of the spokes."""
        return [(f"{x:.1f}", f"{y:.1f}") for x, y in (self._point(i, 1) for i in range(len(self.axes)))]

    @property
    def shape(self) -> str:
        """Our outline; a missing share stands in the middle and has no dot."""
        return self._outline([axis.mine or 0 for axis in self.axes])

    @property
    def peer_shape(self) -> str:
        """The outline of the peers, empty where there are none."""
        if not self.peers or all(axis.peers is None for axis in self.axes):
            return ""
        return self._outline([axis.peers or 0 for axis in self.axes])

    @property
    def dots(self) -> list[tuple[str, str]]:
        """A dot for every share that is known."""
        return [
            (f"{self._point(index, axis.mine)[0]:.1f}", f"{self._point(index, axis.mine)[1]:.1f}")
            for index, axis in enumerate(self.axes)
            if axis.mine is not None
        ]

    @property
    def names(self) -> list[tuple[str, str, str, str]]:
        """Position, anchor and words of each spoke's name."""
        found = []
        for index, axis in enumerate(self.axes):
            x, y = self._point(index, 1, 14)
            across = x - self.MIDDLE_X
            anchor = "middle" if abs(across) < 1 else "start" if across > 0 else "end"
            drop = 12 if y > self.MIDDLE_Y + 1 else 4 if abs(across) >= 1 else 0
            found.append((f"{x:.1f}", f"{y + drop:.1f}", anchor, f"{axis.label} {axis.share}"))
        return found

    @staticmethod
    def percent(share: float | None) -> str:
        """A share in whole percents."""
        return MISSING if share is None else f"{round(share * 100)}%"

    @property
    def rows(self) -> list[tuple[str, str, str, str, str]]:
        """The table: name, detail, share, share of the peers, note."""
        return [
            (axis.label, axis.detail or "—", axis.share, self.percent(axis.peers), axis.note)
            for axis in self.axes
        ]

    @property
    def words(self) -> str:
        """The picture in words."""
        return f"{self.title}：" + "，".join(f"{axis.label} {axis.share}" for axis in self.axes)
