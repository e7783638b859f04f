"""Background work, places and the calendar."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tests.access.rows import Elsewhere, Row
from tests.access.world import SIGNED_IN, SYSTEM_ADMINISTRATORS, World
from tidu.core.jobs.running import actor_data
from tidu.core.models import Job
from tidu.core.models.jobs import JobState

_ENTERPRISE = frozenset({"manager_a", "editor_a"})
#: The district's own, and the system administrator of its city.
_DISTRICT = frozenset({"district_kundulun", "system_administrator"})


def _job(world: World, person: str = "manager_a", **fields: Any) -> Mapping[str, Any]:  # noqa: ANN401 - fields of a row
    owner = world.actor(person)
    job = Job.objects.create(
        kind="core.calendar.none",
        title="某企业的任务",
        owner_id=owner.user_id,
        actor=actor_data(owner),
        organisation_id=owner.organisation_id,
        **fields,
    )
    return {"number": job.pk}


def _running(world: World) -> Mapping[str, Any]:
    return _job(world, state=JobState.RUNNING)


def _of_district(world: World) -> Mapping[str, Any]:
    return _job(world, "district_kundulun", state=JobState.RUNNING)


def _queued(world: World) -> Mapping[str, Any]:
    return _job(world, state=JobState.QUEUED)


ROWS: list[Row | Elsewhere] = [
    Row("core:jobs", may=SIGNED_IN),
    Row("core:job", may=_ENTERPRISE, arguments=_running),
    Row("core:job", may=_DISTRICT, arguments=_of_district),
    Row("core:job-progress", may=_ENTERPRISE, arguments=_running),
    Row("core:job-progress", may=_DISTRICT, arguments=_of_district),
    # Whoever started it steers it; a colleague and the system administrator look on.
    Row("core:job-stop", method="POST", may=frozenset({"manager_a"}), arguments=_running),
    Row("core:job-retry", method="POST", may=frozenset({"manager_a"}), arguments=_queued),
    Row("core:calendar", may=SYSTEM_ADMINISTRATORS),
    Row("core:calendar", method="POST", may=SYSTEM_ADMINISTRATORS),
    Row("core:calendar-import", method="POST", may=SYSTEM_ADMINISTRATORS),
    Row("core:calendar-file", may=SYSTEM_ADMINISTRATORS, arguments=lambda _: {"year": 2026}),
    Row("core:places", may=SYSTEM_ADMINISTRATORS),
    Row("core:places", method="POST", may=SYSTEM_ADMINISTRATORS),
    Row("core:places-import", method="POST", may=SYSTEM_ADMINISTRATORS),
]
