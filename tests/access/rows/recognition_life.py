"""The life of a title: officers of its place, the city's officers who decide, and the enterprise itself."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from tests.access.rows import Elsewhere, Row
from tests.access.world import AUDITORS, ENTERPRISES_ALL, OFFICERS, World
from tests.recognition.life_cases import (
    campaign_draft,
    campaign_running,
    campaign_sent,
    list_made,
    looked_into,
    notified,
    opened,
    proposed,
    replied,
    reported,
    title_of,
)
from tidu.recognition.actions.cancellations import draft_notice
from tidu.recognition.actions.changes import draft_decision
from tidu.recognition.actions.recommendations import draft_list

_CITIES = frozenset({"city_baotou", "city_hohhot", "city_hohhot_second"})
_CITY = frozenset({"city_hohhot", "city_hohhot_second"})
_DISTRICT = frozenset({"district_saihan", "district_saihan_second"})
_STAFF = _CITY | _DISTRICT | {"auditor_hohhot"}
_DISTRICTS = frozenset({"district_saihan", "district_saihan_second", "district_huimin"})
_CAMPAIGN = _CITY | _DISTRICTS | {"auditor_hohhot"}
_MANAGER = frozenset({"manager_c"})
_OWN = frozenset({"manager_c", "editor_c"})
_SENT = frozenset({302})
_ASKED_AGAIN = frozenset({302, 422})

Arguments = Callable[[World], Mapping[str, Any]]


def _pk(make: Callable[[World], Any]) -> Arguments:
    return lambda world: {"pk": make(world).pk}


def _case_file(world: World) -> Mapping[str, Any]:
    case = opened(world)
    return {"pk": case.pk, "key": case.files.get().pk}


def _reply_file(world: World) -> Mapping[str, Any]:
    case = replied(world)
    return {"pk": case.pk, "key": case.reply_files.get().pk}


def _change_paper(world: World) -> Mapping[str, Any]:
    change = reported(world)
    return {"pk": change.pk, "number": change.evidence.get().pk}


def _decided_draft(world: World) -> Mapping[str, Any]:
    change = draft_decision(
        actor=world.actor("city_hohhot"), change=looked_into(world), accepted=True, decision="属实。"
    )
    return {"pk": change.pk}


def _notice_draft(world: World) -> Mapping[str, Any]:
    return {"pk": draft_notice(actor=world.actor("city_hohhot"), case=opened(world)).pk}


def _paper(make: Callable[[World], Any]) -> Arguments:
    return lambda world: {"pk": make(world).pk, "which": "notice"}


def _listed(world: World) -> Mapping[str, Any]:
    found = draft_list(actor=world.actor("city_hohhot"), found=list_made(world))
    return {"pk": found.pk}


def _draft_title(world: World) -> Mapping[str, Any]:
    call = campaign_draft(world)
    return {"pk": call.pk, "title": title_of(world).pk}


ROWS: list[Row | Elsewhere] = [
    Row("recognition:titles", may=OFFICERS | AUDITORS),
    Row("recognition:titles-export", may=OFFICERS | AUDITORS, arguments=lambda _: {"form": "xlsx"}),
    Row("recognition:title", may=_STAFF, arguments=_pk(title_of)),
    Row("recognition:own-titles", may=ENTERPRISES_ALL),
    Row("recognition:change-new", may=_MANAGER, arguments=_pk(title_of)),
    Row(
        "recognition:change-new",
        method="POST",
        may=_MANAGER,
        arguments=_pk(title_of),
        answers=frozenset({422}),
    ),
    Row("recognition:changes", may=OFFICERS | AUDITORS),
    Row("recognition:change", may=_STAFF | _OWN, arguments=_pk(reported)),
    Row(
        "recognition:change-opinion",
        method="POST",
        may=_DISTRICT | _CITY,
        arguments=_pk(reported),
        fields=lambda _: {"positive": "yes", "opinion": "属实。"},
        answers=_ASKED_AGAIN,
    ),
    Row(
        "recognition:change-decide",
        method="POST",
        may=_CITY,
        arguments=_pk(looked_into),
        fields=lambda _: {"accepted": "yes", "decision": "同意。"},
        answers=_ASKED_AGAIN,
    ),
    Row("recognition:change-withdraw", may=_MANAGER, arguments=_pk(reported)),
    Row("recognition:change-withdraw", method="POST", may=_MANAGER, arguments=_pk(reported), answers=_SENT),
    Row("recognition:change-document", may=_STAFF, arguments=_decided_draft),
    Row("recognition:change-paper", may=_STAFF | _OWN, arguments=_change_paper),
    Row("recognition:campaigns", may=OFFICERS | AUDITORS),
    Row("recognition:campaign-new", may=_CITIES),
    Row("recognition:campaign-new", method="POST", may=_CITIES, answers=frozenset({422})),
    Row("recognition:campaign", may=_CAMPAIGN, arguments=_pk(campaign_running)),
    Row("recognition:campaign", may=_CITY, arguments=_pk(campaign_draft)),
    Row("recognition:campaign-send", method="POST", may=_CITY, arguments=_pk(campaign_draft), answers=_SENT),
    Row("recognition:campaign-approve", may=_CITY, arguments=_pk(campaign_sent)),
    Row(
        "recognition:campaign-approve",
        method="POST",
        may=_CITY,
        arguments=_pk(campaign_sent),
        answers=_ASKED_AGAIN,
    ),
    Row("recognition:campaign-extend", may=_CITY, arguments=_pk(campaign_running)),
    Row(
        "recognition:campaign-extend",
        method="POST",
        may=_CITY,
        arguments=_pk(campaign_running),
        fields=lambda _: {"reason": "企业资料还在审计。", "closes_at": "2020-01-01 17:30"},
        answers=frozenset({422}),
    ),
    Row("recognition:campaign-return", may=_CITY, arguments=_pk(campaign_sent)),
    Row(
        "recognition:campaign-return",
        method="POST",
        may=_CITY,
        arguments=_pk(campaign_sent),
        fields=lambda _: {"reason": "时间太紧"},
        answers=frozenset({200, 302, 422}),
    ),
    Row("recognition:campaign-discard", may=_CITY, arguments=_pk(campaign_draft)),
    Row(
        "recognition:campaign-discard",
        method="POST",
        may=frozenset({"city_hohhot"}) | frozenset({"city_hohhot_second"}),
        arguments=_pk(campaign_sent),
        answers=frozenset({200, 302, 404, 422}),
    ),
    Row("recognition:campaign-leave-out", may=_CITY, arguments=_draft_title),
    Row(
        "recognition:campaign-leave-out",
        method="POST",
        may=_CITY,
        arguments=_draft_title,
        fields=lambda _: {"reason": ""},
        answers=frozenset({422}),
    ),
    Row("recognition:campaign-document", may=_CITY, arguments=_pk(campaign_sent)),
    Row("recognition:cancellations", may=OFFICERS | AUDITORS),
    Row(
        "recognition:cancellation-new",
        may=_CITIES,
        answers=_SENT,
    ),
    Row("recognition:cancellation-new", method="POST", may=_CITIES, answers=_ASKED_AGAIN),
    Row("recognition:cancellation", may=_STAFF, arguments=_pk(opened)),
    Row("recognition:cancellation", may=_STAFF | _OWN, arguments=_pk(notified)),
    Row(
        "recognition:cancellation-evidence",
        method="POST",
        may=_CITY,
        arguments=_pk(opened),
        answers=frozenset({422}),
    ),
    Row("recognition:cancellation-draft", method="POST", may=_CITY, arguments=_pk(opened), answers=_SENT),
    Row("recognition:cancellation-notify", may=_CITY, arguments=_notice_draft),
    Row(
        "recognition:cancellation-notify",
        method="POST",
        may=_CITY,
        arguments=_notice_draft,
        answers=frozenset({200, 302, 422}),
    ),
    Row(
        "recognition:cancellation-reply",
        method="POST",
        may=_MANAGER | _CITY,
        arguments=_pk(notified),
        answers=frozenset({422}),
    ),
    Row("recognition:cancellation-reply-withdraw", may=_MANAGER, arguments=_pk(replied)),
    Row(
        "recognition:cancellation-reply-withdraw",
        method="POST",
        may=_MANAGER,
        arguments=_pk(replied),
        answers=_SENT,
    ),
    Row(
        "recognition:cancellation-propose",
        method="POST",
        may=_CITY,
        arguments=_pk(replied),
        fields=lambda _: {"cancels": "yes", "opinion": "不予采纳。"},
        answers=_ASKED_AGAIN,
    ),
    Row("recognition:cancellation-confirm", may=_CITY, arguments=_pk(proposed)),
    Row(
        "recognition:cancellation-confirm",
        method="POST",
        may=_CITY,
        arguments=_pk(proposed),
        answers=frozenset({200, 302, 422}),
    ),
    Row("recognition:cancellation-return", may=_CITY, arguments=_pk(proposed)),
    Row(
        "recognition:cancellation-return",
        method="POST",
        may=_CITY,
        arguments=_pk(proposed),
        fields=lambda _: {"reason": "请补充"},
        answers=frozenset({200, 302, 422}),
    ),
    Row("recognition:cancellation-paper", may=_STAFF | _OWN, arguments=_paper(notified)),
    Row("recognition:cancellation-file", may=_STAFF, arguments=_case_file),
    Row("recognition:cancellation-file", may=_STAFF | _OWN, arguments=_reply_file),
    Row("recognition:recommendations", may=_CITIES | AUDITORS),
    Row("recognition:recommendation-new", may=_CITIES),
    Row("recognition:recommendation-new", method="POST", may=_CITIES, answers=frozenset({422})),
    Row("recognition:recommendation", may=_CITY | {"auditor_hohhot"}, arguments=_pk(list_made)),
    Row("recognition:recommendation-xlsx", may=_CITY | {"auditor_hohhot"}, arguments=_pk(list_made)),
    Row(
        "recognition:recommendation-draft", method="POST", may=_CITY, arguments=_pk(list_made), answers=_SENT
    ),
    Row("recognition:recommendation-issue", may=_CITY, arguments=_listed),
    Row(
        "recognition:recommendation-issue",
        method="POST",
        may=_CITY,
        arguments=_listed,
        answers=frozenset({200, 302, 422}),
    ),
    Row(
        "recognition:recommendation-document",
        may=_CITY | {"auditor_hohhot"},
        arguments=lambda world: {**_listed(world), "form": "docx"},
    ),
]
