"""Bringing the divisions of another province in."""

from pathlib import Path

import pytest

from tidu.policy.errors import InputError
from tidu.policy.vocabulary.divisions_import import read_divisions
from tidu.policy.vocabulary.editions import PACKAGED
from tidu.policy.vocabulary.places import imported_places, load_places, look_again

LIST = """code,name
330000000000,浙江省
330100000000,杭州市
330106,西湖区
330171,某开发区
"""


def test_a_plain_list_becomes_a_table_that_loads(tmp_path: Path) -> None:
    divisions = read_divisions(LIST.encode(), "list.csv")
    assert (divisions.province, divisions.file_name) == ("330000", "divisions_330000.csv")
    (tmp_path / divisions.file_name).write_text(divisions.table("某年公布的代码"), encoding="utf-8")
    places = load_places((PACKAGED, tmp_path))
    assert places.path("330106") == "浙江省杭州市西湖区"
    assert [places.get(place.code) for place in divisions.places("某年公布的代码")] == list(
        divisions.places("某年公布的代码")
    )
    district, zone = places.get("330106"), places.get("330171")
    assert district is not None
    assert zone is not None
    assert (district.level, district.source, zone.level, zone.code_system) == (
        "county",
        "某年公布的代码",
        "zone",
        "nbs",
    )
    found = places.from_address("浙江省杭州市西湖区文三路")
    assert found == district


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("code,name\n", "没有数据行"),
        (
            "code,name\n330000,浙江省\n330100,杭州市\n330106001,北山街道\n",
            "list.csv:4 code：“330106001”不是六位代码",
        ),
        ("code,name\n330000,浙江省\n330100,\n", "缺少名称"),
        ("code,name\n330000,浙江省\n330000,浙江省\n", "“330000”重复"),
        ("code,name\n330000,浙江省\n330106,西湖区\n", "缺少“330106”的上级“330100”"),
        ("code,name\n330000,浙江省\n340000,安徽省\n", "一个文件只能有一个省的区划"),
    ],
)
def test_a_faulty_list_is_refused_with_the_row_and_the_remedy(text: str, message: str) -> None:
    with pytest.raises(InputError) as caught:
        read_divisions(text.encode(), "list.csv")
    assert message in str(caught.value)


def test_places_that_a_deployment_imports_are_found_without_a_restart(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TIDU_DATA", str(tmp_path))
    assert load_places().get("330106") is None
    divisions = read_divisions(LIST.encode(), "list.csv")
    imported_places().mkdir()
    (imported_places() / divisions.file_name).write_text(divisions.table("某年"), encoding="utf-8")
    look_again()
    assert load_places().path("330106") == "浙江省杭州市西湖区"
    assert load_places().path("150203") == "内蒙古自治区包头市昆都仑区"
