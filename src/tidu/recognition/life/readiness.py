"""How ready recognised enterprises are for a higher tier or a fund call: assessed by the engine, ranked, explained.

Met comes first, then those that a person still has to judge, then whoever fails fewest conditions. What is not known
is counted by itself and never as failed.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from typing import Any, Final

from django.db.models import Q

from tidu.policy.assess.assessment import Assessment, assess
from tidu.policy.documents.library import load_library
from tidu.policy.documents.pack import Pack
from tidu.policy.quantities import Value
from tidu.policy.status import Status
from tidu.recognition.models import RecommendationList
from tidu.registry.fact_words import fact_label, value_words
from tidu.registry.models import Enterprise, EnterpriseStatus, Fact, Title
from tidu.registry.models.standing import TitleState
from tidu.registry.queries.facts import facts_from_rows, recognitions_of, value_of
from tidu.registry.vocabulary import vocabulary_in_view

PORTION: Final = 200
_NAMED: Final = 2
_ORDER: Final = {Status.MET: 0, Status.NEEDS_REVIEW: 1}

Row = dict[str, Any]
Report = Callable[[int, int], None]


def holders(city: str, tier: str, on: dt.date) -> list[int]:
    """The enterprises of a city that hold a tier on a day, those whose re-review keeps it among them."""
    held = Title.objects.filter(
        Q(valid_until__isnull=True) | Q(valid_until__gte=on) | Q(kept_until__gte=on),
        tier=tier,
        state=TitleState.HELD,
        removed_at__isnull=True,
        recognised_on__lte=on,
        enterprise__city_id=city,
        enterprise__status=EnterpriseStatus.ACTIVE,
    )
    return sorted(set(held.values_list("enterprise_id", flat=True)))


def _candidates(found: RecommendationList) -> list[int]:
    """The holders, without those that hold what the list is for, or more than that."""
    keys = holders(found.place_id, found.held_tier, found.on)
    tiers = vocabulary_in_view().tiers
    if not found.pack or found.tier not in tiers:
        return keys
    there = {
        key
        for tier, item in tiers.items()
        if item.rank >= tiers[found.tier].rank
        for key in holders(found.place_id, tier, found.on)
    }
    return [key for key in keys if key not in there]


def ranked_rows(found: RecommendationList, report: Report) -> list[Row]:
    """The rows of a list, the readiest first. ``report`` is told how many are done, and may raise to stop."""
    keys = _candidates(found)
    pack = load_library().get(found.pack) if found.pack else None
    rows: list[Row] = []
    report(0, len(keys))
    for start in range(0, len(keys), PORTION):
        for enterprise, facts, titles in _portion(keys[start : start + PORTION]):
            made = (
                _against_figures(facts, found.asked)
                if pack is None
                else _against_tier(enterprise, facts, titles, pack, found)
            )
            rows.append(
                {
                    "id": enterprise.pk,
                    "name": enterprise.name,
                    "uscc": enterprise.uscc,
                    "district": str(enterprise.district or ""),
                    **made,
                }
            )
        report(len(rows), len(keys))
    return sorted(rows, key=_readiness)


def _readiness(row: Row) -> tuple[Any, ...]:
    status = Status(row["status"])
    return (
        _ORDER.get(status, 2),
        row["not_met"],
        row["unknown"],
        row["needs_review"],
        -row.get("first", 0),
        row["name"],
    )


def _portion(keys: Sequence[int]) -> Iterator[tuple[Enterprise, list[Fact], list[Title]]]:
    facts: dict[int, list[Fact]] = defaultdict(list)
    titles: dict[int, list[Title]] = defaultdict(list)
    for fact in Fact.objects.filter(enterprise_id__in=keys, chosen=True):
        facts[fact.enterprise_id].append(fact)
    for title in Title.objects.filter(enterprise_id__in=keys):
        titles[title.enterprise_id].append(title)
    for enterprise in Enterprise.objects.filter(pk__in=keys).select_related("district").order_by("pk"):
        yield enterprise, facts[enterprise.pk], titles[enterprise.pk]


def _against_tier(
    enterprise: Enterprise, facts: list[Fact], titles: list[Title], pack: Pack, found: RecommendationList
) -> Row:
    known = facts_from_rows(enterprise, facts, recognitions_of(titles, found.on))
    result = assess(pack, known, tier=found.tier, as_of=found.on)
    counts = result.counts()
    return {
        "status": result.status.value,
        "met": counts[Status.MET],
        "total": len(result.criteria),
        "not_met": counts[Status.NOT_MET],
        "unknown": counts[Status.UNKNOWN],
        "needs_review": counts[Status.NEEDS_REVIEW],
        "word": _words(counts, result.status),
        "lacks": _lacks(result),
        "open": [
            {"label": item.criterion.label, "status": item.status.value, "cite": item.criterion.cite or ""}
            for item in result.criteria
            if item.status in {Status.NOT_MET, Status.UNKNOWN}
        ],
    }


def _words(counts: dict[Status, int], status: Status) -> str:
    if status is Status.MET:
        return "初步符合"
    parts = [
        f"{label} {counts[key]} 项"
        for key, label in (
            (Status.NOT_MET, "不符合"),
            (Status.UNKNOWN, "待补充"),
            (Status.NEEDS_REVIEW, "待评判"),
        )
        if counts[key]
    ]
    return "，".join(parts)


def _lacks(result: Assessment) -> str:
    """The one document that decides; where there is none, what the open conditions wait for."""
    if result.deciding is not None:
        return result.deciding.label
    evidence = result.pack.vocabulary.evidence
    papers = dict.fromkeys(
        evidence[kind].label
        for item in result.criteria
        if item.status is Status.UNKNOWN
        for kind in item.criterion.evidence[:1]
        if kind in evidence
    )
    if papers:
        more = f"等 {len(papers)} 种" if len(papers) > _NAMED else ""
        return f"{'、'.join(list(papers)[:_NAMED])}{more}"
    if result.status is Status.NOT_MET and result.gaps:
        return f"不缺材料；{result.gaps[0].criterion.label}没有达到"
    return "—"


def _against_figures(facts: list[Fact], asked: Sequence[dict[str, Any]]) -> Row:
    """Measured by the figures that a fund call asks for. ``least`` is in the engine's unit; none asks for no more."""
    vocabulary = vocabulary_in_view()
    known: dict[tuple[str, int], Value | None] = {
        (fact.indicator, fact.year): value_of(fact) for fact in facts
    }
    shown, missing, failed, first = [], [], [], 0.0
    for place, item in enumerate(asked):
        indicator = vocabulary.indicators.get(item["indicator"])
        value = known.get((item["indicator"], item["year"]))
        label = fact_label(item["indicator"], item["year"])
        least = item.get("least")
        if indicator is None or value is None:
            status = Status.UNKNOWN
            missing.append(label)
        elif least is None or _reaches(value, least):
            status = Status.MET
        else:
            status = Status.NOT_MET
            failed.append(label)
        if place == 0 and isinstance(value, (int, float)) and not isinstance(value, bool):
            first = float(value)
        words = "未报" if indicator is None or value is None else value_words(value, indicator)
        shown.append({"label": label, "status": status.value, "value": words, "cite": ""})
    status = Status.NOT_MET if failed else Status.UNKNOWN if missing else Status.MET
    counts = {
        Status.MET: len(asked) - len(failed) - len(missing),
        Status.NOT_MET: len(failed),
        Status.UNKNOWN: len(missing),
        Status.NEEDS_REVIEW: 0,
    }
    return {
        "status": status.value,
        "met": counts[Status.MET],
        "total": len(asked),
        "not_met": len(failed),
        "unknown": len(missing),
        "needs_review": 0,
        "word": _words(counts, status),
        "lacks": _papers_of(asked, known) if missing else "—",
        "first": first,
        "open": shown,
    }


def _papers_of(asked: Sequence[dict[str, Any]], known: dict[tuple[str, int], Value | None]) -> str:
    vocabulary = vocabulary_in_view()
    papers: dict[str, None] = {}
    for item in asked:
        indicator = vocabulary.indicators.get(item["indicator"])
        if indicator is None or known.get((item["indicator"], item["year"])) is not None:
            continue
        for kind in indicator.evidence[:1]:
            papers[vocabulary.evidence[kind].label] = None
    return "、".join(list(papers)[:_NAMED]) or "企业填报"


def _reaches(value: Value, least: float) -> bool:
    if isinstance(value, bool):
        return value or not least
    if not isinstance(value, (int, float)):
        return True
    return value >= least - 1e-9 * max(1.0, abs(least)) if isinstance(value, float) else value >= least
