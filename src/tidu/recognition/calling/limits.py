"""The limits of a call's stages: those of the document stand, the others are the call's to set."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from tidu.core.models.deadlines import DayUnit
from tidu.policy.documents.recognition_document import RecognitionDocument
from tidu.policy.documents.route import Route
from tidu.recognition.process.rules import limits_for

LONGEST: Final = 120  # days that a call may set
_UNITS: Final = {DayUnit.WORKING.value: "个工作日", DayUnit.CALENDAR.value: "日"}
_LABELS: Final = {
    "district": ("区县审核", "旗县区、开发区工信部门"),
    "correction": ("企业补正", "申报企业"),
    "inquiry": ("答复询问", "申报企业"),
    "experts": ("专家评审", "评审专家"),
    "decision": ("研究决定", "组织单位"),
    "objection": ("异议核实", "组织单位"),
    "reply": ("陈述申辩", "被拟取消称号的企业"),
    "change": ("变更核实", "工信部门"),
}
#: The stage that a limit belongs to; a call whose route lacks the stage does not need the limit.
_OF_STAGE: Final = {
    "district": "district",
    "correction": "district",
    "inquiry": "district",
    "experts": "experts",
    "objection": "notice",
}


@dataclass(frozen=True, slots=True)
class LimitRow:
    """One limit: whose, how long, what follows from lateness. Without ``cite`` it is set by the call."""

    name: str
    label: str
    owner: str
    days: int
    day_kind: str
    late: str
    cite: str

    @property
    def words(self) -> str:
        """The length as people write it."""
        return f"{self.days}{_UNITS[self.day_kind]}"


def limits_under(
    recognition: RecognitionDocument, route: Route, own: Mapping[str, Mapping[str, Any]]
) -> dict[str, dict[str, Any]]:
    """Every limit of a call: the document's where it has one, else the call's own, else what is proposed."""
    found = limits_for(recognition, route)
    for name, limit in found.items():
        if not limit["cite"] and name in own:
            limit |= {"days": own[name]["days"], "day_kind": own[name]["day_kind"]}
    return found


def limit_rows(limits: Mapping[str, Mapping[str, Any]], route: Route) -> tuple[LimitRow, ...]:
    """The limits that the way has a use for, in its order."""
    return tuple(
        LimitRow(
            name,
            label,
            owner,
            limits[name]["days"],
            limits[name]["day_kind"],
            limits[name]["late"],
            limits[name]["cite"],
        )
        for name, (label, owner) in _LABELS.items()
        if name in limits and _OF_STAGE.get(name, "apply") in route.stages
    )
