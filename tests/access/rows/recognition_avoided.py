"""Cases that officers and auditors have to avoid: whoever worked for the applicant or has declared a tie finds none."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.utils import timezone

from tests.access.rows import Elsewhere, Row
from tests.access.world import World
from tests.recognition.cases import application_at
from tests.recognition.deciding_cases import proposed
from tests.recognition.district_cases import filled_case
from tests.recognition.expert_cases import all_submitted, assignment_of, drawn
from tests.recognition.life_cases import opened, reported
from tidu.accounts.models import Ground, Interest, Membership
from tidu.core.roles import Role
from tidu.recognition.models import Status

#: Who worked for enterprise C once, and who has declared an interest in it; the officers have a colleague who is free.
FORMER = ("city_hohhot_second",)
INTERESTED = ("district_saihan_second", "auditor_hohhot")
_CITY = frozenset({"city_hohhot"})
_DISTRICT = frozenset({"district_saihan"})
_OWN = frozenset({"manager_c", "editor_c"})


def _avoided(make: Callable[[World], Mapping[str, Any]]) -> Callable[[World], Mapping[str, Any]]:
    def made(world: World) -> Mapping[str, Any]:
        arguments = make(world)
        for person in FORMER:
            Membership.objects.create(
                user=world.users[person],
                organisation=world.organisations["C"],
                role=Role.ENTERPRISE_EDITOR,
                ended_at=timezone.now(),
            )
        for person in INTERESTED:
            Interest.objects.create(
                person=world.users[person],
                uscc=world.enterprises["C"].uscc,
                name=world.enterprises["C"].name,
                ground=Ground.SHARES,
                since=timezone.localdate(),
                declared_by=world.users[person],
            )
        return arguments

    return made


def _case(world: World) -> Mapping[str, Any]:
    return {"pk": filled_case(world).pk}


def _judged(world: World) -> Mapping[str, Any]:
    all_submitted(world)
    return {"pk": assignment_of(world).application_id}


def _assignment(world: World) -> Mapping[str, Any]:
    drawn(world)
    return {"pk": assignment_of(world).pk}


def _panel(world: World) -> Mapping[str, Any]:
    return {"pk": drawn(world).pk}


def _proposal(world: World) -> Mapping[str, Any]:
    return {"pk": proposed(world, application_at(world, Status.DECISION).call).pk}


def _with(make: Callable[[World], Mapping[str, Any]], **more: Any) -> Callable[[World], Mapping[str, Any]]:  # noqa: ANN401
    return _avoided(lambda world: {**make(world), **more})


def _reason(_: World) -> Mapping[str, Any]:
    return {"reason": "出差"}


ROWS: list[Row | Elsewhere] = [
    Row("recognition:review", may=_CITY | _DISTRICT, arguments=_avoided(_case)),
    Row("recognition:review-paper", may=_CITY | _DISTRICT, arguments=_with(_case, number=1, page=1)),
    Row("recognition:review-ask", may=_DISTRICT, arguments=_avoided(_case)),
    Row(
        "recognition:submission",
        may=_CITY | _DISTRICT | _OWN,
        arguments=_with(_case, number=1),
    ),
    Row("recognition:opinions", may=_CITY, arguments=_avoided(_judged)),
    Row("recognition:panel-drawing", may=_CITY, arguments=_avoided(_panel)),
    Row("recognition:assignment-replace", may=_CITY, arguments=_avoided(_assignment)),
    Row(
        "recognition:assignment-replace",
        may=_CITY,
        method="POST",
        arguments=_avoided(_assignment),
        fields=_reason,
    ),
    Row(
        "recognition:cancellation", may=_CITY | _DISTRICT, arguments=_avoided(lambda w: {"pk": opened(w).pk})
    ),
    Row(
        "recognition:change",
        may=_CITY | _DISTRICT | _OWN,
        arguments=_avoided(lambda w: {"pk": reported(w).pk}),
    ),
    Row("recognition:proposal", may=_CITY, arguments=_avoided(_proposal)),
    Row("recognition:proposal-document", may=_CITY, arguments=_with(_proposal, form="pdf")),
    Row("recognition:proposal-minutes", may=_CITY, arguments=_avoided(_proposal)),
    Row("recognition:proposal-return", may=_CITY, arguments=_avoided(_proposal)),
]
