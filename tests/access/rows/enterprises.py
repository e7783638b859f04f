"""The list of enterprises, the page of each for officers and for its own people, and what officers enter."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from tests.access.rows import Elsewhere, Row
from tests.access.world import AUDITOR_OF_A, AUDITORS, ENTERPRISES_ALL, OFFICERS, OFFICERS_OF_A, World
from tidu.registry.models import Incident, Title
from tidu.registry.models.standing import IncidentField, Level, Severity

_READERS_OF_A = OFFICERS_OF_A | AUDITOR_OF_A
_DAY = dt.date(2025, 3, 1)


def _a(world: World) -> Mapping[str, Any]:
    return {"pk": world.a.pk}


def _title(world: World) -> Mapping[str, Any]:
    title, _ = Title.objects.get_or_create(
        enterprise=world.a, name="某称号", level=Level.OTHER, recognised_on=_DAY
    )
    return {"pk": world.a.pk, "title": title.pk}


def _incident(world: World) -> Mapping[str, Any]:
    incident, _ = Incident.objects.get_or_create(
        enterprise=world.a,
        field=IncidentField.SAFETY,
        severity=Severity.MINOR,
        happened_on=_DAY,
        title="某事故",
        authority="某机关",
    )
    return {"pk": world.a.pk, "incident": incident.pk}


def _fact(world: World) -> Mapping[str, Any]:
    return {"pk": world.a.pk, "indicator": "revenue", "year": 2025}


def _match(world: World) -> Mapping[str, Any]:
    return {"pk": world.a.pk, "pack": "national-2026-gradient", "tier": "srdi"}


ROWS: list[Row | Elsewhere] = [
    Row("registry:enterprises", OFFICERS | AUDITORS),
    Row(
        "registry:enterprises-act",
        OFFICERS | AUDITORS,
        method="POST",
        fields=lambda _: {"act": "csv", "all": "1"},
    ),
    Row(
        "registry:enterprises-filter-keep",
        OFFICERS | AUDITORS,
        method="POST",
        fields=lambda _: {"name": "稀土"},
    ),
    Elsewhere(
        "registry:enterprises-filter-forget",
        "a saved filter is one person's: tests/registry/test_enterprise_list.py",
    ),
    Row("registry:enterprise", _READERS_OF_A, arguments=_a),
    Row("registry:enterprise-match", _READERS_OF_A, arguments=_match),
    Row("registry:enterprise-fact", _READERS_OF_A, arguments=_fact),
    Row("registry:enterprise-fact-correct", OFFICERS_OF_A, arguments=_a),
    Row(
        "registry:enterprise-fact-correct",
        OFFICERS_OF_A,
        method="POST",
        arguments=_a,
        fields=lambda _: {"value": "1"},
    ),
    Row("registry:enterprise-title-add", OFFICERS_OF_A, arguments=_a),
    Row("registry:enterprise-title-end", OFFICERS_OF_A, arguments=_title),
    Row("registry:enterprise-incident-add", OFFICERS_OF_A, arguments=_a),
    Row("registry:enterprise-incident-settle", OFFICERS_OF_A, arguments=_incident),
    Row("registry:enterprise-clusters", OFFICERS_OF_A, arguments=_a),
    Row("registry:enterprise-status", OFFICERS_OF_A, arguments=_a),
    *(
        Row(name, OFFICERS_OF_A, method="POST", arguments=arguments, answers=frozenset({302, 422}))
        for name, arguments in (
            ("registry:enterprise-title-add", _a),
            ("registry:enterprise-title-end", _title),
            ("registry:enterprise-incident-add", _a),
            ("registry:enterprise-incident-settle", _incident),
            ("registry:enterprise-clusters", _a),
            ("registry:enterprise-status", _a),
        )
    ),
    Row("registry:own-profile", ENTERPRISES_ALL),
    Row(
        "registry:own-match",
        ENTERPRISES_ALL,
        arguments=lambda _: {"pack": "national-2026-gradient", "tier": "srdi"},
    ),
    Row("registry:own-fact", ENTERPRISES_ALL, arguments=lambda _: {"indicator": "revenue", "year": 2025}),
    Row("registry:own-matches", ENTERPRISES_ALL),
    Row("registry:own-matches-workbook", ENTERPRISES_ALL),
]
