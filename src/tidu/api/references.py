"""``GET``: the packs, the vocabulary and the reference tables."""

from __future__ import annotations

from typing import Annotated, Final

from django.http import HttpRequest
from django.utils import timezone
from ninja import P, PathEx, Query, Router
from pydantic import Field

from tidu.api.library import find_known_tier, find_pack, find_place, packs_at_hand
from tidu.api.pack_answers import pack_answer, pack_summary, packs_listed
from tidu.api.pack_shapes import PackAnswer, PackList
from tidu.api.reference_answers import places_answer, sectors_answer, vocabulary_answer
from tidu.api.reference_shapes import PlacesAnswer, SectorsAnswer, VocabularyAnswer
from tidu.api.shapes import Day, Faults, Shape
from tidu.policy.errors import InputError, Problem
from tidu.policy.language.scope import did_you_mean
from tidu.policy.vocabulary.validation import closest

REFUSALS: Final = frozenset({404, 422, 429})
MOST_SECTORS: Final = 100

AreaCode = Annotated[str, Field(max_length=6)]

router = Router(tags=["资料"], by_alias=True)


class PacksQuery(Shape):
    """Filters of the list of packs."""

    place: Annotated[AreaCode | None, Field(description="对这个地区的企业有效的；六位代码")] = None
    tier: Annotated[str | None, Field(max_length=64, description="认定这一级称号的")] = None
    on: Annotated[Day | None, Field(description="在这一天施行的；不写则不论是否施行都列出")] = None


class PackQuery(Shape):
    """The day of which the state is asked."""

    on: Annotated[Day | None, Field(description="施行状态按这一天计算，默认为今天（北京时间）")] = None


class VocabularyQuery(Shape):
    """Whose vocabulary is asked."""

    pack: Annotated[str | None, Field(max_length=60, description="连同这个政策包自己的指标和事项")] = None


class SectorsQuery(Shape):
    """What is searched for."""

    q: Annotated[str, Field(min_length=1, max_length=60, description="行业名称的一部分，或代码的开头")]
    limit: Annotated[int, Field(ge=1, le=MOST_SECTORS, description="最多列出几个")] = 20


class PlacesQuery(Shape):
    """Which places are asked."""

    within: Annotated[AreaCode | None, Field(description="只列这个地区和它以内的；六位代码")] = None


@router.get(
    "/packs",
    operation_id="list_packs",
    response={200: PackList, REFUSALS: Faults},
    summary="政策包列表",
    description="全部政策包，或按地区、层级、日期筛选。被新规定替代的层级，在替代之日起不再列出。",
)
def list_packs(request: HttpRequest, query: Query[PacksQuery]) -> PackList:
    """The packs that fit."""
    _known_only(request, PacksQuery)
    library = packs_at_hand()
    place = None if query.place is None else find_place(query.place, "place")
    tier = None if query.tier is None else find_known_tier(library, query.tier)
    on = query.on or timezone.localdate()
    found = packs_listed(library, place=place, tier=tier, on=query.on)
    return PackList(on=on, packs=[pack_summary(pack, on) for pack in found])


@router.get(
    "/packs/{pack_id}",
    operation_id="show_pack",
    response={200: PackAnswer, REFUSALS: Faults},
    summary="一个政策包",
    description="文件、施行期间、解释口径、参数、各级条件、奖励、服务、任务分工和目标，每一项带条款。",
)
def show_pack(
    request: HttpRequest, pack_id: PathEx[str, P(description="政策包的标识")], query: Query[PackQuery]
) -> PackAnswer:
    """One pack in full."""
    _known_only(request, PackQuery)
    return pack_answer(find_pack(packs_at_hand(), pack_id), query.on or timezone.localdate())


@router.get(
    "/vocabulary",
    operation_id="show_vocabulary",
    response={200: VocabularyAnswer, REFUSALS: Faults},
    summary="词汇表",
    description="可以填写的指标、事项和称号，以及证明材料。",
)
def show_vocabulary(request: HttpRequest, query: Query[VocabularyQuery]) -> VocabularyAnswer:
    """What facts may state."""
    _known_only(request, VocabularyQuery)
    library = packs_at_hand()
    if query.pack is None:
        return vocabulary_answer(library.vocabulary)
    return vocabulary_answer(find_pack(library, query.pack).in_view)


@router.get(
    "/sectors",
    operation_id="search_sectors",
    response={200: SectorsAnswer, REFUSALS: Faults},
    summary="查行业代码",
    description="按名称或代码查《国民经济行业分类》，最相近的在前。",
)
def search_sectors(request: HttpRequest, query: Query[SectorsQuery]) -> SectorsAnswer:
    """The sectors that fit the words best."""
    _known_only(request, SectorsQuery)
    return sectors_answer(query.q, query.limit)


@router.get(
    "/places",
    operation_id="list_places",
    response={200: PlacesAnswer, REFUSALS: Faults},
    summary="地区代码",
    description="行政区划和开发区；开发区的代码以所在城市的前四位开头。",
)
def list_places(request: HttpRequest, query: Query[PlacesQuery]) -> PlacesAnswer:
    """The places, or those within one."""
    _known_only(request, PlacesQuery)
    return places_answer(None if query.within is None else find_place(query.within, "within"))


def _known_only(request: HttpRequest, query: type[Shape]) -> None:
    """Refuse parameters that nobody reads: a misspelt filter would otherwise silently filter nothing."""
    known = query.model_fields
    unknown = [name for name in request.GET if name not in known][:10]
    if unknown:
        remedy = f"可用的参数：{'、'.join(known)}"
        raise InputError(
            *(
                Problem("没有这个参数", key=name, remedy=did_you_mean(closest(name, known)) or remedy)
                for name in unknown
            )
        )
