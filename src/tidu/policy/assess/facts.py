"""Facts of one enterprise: what a facts file, a form or a registry says, as exact typed values under flat names.

A facts file is YAML (JSON included): ``id: value`` in the unit of the edge (money in 元), per-year indicators
as ``revenue: {2024: 12000000}``, and the lists ``recognitions``, ``events`` and ``payments``. Blank is
unknown; 0 and false are values.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, Final

from tidu.policy.errors import InputError, Problem
from tidu.policy.language.scope import did_you_mean
from tidu.policy.quantities import Kind, Value
from tidu.policy.vocabulary.indicators import EventKind, Indicator, Quantity
from tidu.policy.vocabulary.validation import closest
from tidu.policy.vocabulary.values import parse_value, shown
from tidu.policy.vocabulary.vocabulary import Vocabulary
from tidu.policy.vocabulary.yaml_source import KeyPath, YamlDocument

EARLIEST_YEAR: Final = 1978
LATEST_YEAR: Final = 2100
MOST_ENTRIES: Final = 500
MOST_LISTED: Final = 100
#: Finding the nearest of some hundred names takes a millisecond; a file of misspelt names must not take seconds.
MOST_SUGGESTIONS: Final = 20
MOST_PROBLEMS: Final = 100
LONGEST_NAME: Final = 100
LISTS: Final = ("recognitions", "events", "payments")
_YEAR: Final = re.compile(r"[0-9]{4}")

Values = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Recognition:
    """A title that was given. ``basis`` tells a first recognition from a passed re-review."""

    tier: str
    authority: str
    recognised_on: dt.date
    expires_on: dt.date | None
    basis: str = "new"


@dataclass(frozen=True, slots=True)
class Event:
    """A dated happening of a declared kind; ``values`` are its fields, absent ones unknown."""

    kind: str
    on: dt.date
    values: Values


@dataclass(frozen=True, slots=True)
class Payment:
    """Money already received: class of the reward, what it was for, fen, from whom and when."""

    cls: str
    what_for: str
    amount: int | None
    by: str
    on: dt.date | None


@dataclass(frozen=True, slots=True)
class Facts:
    """Everything stated about one enterprise.

    ``values`` maps flat names (``name``, ``revenue_2025``) to typed values; ``recognitions`` is ``None``
    where nobody has said whether there are any, and an empty tuple where there are none. ``sources`` says,
    per flat name, where a value came from.
    """

    values: Values = field(default_factory=lambda: MappingProxyType({}))
    recognitions: tuple[Recognition, ...] | None = None
    events: tuple[Event, ...] = ()
    payments: tuple[Payment, ...] = ()
    sources: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))

    def on(self, day: dt.date, tiers: Iterable[str]) -> Values:
        """The values in view of rules on ``day``: those stated, and ``holds_<tier>`` for the titles asked about.

        A title without an end date is neither valid nor lapsed: ``holds_`` stays unknown.
        """
        wanted = tuple(tiers)
        if not wanted or self.recognitions is None:
            return self.values
        return {
            **self.values,
            **{f"holds_{tier}": held for tier in wanted if (held := self._holds(tier, day)) is not None},
        }

    def _holds(self, tier: str, day: dt.date) -> bool | None:
        open_ended = False
        for title in self.recognitions or ():
            if title.tier != tier or title.recognised_on > day:
                continue
            if title.expires_on is None:
                open_ended = True
            elif title.expires_on >= day:
                return True
        return None if open_ended else False


def read_facts(
    document: YamlDocument, vocabulary: Vocabulary, indicators: Mapping[str, Indicator] | None = None
) -> Facts:
    """The facts in ``document``. ``indicators`` (default: the vocabulary's) are those that may be stated.

    Raises :class:`InputError` with every problem: unknown names with a suggestion, impossible values with their place.
    """
    reader = _Reader(document, vocabulary, indicators or vocabulary.indicators)
    facts = reader.read()
    if reader.problems:
        raise InputError(*reader.problems)
    return facts


def facts_from(
    data: object, vocabulary: Vocabulary, indicators: Mapping[str, Indicator] | None = None
) -> Facts:
    """Facts from plain data, as an API receives them. Raises :class:`InputError`; places are keys."""
    return read_facts(YamlDocument("facts", data, {}), vocabulary, indicators)


class _Reader:
    def __init__(
        self, document: YamlDocument, vocabulary: Vocabulary, indicators: Mapping[str, Indicator]
    ) -> None:
        self._document = document
        self._vocabulary = vocabulary
        self._indicators = indicators
        self.problems: list[Problem] = []

    def read(self) -> Facts:
        data = self._document.data
        if data is None:
            return Facts()
        if not isinstance(data, dict):
            self._say((), "事实文件应为“指标: 数值”的映射")
            return Facts()
        if len(data) > MOST_ENTRIES:
            self._say((), f"事实超过 {MOST_ENTRIES} 项")
            return Facts()
        values: dict[str, Any] = {}
        for key, raw in data.items():
            if key not in LISTS:
                self._indicator(str(key), raw, values)
        recognitions = self._entries(data, "recognitions", self._recognition)
        return Facts(
            MappingProxyType(values),
            None if recognitions is None else tuple(recognitions),
            tuple(self._entries(data, "events", self._event) or ()),
            tuple(self._entries(data, "payments", self._payment) or ()),
        )

    def _say(self, path: KeyPath, message: str, remedy: str | None = None) -> None:
        line = self._document.line_of(path)
        key = ".".join(str(step) for step in path) or None
        self.problems.append(Problem(message, self._document.file, line, key, remedy))
        if len(self.problems) == MOST_PROBLEMS:
            more = Problem("问题太多，其余没有列出", self._document.file, remedy="先改正以上各处")
            raise InputError(*self.problems, more)

    def _nearest(self, name: str, known: Iterable[str]) -> str | None:
        """The remedy that proposes the nearest name, for the first faults of a file."""
        if len(self.problems) >= MOST_SUGGESTIONS or len(name) > LONGEST_NAME:
            return None
        return did_you_mean(closest(name, known))

    def _indicator(self, name: str, raw: object, values: dict[str, Any]) -> None:
        indicator = self._indicators.get(name)
        if indicator is None:
            by_label = {item.label: key for key, item in self._indicators.items()}
            remedy = did_you_mean(by_label.get(name)) or self._nearest(name, self._indicators)
            self._say((name,), f"没有名为“{shown(name)}”的指标", remedy)
        elif indicator.derived is not None:
            self._say((name,), f"“{indicator.label}”由系统推算，不用填写", "删去这一行")
        elif not indicator.per_year:
            self._value((name,), raw, indicator, name, values)
        elif not isinstance(raw, dict):
            if raw is not None:
                self._say((name,), f"“{indicator.label}”按年填写", f"写作 {name}: {{2025: 数值}}")
        else:
            for year, figure in raw.items():
                if not _YEAR.fullmatch(str(year)) or not EARLIEST_YEAR <= int(year) <= LATEST_YEAR:
                    self._say(
                        (name, year), f"“{shown(year)}”不是 {EARLIEST_YEAR} 到 {LATEST_YEAR} 之间的年份"
                    )
                else:
                    self._value((name, year), figure, indicator, f"{name}_{int(year)}", values)

    def _value(
        self, path: KeyPath, raw: object, indicator: Indicator, flat: str, values: dict[str, Any]
    ) -> None:
        if raw is None:
            return
        try:
            values[flat] = parse_value(raw, indicator)
        except ValueError as error:
            self._say(path, f"“{indicator.label}”{error}")

    def _entries(self, data: dict[Any, Any], part: str, read: Any) -> list[Any] | None:
        raw = data.get(part)
        if raw is None:
            return None
        if not isinstance(raw, list) or len(raw) > MOST_LISTED:
            self._say((part,), f"应为列表，最多 {MOST_LISTED} 项")
            return None
        found = []
        for index, item in enumerate(raw):
            if isinstance(item, dict):
                entry = read(item, (part, index))
                if entry is not None:
                    found.append(entry)
            else:
                self._say((part, index), "应为“键: 值”的映射")
        return found

    def _known(self, item: dict[Any, Any], allowed: Iterable[str], path: KeyPath) -> None:
        for key in item:
            if key not in allowed:
                self._say((*path, key), f"不认识“{shown(key)}”", self._nearest(str(key), allowed))

    def _day(self, item: dict[Any, Any], key: str, path: KeyPath, *, required: bool = True) -> dt.date | None:
        raw = item.get(key)
        if raw is None:
            if required:
                self._say((*path, key), "缺少日期", "写作 2025-12-31")
            return None
        found = self._field(item, key, path, _DATE)
        return found if isinstance(found, dt.date) else None

    def _field(self, item: dict[Any, Any], key: str, path: KeyPath, described: Quantity) -> Value | None:
        """One entry of a list as a typed value; ``None`` when it is absent or has been complained of."""
        if item.get(key) is None:
            return None
        try:
            return parse_value(item[key], described)
        except ValueError as error:
            self._say((*path, key), f"“{described.label}”{error}")
            return None

    def _words(self, item: dict[Any, Any], key: str, path: KeyPath) -> str:
        return str(self._field(item, key, path, _TEXT) or "")

    def _recognition(self, item: dict[Any, Any], path: KeyPath) -> Recognition | None:
        self._known(item, ("tier", "authority", "recognised_on", "expires_on", "basis"), path)
        tier = self._words(item, "tier", path)
        if tier not in self._vocabulary.tiers:
            named = self._vocabulary.tier_named(tier)
            near = None if named is None else did_you_mean(named.id)
            remedy = (
                near
                or self._nearest(tier, self._vocabulary.tiers)
                or f"可选：{'、'.join(self._vocabulary.tiers)}"
            )
            said = f"没有名为“{shown(tier)}”的称号层级" if tier else "缺少称号层级"
            self._say((*path, "tier"), said, remedy)
            return None
        basis = self._words(item, "basis", path) or "new"
        if basis not in {"new", "re_review"}:
            self._say((*path, "basis"), f"“{basis}”不是取得方式", "new 为新认定，re_review 为复核通过")
        since = self._day(item, "recognised_on", path)
        until = self._day(item, "expires_on", path, required=False)
        if since is None:
            return None
        if until is not None and until < since:
            self._say((*path, "expires_on"), "截止日早于认定日", "核对两个日期")
        return Recognition(tier, self._words(item, "authority", path), since, until, basis)

    def _event(self, item: dict[Any, Any], path: KeyPath) -> Event | None:
        name = self._words(item, "kind", path)
        kind = self._vocabulary.events.get(name)
        if kind is None:
            by_label = {described.label: key for key, described in self._vocabulary.events.items()}
            near = did_you_mean(by_label.get(name)) or self._nearest(name, self._vocabulary.events)
            remedy = near or f"可选：{'、'.join(self._vocabulary.events)}"
            self._say((*path, "kind"), f"没有名为“{shown(name)}”的事项" if name else "缺少事项种类", remedy)
            return None
        self._known(item, ("kind", "on", *kind.fields), path)
        on = self._day(item, "on", path)
        values = self._fields(item, kind, path)
        return None if on is None else Event(name, on, MappingProxyType(values))

    def _fields(self, item: dict[Any, Any], kind: EventKind, path: KeyPath) -> dict[str, Any]:
        values = {name: self._field(item, name, path, described) for name, described in kind.fields.items()}
        return {name: value for name, value in values.items() if value is not None}

    def _payment(self, item: dict[Any, Any], path: KeyPath) -> Payment | None:
        self._known(item, ("class", "for", "amount", "by", "on"), path)
        for key in ("class", "for"):
            if not item.get(key):
                self._say((*path, key), "缺少这一项", "例如 class: recognition_award，for: srdi")
                return None
        amount = self._field(item, "amount", path, _MONEY)
        on = self._day(item, "on", path, required=False)
        what_for = self._words(item, "for", path)
        tier = self._vocabulary.tier_named(what_for)
        return Payment(
            self._words(item, "class", path),
            what_for if tier is None else tier.id,
            amount if isinstance(amount, int) else None,
            self._words(item, "by", path),
            on,
        )


_TEXT: Final = Quantity(id="text", label="文字", help="文字", kind=Kind.TEXT)
_DATE: Final = Quantity(id="day", label="日期", help="日期", kind=Kind.DATE)
_MONEY: Final = Quantity(id="amount", label="金额", help="已收到的金额，元", kind=Kind.MONEY, minimum=0)
