"""An event in words."""

from __future__ import annotations

from typing import Any, Final

from django.apps import apps
from django.utils import timezone

from tidu.core.audit.actions import ACTIONS
from tidu.core.audit.reading import events_between
from tidu.core.roles import Role

_ROLES: Final = dict(Role.choices)


def action_label(action: str) -> str:
    """The Chinese name of an action; one that no application declares any more keeps its own."""
    return ACTIONS.get(action, action)


def role_label(role: str) -> str:
    """The Chinese name of a role."""
    return str(_ROLES.get(role, role))


def subject_type_label(name: str) -> str:
    """The Chinese name of what an event is about, such as 企业."""
    try:
        return str(apps.get_model(name)._meta.verbose_name) if name else ""
    except (LookupError, ValueError):
        return name


def described(number: int) -> str:
    """One line about event ``number``: when, who, what, on what. Empty where there is none."""
    event: dict[str, Any] | None = next(events_between(number, number), None)
    if event is None:
        return ""
    at = event["at"]
    moment = f"{timezone.localtime(at):%Y-%m-%d %H:%M:%S}" if hasattr(at, "tzinfo") else "时间无法读取"
    who = "，".join(filter(None, (event["user_name"], event["organisation_name"], role_label(event["role"]))))
    return "　".join(filter(None, (moment, who, action_label(event["action"]), event["subject_label"])))
