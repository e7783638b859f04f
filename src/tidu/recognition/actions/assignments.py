"""What an expert does with a file: declares, avoids, judges, submits; and the chair speaks for the panel."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import Any, Final

from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from tidu.core.actor import Actor
from tidu.core.audit.recording import record
from tidu.core.components import Fault
from tidu.core.quoting import quoted
from tidu.core.refusals import Refused, stated
from tidu.core.roles import Role
from tidu.desk.actions import notify
from tidu.recognition.actions.replacing import TOPIC, give_back, locked_panel
from tidu.recognition.models import Assignment, CaseKind, Level, Panel, PanelOpinion, Status
from tidu.recognition.process.moving import write_act
from tidu.recognition.queries.conflicts import conflict_of
from tidu.recognition.queries.experts import UNFINISHED
from tidu.recognition.queries.opinions import GONE, is_complete
from tidu.recognition.queries.sheets import MET, NOT_MET, Sheet, may_write, said_in, sheet_of

LONGEST_NOTE: Final = 300
LONGEST_OPINION: Final = 1000
SHORTEST_OPINION: Final = 5
_LONGEST_REASON: Final = 300
_GONE_BY: Final = "这件评审已不在您的名下，或者已经办结。"


@dataclass(slots=True)
class SheetSaved:
    """What a save left: the time, what stands in each control now, and the controls that were not taken, with why."""

    shown: dict[str, str]
    at: dt.datetime = field(default_factory=timezone.localtime)
    held_back: dict[str, str] = field(default_factory=dict)


@transaction.atomic
def declare_no_conflict(*, actor: Actor, assignment: Assignment) -> Assignment:
    """The expert declares to have no conflict; only then the file opens. What is on record is looked at once more."""
    panel, held = _held(actor, assignment)
    if held.declared_at is not None:
        return held  # the second of two clicks
    if conflict_of(held.expert, held.application):
        raise Refused("登记的信息显示您与这家企业有利害关系，不能声明无利害关系。请选择回避。")
    held.declared_at = timezone.now()
    held.state = Assignment.State.OPEN
    held.save(update_fields=["declared_at", "state"])
    _history(actor, held, "declare", "专家声明无利害关系")
    record(
        actor=actor,
        action="recognition.assignment.declared",
        subject=held,
        enterprise_id=held.application.enterprise_id,
        detail={"panel": panel.pk},
    )
    return held


@transaction.atomic
def avoid(*, actor: Actor, assignment: Assignment, reason: str) -> bool:
    """The expert steps back from a file, before it opens or when a conflict comes to light. Another is drawn.

    Returns whether anybody could take over.
    """
    reason = stated(reason, "回避的理由", most=_LONGEST_REASON)
    panel, held = _held(actor, assignment)
    successor = give_back(
        actor=actor, panel=panel, assignment=held, state=Assignment.State.AVOIDED, why=reason
    )
    _history(actor, held, "avoid", "专家回避")
    record(
        actor=actor,
        action="recognition.assignment.avoided",
        subject=held,
        enterprise_id=held.application.enterprise_id,
        detail={"declared": held.declared_at is not None, "drawn": successor is not None},
    )
    return successor is not None


@transaction.atomic
def save_sheet(
    *, actor: Actor, assignment: Assignment, texts: Mapping[str, str], shown: Mapping[str, str]
) -> SheetSaved:
    """Take in what was typed, control by control; what another tab has changed since is not overwritten.

    ``shown`` is what stood in the controls when the page was made. A draft leaves no event in the record.
    """
    _, held = _held(actor, assignment, lock_panel=False)
    if not may_write(held):
        raise Refused("这份评审表已经提交，不能再改。")
    sheet = sheet_of(held.panel.call)
    standing = values_of(held, sheet)
    saved = SheetSaved(shown=dict(standing))
    for name, stands in standing.items():
        if name not in texts:
            continue
        text = texts[name].replace("\r\n", "\n").strip()
        if text in {shown.get(name, stands), stands}:
            continue
        if shown.get(name, stands) != stands:
            words = _in_words(name, stands)
            saved.held_back[name] = (
                f"另一个窗口已把这里改为“{words}”，没有覆盖。要以这里填的为准，请再改一次。"
            )
            continue
        fault = _unfit(name, text)
        if fault:
            saved.held_back[name] = fault
            continue
        _put(held, name, text)
        saved.shown[name] = text
    held.saved_at = saved.at
    held.save(update_fields=["judgements", "scores", "positive", "opinion", "saved_at"])
    return saved


@transaction.atomic
def submit_sheet(*, actor: Actor, assignment: Assignment) -> Assignment:
    """Hand the sheet in, for good. Whoever hands in twice has handed in once."""
    panel, held = _held(actor, assignment, submitted=True)
    if held.state == Assignment.State.SUBMITTED:
        return held
    if held.declared_at is None:
        raise Refused("请先声明有没有利害关系。")
    faults = faults_of(held, sheet_of(panel.call))
    if faults:
        raise Refused(f"还有 {len(faults)} 处没有填好：{faults[0].text}")
    held.state = Assignment.State.SUBMITTED
    held.submitted_at = timezone.now()
    held.save(update_fields=["state", "submitted_at"])
    _history(actor, held, "give_opinion", "专家提交评审意见")
    _tell_when_in(actor, panel, held)
    record(
        actor=actor,
        action="recognition.assignment.submitted",
        subject=held,
        enterprise_id=held.application.enterprise_id,
        after=said_in(held),
        detail={"panel": panel.pk},
    )
    return held


@transaction.atomic
def speak_for_panel(
    *, actor: Actor, assignment: Assignment, positive: bool | None, opinion: str
) -> PanelOpinion:
    """The chair's words for the whole panel on a file whose sheets are all in."""
    panel, held = _held(actor, assignment, submitted=True)
    if chair_of(panel, held.application_id) != held.pk:
        raise Refused("专家组意见由组长填写。")
    if not is_complete(Assignment.objects.filter(application=held.application_id)):
        raise Refused("还有专家没有提交意见，交齐以后才能填写专家组意见。")
    opinion = opinion.strip()
    if positive is None:
        raise Refused("请选择专家组是否建议认定。", field="positive")
    if not SHORTEST_OPINION <= len(opinion) <= LONGEST_OPINION:
        raise Refused(f"请填写专家组意见，{SHORTEST_OPINION} 到 {LONGEST_OPINION} 个字。", field="opinion")
    said, _ = PanelOpinion.objects.update_or_create(
        application_id=held.application_id,
        defaults={
            "panel": panel,
            "positive": positive,
            "opinion": opinion,
            "made_by_id": actor.user_number,
        },
    )
    record(
        actor=actor,
        action="recognition.panel.opinion",
        subject=held,
        enterprise_id=held.application.enterprise_id,
        after={"positive": positive, "opinion": opinion},
    )
    return said


def chair_of(panel: Panel, application_id: int) -> int | None:
    """The assignment whose expert speaks for the panel on a file: the panel's chair, else the first drawn for it.

    Nobody who is in conflict.
    """
    standing = Assignment.objects.filter(panel=panel, application_id=application_id, conflict="").exclude(
        state__in=GONE
    )
    rows = list(standing.order_by("pk").values_list("pk", "expert_id"))
    return next((pk for pk, expert in rows if expert == panel.chair_id), rows[0][0] if rows else None)


def values_of(assignment: Assignment, sheet: Sheet) -> dict[str, str]:
    """What stands in every control of a sheet, by the control's name."""
    judgements: Mapping[str, Mapping[str, str]] = assignment.judgements
    found: dict[str, str] = {}
    for item in sheet.judged:
        judged = judgements.get(item.id, {})
        found[f"finding-{item.id}"] = judged.get("finding", "")
        found[f"note-{item.id}"] = judged.get("note", "")
    for scored in sheet.scored:
        found[f"score-{scored.id}"] = str(assignment.scores.get(scored.id, ""))
    found["positive"] = {None: "", True: "yes", False: "no"}[assignment.positive]
    found["opinion"] = assignment.opinion
    return found


def faults_of(assignment: Assignment, sheet: Sheet) -> list[Fault]:
    """What is still missing from a sheet, each with the control it is about."""
    values = values_of(assignment, sheet)
    found = []
    for item in sheet.judged:
        finding = values[f"finding-{item.id}"]
        if finding not in {MET, NOT_MET}:
            found.append(Fault(f"f-finding-{item.id}", f"{quoted(item.label)}还没有评判"))
        elif finding == NOT_MET and not values[f"note-{item.id}"]:
            found.append(Fault(f"f-note-{item.id}", f"{quoted(item.label)}评为不符合，请写明理由"))
    for scored in sheet.scored:
        points = _points(values[f"score-{scored.id}"])
        if points is None or not 0 <= points <= Decimal(str(scored.most)):
            found.append(Fault(f"f-score-{scored.id}", f"{quoted(scored.label)}请给 0 到 {scored.most:g} 分"))
    if not values["positive"]:
        found.append(Fault("f-positive", "请选择是否建议认定"))
    if len(values["opinion"]) < SHORTEST_OPINION:
        found.append(Fault("f-opinion", f"请填写总体意见，至少 {SHORTEST_OPINION} 个字"))
    return found


def answered(assignment: Assignment, sheet: Sheet) -> int:
    """How many of the sheet's answers are there."""
    return sheet.total - len(faults_of(assignment, sheet))


def _held(
    actor: Actor, assignment: Assignment, *, submitted: bool = False, lock_panel: bool = True
) -> tuple[Panel, Assignment]:
    """The panel and the actor's own file, locked in this order; only while the case is with the experts."""
    panel = locked_panel(assignment.panel_id) if lock_panel else assignment.panel
    held = (
        Assignment.objects.select_for_update(of=("self",))
        .select_related("application__enterprise", "expert__user", "expert__organisation", "panel__call")
        .visible_to(actor)
        .filter(pk=assignment.pk)
        .first()
        if actor.has(Role.EXPERT)
        else None
    )
    if held is None or held.application.status != Status.EXPERTS or panel.state != Panel.State.OPEN:
        raise Refused(_GONE_BY)
    if held.state not in UNFINISHED and not (submitted and held.state == Assignment.State.SUBMITTED):
        raise Refused("这份评审表已经提交，不能再改。")
    if held.declared_at is not None and conflict_of(held.expert, held.application):
        raise Refused(_GONE_BY)
    return panel, held


def _history(actor: Actor, held: Assignment, act: str, label: str) -> None:
    """A line of the case's history, so that the expert acts on no other side of it. The applicant never reads it."""
    write_act(
        actor=actor,
        case=CaseKind.APPLICATION,
        case_id=held.application_id,
        act=act,
        label=label,
        level=Level.EXPERT,
        shown=False,
    )


def _tell_when_in(actor: Actor, panel: Panel, held: Assignment) -> None:
    """Tell the chair once a file is whole, and the city once all of the panel are."""
    sheets = list(Assignment.objects.filter(application=held.application_id).exclude(state__in=GONE))
    if not is_complete(sheets):
        return
    chair = Assignment.objects.select_related("expert__user").get(
        pk=chair_of(panel, held.application_id) or held.pk
    )
    notify(
        actor=actor,
        topic=TOPIC,
        title=f"{chair.label}的意见已交齐，可以填写专家组意见",
        url=reverse("recognition:assignment-panel", args=[chair.pk]),
        users=[chair.expert.user],
        key=f"assignment-{chair.pk}-whole",
    )
    out = Assignment.objects.filter(panel=panel, state__in=UNFINISHED, application__status=Status.EXPERTS)
    if not out.exists():
        notify(
            actor=actor,
            topic=TOPIC,
            title=f"专家意见已全部交齐：{panel.call.batch_name}{panel.name}"[:200],
            body="请查看分歧情况，办结评审。",
            url=reverse("recognition:panel", args=[panel.pk]),
            organisation=panel.call.organisation,
            role=Role.CITY_OFFICER,
            key=f"panel-{panel.pk}-whole",
        )


def _put(held: Assignment, name: str, text: str) -> None:
    kind, _, of = name.partition("-")
    if kind in {"finding", "note"}:
        held.judgements = {**held.judgements, of: {**held.judgements.get(of, {}), kind: text}}
    elif kind == "score":
        held.scores = {**held.scores, of: text}
    elif kind == "positive":
        held.positive = {"yes": True, "no": False}.get(text)
    else:
        held.opinion = text


def _unfit(name: str, text: str) -> str:
    """Why a text cannot be taken at all; what is only incomplete is kept and told when the sheet is handed in."""
    kind = name.partition("-")[0]
    longest = {"note": LONGEST_NOTE, "opinion": LONGEST_OPINION, "score": 12}.get(kind, LONGEST_NOTE)
    if len(text) > longest:
        return f"请控制在 {longest} 个字以内，现在有 {len(text)} 个字，这一项没有保存。"
    if kind == "finding" and text not in {MET, NOT_MET, ""}:
        return "请选择符合或者不符合。"
    if kind == "positive" and text not in {"yes", "no", ""}:
        return "请选择建议认定或者不建议认定。"
    return ""


def _in_words(name: str, text: str) -> str:
    words: Mapping[str, Any] = {MET: "符合", NOT_MET: "不符合", "yes": "建议认定", "no": "不建议认定"}
    shown = str(words.get(text, text)) or "空"
    return shown if len(shown) <= 30 or name == "positive" else f"{shown[:30]}…"  # noqa: PLR2004


def _points(text: str) -> Decimal | None:
    try:
        found = Decimal(text)
    except InvalidOperation:
        return None
    return found if found.is_finite() else None
