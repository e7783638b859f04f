"""The way an application takes: the stages that a procedure names, in order, each with its step, clause and limit.

A pack tells with ``stages`` what a step does. Where it says nothing, a step of the enterprise is the application, one
of the district the review, one of the experts their review; everything else has to be said, so that a procedure that
ends with another authority (the region, the nation) is none that a city runs.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal, get_args

from tidu.policy.dates import years_after
from tidu.policy.documents.recognition_document import (
    DayKind,
    Limit,
    Notice,
    RecognitionDocument,
    Stage,
    Step,
    Switched,
)
from tidu.policy.errors import InputError, Problem

STAGES: Final[tuple[Stage, ...]] = get_args(Stage)
#: What every way has; the others may be left out.
NEEDED: Final[tuple[Stage, ...]] = ("apply", "decision", "recognition")
#: Stages of a step that does not say any, by who acts in it.
IMPLIED: Final[dict[str, tuple[Stage, ...]]] = {
    "enterprise": ("apply",),
    "district": ("district",),
    "expert": ("experts",),
}
_SPAN: Final = re.compile(r"(\d{1,3}) *(个?工作日|日|天|个?月|年)")
_MONTHS_A_YEAR: Final = 12
_DAYS_OF_FEBRUARY: Final = 28


@dataclass(frozen=True, slots=True)
class Span:
    """A length of time as a document writes it: ``3年``, ``3个月``, ``10个工作日``, ``5日``."""

    number: int
    unit: Literal["year", "month", "working", "calendar"]

    def last_day(self, first: dt.date) -> dt.date:
        """The last day of a term of years or months that begins on ``first``: the day before the same day later.

        Where the last month has no such day, its own last one ends the term. Raises :class:`ValueError` for a span of
        days, which the calendar counts.
        """
        later = self._same_day(first)
        return later if later.day != first.day else later - dt.timedelta(days=1)

    def end_of_limit(self, start: dt.date) -> dt.date:
        """The last day of a limit of years or months counted from ``start``, which itself does not count.

        A day that the last month does not have becomes its last one. Raises :class:`ValueError` for a span of days.
        """
        return self._same_day(start)

    def _same_day(self, day: dt.date) -> dt.date:
        if self.unit == "year":
            return years_after(day, self.number)
        if self.unit == "month":
            month = day.month - 1 + self.number
            year, month = day.year + month // _MONTHS_A_YEAR, month % _MONTHS_A_YEAR + 1
            for last in (day.day, 30, 29):
                try:
                    return dt.date(year, month, min(day.day, last))
                except ValueError:
                    continue
            return dt.date(year, month, _DAYS_OF_FEBRUARY)
        raise ValueError("a span of days is counted by the calendar")


def span_of(text: str | int) -> Span:
    """A written length of time. Raises :class:`InputError`."""
    found = _SPAN.fullmatch(str(text).strip())
    if found is None or int(found[1]) == 0:
        raise InputError(Problem(f"“{text}”不是时间长度", remedy="写法如 3年、3个月、10个工作日、5日"))
    unit = found[2].removeprefix("个")
    units: dict[str, Literal["year", "month", "working", "calendar"]] = {
        "年": "year",
        "月": "month",
        "工作日": "working",
    }
    return Span(int(found[1]), units.get(unit, "calendar"))


@dataclass(frozen=True, slots=True)
class Stop:
    """One stage on the way: its step, and how long it may take where the document says so."""

    stage: Stage
    step: Step
    limit: Limit | None


@dataclass(frozen=True, slots=True)
class NoticePeriod:
    """The public notice under the chosen readings."""

    days: int
    day_kind: DayKind
    first_day_counts: bool
    roll_forward: bool
    place: str
    cite: str


@dataclass(frozen=True, slots=True)
class Route:
    """The way from application to title. ``stops`` are in order, each stage once."""

    stops: tuple[Stop, ...]
    notice: NoticePeriod | None

    @property
    def stages(self) -> tuple[Stage, ...]:
        """The stages in order."""
        return tuple(stop.stage for stop in self.stops)

    def stop(self, stage: Stage) -> Stop:
        """The stop of a stage. Raises :class:`KeyError` where the way leaves it out."""
        for stop in self.stops:
            if stop.stage == stage:
                return stop
        raise KeyError(stage)

    def after(self, stage: Stage) -> Stage | None:
        """The stage that follows; none behind the last. Raises :class:`KeyError`."""
        stages = self.stages
        if stage not in stages:
            raise KeyError(stage)
        place = stages.index(stage) + 1
        return stages[place] if place < len(stages) else None


def route_of(recognition: RecognitionDocument, settings: Mapping[str, str]) -> Route:
    """The way that a first application takes under ``settings`` (complete: every interpretation with its choice).

    Raises :class:`InputError` where the document names no way that a city runs from application to recognition.
    """
    procedure = recognition.procedure
    if procedure is None:
        raise InputError(Problem(f"“{recognition.title}”没有写认定程序", remedy="在 procedure 里写明步骤"))
    stops = [
        Stop(stage, step, _limit(step))
        for step in procedure.steps
        for stage in (step.stages or IMPLIED.get(step.actor, ()))
    ]
    return Route(_checked(recognition, stops), _notice(procedure.notice, settings))


def re_review_route(recognition: RecognitionDocument, settings: Mapping[str, str]) -> Route:
    """The way of a re-review. Raises :class:`InputError`.

    It has the stages that the document names for it, else those of a first recognition without experts and notice.
    """
    first = route_of(recognition, settings)
    named = () if recognition.re_review is None else recognition.re_review.stages
    kept = set(named) or set(first.stages) - {"experts", "notice"}
    stops = [stop for stop in first.stops if stop.stage in kept]
    return Route(_checked(recognition, stops), first.notice if "notice" in kept else None)


def _limit(step: Step) -> Limit | None:
    if step.within is None:
        return None
    span = span_of(step.within)
    if span.unit in {"year", "month"}:
        raise InputError(
            Problem(f"步骤“{step.label}”的时限应以日或工作日计", remedy="写法如 10个工作日、15日")
        )
    kind: DayKind = "working" if span.unit == "working" else step.day_kind
    return Limit(days=span.number, day_kind=kind, late=step.late, cite=step.cite)


def _checked(recognition: RecognitionDocument, stops: list[Stop]) -> tuple[Stop, ...]:
    stages = [stop.stage for stop in stops]
    lacking = [stage for stage in NEEDED if stage not in stages]
    if lacking:
        raise InputError(
            Problem(
                f"“{recognition.title}”的程序不由本级走完，缺少：{'、'.join(lacking)}",
                remedy="由市级认定的，在步骤里用 stages 写明",
            )
        )
    if stages != [stage for stage in STAGES if stage in stages]:
        raise InputError(
            Problem(
                f"“{recognition.title}”的程序步骤有重复或颠倒", remedy=f"各环节的先后是：{'、'.join(STAGES)}"
            )
        )
    return tuple(stops)


def _notice(written: Notice | None, settings: Mapping[str, str]) -> NoticePeriod | None:
    if written is None:
        return None
    kind = _picked(written.day_kind, settings)
    start = _picked(written.start, settings)
    return NoticePeriod(
        written.days,
        "working" if kind == "working" else "calendar",
        start == "same_day",
        written.roll_forward,
        written.place,
        written.cite,
    )


def _picked(value: str | Switched, settings: Mapping[str, str]) -> str:
    return str(value.values[settings[value.by]]) if isinstance(value, Switched) else value
