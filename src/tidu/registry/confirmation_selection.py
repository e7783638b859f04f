"""Enterprises on their way into a question to a department: kept in the session under a key that the address carries.

Two tabs hold two selections. Only keys are kept; who may see the enterprises is asked again when they are used.
"""

from __future__ import annotations

import secrets
from typing import Final

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from tidu.core.requests import ActorRequest
from tidu.core.roles import Role
from tidu.registry.actions.confirmations import MOST_ENTERPRISES
from tidu.registry.bulk_acts import bulk_act
from tidu.registry.models.enterprises import EnterpriseQuerySet

_SESSION_KEY: Final = "confirmation_selections"
_KEPT: Final = 5


@bulk_act("confirm", "送部门确认", icon="send", roles={Role.CITY_OFFICER})
def send_to_department(request: ActorRequest, rows: EnterpriseQuerySet) -> HttpResponse:
    """Keep the enterprises and lead to the page that asks what is to be confirmed by whom."""
    keys = list(rows.values_list("pk", flat=True)[: MOST_ENTERPRISES + 1])
    if len(keys) > MOST_ENTERPRISES:
        messages.warning(request, f"一次最多送 {MOST_ENTERPRISES:,} 家企业。请加筛选，分几次送。")
        return redirect("registry:enterprises")
    if not keys:
        messages.warning(request, "没有可以送确认的企业。")
        return redirect("registry:enterprises")
    selections = dict(request.session.get(_SESSION_KEY, {}))
    key = secrets.token_hex(4)
    selections[key] = keys
    request.session[_SESSION_KEY] = dict(list(selections.items())[-_KEPT:])
    return redirect(f"{reverse('registry:confirmation-new')}?selection={key}")


def selected(request: HttpRequest, key: str) -> list[int]:
    """The keys of a selection; none where it is not there any more."""
    return list(request.session.get(_SESSION_KEY, {}).get(key, ()))


def forget(request: HttpRequest, key: str) -> None:
    """The selection has been used."""
    selections = dict(request.session.get(_SESSION_KEY, {}))
    if selections.pop(key, None) is not None:
        request.session[_SESSION_KEY] = selections
