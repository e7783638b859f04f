"""Calls: written by one city officer, approved by another, read by the districts and auditors of the city."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tests.access.rows import Elsewhere, Row
from tests.access.world import AUDITORS, OFFICERS, World
from tests.recognition.cases import PACK, TIER, published_call
from tidu.recognition.actions.asked_changes import ask_to_close
from tidu.recognition.actions.calls import approve_call, send_for_approval, start_call
from tidu.recognition.models import Call

_CITIES = frozenset({"city_baotou", "city_hohhot", "city_hohhot_second"})
_BUREAU = frozenset({"city_hohhot", "city_hohhot_second"})
_READERS = _BUREAU | {"district_saihan", "district_saihan_second", "district_huimin", "auditor_hohhot"}
_REASON = {"reason": "情况有变，按程序办理。"}


def _draft(world: World) -> Mapping[str, Any]:
    return {"pk": start_call(actor=world.actor("city_hohhot"), pack=PACK, tier=TIER).pk}


def _sent(world: World) -> Mapping[str, Any]:
    call = start_call(actor=world.actor("city_hohhot"), pack=PACK, tier=TIER)
    return {"pk": send_for_approval(actor=world.actor("city_hohhot"), call=call).pk}


def _issued(world: World) -> Mapping[str, Any]:
    call = Call.objects.get(pk=_sent(world)["pk"])
    return {"pk": approve_call(actor=world.actor("city_hohhot_second"), call=call).pk}


def _published(world: World) -> Mapping[str, Any]:
    return {"pk": published_call(world).pk}


def _asked(world: World) -> Mapping[str, Any]:
    call = published_call(world)
    ask_to_close(actor=world.actor("city_hohhot"), call=call, reason="名额已满。")
    return {"pk": call.pk}


def _reason(_: World) -> Mapping[str, Any]:
    return _REASON


def _later(_: World) -> Mapping[str, Any]:
    return {**_REASON, "closes_at": "2027-03-01 17:30"}


ROWS: list[Row | Elsewhere] = [
    Row("recognition:calls", may=OFFICERS | AUDITORS),
    Row("recognition:call-new", may=_CITIES),
    Row(
        "recognition:call-new",
        method="POST",
        may=_CITIES,
        fields=lambda _: {"offer": f"{PACK}/{TIER}"},
        answers=frozenset({302, 422}),  # Baotou has no policy of its own to call for
    ),
    Row("recognition:call", may=_BUREAU, arguments=_draft),
    Row("recognition:call", may=_READERS, arguments=_published),
    Row("recognition:call-edit", may=_BUREAU, arguments=_draft),
    Row("recognition:call-edit", method="POST", may=_BUREAU, arguments=_draft, answers=frozenset({302, 422})),
    Row("recognition:call-document", may=_BUREAU, arguments=_draft),
    Row("recognition:call-document", may=_READERS, arguments=_issued),
    Row("recognition:call-document-word", may=_READERS, arguments=_issued),
    Row("recognition:call-approval", method="POST", may=_BUREAU, arguments=_draft, answers=frozenset({302})),
]
for _name, _arguments, _fields in (
    ("call-approve", _sent, _reason),
    ("call-return", _sent, _reason),
    ("call-extend", _published, _later),
    ("call-close", _published, _reason),
    ("call-withdraw", _published, _reason),
    ("call-change-confirm", _asked, _reason),
    ("call-change-return", _asked, _reason),
    ("call-renew", _published, _reason),
):
    ROWS += [
        Row(f"recognition:{_name}", may=_BUREAU, arguments=_arguments),
        Row(
            f"recognition:{_name}",
            method="POST",
            may=_BUREAU,
            arguments=_arguments,
            fields=_fields,
            answers=frozenset({302, 422}),
        ),
    ]
ROWS += [
    Row("recognition:call-discard", may=_BUREAU, arguments=_draft),
    # A draft could be thrown away by the first of those who may; one that stands elsewhere answers all of them.
    Row(
        "recognition:call-discard", method="POST", may=_BUREAU, arguments=_published, answers=frozenset({302})
    ),
]
