"""What people see: tables, status words with colour, icon and word, clauses, and progress on a terminal."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from enum import StrEnum
from typing import Final, NamedTuple

from rich import box
from rich.console import Console, ConsoleOptions, Group, RenderResult
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.rule import Rule
from rich.table import Table
from rich.text import Text

from tidu.cli.layout import cells, plain, wrap
from tidu.policy.assess.entitlements import EntitlementStatus
from tidu.policy.assess.ladder import Standing
from tidu.policy.documents.pack import Force
from tidu.policy.status import Status

_WIDTH_WITHOUT_TERMINAL: Final = 120
_GUTTER: Final = 3
_NARROWEST: Final = 8
_STEP: Final = 2
_SHORT: Final = 16


class _Mark(NamedTuple):
    """How a state is shown: never by colour alone."""

    icon: str
    style: str


_MARKS: Final[dict[StrEnum, _Mark]] = {
    Status.MET: _Mark("✔", "green"),
    Status.NOT_MET: _Mark("✘", "red"),
    Status.UNKNOWN: _Mark("?", "yellow"),
    Status.NEEDS_REVIEW: _Mark("◆", "blue"),
    EntitlementStatus.DUE: _Mark("✔", "green"),
    EntitlementStatus.BLOCKED: _Mark("✘", "red"),
    EntitlementStatus.OUT_OF_FORCE: _Mark("⊘", "magenta"),
    EntitlementStatus.NOT_TRIGGERED: _Mark("–", "bright_black"),
    EntitlementStatus.NEEDS_REVIEW: _Mark("◆", "blue"),
    Force.IN_FORCE: _Mark("✔", "green"),
    Force.NOT_YET: _Mark("…", "cyan"),
    Force.EXPIRED: _Mark("⊘", "magenta"),
    Standing.HELD: _Mark("★", "green"),
    Standing.OPEN: _Mark("○", "cyan"),
    Standing.NO_RULE: _Mark("–", "bright_black"),
}


class _Screen(Console):
    """A console that tells its caller when nobody reads any more."""

    def on_broken_pipe(self) -> None:
        """Pass the error on; the root command ends the program."""
        self.quiet = True
        raise BrokenPipeError


def screen() -> Console:
    """Standard output. Texts are shown as they are: nothing in them is markup. Without a terminal, 120 columns."""
    width = None if sys.stdout.isatty() or "COLUMNS" in os.environ else _WIDTH_WITHOUT_TERMINAL
    return _Screen(width=width, markup=False, emoji=False, highlight=False)


def words(text: object, style: str = "") -> Text:
    """Text made safe for a terminal."""
    return Text(plain(text), style=style)


def whole(text: str, style: str = "") -> Text:
    """Text of our own that is never broken, such as an id or a date."""
    return Text(text, style=style, no_wrap=True)


def short(text: str, style: str = "") -> Text:
    """Text of one line that is not broken while it is short: a margin, the number of a clause."""
    shown = plain(text)
    return Text(shown, style=style, no_wrap=cells(shown) <= _SHORT)


def clause(*cites: str | None) -> Text:
    """Citations below each other; short ones are not broken."""
    shown = [plain(cite) for cite in cites if cite]
    return Text("\n".join(shown), style="cyan", no_wrap=all(cells(cite) <= _SHORT for cite in shown))


def lines(texts: Iterable[object], style: str = "") -> Text:
    """Several lines in one cell."""
    return Text("\n").join(words(text, style) for text in texts)


def state(value: Status | EntitlementStatus | Force | Standing) -> Text:
    """Icon and word of a state in its colour."""
    mark = _MARKS[value]
    return Text(f"{mark.icon} {value.label}", style=mark.style, no_wrap=True)


def marked(value: Status, text: str) -> Text:
    """A sentence behind the icon of a status, in its colour."""
    mark = _MARKS[value]
    return Text(f"{mark.icon} {plain(text)}", style=f"bold {mark.style}")


def verdict(passed: bool, text: str) -> Text:  # noqa: FBT001 - the verdict is the argument
    """A line that says whether something is in order."""
    mark = _MARKS[Status.MET if passed else Status.NOT_MET]
    return Text(f"{mark.icon} {plain(text)}", style=mark.style)


def heading(title: str) -> Group:
    """The heading of a part, after an empty line."""
    return Group(Text(), Rule(words(title, "bold"), align="left", style="bright_black", characters="─"))


class Paragraph:
    """A text broken as Chinese is, for Rich breaks only at spaces."""

    def __init__(self, text: object, style: str = "") -> None:
        self._text, self._style = plain(text), style

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """The lines."""
        yield Text("\n".join(wrap(self._text, options.max_width)), style=self._style)


class Grid:
    """A table for Chinese text. Where room is short, the column that costs the fewest extra lines gives way.

    Rich breaks lines at spaces, which Chinese has few of; so cells are broken here and given to Rich as they are.
    """

    def __init__(self, *columns: str) -> None:
        self._columns = columns
        self._rows: list[list[Text]] = []
        self._sections: set[int] = set()

    def row(self, *given: Text | str) -> None:
        """One row; cells left out at the end are empty."""
        filled = [cell if isinstance(cell, Text) else words(cell) for cell in given]
        self._rows.append([*filled, *(Text() for _ in self._columns[len(filled) :])])

    def section(self) -> None:
        """A gap before the next row."""
        self._sections.add(len(self._rows))

    def __bool__(self) -> bool:
        return bool(self._rows)

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """Lay the table out for the width at hand."""
        titles = [words(title) for title in self._columns]
        needs = [[_need(cell) for cell in row] for row in [titles, *self._rows]]
        whole = {place for row in self._rows for place, cell in enumerate(row) if cell.no_wrap}
        widths = _share(needs, whole, options.max_width - _GUTTER * (len(self._columns) - 1))
        titled = any(self._columns)
        made = Table(
            box=box.SIMPLE_HEAD if titled else None,
            show_edge=False,
            show_header=titled,
            pad_edge=False,
            padding=(0, 1) if titled else (0, _GUTTER, 0, 0),
            header_style="bold",
        )
        for title, width in zip(self._columns, widths, strict=True):
            made.add_column(title, width=width, no_wrap=True, overflow="crop")
        for place, row in enumerate(self._rows):
            if place in self._sections and place:
                made.add_section()
            made.add_row(*(_folded(cell, width) for cell, width in zip(row, widths, strict=True)))
        yield made


def _need(cell: Text) -> list[int]:
    """The columns that each line of a cell would like."""
    return [cells(line) for line in cell.plain.split("\n")]


def _share(needs: list[list[list[int]]], whole: set[int], room: int) -> list[int]:
    """Widths that fit into ``room``: the column where it adds the fewest lines gives way, ``whole`` ones last."""
    widths = [max(max(cell) for cell in column) for column in zip(*needs, strict=True)]

    def height(trial: list[int]) -> int:
        return sum(
            max(sum(-(-need // width) or 1 for need in cell) for cell, width in zip(row, trial, strict=True))
            for row in needs
        )

    for kept, narrowest in ((whole, _NARROWEST), (set[int](), _STEP)):
        while sum(widths) > room:
            trials = [
                (height([*widths[:place], width - _STEP, *widths[place + 1 :]]), -width, place)
                for place, width in enumerate(widths)
                if width - _STEP >= narrowest and place not in kept
            ]
            if not trials:
                break
            widths[min(trials)[2]] -= _STEP
    return widths


def _folded(cell: Text, width: int) -> Text:
    if cell.no_wrap and max(_need(cell)) <= width:
        return cell
    parts = [part for line in cell.plain.split("\n") for part in _hanging(line, width)]
    return Text("\n".join(parts), style=cell.style)


def _hanging(line: str, width: int) -> list[str]:
    """Lines that all stand as far in as the first."""
    indent = line[: len(line) - len(line.lstrip("　"))]
    return [f"{indent}{part}" for part in wrap(line.removeprefix(indent), max(width - cells(indent), _STEP))]


@contextmanager
def progress(label: str, total: int | None = None) -> Iterator[Steps]:
    """A bar on standard error while something long runs; nothing where that is no terminal."""
    console = Console(stderr=True, markup=False, emoji=False, highlight=False)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as bar:
        yield Steps(bar, plain(label), total)


class Steps:
    """Moves one bar on."""

    def __init__(self, bar: Progress, label: str, total: int | None) -> None:
        self._bar, self._label = bar, label
        self._task = bar.add_task(label, total=total)

    def step(self, label: str, done: int, total: int | None) -> None:
        """What runs now, how much of it is done, and of how much (``None``: nobody knows)."""
        if plain(label) != self._label:  # another piece of work: a bar that ran to its end does not run again
            self._label = plain(label)
            self._bar.remove_task(self._task)
            self._task = self._bar.add_task(self._label, total=total)
        self._bar.update(self._task, completed=done, total=total)
