"""The enterprise's application: its own people alone; what was handed in is read by its officers too."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from tests.access.rows import Row
from tests.access.world import World
from tests.core.files.sample_files import pdf
from tests.recognition.cases import application_at, published_call
from tidu.core.actor import SYSTEM
from tidu.core.files.kinds import EVIDENCE_KINDS
from tidu.core.files.receiving import store_file
from tidu.recognition.models import Application, Attachment, Call, Inquiry, Status
from tidu.registry.models import Evidence

_C = frozenset({"manager_c", "editor_c"})
_MANAGER = frozenset({"manager_c"})
#: Enterprises of the city see its calls; those of another city do not.
_OF_HOHHOT = frozenset({"manager_c", "editor_c", "manager_d"})
_ALL = frozenset({"manager_a", "editor_a", "manager_b"}) | _OF_HOHHOT
_READERS = _C | {
    "district_saihan",
    "district_saihan_second",
    "city_hohhot",
    "city_hohhot_second",
    "auditor_hohhot",
}
_POSTED = frozenset({302})


def _found(world: World, status: Status) -> Application:
    found = Application.objects.filter(enterprise=world.enterprises["C"], status=status).first()
    return found or application_at(world, status)


def _draft(world: World) -> Mapping[str, Any]:
    return {"pk": _found(world, Status.DRAFT).pk}


def _part(world: World) -> Mapping[str, Any]:
    return {**_draft(world), "part": "basic"}


def _criterion(world: World) -> Mapping[str, Any]:
    return {**_draft(world), "criterion": "revenue"}


def _attachment(world: World) -> Mapping[str, Any]:
    application = _found(world, Status.DRAFT)
    evidence = Evidence.objects.filter(enterprise=application.enterprise).first() or Evidence.objects.create(
        enterprise=application.enterprise,
        kind="audit_report",
        file=store_file(actor=SYSTEM, upload=SimpleUploadedFile("某.pdf", pdf()), allowed=EVIDENCE_KINDS),
    )
    attached, _ = Attachment.objects.get_or_create(
        application=application, criterion="revenue", evidence=evidence
    )
    return {"pk": application.pk, "attachment": attached.pk}


def _handed_in(world: World) -> Mapping[str, Any]:
    return {"pk": _found(world, Status.DISTRICT).pk}


def _first(world: World) -> Mapping[str, Any]:
    return {**_handed_in(world), "number": 1}


def _inquiry(world: World) -> Mapping[str, Any]:
    application = _found(world, Status.DISTRICT)
    asked = application.inquiries.first() or Inquiry.objects.create(
        application=application, text="请说明", asked_by=world.users["district_saihan"]
    )
    return {"pk": application.pk, "inquiry": asked.pk}


def _call(world: World) -> Mapping[str, Any]:
    return {"pk": (Call.objects.filter(state=Call.State.PUBLISHED).first() or published_call(world)).pk}


ROWS = [
    Row("recognition:applications", _ALL),
    Row("recognition:application-start", _OF_HOHHOT, "POST", arguments=_call, answers=_POSTED),
    Row("recognition:application", _C, arguments=_draft),
    Row("recognition:application-section", _C, arguments=_part),
    Row("recognition:application-section", _C, "POST", arguments=_part, answers=_POSTED),
    Row("recognition:application-live", _C, arguments=_part),
    Row("recognition:application-presence", _C, "POST", arguments=_draft),
    Row("recognition:application-materials", _C, arguments=_draft),
    Row("recognition:application-evidence", _C, arguments=_criterion),
    Row("recognition:application-evidence", _C, "POST", arguments=_criterion, answers=frozenset({422})),
    Row("recognition:application-evidence-remove", _C, "POST", arguments=_attachment, answers=_POSTED),
    Row("recognition:application-preview", _C, arguments=_draft),
    Row("recognition:application-submit", _MANAGER, arguments=_draft),
    Row("recognition:application-submit", _MANAGER, "POST", arguments=_draft, answers=frozenset({422})),
    Row("recognition:application-withdraw", _MANAGER, arguments=_draft),
    Row("recognition:application-withdraw", _MANAGER, "POST", arguments=_draft),
    Row("recognition:receipt", _C, arguments=_handed_in),
    Row("recognition:application-paper", _READERS, arguments=_first),
    Row("recognition:progress", _C, arguments=_handed_in),
    Row("recognition:submission", _READERS, arguments=_first),
    Row("recognition:inquiry-answer", _C, arguments=_inquiry),
    Row("recognition:inquiry-answer", _C, "POST", arguments=_inquiry, answers=frozenset({422})),
]
