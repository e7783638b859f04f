"""What may be done to a change report: the enterprise reports, its district gives an opinion, the city decides."""

from __future__ import annotations

from typing import Final

from tidu.core.roles import Role
from tidu.recognition.models import ChangeReport, Level
from tidu.recognition.process.life_tables import LifeTransition, table_of

_State: Final = ChangeReport.State
CHANGE_OPEN: Final = frozenset({_State.REPORTED, _State.DECISION})
_MANAGER: Final = frozenset({Role.ENTERPRISE_MANAGER})
_DISTRICT: Final = frozenset({Role.DISTRICT_OFFICER})
_CITY: Final = frozenset({Role.CITY_OFFICER})

#: ``report`` stands here for the history; it makes the report, so nothing leads to it.
CHANGE_TABLE: Final = table_of(
    (
        LifeTransition("report", "报告变更", Level.ENTERPRISE, _MANAGER, frozenset()),
        LifeTransition("withdraw", "撤回变更报告", Level.ENTERPRISE, _MANAGER, CHANGE_OPEN, _State.WITHDRAWN),
        LifeTransition(
            "opinion",
            "区县提出意见",
            Level.DISTRICT,
            _DISTRICT,
            frozenset({_State.REPORTED}),
            _State.DECISION,
            needs_reason=True,
            told="变更报告已由区县核实，转市级审定",
        ),
        LifeTransition(
            "accept",
            "同意延续称号",
            Level.CITY,
            _CITY,
            frozenset({_State.DECISION}),
            _State.ACCEPTED,
            needs_reason=True,
            told="变更已审定，称号延续",
        ),
        LifeTransition(
            "refuse",
            "不再延续称号",
            Level.CITY,
            _CITY,
            frozenset({_State.DECISION}),
            _State.REFUSED,
            needs_reason=True,
            told="变更已审定，称号不再延续",
        ),
    )
)
