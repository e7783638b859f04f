"""What the public sees of recognition, and certificates, whose paper is for those concerned alone."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tests.access.rows import Elsewhere, Row
from tests.access.world import World
from tests.recognition.cases import published_call
from tests.recognition.published import certified, issued_document, public_notice
from tidu.recognition.certificates.codes import code_of
from tidu.recognition.models import Call, Notice, TitleCertificate

_CONCERNED = frozenset(
    {
        "manager_c",
        "editor_c",
        "city_hohhot",
        "city_hohhot_second",
        "district_saihan",
        "district_saihan_second",
        "auditor_hohhot",
    }
)


def _call(world: World) -> Mapping[str, Any]:
    call = Call.objects.filter(place_id="150100").first() or published_call(world)
    if call.document is None:
        call.document = issued_document(world, "call", call.title)
        call.save()
    return {"pk": call.pk}


def _notice(world: World) -> Mapping[str, Any]:
    return {"pk": (Notice.objects.first() or public_notice(world)).pk}


def _held(world: World) -> TitleCertificate:
    return TitleCertificate.objects.first() or certified(world)


def _certificate(world: World) -> Mapping[str, Any]:
    return {"pk": _held(world).pk}


def _code(world: World) -> Mapping[str, Any]:
    held = _held(world)
    return {"number": held.number, "code": code_of(held)}


ROWS: list[Row | Elsewhere] = [
    *(
        Row(f"recognition:{name}", public=True)
        for name in ("public-calls", "notices", "recognised", "feed", "verify", "objection-status")
    ),
    Row("recognition:public-call", public=True, arguments=_call),
    Row("recognition:public-call-document", public=True, arguments=_call),
    Row("recognition:notice", public=True, arguments=_notice),
    Row("recognition:notice-document", public=True, arguments=_notice),
    Row("recognition:objection-new", public=True, arguments=_notice),
    # Refused alike for everybody, with nothing written; what is taken in: tests/recognition/test_objecting.py
    Row(
        "recognition:objection-new",
        public=True,
        method="POST",
        arguments=_notice,
        answers=frozenset({422}),
    ),
    Row(
        "recognition:objection-status",
        public=True,
        method="POST",
        fields=lambda _: {"code": "AAAA-AAAA-AAAA-AAAA"},
        answers=frozenset({422}),
    ),
    Row("recognition:recognised-download", public=True, arguments=lambda _: {"form": "csv"}),
    Row("recognition:verify-code", public=True, arguments=_code),
    Row("recognition:verify-document", public=True, arguments=_code),
    Row("recognition:certificate", may=_CONCERNED, arguments=_certificate),
    Row("recognition:certificate-paper", may=_CONCERNED, arguments=_certificate),
]
