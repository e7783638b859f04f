"""Reading the place out of real addresses, never more than they say."""

import csv
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tidu.policy.vocabulary.places import Places, load_places

HOHHOT, BAOTOU, RARE_EARTH, HOHHOT_ETDZ = "150100", "150200", "150271", "150172"


@pytest.fixture(scope="module")
def places() -> Places:
    return load_places()


@pytest.mark.parametrize(
    ("address", "code"),
    [
        # Districts, in full and as people shorten them.
        ("内蒙古自治区呼和浩特市赛罕区大学西街1号", "150105"),
        ("内蒙古自治区内蒙古呼和浩特市托克托县云中北路", "150122"),
        ("包头市昆区钢铁大街1号", "150203"),
        ("内蒙古包头市土右旗萨拉齐镇", "150221"),
        ("内蒙古自治区包头市达茂旗百灵庙镇", "150223"),
        ("呼市土左旗台阁牧镇", "150121"),
        ("内蒙古自治区 呼和浩特市 新城区 海东路", "150102"),
        ("内蒙古自治区鄂尔多斯市东胜区", "150602"),
        ("内蒙古自治区乌兰浩特市", "152201"),
        # Zones, however they are called, win over the district they are written after.
        ("内蒙古自治区包头市稀土高新区创业园区", RARE_EARTH),
        ("包头市稀土高新技术开发区稀土路１６号", RARE_EARTH),
        ("内蒙古自治区包头市稀土开发区凤至路8号", RARE_EARTH),
        ("内蒙古自治区包头高新区滨河新区", RARE_EARTH),
        ("包头国家稀土高新技术产业开发区", RARE_EARTH),
        ("呼和浩特市赛罕区如意开发区腾飞路", HOHHOT_ETDZ),
        ("内蒙古自治区呼和浩特市金川开发区汇金道", HOHHOT_ETDZ),
        ("呼和浩特经济技术开发区管委会", HOHHOT_ETDZ),
        ("呼和浩特市经济技术开发区金川区金二道", HOHHOT_ETDZ),
        ("呼和浩特市土默特左旗金山开发区110国道", "150162"),
        ("内蒙古呼和浩特市和林格尔新区云谷大道", "150161"),
        # Parks that lie in one district are that district.
        ("呼和浩特市和林格尔县盛乐经济园区", "150123"),
        ("内蒙古自治区呼和浩特金桥开发区世纪四路", "150105"),
        ("内蒙古自治区包头装备制造产业园区创业中心", "150204"),
        ("内蒙古自治区包头市青山区包头装备制造产业园区兴业路2号", "150204"),
        # What sounds like a zone and is none.
        ("包头市东河区沙尔沁镇沙尔沁一村", "150202"),
        ("包头市固阳县金山镇文化街", "150222"),
        ("内蒙古自治区包头市达茂旗稀土工业园区", "150223"),
        ("呼和浩特市清水河县经济技术开发区", "150124"),
        ("包头市九原区开发区西侧", "150207"),
        # No more than the city is certain.
        ("内蒙古自治区呼和浩特市中山西路7号", HOHHOT),
        ("包头市开发区幸福南路", BAOTOU),
        ("呼和浩特市如意小区5号楼", HOHHOT),
        ("包头市昆都仑水库南2公里", BAOTOU),
        ("呼和浩特市金川开发区南侧金川创业园", HOHHOT),
        ("呼和浩特市新城区回民区新华街1号", HOHHOT),
        ("呼和浩特经济技术开发区托电工业园区", HOHHOT),
        ("内蒙古自治区某街1号", "150000"),
    ],
)
def test_an_address_gives_the_most_exact_place_that_it_names_for_certain(
    places: Places, address: str, code: str
) -> None:
    found = places.from_address(address)
    assert found is not None
    assert found.code == code


@pytest.mark.parametrize(
    "address",
    ["", "新城区海东路1号", "湖北省武汉市江岸区", "北京市朝阳区建国路", "中山西路7号", "内蒙古自治区武汉市"],
)
def test_an_address_without_a_known_place_gives_none(places: Places, address: str) -> None:
    assert places.from_address(address) is None


@pytest.mark.parametrize(
    ("address", "city", "code"),
    [
        ("青山区振华小区钢铁大街乙36号", BAOTOU, "150204"),
        ("东河区沙尔沁镇沙尔沁菜市场", BAOTOU, "150202"),
        ("稀土高新区劳动路21号", BAOTOU, RARE_EARTH),
        ("稀土高新区劳动路21号", "150291", RARE_EARTH),
        ("察素齐镇立交桥北", HOHHOT, HOHHOT),
        ("包头大街12号", HOHHOT, HOHHOT),
        ("包头市青山区", HOHHOT, "150204"),
        ("农贸市场东门", HOHHOT, HOHHOT),
        ("新城区海东路", BAOTOU, BAOTOU),
    ],
)
def test_the_known_city_helps_an_address_that_begins_lower(
    places: Places, address: str, city: str, code: str
) -> None:
    found = places.from_address(address, city)
    assert found is not None
    assert found.code == code


@pytest.mark.parametrize("address", ["武汉市江岸区1号", "湖北省武汉市", "武汉市中山大道7号"])
def test_the_known_city_is_not_taken_for_an_address_elsewhere(places: Places, address: str) -> None:
    assert places.from_address(address, BAOTOU) is None


@given(st.text(max_size=60), st.sampled_from([None, HOHHOT, BAOTOU, "150000", "999999", "x"]))
def test_no_text_makes_address_reading_fail(address: str, city: str | None) -> None:
    found = load_places().from_address(f"包头市{address}" if city is None else address, city)
    assert found is None or found.code in load_places().by_code


def test_most_real_addresses_lead_to_a_district_or_zone_of_their_city(places: Places, shared: Path) -> None:
    file = shared / "realdata" / "enterprises_baotou_hohhot.csv"
    cities = {"呼和浩特": HOHHOT, "包头": BAOTOU}
    rows = list(csv.DictReader(file.read_text(encoding="utf-8-sig").splitlines()))
    exact = agreeing = compared = 0
    for row in rows:
        found = places.from_address(row["注册地址"], cities[row["地区"]])
        registrar = places.from_uscc(row["统一社会信用代码"])
        assert found is not None
        assert places.within(found.code, cities[row["地区"]])
        if found.level in {"county", "zone"}:
            exact += 1
            if registrar is not None and registrar.level in {"county", "zone"}:
                compared += 1
                agreeing += found == registrar
    assert exact / len(rows) > 0.93
    assert agreeing / compared > 0.97
