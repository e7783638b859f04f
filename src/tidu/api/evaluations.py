"""``POST``: one enterprise against packs and standards. Nothing of a call is kept.

The answers are written by the same functions as those of the command line, so they are handed on as they are; the
declared shapes describe them, and the tests hold the two together.
"""

from __future__ import annotations

import datetime as dt
from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from ninja import Body, Router

from tidu.api.answers import AssessmentAnswer, LadderAnswer, RewardsAnswer, SizeAnswer
from tidu.api.library import (
    find_pack,
    find_settings,
    find_tier,
    packs_at_hand,
    read_stated,
)
from tidu.api.reference_answers import standard_answer
from tidu.api.refusals import json_answer
from tidu.api.requests import AssessRequest, LadderRequest, RewardsRequest, SizeRequest
from tidu.api.shapes import Faults
from tidu.policy.assess.assessment import assess
from tidu.policy.assess.ladder import climb
from tidu.policy.assess.rendering import Json, assessment_json, ladder_json, rewards_json
from tidu.policy.assess.rewards import rewards
from tidu.policy.errors import InputError, Problem
from tidu.policy.quantities import yuan
from tidu.policy.vocabulary.sectors import load_sectors
from tidu.policy.vocabulary.size import SIZE_LABELS, SIZES, SME, SizeResult, size_class
from tidu.policy.vocabulary.size_standard import Measure, SizeRow, SizeStandard, load_size_standard
from tidu.policy.vocabulary.values import parse_value
from tidu.policy.vocabulary.vocabulary import load_vocabulary

REFUSALS: Final = frozenset({400, 404, 413, 415, 422, 429})

router = Router(tags=["评估"], by_alias=True)


def _day(as_of: dt.date | None) -> dt.date:
    return timezone.localdate() if as_of is None else as_of


@router.post(
    "/assess",
    operation_id="assess",
    response={200: AssessmentAnswer, REFUSALS: Faults},
    summary="预评估",
    description="拿一家企业的事实对照一个政策包的一级称号，逐条给出状态、数值、要求和条款，并说明缺什么、怎么补。",
)
def assess_enterprise(request: HttpRequest, call: Body[AssessRequest]) -> HttpResponse:  # noqa: ARG001 - ninja's signature
    """One tier of one pack, criterion by criterion."""
    return json_answer(assessment(call))


def assessment(call: AssessRequest) -> Json:
    """The answer to a call of ``assess``. Raises :class:`InputError` and :class:`~tidu.api.refusals.Refused`."""
    library = packs_at_hand()
    pack = find_pack(library, call.pack)
    tier = find_tier(pack, call.tier)
    settings = find_settings(pack, call.settings)
    facts = read_stated(call.facts, library, pack)
    found = assess(
        pack, facts, tier=tier, as_of=_day(call.as_of), base_year=call.base_year, settings=settings
    )
    return assessment_json(found)


@router.post(
    "/rewards",
    operation_id="rewards",
    response={200: RewardsAnswer, REFUSALS: Faults},
    summary="应享奖励",
    description="按称号、事项和已经领过的奖励，逐项说明一家企业应享什么奖励，为什么，依据哪一条。",
)
def rewards_of_enterprise(request: HttpRequest, call: Body[RewardsRequest]) -> HttpResponse:  # noqa: ARG001 - ninja's signature
    """Every benefit of one pack."""
    library = packs_at_hand()
    pack = find_pack(library, call.pack)
    if not pack.document.benefits:
        remedy = "换一个 benefit_count 不为 0 的政策包"
        raise InputError(Problem(f"政策包 {pack.id} 没有奖励", key="pack", remedy=remedy))
    settings = find_settings(pack, call.settings)
    facts = read_stated(call.facts, library, pack)
    return json_answer(rewards_json(rewards(pack, facts, as_of=_day(call.as_of), settings=settings)))


@router.post(
    "/ladder",
    operation_id="ladder",
    response={200: LadderAnswer, REFUSALS: Faults},
    summary="梯度",
    description="拿一家企业的事实对照基准日那天施行的每一级称号，说明持有哪些、差在哪里、下一级是哪一级。",
)
def ladder_of_enterprise(request: HttpRequest, call: Body[LadderRequest]) -> HttpResponse:  # noqa: ARG001 - ninja's signature
    """Every rung at once."""
    library = packs_at_hand()
    facts = read_stated(call.facts, library)
    return json_answer(ladder_json(climb(library, facts, as_of=_day(call.as_of), base_year=call.base_year)))


@router.post(
    "/size",
    operation_id="size",
    response={200: SizeAnswer, REFUSALS: Faults},
    summary="企业规模",
    description="按中小企业划型标准划分大型、中型、小型、微型；缺数据时说明还可能是哪几种。",
)
def size_of_enterprise(request: HttpRequest, call: Body[SizeRequest]) -> HttpResponse:  # noqa: ARG001 - ninja's signature
    """The size class by the standard in force on the day."""
    sector = load_sectors().get(call.industry_code)
    if sector is None:
        remedy = "代码见 GET /api/v1/sectors?q=行业名称"
        raise InputError(
            Problem(f"没有代码为“{call.industry_code}”的行业", key="industry_code", remedy=remedy)
        )
    measures = _measures(call)
    standard = load_size_standard(call.as_of)
    found = size_class(
        sector.code,
        measures["employees"],
        measures["revenue"],
        measures["total_assets"],
        standard=standard,
    )
    return json_answer(_size_json(found, standard))


def _measures(call: SizeRequest) -> dict[Measure, int | None]:
    """Persons and fen. Raises :class:`InputError` with the key of each bad figure."""
    indicators = load_vocabulary().indicators
    raw: dict[Measure, Any] = {
        "employees": call.employees,
        "revenue": call.revenue,
        "total_assets": call.total_assets,
    }
    measures: dict[Measure, int | None] = dict.fromkeys(raw)
    problems = []
    for name, value in raw.items():
        if value is None:
            continue
        try:
            measures[name] = int(str(parse_value(value, indicators[name])))
        except ValueError as error:
            problems.append(Problem(f"“{indicators[name].label}”{error}", key=name))
    if problems:
        raise InputError(*problems)
    return measures


def _size_json(found: SizeResult, standard: SizeStandard) -> Json:
    return {
        "size": found.size,
        "label": None if found.size is None else SIZE_LABELS[found.size],
        "status": found.status.value,
        "sme": found.among(SME).value,
        "possible": [size for size in SIZES if size in found.possible],
        "reason": found.reason,
        "used": {name: _edge(name, value) for name, value in found.used.items()},
        "missing": list(found.missing),
        "row": None if found.row is None else _row_json(found.row),
        "standard": standard_answer(standard.edition).model_dump(),
    }


def _row_json(row: SizeRow) -> Json:
    return {
        "id": row.id,
        "label": row.label,
        "limits": [
            {
                "measure": limit.measure,
                "small": _edge(limit.measure, limit.small),
                "medium": _edge(limit.measure, limit.medium),
                "large": _edge(limit.measure, limit.large),
            }
            for limit in row.limits
        ],
    }


def _edge(measure: Measure, value: int) -> int | str:
    return value if measure == "employees" else yuan(value)
