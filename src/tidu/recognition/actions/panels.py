"""Panels: drawn, watched over and closed by the city's officers."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.db import transaction
from django.utils import timezone

from tidu.accounts.models import Membership
from tidu.core.actor import SYSTEM, Actor
from tidu.core.audit.recording import record
from tidu.core.calendar import close_deadline
from tidu.core.refusals import Refused, stated
from tidu.core.roles import Role
from tidu.desk.actions import finish_task
from tidu.recognition.actions.conflicts import end_conflicts
from tidu.recognition.actions.replacing import (
    REPLACE,
    draw_one_more,
    give_back,
    locked_panel,
    tell_expert,
)
from tidu.recognition.models import (
    Application,
    Assignment,
    Call,
    CaseKind,
    Level,
    Panel,
    PanelOpinion,
    Status,
)
from tidu.recognition.process.clocks import start_limit
from tidu.recognition.process.drawing import ALGORITHM, TooFewExperts, draw, in_order, new_seed
from tidu.recognition.process.holding import check_person_for_all
from tidu.recognition.process.moving import take, write_act
from tidu.recognition.queries.conflicts import exclusions
from tidu.recognition.queries.experts import UNFINISHED, experts_of_call, load_in, with_field
from tidu.recognition.queries.opinions import opinions_of
from tidu.recognition.queries.panels import all_of, applications_of, waiting_for_experts

MOST_EACH: Final = 9
_LONGEST_REASON: Final = 300
_LISTED: Final = 5


@dataclass(frozen=True, slots=True)
class Wish:
    """What an officer asks of a draw: which files, among whom, how many each, and what the experts may see.

    A ``blind`` panel sees no papers, as they bear the applicant's name, unless ``evidence_shown`` says otherwise.
    """

    name: str
    files: Collection[int]
    each: int = 3
    fields: tuple[str, ...] = ()
    blind: bool = False
    evidence_shown: bool = False


@transaction.atomic
def draw_panel(*, actor: Actor, call: Call, wish: Wish) -> Panel:
    """Draw experts for files that wait, record how, and let them know.

    Raises :class:`Refused` where a file could have too few experts, with the numbers of all such files.
    """
    if not actor.has(Role.CITY_OFFICER) or not Call.objects.visible_to(actor).filter(pk=call.pk).exists():
        raise Refused("找不到这份通知，或者它不由您的单位组织。")
    if not 1 <= wish.each <= MOST_EACH:
        raise Refused(f"每件评审人数应为 1 到 {MOST_EACH} 人。", field="each")
    files = _locked_files(actor, call, wish.files)
    check_person_for_all(actor=actor, applications=files, level=Level.CITY)
    done = _draw(call, files, wish)
    panel = Panel.objects.create(
        call=call,
        name=wish.name.strip()[:60] or f"第{call.panels.count() + 1}组",
        each=wish.each,
        seed=done.seed,
        blind=wish.blind or call.blind,
        evidence_hidden=(wish.blind or call.blind) and not wish.evidence_shown,
        drawing=done.record,
        chair=done.chair,
        deadline=start_limit(call, "experts"),
        made_by_id=actor.user_number,
    )
    Assignment.objects.bulk_create(
        Assignment(panel=panel, application_id=file, expert=expert)
        for file, experts in done.by_file.items()
        for expert in experts
    )
    for file in files:
        _history(actor, file.pk, "draw", "抽取评审专家")
    for expert in done.experts:
        tell_expert(actor, expert, panel)
    record(
        actor=actor,
        action="recognition.panel.drawn",
        subject=panel,
        after=panel.drawing,
        detail={
            "seed": done.seed,
            "files": len(files),
            "experts": len(done.experts),
            "each": wish.each,
            "blind": panel.blind,
            "evidence_hidden": panel.evidence_hidden,
        },
    )
    return panel


@transaction.atomic
def replace_expert(*, actor: Actor, assignment: Assignment, reason: str) -> Assignment | None:
    """Take a file from an expert who does not come to it, and draw another. ``None`` where nobody may take it.

    So with a sheet that is in, where its expert was found in conflict afterwards: it counts no more, and what the chair
    said of all the sheets is to be said anew.
    """
    reason = stated(reason, "更换的理由", most=_LONGEST_REASON)
    panel = _panel_for(actor, assignment.panel_id)
    held = (
        Assignment.objects.select_for_update(of=("self",))
        .select_related("application__enterprise", "expert__user")
        .get(pk=assignment.pk)
    )
    check_person_for_all(actor=actor, applications=[held.application], level=Level.CITY)
    if held.state == Assignment.State.REPLACED:
        return None  # the second of two clicks
    flagged = held.state == Assignment.State.SUBMITTED and bool(held.conflict)
    if not (flagged or held.state in UNFINISHED) or held.application.status != Status.EXPERTS:
        raise Refused(f"这件评审现在是“{held.get_state_display()}”，不能更换专家。")
    if flagged:
        PanelOpinion.objects.filter(application=held.application_id).delete()
    successor = give_back(
        actor=actor,
        panel=panel,
        assignment=held,
        state=Assignment.State.REPLACED,
        why=f"{held.conflict}；{reason}" if flagged else reason,
    )
    _history(actor, held.application_id, "replace_expert", "更换评审专家", reason)
    _finish_replacing(actor, panel)
    record(
        actor=actor,
        action="recognition.assignment.replaced",
        subject=held,
        enterprise_id=held.application.enterprise_id,
        detail={"reason": reason, "drawn": successor is not None, "handed_in": flagged},
    )
    return successor


@transaction.atomic
def draw_missing(*, actor: Actor, panel: Panel) -> int:
    """Draw again for files that have fewer experts than wanted. Returns how many came; none is refused."""
    held = _panel_for(actor, panel.pk)
    files = list(
        applications_of(actor, held).filter(status=Status.EXPERTS).select_related("enterprise").order_by("pk")
    )
    opinions = opinions_of([file.pk for file in files])
    files = [file for file in files if opinions[file.pk].wanted < held.each]
    if not files:
        raise Refused("每件评审的专家都已足额，不需要补抽。")
    check_person_for_all(actor=actor, applications=files, level=Level.CITY)
    came = 0
    for file in files:
        for _ in range(held.each - opinions[file.pk].wanted):
            came += draw_one_more(actor=actor, panel=held, application=file) is not None
    if not came:
        raise Refused("仍然没有可以补抽的专家：候选专家都已参加、已回避，或者应当回避。请先增补专家。")
    record(
        actor=actor,
        action="recognition.panel.filled",
        subject=held,
        after=held.drawing,
        detail={"came": came},
    )
    return came


@transaction.atomic
def name_chair(*, actor: Actor, panel: Panel, expert: Membership) -> Panel:
    """Say who speaks for the panel: one of its experts. Not by whoever has to avoid one of its files."""
    held = _panel_for(actor, panel.pk)
    check_person_for_all(
        actor=actor, applications=list(all_of(held).select_related("enterprise")), level=Level.CITY
    )
    among = Assignment.objects.filter(panel=held, expert=expert, conflict="").exclude(
        state__in=(Assignment.State.AVOIDED, Assignment.State.REPLACED)
    )
    if not among.exists():
        raise Refused("组长应当是这一组里正在评审的专家。", field="chair")
    before = held.chair_id
    held.chair = expert
    held.save(update_fields=["chair"])
    record(actor=actor, action="recognition.panel.chaired", subject=held, before=before, after=held.chair_id)
    return held


def conclude_panel(*, actor: Actor, panel: Panel, reason: str = "") -> int:
    """Move on every file whose sheets are all in; the panel is closed once none is left. Returns how many went on.

    What has come into conflict by now is ended first. A file that has fewer sheets than wanted, because nobody is left
    to draw, or one by somebody in conflict, goes on with a ``reason`` alone. What the actor has to avoid is left to a
    colleague.
    """
    end_conflicts(actor=SYSTEM, rows=Assignment.objects.filter(panel=panel))
    return _conclude(actor, panel, reason)


@transaction.atomic
def _conclude(actor: Actor, panel: Panel, reason: str) -> int:
    held = _panel_for(actor, panel.pk)
    files = list(applications_of(actor, held).filter(status=Status.EXPERTS).order_by("pk"))
    opinions = opinions_of([file.pk for file in files])
    ready = [file for file in files if opinions[file.pk].complete]
    if not ready:
        raise Refused("还没有一件评审的意见全部交齐，不能办结。")
    if any(opinions[file.pk].missing for file in ready) and not reason.strip():
        raise Refused("有的评审件意见少于规定人数，请写明按现有意见办结的理由。", field="reason")
    if any(opinions[file.pk].flagged for file in ready) and not reason.strip():
        raise Refused(
            "有的评审件里，已交意见的专家应当回避。请先更换，或者写明按现有意见办结的理由。", field="reason"
        )
    cases = [take(actor=actor, application=file, act="conclude", reason=reason) for file in ready]
    for case in cases:
        if not case.repeated:
            opinion = opinions[case.application.pk]
            case.move(
                detail={
                    "positive": opinion.positive,
                    "negative": opinion.negative,
                    "missing": opinion.missing,
                    "flagged": opinion.flagged,
                }
            )
    left = all_of(held).filter(status=Status.EXPERTS).count()
    if not left:
        held.state = Panel.State.CLOSED
        if held.deadline is not None:
            close_deadline(deadline=held.deadline)
        held.save(update_fields=["state"])
        finish_task(actor=actor, kind=REPLACE, subject=held, outcome="评审已办结")
    record(
        actor=actor,
        action="recognition.panel.concluded",
        subject=held,
        after=held.state,
        detail={"files": len(ready), "left": left, "reason": reason.strip()[:300]},
    )
    return len(ready)


@dataclass(frozen=True, slots=True)
class _Done:
    """A draw: the experts of each file in the order of the draw, all of them, and what anybody needs to repeat it."""

    seed: str
    by_file: Mapping[int, Sequence[Membership]]
    experts: Sequence[Membership]
    record: dict[str, Any]

    @property
    def chair(self) -> Membership:
        """The first who was drawn."""
        return next(iter(self.by_file.values()))[0]


def _draw(call: Call, files: Sequence[Application], wish: Wish) -> _Done:
    experts = {expert.pk: expert for expert in with_field(experts_of_call(call), wish.fields)}
    excluded = exclusions(list(experts.values()), files)
    eligible = {file.pk: [pk for pk in experts if pk not in excluded.get(file.pk, {})] for file in files}
    load = {expert: held for expert, held in load_in(call).items() if expert in experts}
    seed = new_seed()
    try:
        drawn = draw(seed=seed, eligible=eligible, each=wish.each, load=load)
    except TooFewExperts as too_few:
        raise Refused(_too_few(files, too_few, wish.each), field="fields") from None
    chosen = {pk for of_file in drawn.values() for pk in of_file}
    return _Done(
        seed,
        {file: [experts[pk] for pk in drawn[file]] for file in in_order(seed, eligible)},
        [expert for pk, expert in experts.items() if pk in chosen],
        {
            "algorithm": ALGORITHM,
            "fields": list(wish.fields),
            "pool": sorted(experts),
            "load": {str(expert): held for expert, held in sorted(load.items())},
            "files": {
                str(file): {
                    "excluded": {
                        str(expert): reasons for expert, reasons in sorted(excluded.get(file, {}).items())
                    },
                    "drawn": drawn[file],
                }
                for file in sorted(drawn)
            },
            "replacements": [],
        },
    )


def _locked_files(actor: Actor, call: Call, wanted: Collection[int]) -> list[Application]:
    """The wanted files as they are now: waiting for experts, and given to none."""
    waiting = set(waiting_for_experts(actor, call).filter(pk__in=wanted).values_list("pk", flat=True))
    files = list(
        Application.objects.select_for_update(of=("self",))
        .select_related("enterprise")
        .filter(pk__in=waiting, status=Status.EXPERTS)
        .order_by("pk")
    )
    still = set(waiting_for_experts(actor, call).filter(pk__in=waiting).values_list("pk", flat=True))
    files = [file for file in files if file.pk in still]
    if not files:
        raise Refused(f"没有等待抽取专家的{call.noun}。可能刚刚已由同事抽取，请返回查看。", field="files")
    return files


def _too_few(files: Sequence[Application], too_few: TooFewExperts, each: int) -> str:
    listed = [f"{file}（可选 {too_few.short[file.pk]} 人）" for file in files if file.pk in too_few.short]
    more = f"等 {len(listed)} 件" if len(listed) > _LISTED else ""
    return (
        f"排除回避的专家后，可选人数不足 {each} 人：{'、'.join(listed[:_LISTED])}{more}。"
        "请放宽专业领域、减少每件评审人数，或者先增补专家。"
    )


def _panel_for(actor: Actor, number: int) -> Panel:
    if not actor.has(Role.CITY_OFFICER) or not Panel.objects.visible_to(actor).filter(pk=number).exists():
        raise Refused("找不到这个专家组，或者它不由您的单位组织。")
    held = locked_panel(number)
    if held.state == Panel.State.CLOSED:
        raise Refused("这个专家组的评审已经办结。")
    return held


def _history(actor: Actor, application: int, act: str, label: str, reason: str = "") -> None:
    """A line of the case's history that the applicant does not read: experts stay unknown to them."""
    write_act(
        actor=actor,
        case=CaseKind.APPLICATION,
        case_id=application,
        act=act,
        label=label,
        level=Level.CITY,
        reason=reason,
        shown=False,
    )


def _finish_replacing(actor: Actor, panel: Panel) -> None:
    """The task of replacing ends with the last expert who was late or in conflict."""
    flagged = Assignment.objects.filter(
        panel=panel, state=Assignment.State.SUBMITTED, application__status=Status.EXPERTS
    ).exclude(conflict="")
    if flagged.exists():
        return
    if panel.deadline is None or panel.deadline.due_on >= timezone.localdate():
        finish_task(actor=actor, kind=REPLACE, subject=panel, outcome="已更换")
