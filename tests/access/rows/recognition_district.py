"""The district's review: its worklist and pages are of its place; the city and auditors read them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tests.access.rows import Elsewhere, Row
from tests.access.world import AUDITORS, OFFICERS, SAIHAN, World
from tests.recognition.cases import KNOWING
from tests.recognition.district_cases import accept_all, filled_case
from tidu.core.actor import Actor
from tidu.recognition.actions.recommendation_tables import draft_table
from tidu.recognition.actions.reviewing import recommend
from tidu.recognition.models import Application, Status

_REVIEWERS = frozenset({"district_saihan", "district_saihan_second"})
_DISTRICTS = frozenset(name for name in OFFICERS if name.startswith("district_"))
_READERS = _REVIEWERS | {"city_hohhot", "city_hohhot_second", "auditor_hohhot"}
_REFUSED = frozenset({422})


def _case(world: World) -> Application:
    found = Application.objects.filter(enterprise=world.enterprises["C"], status=Status.DISTRICT).first()
    return found or filled_case(world)


def _review(world: World) -> Mapping[str, Any]:
    return {"pk": _case(world).pk}


def _paper(world: World) -> Mapping[str, Any]:
    return {"pk": _case(world).pk, "number": 1, "page": 1}


def _batch(world: World) -> Mapping[str, Any]:
    return {"call": _case(world).call_id, "district": SAIHAN}


def _reviewer(world: World) -> Actor:
    return world.actor("district_saihan")


def _table(world: World) -> Mapping[str, Any]:
    case = _case(world)
    accept_all(_reviewer(world), case)
    recommend(actor=_reviewer(world), application=case, opinion="同意推荐", despite=KNOWING)
    return {"pk": draft_table(actor=_reviewer(world), call=case.call).pk}


def _document(world: World) -> Mapping[str, Any]:
    return {**_table(world), "form": "docx"}


ROWS: list[Row | Elsewhere] = [
    Row("recognition:reviews", may=OFFICERS | AUDITORS),
    Row("recognition:reviews-act", method="POST", may=OFFICERS | AUDITORS, answers=frozenset({302})),
    Row("recognition:reviews-recommend", method="POST", may=_DISTRICTS, answers=frozenset({302})),
    Row("recognition:review", may=_READERS, arguments=_review),
    Row("recognition:review-paper", may=_READERS, arguments=_paper),
    Row(
        "recognition:review-finding",
        method="POST",
        may=_REVIEWERS,
        arguments=_review,
        fields=lambda _: {"criterion": "revenue", "finding": "accepted"},
    ),
    Row("recognition:review-accept", method="POST", may=_REVIEWERS, arguments=_review),
    Row("recognition:review-ask", may=_REVIEWERS, arguments=_review),
    Row("recognition:review-ask", method="POST", may=_REVIEWERS, arguments=_review, answers=_REFUSED),
    Row("recognition:review-return", may=_REVIEWERS, arguments=_review),
    Row("recognition:review-return", method="POST", may=_REVIEWERS, arguments=_review, answers=_REFUSED),
    Row("recognition:review-refuse", may=_REVIEWERS, arguments=_review),
    Row("recognition:review-refuse", method="POST", may=_REVIEWERS, arguments=_review, answers=_REFUSED),
    Row("recognition:review-recommend", method="POST", may=_REVIEWERS, arguments=_review, answers=_REFUSED),
    Row("recognition:recommendation-tables", may=OFFICERS | AUDITORS),
    Row("recognition:recommendation-table", may=_READERS, arguments=_batch),
    Row("recognition:recommendation-table-workbook", may=_READERS, arguments=_batch),
    # Nothing has been said of the case yet, so that there is nothing to list.
    Row(
        "recognition:recommendation-table-draft",
        method="POST",
        may=_REVIEWERS,
        arguments=_batch,
        answers=frozenset({409}),
    ),
    # Sent without the digest of a list that somebody has looked at.
    Row(
        "recognition:recommendation-table-issue",
        method="POST",
        may=_REVIEWERS,
        arguments=_table,
        answers=frozenset({409}),
    ),
    # A draft is the district's own; the city reads what is issued.
    Row("recognition:recommendation-table-document", may=_REVIEWERS, arguments=_document),
]
