"""Places, for the system administrator: what is there, and bringing in another province."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from tidu.core.components import Column, Crumb
from tidu.core.gates import for_roles
from tidu.core.models import Jurisdiction
from tidu.core.models.jurisdictions import PlaceLevel
from tidu.core.places.imports import Preview, import_divisions, preview
from tidu.core.reach import reaches_everybody
from tidu.core.refusals import http_status
from tidu.core.requests import ActorRequest
from tidu.core.roles import Role
from tidu.core.views.reference_files import (
    LIMIT,
    MOST_BYTES,
    PROBLEM_COLUMNS,
    bring_in,
    forget,
    keep,
    refused,
    sent_file,
)
from tidu.policy.errors import InputError, Problem

_KEY = "places-import"
_MOST_SHOWN = 100
_REGIONS = (
    Column("省、自治区"),
    Column("市、盟", number=True),
    Column("旗县区", number=True),
    Column("开发区", number=True),
    Column("来源"),
)
_CHANGES = (Column("代码"), Column("名称"), Column("级别"), Column("变化"))


@dataclass(frozen=True, slots=True)
class Region:
    """One province with what lies in it."""

    place: Jurisdiction
    cities: int
    districts: int
    zones: int


@require_http_methods(["GET", "HEAD", "POST"])
@for_roles(Role.SYSTEM_ADMINISTRATOR)
def places(request: ActorRequest) -> HttpResponse:
    """What is there; with a file, what it would change."""
    problems: tuple[Problem, ...] = ()
    found: Preview | None = None
    source = request.POST.get("source", "").strip()
    may_change = reaches_everybody(request.actor)
    if request.method == "POST":
        if not may_change:
            return refused(request, "core:places")
        forget(request, _KEY)
        try:
            content, name = sent_file(request)
            found = preview(content=content, file_name=name, source=source)
            keep(request, _KEY, content, name, source=source)
        except InputError as error:
            problems = error.problems
    return render(
        request,
        "core/places.html",
        {
            "regions": _regions(),
            "region_columns": _REGIONS,
            "change_columns": _CHANGES,
            "found": found,
            "changes": _changes(found),
            "more": 0 if found is None else max(_count(found) - _MOST_SHOWN, 0),
            "may_change": may_change,
            "problems": problems[:_MOST_SHOWN],
            "problem_columns": PROBLEM_COLUMNS,
            "source": source,
            "limit": LIMIT,
            "most_bytes": MOST_BYTES,
            "steps": (Crumb("工作台", reverse("desk:home")), Crumb("行政区划")),
        },
        status=http_status(problems),
    )


@require_POST
@for_roles(Role.SYSTEM_ADMINISTRATOR)
def import_places(request: ActorRequest) -> HttpResponse:
    """Bring in the file that was checked."""

    def work(waiting: dict[str, Any]) -> str:
        done = import_divisions(
            actor=request.actor,
            content=waiting["content"],
            file_name=waiting["name"],
            source=waiting["source"],
        )
        new, changed = len(done.difference.new), len(done.difference.changed)
        return f"{done.name}的区划已导入：新增 {new} 个，更改 {changed} 个。"

    return bring_in(request, _KEY, "core:places", work)


def _regions() -> list[Region]:
    """Every province with its counts, in two queries."""
    rows = Jurisdiction.objects.exclude(level__in=[PlaceLevel.NATION, PlaceLevel.REGION])
    counted: dict[str, dict[str, int]] = {}
    for code, level in rows.values_list("code", "level"):
        region = counted.setdefault(code[:2], {})
        region[level] = region.get(level, 0) + 1
    return [
        Region(
            place,
            *(
                counted.get(place.code[:2], {}).get(level, 0)
                for level in (PlaceLevel.CITY, PlaceLevel.DISTRICT, PlaceLevel.ZONE)
            ),
        )
        for place in Jurisdiction.objects.filter(level=PlaceLevel.REGION)
    ]


def _count(found: Preview) -> int:
    return len(found.difference.new) + len(found.difference.changed) + len(found.difference.gone)


def _changes(found: Preview | None) -> list[tuple[Jurisdiction, str]]:
    """Places with what happens to each, the first hundred."""
    if found is None:
        return []
    difference = found.difference
    rows = [
        *((row, "新增") for row in difference.new),
        *((row, "更改") for row in difference.changed),
        *((row, "文件中没有，保留") for row in difference.gone),
    ]
    return rows[:_MOST_SHOWN]
