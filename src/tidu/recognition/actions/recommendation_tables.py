"""The recommendation table of a district: drafted from what it has said, issued with a number, each case in one."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import transaction
from django.urls import reverse

from tidu.core.actor import Actor
from tidu.core.audit.recording import record
from tidu.core.documents.drafting import draft_document, issue_document, redraft_document
from tidu.core.models import Jurisdiction, OfficialDocument
from tidu.core.refusals import Refused
from tidu.core.roles import Role
from tidu.desk.actions import notify
from tidu.recognition.models import Call, Level, Recommendation, RecommendationTable
from tidu.recognition.process.holding import check_person_for_all
from tidu.recognition.queries.recommending import print_of, unlisted_in
from tidu.recognition.recommendation_papers import title_of, words_of

KIND = "recommendation_table"
TOPIC = "推荐上报"


@transaction.atomic
def draft_table(*, actor: Actor, call: Call) -> RecommendationTable:
    """A draft with everything that stands in no table yet. An open draft is brought up to date instead.

    Raises :class:`Refused`.
    """
    held, district = _locked(actor, call)
    rows = list(unlisted_in(held, district.code))
    if not rows:
        raise Refused("没有还没列入汇总表的审核结论。先推荐，或作出不予推荐的结论。")
    _check(actor, rows)
    words = words_of(held, district.name, actor.organisation, rows)
    draft = _draft(actor, held, district)
    if draft is not None:
        redraft_document(actor=actor, document=draft.document, words=words)
        return draft
    document = draft_document(actor=actor, kind=KIND, title=title_of(held), words=words)
    made = RecommendationTable.objects.create(
        call=held, district=district, document=document, made_by_id=actor.user_number
    )
    record(
        actor=actor,
        action="recognition.table.drafted",
        subject=made,
        place=district.code,
        detail={"call": held.pk, "rows": len(rows)},
    )
    return made


@transaction.atomic
def issue_table(*, actor: Actor, table: RecommendationTable, seen: str) -> RecommendationTable:
    """Give the table its number and link what it lists. ``seen`` is the digest of the list that the actor looked at.

    A second click finds it issued. Raises :class:`Refused`.
    """
    call, district = _locked(actor, table.call)
    held = (
        RecommendationTable.objects.select_for_update(of=("self",))
        .select_related("document")
        .filter(
            pk=table.pk, call=call, district=district, document__organisation_id=actor.organisation_number
        )
        .first()
    )
    if held is None:
        raise Refused("找不到这份汇总表，或者它不属于您所在的机构。")
    if held.document.state == OfficialDocument.State.ISSUED:
        return held
    rows = list(unlisted_in(call, district.code).select_for_update(of=("self",)))
    if not rows:
        raise Refused("没有还没列入汇总表的审核结论，不能印发。")
    _check(actor, rows)
    if print_of(rows) != seen:
        raise Refused("名单在您查看之后有变化。请核对最新的名单，再印发。")
    for item in rows:
        item.table = held
        item.save(update_fields=["table"])
    redraft_document(
        actor=actor,
        document=held.document,
        words=words_of(call, district.name, actor.organisation, rows),
    )
    document = issue_document(actor=actor, document=held.document)
    held.document = document
    positive = sum(item.positive for item in rows)
    notify(
        actor=actor,
        topic=TOPIC,
        title=f"{district.name}报送推荐汇总表：{call.batch_name}",
        body=f"{document.number}，推荐 {positive} 家，不予推荐 {len(rows) - positive} 家。",
        url=reverse("recognition:recommendation-table", args=[call.pk, district.code]),
        organisation=call.organisation,
        role=Role.CITY_OFFICER,
        key=f"table-{held.pk}",
    )
    record(
        actor=actor,
        action="recognition.table.issued",
        subject=held,
        place=district.code,
        detail={"call": call.pk, "number": document.number, "rows": len(rows), "recommended": positive},
    )
    return held


def _check(actor: Actor, rows: Sequence[Recommendation]) -> None:
    """A table is made by nobody who has to keep away from one of its cases."""
    check_person_for_all(actor=actor, applications=[item.application for item in rows], level=Level.DISTRICT)


def _locked(actor: Actor, call: Call) -> tuple[Call, Jurisdiction]:
    """The call under lock, and the actor's district. One table of a district is written at a time."""
    if not actor.has(Role.DISTRICT_OFFICER) or not actor.place:
        raise Refused("推荐汇总表由旗县区工信部门编制。")
    held = (
        Call.objects.visible_to(actor)
        .select_for_update(of=("self",), no_key=True)
        .select_related("organisation")
        .filter(pk=call.pk)
        .first()
    )
    if held is None:
        raise Refused("找不到这份申报通知，或者它不在您的办理范围内。")
    return held, Jurisdiction.objects.get(pk=actor.place)


def _draft(actor: Actor, call: Call, district: Jurisdiction) -> RecommendationTable | None:
    return (
        RecommendationTable.objects.select_related("document")
        .filter(
            call=call,
            district=district,
            document__state=OfficialDocument.State.DRAFT,
            document__organisation_id=actor.organisation_number,
        )
        .first()
    )
