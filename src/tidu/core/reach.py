"""Whose reference data it is: the calendar and the places hold for everybody on the platform.

Who has authorities of other places beside them may look at both, and changes neither. The application that knows
organisations answers; until one does, everybody is taken to be alone.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from tidu.core.actor import Actor

Check = Callable[[Actor], bool]
ONLY_WHOLE: Final = "这些数据由平台上的各地共用，只能由管辖范围覆盖全部机构的系统管理员更改。"
_asked: list[Check] = [lambda _actor: True]


def answer_for_reach(check: Check) -> None:
    """Called where the application that knows organisations gets ready."""
    _asked[:] = [check]


def reaches_everybody(actor: Actor) -> bool:
    """Whether every authority on the platform lies in the actor's place."""
    return _asked[0](actor)
