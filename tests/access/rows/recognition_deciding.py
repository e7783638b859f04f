"""The city's table, proposals, notices, objections and recognition: the city's officers work, auditors read."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tests.access.rows import Arguments, Elsewhere, Row
from tests.access.world import AUDITORS, World
from tests.recognition.cases import application_at
from tests.recognition.deciding_cases import PDF, confirmed, end_period, on_notice, proposed
from tidu.core.files.receiving import keep_file, receive_file
from tidu.recognition.actions.objections import (
    OBJECTION_FILES,
    assign_objection,
    propose_finding,
    receive_objection,
)
from tidu.recognition.actions.proposals import open_proposal
from tidu.recognition.actions.recognising import draft_recognition, issue_recognition
from tidu.recognition.models import Objection, RecognitionDocument, Status

CITY = frozenset({"city_hohhot", "city_hohhot_second"})
EVERY_CITY = CITY | {"city_baotou"}
READERS = CITY | {"auditor_hohhot"}
ENTERPRISE_C = frozenset({"manager_c", "editor_c"})
DISTRICT_OF_C = frozenset({"district_saihan", "district_saihan_second"})
#: An action that is refused answers with its page, which says why.
WRITES = frozenset({200, 302, 422})


def _call(world: World) -> Mapping[str, Any]:
    return {"pk": application_at(world, Status.DECISION).call_id}


def _form(world: World) -> Mapping[str, Any]:
    return {**_call(world), "form": "csv"}


def _draft(world: World) -> Mapping[str, Any]:
    call = application_at(world, Status.DECISION).call
    return {"pk": open_proposal(actor=world.actor("city_hohhot"), call=call).pk}


def _proposed(world: World) -> Mapping[str, Any]:
    return {"pk": proposed(world, application_at(world, Status.DECISION).call).pk}


def _confirmed(world: World) -> Mapping[str, Any]:
    return {"pk": confirmed(world, application_at(world, Status.DECISION).call).pk}


def _notice(world: World) -> Mapping[str, Any]:
    return {"pk": on_notice(world, application_at(world, Status.DECISION).call).pk}


def _drafted(world: World) -> RecognitionDocument:
    application = application_at(world, Status.DECISION)
    end_period(on_notice(world, application.call))
    return draft_recognition(actor=world.actor("city_hohhot"), call=application.call)


def _issued(world: World) -> Mapping[str, Any]:
    found = issue_recognition(actor=world.actor("city_hohhot_second"), recognition=_drafted(world))
    return {"pk": found.pk}


def _result(world: World) -> Mapping[str, Any]:
    application = application_at(world, Status.DECISION)
    confirmed(world, application.call, rejected=[application.pk])
    return {"pk": application.pk}


def _objection(world: World, *, with_file: bool = False) -> Objection:
    item = on_notice(world, application_at(world, Status.DECISION).call).items.get()
    receive_objection(
        item=item, text="该企业近两年营业收入没有增长，请核实。", named=True, name="某人", phone="13800000000"
    )
    found = Objection.objects.get()
    if with_file:
        from django.core.files.uploadedfile import SimpleUploadedFile

        actor = world.actor("city_hohhot")
        upload = SimpleUploadedFile("证据.pdf", PDF, "application/pdf")
        received = receive_file(actor=actor, upload=upload, allowed=OBJECTION_FILES)
        found.files.create(file=keep_file(actor=actor, received=received))
    return found


def _found(world: World) -> Mapping[str, Any]:
    objection, actor = _objection(world), world.actor("city_hohhot")
    assign_objection(actor=actor, objection=objection, colleague=world.memberships["city_hohhot"])
    propose_finding(actor=actor, objection=objection, upholds=False, finding="核对一致。", reply="已核实。")
    return {"pk": objection.pk}


def _evidence(world: World) -> Mapping[str, Any]:
    objection = _objection(world, with_file=True)
    return {"pk": objection.pk, "file": objection.files.get().pk}


def _evidence_page(world: World) -> Mapping[str, Any]:
    return {**_evidence(world), "number": 1}


def _pk_of_objection(world: World) -> Mapping[str, Any]:
    return {"pk": _objection(world).pk}


def _pdf(arguments: Arguments) -> Arguments:
    return lambda world: {**arguments(world), "form": "pdf"}


def _pk_drafted(world: World) -> Mapping[str, Any]:
    return {"pk": _drafted(world).pk}


def _reason(_: World) -> Mapping[str, Any]:
    return {"reason": "名单需要更正。"}


ROWS: list[Row | Elsewhere] = [
    Row("recognition:consolidated", READERS, arguments=_call),
    Row("recognition:consolidated-export", READERS, arguments=_form),
    Row("recognition:proposal-new", CITY, "POST", arguments=_call),
    Row("recognition:proposal", READERS, arguments=_draft),
    Row("recognition:proposal-save", CITY, "POST", arguments=_draft, answers=WRITES),
    Row("recognition:proposal-arrived", CITY, "POST", arguments=_draft, answers=WRITES),
    Row("recognition:proposal-material", CITY, "POST", arguments=_draft, answers=WRITES),
    Row("recognition:proposal-document", READERS, arguments=_pdf(_proposed)),
    Row("recognition:proposal-propose", CITY, "POST", arguments=_draft, answers=WRITES),
    Row("recognition:proposal-confirm", CITY, arguments=_proposed),
    Row("recognition:proposal-confirm", CITY, "POST", arguments=_proposed, answers=WRITES),
    Row("recognition:proposal-return", CITY, arguments=_proposed),
    Row("recognition:proposal-return", CITY, "POST", arguments=_proposed, fields=_reason, answers=WRITES),
    Row("recognition:proposal-drop", CITY, arguments=_draft),
    Row("recognition:proposal-drop", CITY, "POST", arguments=_draft, fields=_reason, answers=WRITES),
    Row("recognition:proposal-clear", CITY, "POST", arguments=_draft, answers=WRITES),
    Row("recognition:proposal-minutes", READERS, arguments=_proposed),
    Row("recognition:notice-publish", CITY, arguments=_confirmed),
    Row("recognition:notice-publish", CITY, "POST", arguments=_confirmed, answers=WRITES),
    Row("recognition:notice-recall", CITY, arguments=_notice),
    Row("recognition:notice-recall", CITY, "POST", arguments=_notice, fields=_reason, answers=WRITES),
    Row("recognition:notice-letter", READERS, arguments=_pdf(_notice)),
    Row("recognition:recognise", READERS, arguments=_call),
    Row("recognition:recognise", CITY, "POST", arguments=_call, answers=WRITES),
    Row("recognition:recognition-issue", CITY, arguments=_pk_drafted),
    Row("recognition:recognition-issue", CITY, "POST", arguments=_pk_drafted, answers=WRITES),
    Row("recognition:recognition-drop", CITY, arguments=_pk_drafted),
    Row("recognition:recognition-drop", CITY, "POST", arguments=_pk_drafted, fields=_reason, answers=WRITES),
    Row("recognition:recognition-document", READERS, arguments=_pdf(_pk_drafted)),
    Row("recognition:recognition-plaques", READERS, arguments=_issued),
    Row("recognition:result-letter", READERS | ENTERPRISE_C | DISTRICT_OF_C, arguments=_result),
    Row("recognition:objections", EVERY_CITY | AUDITORS),
    Row("recognition:objection", READERS, arguments=_pk_of_objection),
    Row("recognition:objection-file", READERS, arguments=_evidence),
    Row("recognition:objection-page", READERS, arguments=_evidence_page),
    Row("recognition:objection-original", READERS, arguments=_evidence),
    Row("recognition:objection-assign", CITY, "POST", arguments=_pk_of_objection, answers=WRITES),
    Row("recognition:objection-propose", CITY, "POST", arguments=_pk_of_objection, answers=WRITES),
    Row("recognition:objection-return", CITY, arguments=_found),
    Row("recognition:objection-return", CITY, "POST", arguments=_found, fields=_reason, answers=WRITES),
    Row("recognition:objection-decide", CITY, arguments=_found),
    Row("recognition:objection-decide", CITY, "POST", arguments=_found, answers=WRITES),
]
