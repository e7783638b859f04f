"""Divisions, development zones, their codes in three systems, and reading them out of addresses."""

import csv
import datetime as dt
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tidu.policy.errors import InputError
from tidu.policy.vocabulary.places import NATION, Places, load_places

HOHHOT, BAOTOU, RARE_EARTH, HOHHOT_ETDZ = "150100", "150200", "150271", "150172"


@pytest.fixture(scope="module")
def places() -> Places:
    return load_places()


def test_the_region_has_twelve_cities_and_leagues(places: Places) -> None:
    assert [place.name for place in places.children("150000")] == [
        "呼和浩特市",
        "包头市",
        "乌海市",
        "赤峰市",
        "通辽市",
        "鄂尔多斯市",
        "呼伦贝尔市",
        "巴彦淖尔市",
        "乌兰察布市",
        "兴安盟",
        "锡林郭勒盟",
        "阿拉善盟",
    ]


def test_a_city_has_its_counties_first_and_then_its_zones(places: Places) -> None:
    codes = [place.code for place in places.children(BAOTOU)]
    assert codes == [
        "150202",
        "150203",
        "150204",
        "150205",
        "150206",
        "150207",
        "150221",
        "150222",
        "150223",
        "150271",
    ]


def test_recommending_bodies_are_the_counties_and_the_zones_named_by_the_city(places: Places) -> None:
    assert [place.name for place in places.recommending(HOHHOT)][9:] == [
        "和林格尔新区",
        "呼和浩特金山高新技术产业开发区",
        "呼和浩特经济技术开发区",
    ]
    assert len(places.recommending(BAOTOU)) == 10


@pytest.mark.parametrize(
    ("code", "name"),
    [
        ("150105", "赛罕区"),
        ("150271", "包头稀土高新技术产业开发区"),
        ("150291", "包头稀土高新技术产业开发区"),
        ("150191", "呼和浩特经济技术开发区"),
        ("150192", "呼和浩特经济技术开发区"),
        ("150172", "呼和浩特经济技术开发区"),
        (NATION, "全国"),
    ],
)
def test_a_place_is_found_by_its_code_in_any_system(places: Places, code: str, name: str) -> None:
    found = places.get(code)
    assert found is not None
    assert found.name == name


def test_an_unknown_code_has_no_place(places: Places) -> None:
    assert places.get("420107") is None
    assert places.get("") is None
    assert places.path("420107") is None


def test_the_city_of_a_zone_is_found_by_any_of_its_codes(places: Places) -> None:
    for code in (RARE_EARTH, "150291", "150203", BAOTOU):
        city = places.city_of(code)
        assert city is not None
        assert city.code == BAOTOU
    assert places.city_of("150000") is None
    assert places.city_of(NATION) is None
    assert places.city_of("420107") is None
    assert places.city_of("包头") is None


@pytest.mark.parametrize(
    ("code", "area"),
    [
        ("150105", NATION),
        ("150105", "150000"),
        ("150105", HOHHOT),
        ("150105", "150105"),
        ("420107", NATION),
        ("420107", "420100"),
        (RARE_EARTH, BAOTOU),
        ("150291", RARE_EARTH),
        (RARE_EARTH, "150291"),
        ("150191", HOHHOT_ETDZ),
        ("150192", "150191"),
    ],
)
def test_a_place_lies_in_the_nation_its_province_its_city_and_itself_under_all_its_codes(
    places: Places, code: str, area: str
) -> None:
    assert places.within(code, area)


@pytest.mark.parametrize(
    ("code", "area"),
    [
        ("150105", BAOTOU),
        ("150105", "150102"),
        ("420107", "150000"),
        (RARE_EARTH, "150207"),
        (HOHHOT, "150105"),
        ("150000", HOHHOT),
        (NATION, "150000"),
    ],
)
def test_a_place_does_not_lie_elsewhere_nor_in_the_district_around_it_nor_in_what_is_finer(
    places: Places, code: str, area: str
) -> None:
    assert not places.within(code, area)


@pytest.mark.parametrize("code", ["15010", "包头市", "", "1501051", "15010a", "１５０１０５"])
def test_within_refuses_what_is_not_a_code(places: Places, code: str) -> None:
    with pytest.raises(InputError, match="不是六位行政区划代码"):
        places.within(code, HOHHOT)
    with pytest.raises(InputError, match="不是六位行政区划代码"):
        places.within(HOHHOT, code)


@given(st.data())
def test_descendants_are_exactly_what_lies_within(data: st.DataObject) -> None:
    places = load_places()
    every_code = sorted(places.descendants(NATION))
    area, code = data.draw(st.sampled_from(every_code)), data.draw(st.sampled_from(every_code))
    assert (code in places.descendants(area)) == places.within(code, area)


def test_descendants_of_a_city_hold_the_zone_codes_of_every_system(places: Places) -> None:
    assert {"150200", "150203", RARE_EARTH, "150291"} <= places.descendants(BAOTOU)
    assert places.descendants("150291") == {RARE_EARTH, "150291"}
    assert places.descendants("420100") == {"420100"}


def test_the_ancestors_are_where_a_coarser_code_could_still_turn_out_to_be(places: Places) -> None:
    assert [place.code for place in places.ancestors("150291")] == [NATION, "150000", BAOTOU]
    assert places.ancestors(NATION) == ()
    assert places.path("150105") == "内蒙古自治区呼和浩特市赛罕区"


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("包头市", BAOTOU),
        ("包头", BAOTOU),
        ("赛罕区", "150105"),
        ("昆区", "150203"),
        ("稀土高新区", RARE_EARTH),
        ("内蒙古", "150000"),
    ],
)
def test_a_place_is_found_by_the_names_people_use(places: Places, name: str, code: str) -> None:
    found = places.named(name)
    assert found is not None
    assert found.code == code


def test_a_name_nobody_has_finds_nothing(places: Places) -> None:
    assert places.named("不存在的区") is None


@pytest.mark.parametrize(
    ("uscc", "code"),
    [
        ("91150291MA0000000X", RARE_EARTH),
        ("91150191MA0000000X", HOHHOT_ETDZ),
        ("91150192MA0000000X", HOHHOT_ETDZ),
        ("91150100MA0000000X", HOHHOT),
        ("91150200MA0000000X", BAOTOU),
        ("91150000MA0000000X", "150000"),
        ("91150203MA0000000X", "150203"),
        (" 91150203ma0000000x ", "150203"),
    ],
)
def test_a_credit_code_tells_the_registrar_and_no_more(places: Places, uscc: str, code: str) -> None:
    found = places.from_uscc(uscc)
    assert found is not None
    assert found.code == code


@pytest.mark.parametrize(
    "uscc", ["", "91420107MA0000000X", "9115029", "91150291MA0000000I", "91150291MA0000000XX"]
)
def test_a_credit_code_of_elsewhere_or_ill_formed_gives_none(places: Places, uscc: str) -> None:
    assert places.from_uscc(uscc) is None


def test_a_place_is_in_force_between_its_recorded_days(tmp_path: Path) -> None:
    folder = tmp_path / "vocabulary"
    folder.mkdir()
    write_divisions(folder, "110101,东区,110100,gbt2260,2016-06-08,2020-12-31,试")
    found = load_places((folder,)).get("110101")
    assert found is not None
    days = [dt.date(2016, 6, 7), dt.date(2016, 6, 8), dt.date(2020, 12, 31), dt.date(2021, 1, 1)]
    assert [found.in_force(day) for day in days] == [False, True, True, False]


def write_divisions(folder: Path, *rows: str) -> None:
    lines = [
        "code,name,parent,code_system,valid_from,valid_to,source",
        "000000,全国,,own,,,试",
        "110000,甲省,000000,gbt2260,,,试",
        "110100,乙市,110000,gbt2260,,,试",
        *rows,
    ]
    (folder / "divisions.csv").write_text("\n".join(lines), encoding="utf-8")


def test_faulty_rows_are_refused_together_by_line_and_column(tmp_path: Path) -> None:
    folder = tmp_path / "vocabulary"
    folder.mkdir()
    write_divisions(
        folder,
        "11010,短码,110100,gbt2260,,,试",
        "110102,错上级,110200,gbt2260,,,试",
        "110103,错体系,110100,iso,,,试",
        "110104,错日期,110100,gbt2260,2016-13-01,,试",
        "110100,重复,110000,gbt2260,,,试",
    )
    (folder / "address_names.csv").write_text(
        "name,code,kind,source\n某园,999999,garden,试\n", encoding="utf-8"
    )
    with pytest.raises(InputError) as caught:
        load_places((folder,))
    places = [str(problem).split("：", maxsplit=1)[0] for problem in caught.value.problems]
    assert places == [
        "vocabulary/divisions.csv:5 code",
        "vocabulary/divisions.csv:6 parent",
        "vocabulary/divisions.csv:7 code_system",
        "vocabulary/divisions.csv:8 valid_from",
        "vocabulary/divisions.csv:9 code",
        "vocabulary/divisions.csv:6 parent",
        "vocabulary/address_names.csv:2 code",
        "vocabulary/address_names.csv:2 kind",
    ]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("code,name\n1,2\n", "缺少“parent”列"),
        ("code,name,parent,code_system,valid_from,valid_to,source,mayor\n", "不认识“mayor”列"),
        ("code,name,parent,code_system,valid_from,valid_to,source\n1,2\n", "应有 7 列，实有 2 列"),
    ],
)
def test_a_table_with_other_columns_is_refused(tmp_path: Path, text: str, message: str) -> None:
    (tmp_path / "divisions.csv").write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match=message):
        load_places((tmp_path,))


def test_a_table_in_another_encoding_is_refused_with_what_to_do(tmp_path: Path) -> None:
    (tmp_path / "divisions.csv").write_bytes("code,name\n110000,甲省\n".encode("gb18030"))
    with pytest.raises(InputError, match="另存为“CSV UTF-8”后重试"):
        load_places((tmp_path,))


def test_other_places_join_from_the_folder_that_the_setting_names(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "vocabulary"
    folder.mkdir()
    (folder / "divisions_110000.csv").write_text(
        "code,name,parent,code_system,valid_from,valid_to,source\n"
        "110000,甲省,000000,gbt2260,,,试\n110100,乙市,110000,gbt2260,,,试\n110101,新城区,110100,gbt2260,,,试\n",
        encoding="utf-8",
    )
    monkeypatch.setenv("TIDU_PACKS", str(tmp_path))
    places = load_places()
    assert places.path("110101") == "甲省乙市新城区"
    assert places.named("新城区") is None
    found = places.from_address("内蒙古新城区海东路")
    assert found is not None
    assert found.code == "150102"


def test_the_data_agree_with_the_list_as_published(places: Places, shared: Path) -> None:
    rows = list(
        csv.DictReader(
            (shared / "realdata" / "divisions_150000.csv").read_text(encoding="utf-8-sig").splitlines()
        )
    )
    for row in rows:
        found = places.get(row["code"])
        assert found is not None
        assert found.parent == (row["parent"] or NATION)
        assert found.name == row["name"] or row["name"] in found.address_names
    added = {place.code for place in places.by_code.values()} - {row["code"] for row in rows}
    assert added == {NATION, "150161", "150162"}


def test_zones_are_marked_with_the_code_system_that_knows_them(places: Places) -> None:
    systems = {place.code: place.code_system for place in places.by_code.values() if place.level == "zone"}
    assert systems == {
        "150161": "own",
        "150162": "own",
        "150172": "nbs",
        "150271": "nbs",
        "150571": "nbs",
        "152571": "nbs",
        "152971": "nbs",
    }
