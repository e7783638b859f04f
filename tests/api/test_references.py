"""Packs, vocabulary, sectors and places."""

from __future__ import annotations

import json
from typing import Any

import pytest
import time_machine

from tests.api.conftest import Ask
from tidu.policy.documents.library import load_library
from tidu.policy.vocabulary.places import load_places

LIBRARY = load_library()


def _json(ask: Ask, path: str) -> Any:  # noqa: ANN401 - any JSON
    answer = ask(path)
    assert answer.status_code == 200, answer.content.decode()
    return json.loads(answer.content)


def _listed(ask: Ask, query: str = "") -> set[str]:
    return {pack["id"] for pack in _json(ask, f"packs{query}")["packs"]}


def test_without_filters_every_pack_is_listed_with_its_digest(ask: Ask) -> None:
    packs = _json(ask, "packs")["packs"]
    assert {pack["id"]: pack["digest"] for pack in packs} == {pack.id: pack.digest for pack in LIBRARY}


def test_baotou_is_in_force_on_the_last_day_and_not_on_the_next(ask: Ask) -> None:
    assert "baotou-2023-support" in _listed(ask, "?on=2025-12-31")
    assert "baotou-2023-support" not in _listed(ask, "?on=2026-01-01")


def test_a_place_has_its_own_packs_and_the_nations(ask: Ask) -> None:
    hohhot, baotou = _listed(ask, "?place=150102"), _listed(ask, "?place=150200")
    assert hohhot - baotou == {"hohhot-2021-support", "hohhot-2022-recognition"}
    assert baotou - hohhot == {"baotou-2023-support"}
    assert hohhot & baotou >= {"national-2022-gradient", "national-2026-gradient"}


def test_a_zone_counts_in_its_city_under_each_of_its_codes(ask: Ask) -> None:
    zones = [zone for zone in load_places().by_code.values() if zone.level == "zone" and zone.other_codes]
    assert zones
    for zone in zones:
        for code in (zone.code, *zone.other_codes):
            assert _listed(ask, f"?place={code}") == _listed(ask, f"?place={zone.code[:4]}00")


def test_a_replaced_tier_is_listed_until_the_day_before_its_successor(ask: Ask) -> None:
    assert _listed(ask, "?tier=srdi&on=2026-03-31") == {"national-2022-gradient"}
    assert _listed(ask, "?tier=srdi&on=2026-04-01") == {"national-2026-gradient"}
    assert _listed(ask, "?tier=srdi") == {"national-2022-gradient", "national-2026-gradient"}


@time_machine.travel("2025-12-31T20:00:00Z", tick=False)
def test_today_is_the_day_in_china(ask: Ask) -> None:
    answer = _json(ask, "packs")
    assert answer["on"] == "2026-01-01"
    (baotou,) = (pack for pack in answer["packs"] if pack["id"] == "baotou-2023-support")
    assert baotou["in_force"]["state"] == "expired"


def test_a_pack_shows_its_criteria_with_requirement_and_clause(ask: Ask) -> None:
    pack = _json(ask, "packs/hohhot-2022-recognition")
    (recognition,) = pack["recognition"]
    criteria = {item["id"]: item for item in recognition["criteria"]}
    assert criteria["revenue"]["requirement"] == "≥ 1,000.00 万元"
    assert criteria["revenue"]["cite"] == "申报条件/基本条件/03"
    assert criteria["revenue"]["inputs"] == [{"indicator": "revenue", "offset": -1, "judged": False}]
    assert criteria["chain_advantage"]["question"]
    assert criteria["innovation_outcome"]["wanted"] >= 1

    def members(group: dict[str, Any]) -> list[str]:
        return [
            name for part in group["parts"] for name in ([part] if isinstance(part, str) else members(part))
        ]

    assert sorted(members(recognition["combination"])) == sorted(criteria)


def test_a_pack_shows_its_benefits_in_yuan_and_its_duties_with_departments(ask: Ask) -> None:
    pack = _json(ask, "packs/baotou-2023-support")
    benefits = {item["id"]: item for item in pack["benefits"]}
    assert benefits["award_little_giant"]["amount"]["kind"] == "fixed"
    assert benefits["award_little_giant"]["amount"]["amount"].endswith("0.00")
    assert benefits["award_srdi"]["trigger"]["happening"] == "newly_recognised"
    assert benefits["patent_introduction"]["amount"]["kind"] in {"rate", "decided"}
    assert len(pack["duties"]) >= 18
    assert all(duty["lead"] for duty in pack["duties"])
    assert pack["targets"]
    assert pack["benefit_count"] == len(benefits) == 7


def test_a_points_table_is_shown_item_by_item(ask: Ask) -> None:
    pack = _json(ask, "packs/national-2022-gradient")
    tables = [
        criterion["points"]
        for recognition in pack["recognition"]
        for outer in recognition["criteria"]
        for criterion in (outer, *outer["branches"])
        if criterion["points"]
    ]
    assert tables
    for table in tables:
        items = [item for group in table["groups"] for item in group["items"]]
        assert sum(item["maximum"] for item in items) >= table["minimum"]
        assert all(item["bands"] or item["measure"] for item in items)


def test_interpretations_name_their_choices_and_the_default(ask: Ask) -> None:
    pack = _json(ask, "packs/hohhot-2022-recognition")
    (growth,) = (item for item in pack["interpretations"] if item["id"] == "growth_mean")
    assert growth["default"] in {choice["id"] for choice in growth["choices"]}
    assert growth["why"]


def test_the_days_of_force_are_written_as_in_the_pack(ask: Ask) -> None:
    pack = _json(ask, "packs/baotou-2023-support?on=2025-12-31")
    assert pack["in_force"] == {"from": "2023-09-01", "until": "2025-12-31", "state": "in_force"}
    replaced = _json(ask, "packs/national-2026-gradient")["replaces"]
    assert [(item["pack"], item["from"]) for item in replaced] == [("national-2022-gradient", "2026-04-01")]


def test_the_state_of_a_pack_is_that_of_the_day_asked_about(ask: Ask) -> None:
    def state(day: str) -> object:
        return _json(ask, f"packs/baotou-2023-support?on={day}")["in_force"]["state"]

    assert [state("2000-01-01"), state("2025-12-31"), state("2026-01-01")] == [
        "not_yet",
        "in_force",
        "expired",
    ]


def test_the_vocabulary_describes_every_indicator_that_may_be_stated(ask: Ask) -> None:
    answer = _json(ask, "vocabulary")
    indicators = {item["id"]: item for item in answer["indicators"]}
    assert set(indicators) == set(LIBRARY.vocabulary.indicators)
    assert indicators["revenue"]["per_year"]
    assert indicators["revenue"]["kind"] == "money"
    assert indicators["chain_advantage"]["judged"]
    assert [choice["id"] for choice in indicators["rd_centre"]["choices"]] == [
        "none",
        "municipal",
        "provincial",
        "national",
    ]
    sections = {section["id"] for section in answer["sections"]}
    assert {item["section"] for item in indicators.values()} <= sections
    evidence = {item["id"] for item in answer["evidence"]}
    assert {name for item in indicators.values() for name in item["evidence"]} <= evidence


def test_sectors_are_found_by_name_and_by_code(ask: Ask) -> None:
    assert _json(ask, "sectors?q=C3091")["sectors"][0]["code"] == "C3091"
    assert _json(ask, "sectors?q=3091")["sectors"][0]["path"].startswith("制造业 › ")
    assert all("轴承" in item["name"] for item in _json(ask, "sectors?q=轴承")["sectors"])
    assert len(_json(ask, "sectors?q=制造&limit=3")["sectors"]) == 3


def test_places_within_a_city_are_its_districts_and_zones(ask: Ask) -> None:
    places = {item["code"]: item for item in _json(ask, "places?within=150200")["places"]}
    assert all(code.startswith("1502") for code in places)
    assert {item["level"] for item in places.values()} == {"city", "county", "zone"}
    assert len(_json(ask, "places")["places"]) == len(load_places().by_code)


@pytest.mark.parametrize(
    ("path", "status", "key", "said"),
    [
        ("packs/baotou-2023-suport", 404, "pack", "baotou-2023-support"),
        ("vocabulary?pack=nothing", 404, "pack", "GET /api/v1/packs"),
        ("packs?place=999999", 422, "place", "GET /api/v1/places"),
        ("packs?place=呼和浩特市人民政府", 422, "place", "太长"),
        ("packs?tier=srid", 422, "tier", "srdi"),
        ("packs?on=2026-02-29", 422, "on", "这一天不存在"),
        ("packs?on=20260101", 422, "on", "2026-06-01"),
        ("packs?on=9999-01-01", 422, "on", "2100"),
        ("packs?tiers=srdi", 422, "tiers", "tier"),
        ("packs/baotou-2023-support?today=1", 422, "today", "on"),
        ("sectors", 422, "q", "必填"),
        ("sectors?q=", 422, "q", "不能为空"),
        ("sectors?q=轴承&limit=0", 422, "limit", "1"),
        ("sectors?q=轴承&limit=1e3", 422, "limit", "整数"),
        ("places?within=1502", 422, "within", "GET /api/v1/places"),
        ("nowhere", 404, None, "/api/docs/"),
        ("packs/", 404, None, "/api/docs/"),
        ("", 404, None, "/api/docs/"),
    ],
)
def test_what_cannot_be_found_says_so_by_key_and_with_a_remedy(
    ask: Ask, path: str, status: int, key: str | None, said: str
) -> None:
    answer = ask(path)
    assert answer.status_code == status
    fault = json.loads(answer.content)["errors"][0]
    assert fault["key"] == key
    assert said in f"{fault['message']}{fault['remedy']}"
