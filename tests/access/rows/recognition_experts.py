"""Experts and panels: the pool, the draw, each expert's own files. Conflicts and avoided files open for nobody."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils import timezone

from tests.access.rows import Elsewhere, Row
from tests.access.world import AUDITORS, HOHHOT, World
from tests.recognition.expert_cases import (
    all_submitted,
    assignment_of,
    declared,
    drawn,
    filled,
    more_experts,
    submitted,
    waiting,
)
from tidu.accounts.models import Membership
from tidu.core.roles import Role
from tidu.recognition.actions.assignments import avoid
from tidu.recognition.actions.panels import replace_expert
from tidu.recognition.models import Application, Assignment, ExpertProfile

_CITY = frozenset({"city_hohhot", "city_hohhot_second"})
_CITIES = _CITY | {"city_baotou"}
_READERS = _CITY | {"auditor_hohhot"}
_OWN = frozenset({"expert_hohhot"})
_EXPERTS = frozenset({"expert_baotou", "expert_hohhot", "expert_hohhot_second", "expert_hohhot_third"})
_NOBODY: frozenset[str] = frozenset()
_REASON = "与法定代表人有师生关系"


def _call(world: World) -> Mapping[str, Any]:
    return {"pk": waiting(world)[0].call_id}


def _wish(_: World) -> Mapping[str, Any]:
    return {"name": "第一组", "each": "3", "files": [Application.objects.latest("pk").pk]}


def _panel(world: World) -> Mapping[str, Any]:
    return {"pk": drawn(world).pk}


def _short_panel(world: World) -> Mapping[str, Any]:
    panel = drawn(world)
    avoid(actor=world.actor("expert_hohhot"), assignment=assignment_of(world), reason=_REASON)
    more_experts(world, 1)
    return {"pk": panel.pk}


def _whole_panel(world: World) -> Mapping[str, Any]:
    return {"pk": all_submitted(world).pk}


def _whole_case(world: World) -> Mapping[str, Any]:
    all_submitted(world)
    return {"pk": assignment_of(world).application_id}


def _case(world: World) -> Mapping[str, Any]:
    drawn(world)
    return {"pk": assignment_of(world).application_id}


def _file(world: World) -> Mapping[str, Any]:
    drawn(world)
    return {"pk": assignment_of(world).pk}


def _blind_file(world: World) -> Mapping[str, Any]:
    drawn(world, blind=True)
    return {"pk": declared(world).pk}


def _open_file(world: World) -> Mapping[str, Any]:
    drawn(world)
    return {"pk": declared(world).pk}


def _filled_file(world: World) -> Mapping[str, Any]:
    drawn(world)
    return {"pk": filled(world).pk}


def _submitted_file(world: World) -> Mapping[str, Any]:
    drawn(world)
    return {"pk": submitted(world).pk}


def _chaired_file(world: World) -> Mapping[str, Any]:
    panel = all_submitted(world)
    panel.chair = world.memberships["expert_hohhot"]
    panel.save()
    return {"pk": assignment_of(world).pk}


def _avoided_file(world: World) -> Mapping[str, Any]:
    drawn(world)
    opened = declared(world)
    avoid(actor=world.actor("expert_hohhot"), assignment=opened, reason=_REASON)
    return {"pk": opened.pk}


def _replaced_file(world: World) -> Mapping[str, Any]:
    drawn(world)
    opened = declared(world)
    replace_expert(actor=world.actor("city_hohhot"), assignment=opened, reason="出差")
    return {"pk": opened.pk}


def _conflicting_file(world: World) -> Mapping[str, Any]:
    """It has come out since the draw that the expert once worked for the applicant."""
    drawn(world)
    opened = declared(world)
    Membership.objects.create(
        user=world.users["expert_hohhot"],
        organisation=world.organisations["C"],
        role=Role.ENTERPRISE_EDITOR,
        ended_at=timezone.now(),
    )
    return {"pk": opened.pk}


def _interested_file(world: World) -> Mapping[str, Any]:
    """It has come on record since the draw that the expert holds shares of the applicant."""
    drawn(world)
    opened = declared(world)
    ExpertProfile.objects.create(
        membership=world.memberships["expert_hohhot"],
        conflicts=[{"uscc": world.enterprises["C"].uscc, "note": "持股"}],
    )
    return {"pk": opened.pk}


def _flagged_file(world: World) -> Mapping[str, Any]:
    """The sheet was handed in before the conflict came out."""
    drawn(world)
    sheet = submitted(world)
    Assignment.objects.filter(pk=sheet.pk).update(conflict="曾经任职")
    return {"pk": sheet.pk}


def _blind_page(world: World) -> Mapping[str, Any]:
    return {**_blind_file(world), "number": 1, "page": 1}


def _page(arguments: Any) -> Any:  # noqa: ANN401 - a function of the world, as rows take it
    return lambda world: {**arguments(world), "number": 1, "page": 1}


def _expert(world: World) -> Mapping[str, Any]:
    assert world.organisations["expert_hohhot"].place_id == HOHHOT
    return {"pk": world.memberships["expert_hohhot"].pk}


def _chair(world: World) -> Mapping[str, Any]:
    return {"chair": str(world.memberships["expert_hohhot"].pk)}


def _reason(_: World) -> Mapping[str, Any]:
    return {"reason": _REASON}


def _typed(_: World) -> Mapping[str, Any]:
    return {"opinion": "材料齐全，数据可信。", "shown": "{}"}


def _said(_: World) -> Mapping[str, Any]:
    return {"positive": "yes", "opinion": "经讨论，建议认定。"}


#: Everything that an expert can do with a file, as (address, method, arguments wrapped, fields).
_PATHS: tuple[tuple[str, str], ...] = (
    ("assignment", "GET"),
    ("assignment-declare", "GET"),
    ("assignment-declare", "POST"),
    ("assignment-avoid", "GET"),
    ("assignment-avoid", "POST"),
    ("assignment-save", "POST"),
    ("assignment-submit", "GET"),
    ("assignment-submit", "POST"),
    ("assignment-sheet", "GET"),
    ("assignment-panel", "GET"),
    ("assignment-panel", "POST"),
    ("assignment-page", "GET"),
)


def _closed_to_all(arguments: Any) -> list[Row | Elsewhere]:  # noqa: ANN401
    return [
        Row(
            f"recognition:{name}",
            may=_NOBODY,
            method=method,
            arguments=_page(arguments) if name == "assignment-page" else arguments,
            fields=_reason if method == "POST" else lambda _: {},
        )
        for name, method in _PATHS
    ]


ROWS: list[Row | Elsewhere] = [
    Row("recognition:experts", may=_CITIES | AUDITORS),
    Row("recognition:expert", may=_CITY, arguments=_expert),
    Row(
        "recognition:expert", may=_CITY, method="POST", arguments=_expert, fields=lambda _: {"fields": "food"}
    ),
    Row("recognition:own-interests", may=_EXPERTS),
    Row(
        "recognition:own-interests",
        may=_EXPERTS,
        method="POST",
        fields=lambda _: {"employer": "某研究院"},
        answers=frozenset({302}),
    ),
    Row("recognition:panels", may=_READERS, arguments=_call),
    Row("recognition:panel-draw", may=_CITY, arguments=_call),
    Row(
        "recognition:panel-draw",
        may=_CITY,
        method="POST",
        arguments=_call,
        fields=_wish,
        answers=frozenset({302, 422}),
    ),
    Row("recognition:panel", may=_READERS, arguments=_panel),
    Row("recognition:panel-drawing", may=_READERS, arguments=_panel),
    Row("recognition:panel-summary", may=_READERS, arguments=_whole_panel),
    Row(
        "recognition:panel-chair",
        may=_CITY,
        method="POST",
        arguments=_panel,
        fields=_chair,
        answers=frozenset({302}),
    ),
    Row("recognition:panel-fill", may=_CITY, arguments=_short_panel),
    Row(  # of two officers the second is told that there is nothing left to do
        "recognition:panel-fill",
        may=_CITY,
        method="POST",
        arguments=_short_panel,
        answers=frozenset({302, 422}),
    ),
    Row("recognition:panel-close", may=_CITY, arguments=_whole_panel),
    Row(
        "recognition:panel-close",
        may=_CITY,
        method="POST",
        arguments=_whole_panel,
        answers=frozenset({302, 422}),
    ),
    Row("recognition:opinions", may=_READERS, arguments=_case),
    Row("recognition:opinions", may=_READERS, arguments=_whole_case),
    Row("recognition:assignment-replace", may=_CITY, arguments=_file),
    Row("recognition:assignment-replace", may=_CITY, method="POST", arguments=_file, fields=_reason),
    Row("recognition:assignments", may=_EXPERTS),
    Row("recognition:assignment", may=_OWN, arguments=_file, answers=frozenset({302})),
    Row("recognition:assignment", may=_OWN, arguments=_open_file, answers=frozenset({200})),
    Row("recognition:assignment", may=_OWN, arguments=_blind_file, answers=frozenset({200})),
    Row("recognition:assignment", may=_OWN, arguments=_submitted_file, answers=frozenset({200})),
    Row("recognition:assignment-declare", may=_OWN, arguments=_file, answers=frozenset({200})),
    Row("recognition:assignment-declare", may=_OWN, arguments=_blind_file, answers=frozenset({302})),
    Row(
        "recognition:assignment-declare",
        may=_OWN,
        method="POST",
        arguments=_file,
        answers=frozenset({302}),
    ),
    Row("recognition:assignment-avoid", may=_OWN, arguments=_file),
    Row("recognition:assignment-avoid", may=_OWN, method="POST", arguments=_open_file, fields=_reason),
    Row("recognition:assignment-save", may=_OWN, method="POST", arguments=_open_file, fields=_typed),
    Row("recognition:assignment-submit", may=_OWN, arguments=_filled_file, answers=frozenset({200})),
    Row("recognition:assignment-submit", may=_OWN, method="POST", arguments=_filled_file),
    Row("recognition:assignment-sheet", may=_OWN, arguments=_submitted_file, answers=frozenset({200})),
    Row("recognition:assignment-sheet", may=_NOBODY, arguments=_open_file),
    Row("recognition:assignment-panel", may=_OWN, arguments=_chaired_file, answers=frozenset({200})),
    Row("recognition:assignment-panel", may=_OWN, method="POST", arguments=_chaired_file, fields=_said),
    Row("recognition:assignment-page", may=_OWN, arguments=_page(_open_file), answers=frozenset({200})),
    # before the declaration no page of any paper, no sheet
    Row("recognition:assignment-page", may=_NOBODY, arguments=_page(_file)),
    # avoided, replaced or in conflict: 404 on every path, for the expert as for everybody
    *_closed_to_all(_avoided_file),
    *_closed_to_all(_replaced_file),
    *_closed_to_all(_conflicting_file),
    *_closed_to_all(_interested_file),
    *_closed_to_all(_flagged_file),
    Row("recognition:assignment-page", may=_NOBODY, arguments=_blind_page),
]
