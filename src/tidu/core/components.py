"""What the page components take: plain frozen records, made by views and shown by ``templates/cotton``.

A record holds words and figures that are ready to be read; no component computes, rounds or decides anything.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from tidu.policy.status import Status


@dataclass(frozen=True, slots=True)
class State:
    """One value of ``td-st[data-s]``: always a colour (in the style sheet), an icon and a word."""

    word: str
    icon: str


STATES: dict[str, State] = {
    # criterion
    Status.MET.value: State(Status.MET.label, "circle-check"),
    Status.NOT_MET.value: State(Status.NOT_MET.label, "circle-x"),
    Status.UNKNOWN.value: State(Status.UNKNOWN.label, "help-circle"),
    Status.NEEDS_REVIEW.value: State(Status.NEEDS_REVIEW.label, "user-check"),
    # policy or title
    "force": State("现行有效", "circle-check"),
    "soon": State("即将到期", "hourglass-low"),
    "expired": State("已届满", "clock-off"),
    "future": State("尚未施行", "calendar"),
    # case
    "run": State("办理中", "player-play"),
    "stop": State("已停表", "player-pause"),
    "overdue": State("已逾期", "alert-triangle"),
    # money, title
    "paid": State("已兑现", "coin"),
    "revoked": State("已取消", "ban"),
}

DUE_ICONS = {"ok": "calendar", "soon": "hourglass-low", "over": "alert-triangle", "stop": "player-pause"}

# Sources of a fact by rank, lowest first: the number of filled bars.
SOURCES = {
    "declared": (1, "自填"),
    "imported": (2, "导入"),
    "audited": (3, "审计"),
    "confirmed": (4, "部门确认"),
}


@dataclass(frozen=True, slots=True)
class Crumb:
    """One step of the way here; the last has no address."""

    label: str
    url: str = ""


@dataclass(frozen=True, slots=True)
class Clause:
    """A citation chip. ``url`` leads to the clause on its policy's page and works without scripts.

    ``panel`` is the address of the fragment that opens beside the page; ``full`` names the document, for print.
    """

    label: str
    url: str
    full: str = ""
    panel: str = ""


@dataclass(frozen=True, slots=True)
class Doubt:
    """A declared reading of an unclear text, with the way to the table of readings."""

    text: str
    url: str = ""


@dataclass(frozen=True, slots=True)
class CriterionRow:
    """One row of the criteria table. Words are ready to show; ``—`` means that a column does not apply."""

    label: str
    status: Status
    value: str = "—"
    limit: str = "—"
    margin: str = "—"
    unit: str = ""  # after value and limit, such as 万元
    clauses: tuple[Clause, ...] = ()
    doubts: tuple[Doubt, ...] = ()
    note: str = ""  # one line below the label: what is missing, or why a person must judge
    branch: bool = False  # an alternative inside an any-of, indented
    hot: bool = False  # the row that decides
    anchor: str = ""
    edit: str = ""  # address of the answer that the row rests on


@dataclass(frozen=True, slots=True)
class CriterionGroup:
    """Rows under one heading, such as a dimension."""

    label: str
    rows: tuple[CriterionRow, ...]
    note: str = ""


@dataclass(frozen=True, slots=True)
class Dimension:
    """One cell of the overview above the criteria table."""

    label: str
    status: Status
    met: int
    total: int
    note: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True)
class Gap:
    """One thing that would change the outcome, cheapest first in its list."""

    action: str
    note: str = ""
    tag: str = ""
    clauses: tuple[Clause, ...] = ()
    url: str = ""  # where it can be done at once
    link: str = ""  # words of that link


@dataclass(frozen=True, slots=True)
class Fragment:
    """A run of official text; ``hit`` underlines what has an effect or was searched for."""

    text: str
    hit: bool = False


Paragraph = tuple[Fragment, ...]


@dataclass(frozen=True, slots=True)
class Effect:
    """What a clause makes happen.

    ``kind`` is a word of two characters: 条件 评判 计分 金额 期限 时限 职责 任务 目标 文书 权利 标签 依据 服务 规则
    报送 取消 衔接 接替 届满 读法.
    """

    kind: str
    text: str
    note: str = ""  # line breaks are kept
    clauses: tuple[Clause, ...] = ()
    doubts: tuple[Doubt, ...] = ()
    status: Status | None = None


@dataclass(frozen=True, slots=True)
class Law:
    """A clause: official text at the left, its effects at the right. Without attached text ``paragraphs`` is empty."""

    anchor: str
    heading: str
    paragraphs: tuple[Paragraph, ...]
    effects: tuple[Effect, ...] = ()


@dataclass(frozen=True, slots=True)
class Rung:
    """One rung of the ladder. ``place`` is ``held``, ``now``, ``next`` or empty."""

    label: str
    state: str
    word: str
    lines: tuple[str, ...] = ()
    place: str = ""
    clauses: tuple[Clause, ...] = ()
    url: str = ""


@dataclass(frozen=True, slots=True)
class Choice:
    """One option of a select or of a row of radio buttons; ``group`` names those that stand under one heading."""

    value: str
    label: str
    disabled: bool = False
    group: str = ""


@dataclass(frozen=True, slots=True)
class Offer:
    """A button below a control that puts ``value`` into it, such as 改为 2,318.90 万元.

    It is a submit button named ``set`` with the value ``<name of the control>=<value>``, and works without scripts.
    Without a value it is named ``keep``: what was typed is meant so.
    """

    label: str
    value: str | None = None


@dataclass(frozen=True, slots=True)
class Entry:
    """One control. ``kind`` is money, ratio, count, years, score, date, yes_no, choice or text.

    ``value`` is the text as typed or as it should stand in the control, never a parsed value: nothing typed is lost.
    ``label`` is shown above the control where a question has several (the year, say). An ``error`` cannot be read; a
    ``warning`` is improbable and counts as typed.
    """

    name: str
    kind: str
    label: str = ""
    value: str = ""
    unit: str = ""
    error: str = ""
    warning: str = ""
    offers: tuple[Offer, ...] = ()
    note: str = ""  # what the value means, in words
    choices: tuple[Choice, ...] = ()
    empty: str = ""  # words of the option that chooses none
    suggestions: tuple[Choice, ...] = ()  # offered while typing, for long code tables
    source: str = ""  # a key of SOURCES
    source_note: str = ""

    @property
    def id(self) -> str:
        """The element's id, also the target of the error summary."""
        return f"f-{self.name}"


@dataclass(frozen=True, slots=True)
class Question:
    """A field of a form: label, hint, one or more controls, and at the side what it is asked for."""

    name: str
    label: str
    entries: tuple[Entry, ...]
    hint: str = ""
    required: bool = False
    requirements: tuple[str, ...] = ()
    clauses: tuple[Clause, ...] = ()
    doubts: tuple[Doubt, ...] = ()
    evidence: tuple[str, ...] = ()

    @property
    def bad(self) -> bool:
        """Whether any of its controls holds an error."""
        return any(entry.error for entry in self.entries)

    @property
    def says(self) -> bool:
        """Whether anything stands below its controls."""
        return any(
            entry.error or entry.warning or entry.offers or entry.note or entry.source
            for entry in self.entries
        )

    @property
    def single(self) -> Entry | None:
        """The only control, or None where there are several."""
        return self.entries[0] if len(self.entries) == 1 else None


@dataclass(frozen=True, slots=True)
class Fault:
    """One line of the error summary."""

    target: str  # id of the control
    text: str


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table of records. ``sort`` is its name in ``?sort=``; without one it cannot be sorted by."""

    label: str
    number: bool = False
    sort: str = ""


@dataclass(frozen=True, slots=True)
class ForceBar:
    """A policy's term drawn as a bar 500 units wide, with a mark on the day looked at."""

    elapsed: int  # units of 500
    mark: int  # left edge of the mark
    over: bool
    label: str

    WIDTH = 500

    @classmethod
    def of(cls, start: date, end: date, on: date) -> ForceBar:
        """The bar of the closed interval from ``start`` to ``end``, seen on ``on``."""
        total = (end - start).days + 1
        passed = min(max((on - start).days, 0), total)
        over = on > end
        elapsed = cls.WIDTH if over else cls.WIDTH * passed // total
        if over:
            label = f"有效期 {total:,} 天，已全部届满"
        elif on < start:
            label = f"有效期 {total:,} 天，尚未开始"
        else:
            label = f"有效期已过 {passed:,} 天，共 {total:,} 天"
        return cls(elapsed, min(max(elapsed - 2, 0), cls.WIDTH - 3), over, label)


@dataclass(frozen=True, slots=True)
class TimelineRow:
    """One policy on a shared axis of years, in units of 1000."""

    label: str
    url: str
    left: int
    width: int
    state: str
    words: str  # the same in words, for those who do not see the picture


@dataclass(frozen=True, slots=True)
class Timeline:
    """Terms of several policies under one axis, with a mark on the day looked at."""

    years: tuple[tuple[int, int], ...]  # year, position of its first day
    mark: int
    rows: tuple[TimelineRow, ...]

    WIDTH = 1000
    MARKS = 12  # years at most that the axis names

    @classmethod
    def of(cls, terms: list[Term], on: date) -> Timeline:
        """Draw ``terms`` from the first year that any of them touches to the last, ``on`` included."""
        known = [day for term in terms for day in (term.start, term.end) if day is not None]
        first = min([on.year, *(day.year for day in known)])
        last = max([on.year, *(day.year for day in known)])
        # Over many years a mark for each would crowd the axis: marks then stand several years apart, evenly to the end.
        step = -(-(last - first + 1) // cls.MARKS)
        last = first + -(-(last - first + 1) // step) * step - 1
        begin, total = date(first, 1, 1), (date(last, 12, 31) - date(first, 1, 1)).days + 1

        def at(day: date) -> int:
            return cls.WIDTH * (day - begin).days // total

        rows = []
        for term in terms:
            left = at(term.start)
            right = cls.WIDTH if term.end is None else at(term.end) + cls.WIDTH // total + 1
            end = "起，没有写终止日" if term.end is None else f"至 {term.end.isoformat()}"
            words = term.words or f"{term.start.isoformat()} {end}"
            rows.append(TimelineRow(term.label, term.url, left, max(right - left, 4), term.state, words))
        years = tuple((year, at(date(year, 1, 1))) for year in range(first, last + 1, step))
        return cls(years, at(on), tuple(rows))


@dataclass(frozen=True, slots=True)
class Term:
    """A policy's time of force; ``state`` is force, soon, expired or future. ``words`` replace the dates in words."""

    label: str
    url: str
    start: date
    end: date | None
    state: str = field(default="force")
    words: str = ""
