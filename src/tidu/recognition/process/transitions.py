"""What may be done to an application, by whom, and where it leads. The one table; everything else reads it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final, cast

from tidu.core.roles import ENTERPRISE_ROLES, Role
from tidu.policy.documents.recognition_document import Stage as RouteStage
from tidu.policy.documents.route import Route
from tidu.recognition.models import Call, Level, Stage, Status

#: The status of an application that has come to a stage.
AT: Final[dict[str, Status]] = {
    "district": Status.DISTRICT,
    "experts": Status.EXPERTS,
    "decision": Status.DECISION,
    "notice": Status.SELECTED,
    "recognition": Status.SELECTED,
}


@dataclass(frozen=True, slots=True)
class Transition:
    """One act.

    ``target`` is the status it leads to; ``onward`` means to the next stage on the call's way, and neither that the
    case stays where it is. ``told`` is what the applicant reads. Both speak of 申报; :meth:`said_of` has the words
    for a call.
    """

    act: str
    label: str
    level: Level
    roles: frozenset[Role]
    sources: frozenset[Status]
    target: Status | None = None
    onward: bool = False
    needs_reason: bool = False
    told: str = ""

    def said_of(self, call: Call) -> Transition:
        """The same act in the words of what is handed in to ``call``: 提交申报, or 提交复核材料."""
        label, told = (words.replace("申报", call.papers) for words in (self.label, self.told))
        return replace(self, label=label, told=told)


_MANAGER: Final = frozenset({Role.ENTERPRISE_MANAGER})
_DISTRICT: Final = frozenset({Role.DISTRICT_OFFICER})
_CITY: Final = frozenset({Role.CITY_OFFICER})
_SYSTEM: Final[frozenset[Role]] = frozenset()
_UNDECIDED: Final = frozenset({Status.DISTRICT, Status.RETURNED, Status.EXPERTS, Status.DECISION})

_ALL: Final = (
    Transition("submit", "提交申报", Level.ENTERPRISE, _MANAGER, frozenset({Status.DRAFT}), onward=True),
    Transition(
        "withdraw",
        "撤回申报",
        Level.ENTERPRISE,
        _MANAGER,
        _UNDECIDED | {Status.DRAFT},
        Status.WITHDRAWN,
    ),
    Transition(
        "return",
        "退回补正",
        Level.DISTRICT,
        _DISTRICT,
        frozenset({Status.DISTRICT}),
        Status.RETURNED,
        needs_reason=True,
        told="申报被退回补正，审核停表",
    ),
    Transition(
        "resubmit", "提交补正", Level.ENTERPRISE, _MANAGER, frozenset({Status.RETURNED}), Status.DISTRICT
    ),
    Transition(
        "ask",
        "询问企业",
        Level.DISTRICT,
        _DISTRICT,
        frozenset({Status.DISTRICT}),
        needs_reason=True,
        told="审核人有问题请您答复，审核停表",
    ),
    Transition("answer", "答复询问", Level.ENTERPRISE, ENTERPRISE_ROLES, frozenset({Status.DISTRICT})),
    Transition(
        "unanswered",
        "询问逾期未答复",
        Level.SYSTEM,
        _SYSTEM,
        frozenset({Status.DISTRICT}),
        told="询问逾期未答复，审核继续",
    ),
    Transition(
        "recommend",
        "推荐上报",
        Level.DISTRICT,
        _DISTRICT,
        frozenset({Status.DISTRICT}),
        onward=True,
        needs_reason=True,
        told="申报已获推荐",
    ),
    Transition(
        "not_recommend",
        "不予推荐",
        Level.DISTRICT,
        _DISTRICT,
        frozenset({Status.DISTRICT}),
        Status.NOT_RECOMMENDED,
        needs_reason=True,
        told="申报未获推荐",
    ),
    Transition(
        "conclude",
        "专家评审完成",
        Level.CITY,
        _CITY,
        frozenset({Status.EXPERTS}),
        onward=True,
        told="专家评审已完成",
    ),
    Transition(
        "select",
        "列入拟认定名单",
        Level.CITY,
        _CITY,
        frozenset({Status.DECISION}),
        onward=True,
        told="已列入拟认定名单",
    ),
    Transition(
        "reject",
        "研究后不予认定",
        Level.CITY,
        _CITY,
        frozenset({Status.DECISION}),
        Status.NOT_RECOGNISED,
        needs_reason=True,
        told="研究后未予认定",
    ),
    Transition(
        "publish",
        "公示",
        Level.CITY,
        _CITY,
        frozenset({Status.SELECTED}),
        Status.NOTICE,
        told="拟认定名单开始公示",
    ),
    Transition(
        "recall",
        "撤回公示",
        Level.CITY,
        _CITY,
        frozenset({Status.NOTICE}),
        Status.SELECTED,
        needs_reason=True,
        told="公示已撤回，将重新公示",
    ),
    Transition(
        "uphold",
        "异议成立，不予认定",
        Level.CITY,
        _CITY,
        frozenset({Status.NOTICE}),
        Status.NOT_RECOGNISED,
        needs_reason=True,
        told="公示期内的异议成立，未予认定",
    ),
    Transition(
        "recognise",
        "认定",
        Level.CITY,
        _CITY,
        frozenset({Status.NOTICE, Status.SELECTED}),
        Status.RECOGNISED,
        told="已认定",
    ),
    Transition(
        "lapse",
        "逾期失效",
        Level.SYSTEM,
        _SYSTEM,
        frozenset({Status.DRAFT, Status.RETURNED}),
        Status.LAPSED,
        needs_reason=True,
        told="申报因逾期失效",
    ),
)
TRANSITIONS: Final[dict[str, Transition]] = {transition.act: transition for transition in _ALL}
_STAGE_OF: Final[dict[Status, Stage]] = {
    Status.DISTRICT: Stage.DISTRICT,
    Status.EXPERTS: Stage.EXPERTS,
    Status.DECISION: Stage.DECISION,
    Status.NOTICE: Stage.NOTICE,
    Status.RECOGNISED: Stage.RECOGNITION,
}


def next_place(transition: Transition, status: Status, stage: Stage, route: Route) -> tuple[Status, Stage]:
    """The status and stage that an act leads to on a way."""
    if transition.onward:
        following = route.after(cast("RouteStage", stage.value))
        if following is None:
            raise ValueError(f"nothing follows {stage} on this way")
        return AT[following], Stage(following)
    if transition.act == "resubmit":  # back to whoever returned it
        return AT[stage.value], stage
    if transition.target is None:
        return status, stage
    return transition.target, _STAGE_OF.get(transition.target, stage)


def allowed(transition: Transition, status: Status, route: Route) -> bool:
    """Whether an act fits the status on a way: what is on notice is recognised only where the way has a notice."""
    if status not in transition.sources:
        return False
    if transition.act == "publish":
        return "notice" in route.stages
    if transition.act == "recognise":
        return (status == Status.NOTICE) == ("notice" in route.stages)
    return True
