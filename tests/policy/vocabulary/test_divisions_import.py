"""Bringing the divisions of another province in."""

from pathlib import Path

import pytest

from tidu.policy.errors import InputError
from tidu.policy.vocabulary.divisions_import import import_divisions
from tidu.policy.vocabulary.editions import PACKAGED
from tidu.policy.vocabulary.places import load_places

LIST = """code,name
330000000000,浙江省
330100000000,杭州市
330106,西湖区
330171,某开发区
"""


def write(folder: Path, text: str) -> Path:
    source = folder / "list.csv"
    source.write_text(text, encoding="utf-8")
    return source


def test_a_plain_list_becomes_a_table_that_loads(tmp_path: Path) -> None:
    folder = tmp_path / "vocabulary"
    target = import_divisions(write(tmp_path, LIST), folder, "某年公布的代码")
    assert target == folder / "divisions_330000.csv"
    places = load_places((PACKAGED, folder))
    assert places.path("330106") == "浙江省杭州市西湖区"
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
def test_a_faulty_list_is_refused_and_nothing_is_written(tmp_path: Path, text: str, message: str) -> None:
    folder = tmp_path / "vocabulary"
    with pytest.raises(InputError) as caught:
        import_divisions(write(tmp_path, text), folder, "试")
    assert message in str(caught.value)
    assert not folder.exists()
