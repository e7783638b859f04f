"""Whether an application can be handed in now: what forbids it, and what has to be acknowledged first."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from django.utils import timezone

from tidu.core.figures import day_in_words
from tidu.core.moments import end
from tidu.core.quoting import quoted
from tidu.policy.assess.explanation import CriterionResult
from tidu.recognition.applying.filled import Filled
from tidu.recognition.applying.questions import Judged
from tidu.recognition.models import Application, Call, Status
from tidu.recognition.process.rules import recognition_of
from tidu.recognition.process.window import is_open, last_moment, pack_state

#: Statuses in which an application is filled in and can be handed in.
OPEN: Final = frozenset({Status.DRAFT, Status.RETURNED})


@dataclass(frozen=True, slots=True)
class Obstacle:
    """Why an application cannot be handed in: a sentence, and the part of the form where it is put right."""

    text: str
    part: str = ""
    anchor: str = ""


@dataclass(frozen=True, slots=True)
class Readiness:
    """What stands between an application and its submission.

    ``obstacles`` forbid it. ``not_met``, where the pack lets it through with a warning, ``unknown`` and ``unsaid`` are
    named and must be acknowledged.
    """

    obstacles: tuple[Obstacle, ...]
    not_met: tuple[CriterionResult, ...]
    refuses_not_met: bool
    unknown: tuple[CriterionResult, ...]
    unsaid: tuple[Judged, ...]

    @property
    def ready(self) -> bool:
        """Whether it can be handed in, be it after acknowledging."""
        return not self.obstacles and not (self.not_met and self.refuses_not_met)

    @property
    def unsaid_count(self) -> int:
        """How many statements are missing."""
        return len(self.unsaid)

    @property
    def open_ends(self) -> bool:
        """Whether something is incomplete without forbidding it."""
        return bool(self.unknown or self.unsaid)


def readiness_of(filled: Filled) -> Readiness:
    """What stands in the way now. No query."""
    application = filled.application
    procedure = recognition_of(application.call).procedure
    return Readiness(
        tuple(_obstacles(filled)),
        filled.not_met,
        procedure is None or procedure.not_met == "refuse",
        filled.unknown,
        filled.unsaid,
    )


def why_not_now(application: Application) -> str:
    """Why nothing can be handed in at this moment: the window, the rule, the correction's limit. Empty where it can."""
    call = application.call
    if application.status == Status.RETURNED:
        limit = application.correction
        if limit is not None and timezone.localdate() > limit.due_on:
            return f"补正期限是 {day_in_words(limit.due_on)}，已经过了。"
        return ""
    if application.status != Status.DRAFT:
        return f"这一件现在是“{application.get_status_display()}”，不能再提交。"
    return _why_closed(call)


def _why_closed(call: Call) -> str:
    now = timezone.now()
    if call.state != Call.State.PUBLISHED:
        return f"通知现在是“{call.get_state_display()}”，不再受理。"
    if now < call.opens_at:
        return f"还没有开始受理，{timezone.localtime(call.opens_at):%Y-%m-%d %H:%M:%S} 开始。"
    if call.kind == Call.Kind.FIRST:
        state = pack_state(call)
        if not state.in_force:
            return f"通知依据的政策{state.force.label}，不能按它办理。"
    if not is_open(call, now):
        return f"受理已于 {end(last_moment(call))} 截止，没有提交。"
    return ""


def _obstacles(filled: Filled) -> list[Obstacle]:
    found = []
    closed = why_not_now(filled.application)
    if closed:
        found.append(Obstacle(closed))
    for part in filled.questions.parts:
        faults = filled.faults_in(part)
        if faults:
            found.append(Obstacle(f"{quoted(part.label)}有 {faults} 处填写还没有存下，请先改正。", part.id))
    found += [
        Obstacle(f"缺必须提交的材料：{material.label}。", "materials", f"m-{material.kind}")
        for material in filled.lacking
    ]
    return found
