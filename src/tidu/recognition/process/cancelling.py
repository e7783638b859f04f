"""What may be done to a cancellation: notice, reply, proposal by one, confirmation by another.

No proposal to cancel before the reply is in or its limit is over; that depends on the clock and is checked where it is
proposed. To let the title stand may be proposed at any time, and is confirmed by another as well: nobody drops a case
alone.
"""

from __future__ import annotations

from typing import Final

from tidu.core.roles import Role
from tidu.recognition.models import Cancellation, Level
from tidu.recognition.process.life_tables import LifeTransition, table_of

_State: Final = Cancellation.State
_CITY: Final = frozenset({Role.CITY_OFFICER})
_MANAGER: Final = frozenset({Role.ENTERPRISE_MANAGER})
_UNDECIDED: Final = frozenset({_State.NOTIFIED, _State.REPLIED, _State.PROPOSED})

#: ``open`` stands here for the history; it makes the case, so nothing leads to it.
CANCELLATION_TABLE: Final = table_of(
    (
        LifeTransition("open", "立案", Level.CITY, _CITY, frozenset(), by_system=True),
        LifeTransition("add_file", "补充证据", Level.CITY, _CITY, frozenset(Cancellation.OPEN_STATES)),
        LifeTransition(
            "notify",
            "发出拟取消告知书",
            Level.CITY,
            _CITY,
            frozenset({_State.OPENED}),
            _State.NOTIFIED,
            told="拟取消称号，请在期限内陈述和申辩",
        ),
        # A reply that comes while a proposal waits voids it: what was proposed had not heard the enterprise.
        LifeTransition("reply", "陈述和申辩", Level.ENTERPRISE, _MANAGER, _UNDECIDED, _State.REPLIED),
        LifeTransition(
            "record_reply",
            "登记书面陈述",
            Level.CITY,
            _CITY,
            _UNDECIDED,
            _State.REPLIED,
            told="您的书面陈述已登记",
        ),
        LifeTransition(
            "withdraw_reply",
            "撤回陈述",
            Level.ENTERPRISE,
            _MANAGER,
            frozenset({_State.REPLIED}),
            _State.NOTIFIED,
        ),
        LifeTransition(
            "propose",
            "提出处理意见",
            Level.CITY,
            _CITY,
            frozenset({_State.OPENED, _State.NOTIFIED, _State.REPLIED}),
            _State.PROPOSED,
            needs_reason=True,
        ),
        LifeTransition(
            "return",
            "退回处理意见",
            Level.CITY,
            _CITY,
            frozenset({_State.PROPOSED}),
            _State.OPENED,  # or further on, where it had come to: see the action
            needs_reason=True,
        ),
        LifeTransition(
            "cancel",
            "确认取消称号",
            Level.CITY,
            _CITY,
            frozenset({_State.PROPOSED}),
            _State.CANCELLED,
            told="称号已取消",
        ),
        LifeTransition(
            "drop",
            "确认不予取消",
            Level.CITY,
            _CITY,
            frozenset({_State.PROPOSED}),
            _State.DROPPED,
            told="经核查，称号不予取消",
        ),
    )
)
