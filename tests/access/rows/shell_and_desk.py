"""The home page, messages, and how they are told."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tests.access.rows import Elsewhere, Row
from tests.access.world import SIGNED_IN, World
from tidu.core.roles import Role
from tidu.desk.models import Notification, Task

_MANAGER = frozenset({"manager_a"})


def _copy(world: World) -> Mapping[str, Any]:
    task = Task.objects.create(
        kind="desk.sample",
        title="请知悉",
        url="/desk/",
        organisation=world.organisations["A"],
        role=Role.ENTERPRISE_MANAGER,
        copy=True,
        subject_type="registry.enterprise",
        subject_id=str(world.a.pk),
    )
    return {"number": task.pk}


def _message(world: World) -> Mapping[str, Any]:
    message = Notification.objects.create(user=world.users["manager_a"], topic="待办", title="请补正")
    return {"number": message.pk}


ROWS: list[Row | Elsewhere] = [
    Row(
        "core:styleguide-section", public=True, method="POST", answers=frozenset({302, 404})
    ),  # under debug alone
    Row("desk:home", may=SIGNED_IN),
    Row("desk:export", may=SIGNED_IN),
    Row("desk:acknowledge", may=_MANAGER, method="POST", arguments=_copy),
    Row("desk:notifications", may=SIGNED_IN),
    Row("desk:read", may=_MANAGER, method="POST", arguments=_message),
    Row("desk:read-all", may=SIGNED_IN, method="POST"),
    Row("desk:preferences", may=SIGNED_IN),
    Row("desk:preferences", may=SIGNED_IN, method="POST", fields=lambda _: {"mail": "never"}),
]
