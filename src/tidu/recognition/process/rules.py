"""The rules that a call rests on: its pack as frozen at publication, the way of its applications, their limits."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

from tidu.core.models.deadlines import DayUnit
from tidu.policy.documents.library import load_library
from tidu.policy.documents.pack import PACK_FILE, Pack, load_pack
from tidu.policy.documents.recognition_document import Limit, RecognitionDocument
from tidu.policy.documents.route import Route, re_review_route, route_of
from tidu.recognition.models import Call, PackVersion
from tidu.registry.vocabulary import library_at_hand

#: What a call proposes where its document sets no limit. Working days, but for the reply of whoever may lose a title.
SILENT: Final[Mapping[str, tuple[int, DayUnit, str]]] = {
    "district": (10, DayUnit.WORKING, "逾期未审结的，自动上报市级督办。"),
    "correction": (5, DayUnit.WORKING, "逾期未补正的，视为放弃。"),
    "inquiry": (3, DayUnit.WORKING, "逾期未答复的，按现有材料审核。"),
    "experts": (10, DayUnit.WORKING, "逾期未提交的专家，由组织单位更换。"),
    "decision": (20, DayUnit.WORKING, "逾期未研究的，提示单位负责人。"),
    "objection": (15, DayUnit.WORKING, "逾期未核实的，提示单位负责人；办结前不予认定。"),
    "reply": (10, DayUnit.WORKING, "逾期未陈述的，按现有证据作出决定。"),
    "change": (15, DayUnit.WORKING, "逾期未核实的，自动上报市级督办。"),
}


def pack_of(call: Call) -> Pack:
    """The pack of a call: as it was frozen, or while the call is a draft as it is today.

    Raises :class:`tidu.policy.errors.InputError` where the pack is gone or broken.
    """
    if call.version_id is None:
        return load_library().get(call.pack)
    at_hand = library_at_hand().packs.get(call.pack)
    if at_hand is not None and at_hand.digest == call.version_id:
        return at_hand
    return _frozen(call.version_id)


def recognition_of(call: Call) -> RecognitionDocument:
    """What the call's pack says of its tier."""
    return pack_of(call).recognition(call.tier)


def settings_of(call: Call) -> dict[str, str]:
    """The call's choice of every interpretation."""
    return pack_of(call).settings(call.readings)


def route_of_call(call: Call) -> Route:
    """The way that the call's applications take."""
    find = route_of if call.kind == Call.Kind.FIRST else re_review_route
    return find(recognition_of(call), settings_of(call))


def limits_for(recognition: RecognitionDocument, route: Route) -> dict[str, dict[str, Any]]:
    """Every limit of a call as the document sets it or, where it is silent, as proposed: then ``cite`` is empty."""
    procedure = recognition.procedure
    written: dict[str, Limit | None] = {stop.stage: stop.limit for stop in route.stops}
    if procedure is not None:
        written |= {
            "correction": procedure.correction,
            "objection": procedure.objection,
            "reply": procedure.reply,
        }
    found = {}
    for name, (days, unit, late) in SILENT.items():
        limit = written.get(name)
        found[name] = (
            {"days": days, "day_kind": unit.value, "late": late, "cite": ""}
            if limit is None
            else {
                "days": limit.days,
                "day_kind": limit.day_kind,
                "late": limit.late or late,
                "cite": limit.cite or "",
            }
        )
    return found


def limit_of(call: Call, name: str) -> dict[str, Any]:
    """One limit of a call: ``days``, ``day_kind``, ``late`` (what follows), ``cite`` (empty: set by the call)."""
    days, unit, late = SILENT[name]
    proposed = {"days": days, "day_kind": unit.value, "late": late, "cite": ""}
    return {**proposed, **call.limits.get(name, {})}


def freeze(pack: Pack) -> PackVersion:
    """Keep the pack as it is now. The same content is kept once."""
    text = (pack.folder / PACK_FILE).read_text(encoding="utf-8")
    return PackVersion.objects.get_or_create(digest=pack.digest, defaults={"pack": pack.id, "text": text})[0]


@lru_cache(maxsize=16)
def _frozen(digest: str) -> Pack:
    version = PackVersion.objects.get(pk=digest)
    with tempfile.TemporaryDirectory(prefix="tidu-pack-") as folder:
        place = Path(folder) / version.pack
        place.mkdir()
        (place / PACK_FILE).write_text(version.text, encoding="utf-8")
        return load_pack(place)
