"""The size of an enterprise by the SME size standard (工信部联企业〔2011〕300号).

Large, medium and small each need every lower limit of the industry's row, otherwise the enterprise drops a class;
micro needs one measure below its limit. So the class is the lowest of the classes that the measures reach alone, and
a single measure below its large limit already makes an SME. Limits are inclusive. Industries that the standard does
not list have no size by it: a person decides.
"""

from __future__ import annotations

import functools
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Literal, get_args

from tidu.policy.status import Status
from tidu.policy.vocabulary.size_standard import Measure, Outside, SizeRow, SizeStandard, load_size_standard

Size = Literal["micro", "small", "medium", "large"]

SIZES: tuple[Size, ...] = get_args(Size)
SME: frozenset[Size] = frozenset(SIZES[:-1])
SIZE_LABELS: Mapping[Size, str] = dict(
    zip(SIZES, ("微型企业", "小型企业", "中型企业", "大型企业"), strict=True)
)
MEASURE_LABELS: Mapping[Measure, str] = {
    "employees": "从业人员",
    "revenue": "营业收入",
    "total_assets": "资产总额",
}

_RANGES = {
    (low, high): frozenset(SIZES[low : high + 1]) for high in range(len(SIZES)) for low in range(high + 1)
}
_LARGEST = len(SIZES) - 1


@dataclass(frozen=True, slots=True)
class SizeResult:
    """What can be said of an enterprise's size.

    ``status`` is ``met`` when ``size`` is certain, ``unknown`` while ``missing`` inputs could change it, and
    ``needs_review`` when the industry lies outside the standard (``size`` and ``row`` are then ``None``).
    ``possible`` are the classes still open, ``used`` the measures that decided (persons, fen), ``reason`` a sentence.
    """

    size: Size | None
    status: Status
    row: SizeRow | None
    reason: str
    used: Mapping[Measure, int] = field(default_factory=dict)
    missing: tuple[str, ...] = ()
    possible: frozenset[Size] = frozenset(SIZES)

    @property
    def label(self) -> str:
        """The class in words; while some are open, those that it may be; ``未定`` where it may be any or none."""
        if not 0 < len(self.possible) < len(SIZES):
            return "未定"
        *others, last = (SIZE_LABELS[size] for size in SIZES if size in self.possible)
        return f"{'、'.join(other.removesuffix('企业') for other in others)}或{last}" if others else last

    def among(self, classes: Iterable[Size]) -> Status:
        """Whether the size is one of ``classes``, decided as soon as every open class agrees."""
        if self.status is Status.NEEDS_REVIEW:
            return Status.NEEDS_REVIEW
        return _among(self.possible, frozenset(classes))


def _among(possible: frozenset[Size], classes: frozenset[Size]) -> Status:
    if possible <= classes:
        return Status.MET
    return Status.UNKNOWN if possible & classes else Status.NOT_MET


def size_class(
    industry_code: str | None,
    employees: int | None,
    revenue: int | None,
    total_assets: int | None,
    *,
    standard: SizeStandard | None = None,
) -> SizeResult:
    """The size class from persons and fen, by ``standard`` (default: the one in force now), with its reason.

    Measures that the industry's row does not use are ignored, and a missing one counts only while it could matter.
    """
    if industry_code is None:
        return SizeResult(
            None, Status.UNKNOWN, None, "没有填写所属行业，不能划分企业规模", missing=("industry_code",)
        )
    row = (standard or load_size_standard()).find(industry_code)
    if row is None:
        reason = f"行业代码“{industry_code}”不存在或不够细，须填到中类或小类才能划分企业规模"
        return SizeResult(None, Status.UNKNOWN, None, reason, missing=("industry_code",))
    if isinstance(row, Outside):
        return SizeResult(None, Status.NEEDS_REVIEW, None, row.reason, possible=frozenset())
    values: Mapping[Measure, int | None] = {
        "employees": employees,
        "revenue": revenue,
        "total_assets": total_assets,
    }
    used: dict[Measure, int] = {}
    for limit in row.limits:
        value = values[limit.measure]
        if value is not None:
            used[limit.measure] = value
    possible = _possible(row, values)
    if len(possible) > 1:
        missing = tuple(limit.measure for limit in row.limits if values[limit.measure] is None)
        names = "、".join(MEASURE_LABELS[measure] for measure in missing)
        return SizeResult(
            None, Status.UNKNOWN, row, _open_reason(row, names, possible), used, missing, possible
        )
    size = next(iter(possible))
    return SizeResult(size, Status.MET, row, _reason(row, used, size), used, (), possible)


def is_sme(
    industry_code: str | None,
    employees: int | None,
    revenue: int | None,
    total_assets: int | None,
    *,
    standard: SizeStandard | None = None,
) -> Status:
    """Whether the enterprise is medium, small or micro. One measure below its large limit is enough to say so."""
    return size_class(industry_code, employees, revenue, total_assets, standard=standard).among(SME)


def possible_sizes(
    industry_code: str | None, employees: int | None, revenue: int | None, total_assets: int | None
) -> frozenset[Size] | None:
    """The classes still open by the standard in force now, ``None`` when it does not list the industry.

    The bare decision of :func:`size_class`, without a reason: compiled rules call it for every enterprise.
    """
    row = None if industry_code is None else _current_row(industry_code)
    if row is None:
        return _RANGES[0, _LARGEST]
    if isinstance(row, Outside):
        return None
    return _possible(row, {"employees": employees, "revenue": revenue, "total_assets": total_assets})


@functools.lru_cache(maxsize=4096)
def _current_row(industry_code: str) -> SizeRow | Outside | None:
    return load_size_standard().find(industry_code)


def _possible(row: SizeRow, values: Mapping[Measure, int | None]) -> frozenset[Size]:
    low = high = _LARGEST
    for limit in row.limits:
        value = values[limit.measure]
        if value is None:
            low = 0
        else:
            high = min(high, limit.rank(value))
    return _RANGES[min(low, high), high]


def size_rows(standard: SizeStandard | None = None) -> tuple[SizeRow, ...]:
    """The rows in table form, for engines that decide column by column: prefixes, measures, limits in persons and fen.

    A code that begins with none of their prefixes is ``needs_review`` when it begins with one of
    :func:`outside_prefixes` and ``unknown`` otherwise.
    """
    return (standard or load_size_standard()).rows


def outside_prefixes(standard: SizeStandard | None = None) -> tuple[str, ...]:
    """Beginnings of the codes (with section letter) that the standard does not list."""
    return tuple(prefix for entry in (standard or load_size_standard()).outside for prefix in entry.prefixes)


def _reason(row: SizeRow, used: Mapping[Measure, int], size: Size) -> str:
    ranks = {limit.measure: limit.rank(used[limit.measure]) for limit in row.limits if limit.measure in used}
    parts = [
        f"{MEASURE_LABELS[measure]} {_shown(measure, used[measure])}达到{SIZE_LABELS[SIZES[rank]][:2]}限额"
        if rank
        else f"{MEASURE_LABELS[measure]} {_shown(measure, used[measure])}低于小型限额"
        for measure, rank in ranks.items()
    ]
    rule = "，各项须同时达到，" if len(row.limits) > 1 else "，"
    return f"按“{row.label}”划型：{'；'.join(parts)}{rule}为{SIZE_LABELS[size]}"


def _open_reason(row: SizeRow, names: str, possible: frozenset[Size]) -> str:
    highest = max(SIZES.index(size) for size in possible)
    known = "" if highest == _LARGEST else f"，最高为{SIZE_LABELS[SIZES[highest]]}，已可确定属于中小企业"
    return f"按“{row.label}”划型：缺{names}，规模未定{known}"


def _shown(measure: Measure, value: int) -> str:
    if measure == "employees":
        return f"{value:,} 人"
    sign, cents = ("-", -value) if value < 0 else ("", value)
    hundredths = (cents + 5_000) // 10_000  # hundredths of 万元, rounded half up
    return f"{sign}{hundredths // 100:,}.{hundredths % 100:02d} 万元"
