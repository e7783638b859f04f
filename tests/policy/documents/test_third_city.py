"""A city of another province joins as a folder of data: its divisions, its packs and their examples, and no code."""

import datetime as dt
import json
from collections.abc import Iterator
from pathlib import Path

import pytest

import tidu
from tidu.policy.assess.cases import run_cases
from tidu.policy.assess.entitlements import EntitlementStatus
from tidu.policy.assess.facts import facts_from
from tidu.policy.assess.rewards import rewards
from tidu.policy.documents.library import Library, load_library
from tidu.policy.documents.pack import Force, load_pack
from tidu.policy.documents.route import re_review_route, route_of
from tidu.policy.errors import InputError

OTHER_PLACES = Path(__file__).parents[2] / "packs"
HUIZHOU, HUANGPU = "huizhou-2025-support", "shanghai-huangpu-awards"
HANGZHOU = "hangzhou-2024-recognition"
FEN_PER_WAN = 1_000_000


@pytest.fixture
def library(monkeypatch: pytest.MonkeyPatch) -> Library:
    """The shipped packs and those of the folder that TIDU_PACKS names."""
    monkeypatch.setenv("TIDU_PACKS", str(OTHER_PLACES))
    return load_library()


def test_packs_named_by_tidu_packs_stand_beside_the_shipped_ones(library: Library) -> None:
    shipped = {"hohhot-2022-recognition", "baotou-2023-support", "national-2026-gradient"}
    assert {HUIZHOU, HUANGPU} | shipped <= set(library.packs)


@pytest.mark.parametrize("pack", [HUIZHOU, HUANGPU, HANGZHOU])
def test_every_example_of_the_new_place_comes_out_as_written(library: Library, pack: str) -> None:
    report = run_cases(library.get(pack))
    assert [(result.name, result.faults) for result in report.results if result.faults] == []
    assert report.uncovered == ()


def test_an_enterprise_is_bound_by_its_own_city_and_the_nation_only(library: Library) -> None:
    in_huizhou = {pack.id for pack in library.of_place("441302")}
    in_hohhot = {pack.id for pack in library.of_place("150105")}
    assert HUIZHOU in in_huizhou
    assert "national-2026-gradient" in in_huizhou & in_hohhot
    assert not {HUANGPU, "hohhot-2022-recognition", "baotou-2023-support"} & in_huizhou
    assert HUIZHOU not in in_hohhot


def test_a_district_of_a_municipality_binds_that_district_alone(library: Library) -> None:
    assert HUANGPU in {pack.id for pack in library.of_place("310101")}
    assert HUANGPU not in {pack.id for pack in library.of_place("310115")}


def test_the_last_day_of_a_three_year_term_follows_the_declared_reading(library: Library) -> None:
    pack = library.get(HUIZHOU)
    anniversary = dt.date(2028, 1, 26)
    assert pack.force(anniversary - dt.timedelta(days=1)) is Force.IN_FORCE
    assert pack.force(anniversary) is Force.EXPIRED
    assert pack.force(anniversary, settings={"term_end": "anniversary"}) is Force.IN_FORCE


def test_an_event_that_only_one_city_knows_is_declared_in_its_pack(library: Library) -> None:
    pack = library.get(HUIZHOU)
    event = {"kind": "design_centre_recognised", "on": "2026-03-01", "level": "national"}
    facts = facts_from({"events": [event]}, pack.in_view)
    answers = {item.id: item for item in rewards(pack, facts, as_of=dt.date(2026, 12, 31))}
    assert answers["national_design_centre"].amount == 80 * FEN_PER_WAN
    with pytest.raises(InputError, match="design_centre_recognised"):
        facts_from({"events": [event]}, library.vocabulary)


def test_another_city_recognises_by_a_procedure_of_its_own(library: Library) -> None:
    pack = library.get(HANGZHOU)
    recognition = pack.recognition()
    route = route_of(recognition, pack.settings())
    assert route.stages == ("apply", "district", "decision", "notice", "recognition")
    assert route.notice is not None
    assert (route.notice.days, route.notice.day_kind) == (7, "working")
    assert recognition.procedure is not None
    assert (recognition.procedure.not_met, recognition.procedure.calls_a_year) == ("warn", 2)
    review = re_review_route(recognition, pack.settings())
    assert review.stages == ("apply", "district", "decision", "recognition")
    assert {offer.pack.id for offer in library.offers("330108", dt.date(2026, 6, 1))} >= {HANGZHOU}


def test_a_title_is_rewarded_again_when_its_re_review_is_passed(library: Library) -> None:
    pack = library.get(HUANGPU)
    title = {"tier": "little_giant", "authority": "工业和信息化部"}
    first = title | {"recognised_on": "2022-09-01", "expires_on": "2025-08-31"}
    again = title | {"recognised_on": "2025-09-01", "expires_on": "2028-08-31", "basis": "re_review"}
    facts = facts_from({"registered_area": "310101", "recognitions": [first, again]}, pack.in_view)
    due = {
        item.id: item.amount
        for item in rewards(pack, facts, as_of=dt.date(2025, 12, 31))
        if item.status is EntitlementStatus.DUE
    }
    assert due == {"award_little_giant": 40 * FEN_PER_WAN, "renewal_little_giant": 20 * FEN_PER_WAN}


def test_the_amounts_are_those_published_for_the_two_places(library: Library, shared: Path) -> None:
    places = json.loads((shared / "realdata" / "other_places.json").read_text(encoding="utf-8"))
    rewarded = {place["id"]: place["rewards"] for place in places}
    for source, pack in (("huizhou-2025", HUIZHOU), ("shanghai-huangpu", HUANGPU)):
        parameters = library.get(pack).document.parameters.values()
        assert {parameter.value for parameter in parameters} == {
            f"{reward['amount_wan']}万元" for reward in rewarded[source]
        }


def _code() -> Iterator[Path]:
    root = Path(tidu.__file__).parent
    yield from (path for path in root.rglob("*") if path.suffix in {".py", ".lark"})


def test_no_line_of_code_speaks_of_the_new_places() -> None:
    words = ("惠州", "huizhou", "441300", "黄浦", "huangpu", "310101", "杭州", "hangzhou", "330100")
    speaking = [
        path.name
        for path in _code()
        if any(word in path.read_text(encoding="utf-8").lower() for word in words)
    ]
    assert speaking == []


def test_a_pack_is_refused_with_its_line_when_its_place_is_not_described(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TIDU_PACKS", str(tmp_path))
    folder = tmp_path / "elsewhere-2025"
    folder.mkdir()
    text = (OTHER_PLACES / HUIZHOU / "pack.yaml").read_text(encoding="utf-8")
    (folder / "pack.yaml").write_text(
        text.replace(HUIZHOU, "elsewhere-2025").replace('"441300"', '"999900"'), encoding="utf-8"
    )
    with pytest.raises(InputError) as refused:
        load_pack(folder)
    problem = refused.value.problems[0]
    assert "999900" in problem.message
    assert problem.line == 1 + text[: text.index("trigger:")].count("\n")
