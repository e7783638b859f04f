"""Recommendation lists: asked for by an officer, made in the background, issued as a document by another officer."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any, Final

from django.db import transaction
from django.utils import timezone

from tidu.accounts.models import Organisation
from tidu.accounts.ties import tied
from tidu.core.actor import Actor
from tidu.core.audit.recording import record
from tidu.core.documents.drafting import draft_document, issue_document, void_document
from tidu.core.jobs import start
from tidu.core.models.jobs import JobState
from tidu.core.quoting import quoted
from tidu.core.refusals import Refused
from tidu.core.roles import Role
from tidu.policy.documents.library import load_library
from tidu.policy.documents.pack import Force
from tidu.recognition.life.letters import list_letter
from tidu.recognition.life.readiness import Row
from tidu.recognition.models import RecommendationList
from tidu.registry.models import Enterprise
from tidu.registry.vocabulary import vocabulary_in_view

KIND: Final = "recognition.recommendation.run"
MOST_ASKED: Final = 6
LONGEST_TITLE: Final = 120


@transaction.atomic
def start_recommendation(
    *,
    actor: Actor,
    held_tier: str,
    on: dt.date,
    title: str = "",
    pack: str = "",
    tier: str = "",
    asked: Sequence[dict[str, Any]] = (),
) -> RecommendationList:
    """Start a list of holders of ``held_tier`` against a higher tier in force, or against figures (``asked``).

    A second click finds the one that is being made. Raises :class:`Refused`.
    """
    if not actor.has(Role.CITY_OFFICER) or not actor.place:
        raise Refused("推荐名单由市级经办岗提出。")
    if held_tier not in vocabulary_in_view().tiers:
        raise Refused("请选择企业现有的称号。", field="held_tier")
    if on > timezone.localdate():
        raise Refused("截至日期晚于今天，请核对。", field="on")
    if bool(tier) == bool(asked):
        raise Refused("请选择对照的上级称号，或者填写资金项目要看的指标。", field="offer")
    if tier:
        _check_tier(actor, pack, tier, held_tier, on)
    if len(asked) > MOST_ASKED:
        raise Refused(f"指标最多选 {MOST_ASKED} 项。", field="asked")
    title = _title(title, held_tier, tier)
    Organisation.objects.select_for_update().get(pk=actor.organisation_number)
    again = RecommendationList.objects.filter(
        organisation_id=actor.organisation_number,
        title=title,
        pack=pack,
        tier=tier,
        held_tier=held_tier,
        on=on,
        finished_at__isnull=True,
        job__state__in=(JobState.QUEUED, JobState.RUNNING),
    ).first()
    if again is not None:
        return again
    found = RecommendationList.objects.create(
        organisation_id=actor.organisation_number,
        place_id=actor.place,
        title=title,
        pack=pack,
        tier=tier,
        asked=list(asked),
        held_tier=held_tier,
        on=on,
        made_by_id=actor.user_number,
    )
    found.job = start(actor=actor, kind=KIND, title=f"推荐名单：{title}", arguments={"list": found.pk})
    found.save(update_fields=["job"])
    record(
        actor=actor,
        action="recognition.recommendation.started",
        subject=found,
        detail={"held": held_tier, "pack": pack, "tier": tier, "figures": len(asked)},
    )
    return found


@transaction.atomic
def finish_recommendation(*, actor: Actor, found: RecommendationList, rows: list[Row]) -> None:
    """Keep the rows of a list. Once kept they stay."""
    held = RecommendationList.objects.select_for_update().get(pk=found.pk)
    if held.finished_at is not None:
        return
    held.rows, held.finished_at = rows, timezone.now()
    held.save(update_fields=["rows", "finished_at"])
    record(
        actor=actor,
        action="recognition.recommendation.finished",
        subject=held,
        after=rows,
        detail={"enterprises": len(rows), "met": sum(row["status"] == "met" for row in rows)},
    )


@transaction.atomic
def draft_list(*, actor: Actor, found: RecommendationList, most: int | None = None) -> RecommendationList:
    """Draft the list, or its first ``most`` rows, as an official document. Raises :class:`Refused`."""
    held = _held(actor, found)
    if held.finished_at is None:
        raise Refused("名单还没有做完，请稍后再拟文件。")
    rows = held.rows if most is None else held.rows[:most]
    if not rows:
        raise Refused("名单里没有企业，不能拟文件。")
    if held.document is not None and held.document.number:
        raise Refused("名单已经印发，不能再改。")
    about, basis = described(held)
    former = held.document
    letter = list_letter(held, about, rows, basis)
    held.document = draft_document(
        actor=actor,
        kind="recommendation_list",
        title=f"关于印发{held.title}的通知"[:160],
        words=letter.as_words(),
    )
    held.save(update_fields=["document"])
    if former is not None:
        void_document(actor=actor, document=former, reason="重新拟制")
    record(actor=actor, action="recognition.recommendation.drafted", subject=held, detail={"rows": len(rows)})
    return held


@transaction.atomic
def issue_list(*, actor: Actor, found: RecommendationList) -> RecommendationList:
    """Issue what another officer has drafted. A second click changes nothing."""
    held = _held(actor, found)
    if held.document is None:
        raise Refused("请先拟制文件，看过草稿再印发。")
    if held.document.number:
        return held
    if held.document.made_by_id == actor.user_id:
        raise Refused("文件由您拟制，应由另一位经办人印发。")
    held.document = issue_document(actor=actor, document=held.document)
    record(
        actor=actor,
        action="recognition.recommendation.issued",
        subject=held,
        detail={"number": held.document.number},
    )
    return held


def described(found: RecommendationList) -> tuple[str, str]:
    """What a list is measured by, in words, and the document that this rests on."""
    if not found.pack:
        return f"{quoted(found.title)}要看的指标", ""
    library = load_library()
    if found.pack not in library.packs:
        return f"政策包 {found.pack}", ""
    pack = library.get(found.pack)
    return f"《{pack.document.title}》的{pack.recognition(found.tier).title}条件", pack.document.title


def _title(written: str, held_tier: str, tier: str) -> str:
    """The name as it was written; a list for a higher tier can do without, one for a fund (no ``tier``) cannot."""
    tiers = vocabulary_in_view().tiers
    title = " ".join(written.split())
    if not title and not tier:
        raise Refused("请填写资金项目的名称。", field="title")
    title = title or f"{tiers[held_tier].short}企业推荐申报{tiers[tier].short}名单"
    if len(title) > LONGEST_TITLE:
        raise Refused(f"名称请控制在 {LONGEST_TITLE} 个字以内。", field="title")
    return title


def _check_tier(actor: Actor, pack: str, tier: str, held_tier: str, on: dt.date) -> None:
    tiers = vocabulary_in_view().tiers
    offers = load_library().offers(actor.place, on)
    if not any((offer.pack.id, offer.tier) == (pack, tier) for offer in offers):
        raise Refused("请选择正在施行的政策里的称号。", field="offer")
    if load_library().get(pack).force(on, tier) is not Force.IN_FORCE or (
        tiers[tier].rank <= tiers[held_tier].rank
    ):
        raise Refused("对照的称号应当高于企业现有的称号。", field="offer")


def _held(actor: Actor, found: RecommendationList) -> RecommendationList:
    if not actor.has(Role.CITY_OFFICER):
        raise Refused("推荐名单由市级经办岗办理。")
    held = (
        RecommendationList.objects.select_for_update(of=("self",))
        .visible_to(actor)
        .select_related("document", "organisation")
        .filter(pk=found.pk)
        .first()
    )
    if held is None:
        raise Refused("找不到这份名单，或者它不属于您所在的机构。")
    named = Enterprise.objects.filter(pk__in=[row["id"] for row in held.rows])
    if named.filter(tied(actor)).exists():
        raise Refused("名单里有您应当回避的企业。请转给同事。")
    return held
