"""What the district does with a case: findings, return for correction, recommendation or none."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from django.db import transaction

from tidu.core.actor import Actor
from tidu.core.audit.recording import record
from tidu.core.refusals import Refused
from tidu.policy.documents.criteria import Criterion
from tidu.recognition.actions.inquiries import close_for_correction
from tidu.recognition.models import (
    Act,
    Application,
    CaseKind,
    CriterionFinding,
    Level,
    Recommendation,
    Status,
    Submission,
)
from tidu.recognition.models.reviews import Finding
from tidu.recognition.process.moving import LONGEST_REASON, check_person, lock_application, take, write_act
from tidu.recognition.queries.differences import difference
from tidu.recognition.queries.open_points import Lack, OpenPoint, counted, open_points, settled
from tidu.recognition.queries.reviewing import (
    Standing,
    criteria_of,
    findings_of,
    last_submission,
    may_review,
    standing_of,
)
from tidu.recognition.queries.submissions import read_submission

LONGEST_NOTE: Final = 300
LONGEST_NUMBER: Final = 80
BEGAN: Final = "review"
_NAMED: Final = 3  # conditions that a refusal names


@transaction.atomic
def save_finding(
    *, actor: Actor, application: Application, criterion: str, finding: str, note: str = ""
) -> CriterionFinding:
    """Say of one condition of the last submission: accepted, rejected or doubted. Saying it again replaces it.

    Raises :class:`Refused`.
    """
    held = _held(actor, application)
    if finding not in Finding.values:
        raise Refused("请选择认可、不认可或存疑。", field="finding")
    note = note.strip()
    if len(note) > LONGEST_NOTE:
        raise Refused(f"说明请控制在 {LONGEST_NOTE} 个字以内，现在有 {len(note)} 个字。", field="note")
    if criterion not in {item.id for item in criteria_of(held.call)}:
        raise Refused("没有这项条件。请刷新页面。")
    submission = _submission(held)
    before = CriterionFinding.objects.filter(submission=submission, criterion=criterion).first()
    if before is not None and (before.finding, before.note) == (finding, note):
        return before
    return _say(actor, submission, criterion, finding, note=note, before=before)


@transaction.atomic
def accept_settled(*, actor: Actor, application: Application) -> int:
    """Accept at once the conditions that are settled and that nobody has judged yet. Returns how many.

    What a person must judge, what lacks a document and what a correction changed is left to be looked at one by one.
    """
    held = _held(actor, application)
    submission = _submission(held)
    content = read_submission(submission)
    besides = set(findings_of(submission))
    earlier = held.submissions.filter(number=submission.number - 1).first()
    if earlier is not None:
        besides |= difference(earlier, content).changed_criteria
    names = settled(held.call, content, besides=besides)
    for name in names:
        _say(actor, submission, name, Finding.ACCEPTED, together=len(names))
    return len(names)


def _say(
    actor: Actor,
    submission: Submission,
    criterion: str,
    finding: str,
    *,
    note: str = "",
    before: CriterionFinding | None = None,
    together: int = 0,
) -> CriterionFinding:
    held = submission.application
    found, _ = CriterionFinding.objects.update_or_create(
        submission=submission,
        criterion=criterion,
        defaults={
            "application": held,
            "finding": finding,
            "note": note,
            "found_by_id": actor.user_number,
        },
    )
    _begin(actor, held, submission)
    record(
        actor=actor,
        action="recognition.finding.saved",
        subject=held,
        enterprise_id=held.enterprise_id,
        before="" if before is None else before.finding,
        after=finding,
        detail={"criterion": criterion, "submission": submission.number, "note": note[:100]}
        | ({"together": together} if together else {}),
    )
    return found


def _held(actor: Actor, application: Application) -> Application:
    """The case under lock, where it is the actor's to review now."""
    held = lock_application(actor, application)
    if held.status != Status.DISTRICT:
        raise Refused(
            f"这件{held.call.noun}现在是“{held.get_status_display()}”，不能再改审核意见。请刷新页面。"
        )
    if not may_review(actor, held):
        raise Refused("审核意见不由您的岗位填写。")
    check_person(
        actor=actor,
        level=Level.DISTRICT,
        case=CaseKind.APPLICATION,
        case_id=held.pk,
        enterprise=held.enterprise,
    )
    return held


def _begin(actor: Actor, held: Application, submission: Submission) -> None:
    """One line in the history for each reviewer of a submission: it shows on which side they have acted."""
    began = Act.objects.filter(
        case=CaseKind.APPLICATION,
        case_id=held.pk,
        act=BEGAN,
        user_id=actor.user_number,
        at__gte=submission.submitted_at,
    )
    if not began.exists():
        write_act(
            actor=actor,
            case=CaseKind.APPLICATION,
            case_id=held.pk,
            act=BEGAN,
            label=f"审核第 {submission.number} 次提交的材料",
            level=Level.DISTRICT,
            before=held.status,
            after=held.status,
            shown=False,
        )


def _submission(held: Application) -> Submission:
    submission = last_submission(held)
    if submission is None:
        raise Refused("这一件没有提交的材料。请联系平台的系统管理员。")
    return submission


def _standing(held: Application) -> Standing:
    return standing_of(criteria_of(held.call), findings_of(_submission(held)))


def correction_text(standing: Standing, points: Iterable[OpenPoint]) -> str:
    """What is to be corrected, condition by condition, as the reviewer noted it; else what is missing in ``points``."""
    lines = [
        f"{criterion.label}：{found.note or found.get_finding_display()}"
        for criterion, found in (*standing.rejected, *standing.doubted)
    ] or [
        f"{point.label}：{point.lack.value}{f'（{point.note}）' if point.note else ''}"
        for point in points
        if point.lack in {Lack.UNKNOWN, Lack.UNSAID}
    ]
    return "\n".join(f"{number}. {line}" for number, line in enumerate(lines, 1))


@transaction.atomic
def return_for_correction(*, actor: Actor, application: Application, reason: str) -> Application:
    """Send a case back to its applicant. The reviewer's clock stands; the applicant's limit begins.

    Questions that are still open are taken up by the correction. Raises :class:`Refused`.
    """
    case = take(actor=actor, application=application, act="return", reason=reason)
    if case.repeated:
        return case.application
    close_for_correction(application=case.application)
    return case.move()


@dataclass(frozen=True, slots=True)
class Despite:
    """That the reviewer knows what a case leaves open and recommends it all the same, and why."""

    reason: str


@transaction.atomic
def recommend(
    *,
    actor: Actor,
    application: Application,
    opinion: str,
    document_no: str = "",
    despite: Despite | None = None,
) -> Application:
    """Recommend a case to the city. Every condition has a finding by then, and no question is open.

    What is open in the submission stays open: it takes ``despite`` to recommend over it, and the opinion says so.
    Raises :class:`Refused`.
    """
    case = take(actor=actor, application=application, act="recommend", reason=opinion)
    if case.repeated:
        return case.application
    held, document_no = case.application, document_no.strip()
    _no_open_question(held)
    standing = _standing(held)
    if standing.missing:
        raise Refused(f"还有 {len(standing.missing)} 项条件没有审核：{_labels(standing.missing)}。")
    if standing.unexplained:
        raise Refused(f"不认可的条件要写说明才能推荐：{_labels(standing.unexplained)}。")
    if len(document_no) > LONGEST_NUMBER:
        raise Refused(f"文号请控制在 {LONGEST_NUMBER} 个字以内。", field="document_no")
    points = open_points(held.call, read_submission(_submission(held)))
    if points:
        case.reason = _despite(case.reason, points, despite)
    Recommendation.objects.create(
        application=held,
        positive=True,
        opinion=case.reason,
        document_no=document_no,
        made_by_id=actor.user_number,
    )
    return case.move(
        detail={"document_no": document_no, "open": {item.id: item.lack.name.lower() for item in points}}
    )


def _despite(opinion: str, points: tuple[OpenPoint, ...], despite: Despite | None) -> str:
    """The opinion as it is kept: with what was open when it was given, and why that did not stand in the way."""
    number = counted(points)
    if despite is None:
        named = "、".join(
            f"{item.label}（{item.lack.value}{f'，{item.cite}' if item.cite else ''}）"
            for item in points[:_NAMED]
        )
        more = "等" if len(points) > _NAMED else ""
        raise Refused(
            f"这一件有 {number}：{named}{more}。确认仍要推荐的，请勾选确认并写明理由。", field="despite"
        )
    reason = " ".join(despite.reason.split()).rstrip("。")
    if not reason:
        raise Refused(f"这一件有 {number}，请写明仍要推荐的理由。", field="because")
    said = f"{opinion}（推荐时有 {number}，仍予推荐的理由：{reason}。）"
    if len(said) > LONGEST_REASON:
        raise Refused(f"意见和理由加起来多了 {len(said) - LONGEST_REASON} 个字，请缩短。", field="because")
    return said


@transaction.atomic
def not_recommend(*, actor: Actor, application: Application, criterion: str, reason: str) -> Application:
    """End a case here: the condition that failed gives the clause, and the applicant reads the reason.

    Raises :class:`Refused`.
    """
    case = take(actor=actor, application=application, act="not_recommend", reason=reason)
    if case.repeated:
        return case.application
    held = case.application
    _no_open_question(held)
    failed = next(
        (item for item, _ in _standing(held).rejected if item.id == criterion),
        None,
    )
    if failed is None:
        raise Refused("请选择一项审核为“不认可”的条件，作为不予推荐的依据。", field="criterion")
    case.cite = failed.cite or ""
    Recommendation.objects.create(
        application=held, positive=False, opinion=case.reason, made_by_id=actor.user_number
    )
    return case.move(detail={"criterion": criterion})


def _no_open_question(held: Application) -> None:
    waiting = held.inquiries.filter(answered_at__isnull=True).count()
    if waiting:
        raise Refused(f"还有 {waiting} 个问题等待企业答复，答复或逾期之后才能作出结论。")


def _labels(criteria: tuple[Criterion, ...]) -> str:
    named = "、".join(item.label for item in criteria[:_NAMED])
    return f"{named}等" if len(criteria) > _NAMED else named


@dataclass(frozen=True, slots=True)
class RowResult:
    """What became of one row of several: ``fault`` says why nothing did."""

    application: Application
    fault: str = ""


def recommend_several(
    *,
    actor: Actor,
    applications: Iterable[Application],
    opinion: str,
    document_no: str = "",
    despite: Despite | None = None,
) -> list[RowResult]:
    """Recommend several cases under one opinion, each in a transaction of its own, and tell of each."""
    results = []
    for application in applications:
        try:
            recommend(
                actor=actor,
                application=application,
                opinion=opinion,
                document_no=document_no,
                despite=despite,
            )
        except Refused as refused:
            results.append(RowResult(application, refused.message))
        else:
            results.append(RowResult(application))
    return results
