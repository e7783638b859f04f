"""A public notice as its page shows it: the official paper, its list, and how long it runs."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.db.models import Q, QuerySet
from django.utils import timezone

from tidu.core.citations import clauses, doubt
from tidu.core.components import Clause, Column, Doubt
from tidu.core.figures import short_day
from tidu.core.models.deadlines import DayUnit
from tidu.core.moments import end
from tidu.policy.documents.pack import Pack
from tidu.policy.documents.recognition_document import RecognitionDocument, Switched
from tidu.policy.errors import InputError
from tidu.recognition.models import Notice, NoticeItem
from tidu.recognition.process.rules import limit_of, pack_of, settings_of
from tidu.recognition.public.windows import Window, window_of_notice
from tidu.registry.models.standing import Level

PER_PAGE = 200
COLUMNS = (
    Column("序号", number=True),
    Column("企业名称"),
    Column("统一社会信用代码"),
    Column("推荐单位所在地"),
    Column("级别"),
)


@dataclass(frozen=True, slots=True)
class NoticePage:
    """What the page needs beside the rows of the list."""

    notice: Notice
    window: Window
    paragraphs: tuple[str, ...]
    level: str
    period: str
    clauses: tuple[Clause, ...]
    doubts: tuple[Doubt, ...]
    answered_within: str
    answered_clauses: tuple[Clause, ...]


def notice_page(notice: Notice) -> NoticePage:
    """The page of a notice."""
    call = notice.call
    pack, recognition = _rules_of(notice)
    limit = limit_of(call, "objection")
    unit = "个工作日" if limit["day_kind"] == DayUnit.WORKING.value else "日"
    return NoticePage(
        notice=notice,
        window=window_of_notice(notice),
        paragraphs=tuple(_paragraphs(notice)),
        level=_level(pack, call.tier),
        period=period_words(notice),
        clauses=() if pack is None else clauses(pack, [notice.cite or None]),
        doubts=() if pack is None or recognition is None else tuple(_doubts(notice, pack, recognition)),
        answered_within=f"{limit['days']} {unit}",
        answered_clauses=() if pack is None else clauses(pack, [limit["cite"] or None]),
    )


def _rules_of(notice: Notice) -> tuple[Pack | None, RecognitionDocument | None]:
    """The pack of the call and what it says of the tier; nothing where the pack cannot be read any more."""
    try:
        pack = pack_of(notice.call)
        return pack, pack.recognition(notice.call.tier)
    except (InputError, KeyError):  # the page of a notice outlives the pack
        return None, None


def listed(notice: Notice, typed: str) -> QuerySet[NoticeItem]:
    """The enterprises of a notice, those alone whose name or code has what was typed."""
    rows = notice.items.all()
    for word in typed.split()[:6]:
        rows = rows.filter(Q(name__icontains=word) | Q(uscc__icontains=word) | Q(district__icontains=word))
    return rows


def period_words(notice: Notice) -> str:
    """How the period was counted, in a sentence."""
    published = timezone.localdate(notice.published_at)
    year = notice.last_day
    unit = "个工作日" if notice.unit == DayUnit.WORKING else "日"
    first = "发布当日计入" if notice.first_day_counts else "发布当日不计"
    return (
        f"公示期 {notice.days} {unit}，{short_day(published, year)} 发布，{first}，"
        f"自 {short_day(notice.starts_on, year)} 起算，至 {end(notice.ends_at)} 止。"
    )


def _paragraphs(notice: Notice) -> Iterator[str]:
    """The text of the document without its tables: the list stands on the page as frozen when it was published."""
    words = notice.document.words
    for part in words.get("parts", ()):
        if part.get("kind") in {"paragraph", "heading"} and part.get("text"):
            yield part["text"]


def _level(pack: Pack | None, tier: str) -> str:
    if pack is None or tier not in pack.vocabulary.tiers:
        return "—"
    return Level(pack.vocabulary.tiers[tier].level).label


def _doubts(notice: Notice, pack: Pack, recognition: RecognitionDocument) -> Iterator[Doubt]:
    """The readings by which the period was counted, where the text leaves it open."""
    rule = None if recognition.procedure is None else recognition.procedure.notice
    if rule is None:
        return
    chosen = settings_of(notice.call)
    for value in (rule.day_kind, rule.start):
        if isinstance(value, Switched) and value.by in pack.document.interpretations:
            yield doubt(pack, value.by, chosen.get(value.by))
