"""The industrial classification and finding one's way in it."""

import csv
from pathlib import Path

import pytest

from tidu.policy.errors import InputError
from tidu.policy.vocabulary.editions import PACKAGED
from tidu.policy.vocabulary.sectors import load_sectors

SECTORS = load_sectors()


def test_it_holds_twenty_sections_ninety_seven_divisions_and_all_groups() -> None:
    levels = [sector.level for sector in SECTORS.by_code.values()]
    assert {level: levels.count(level) for level in dict.fromkeys(levels)} == {
        "门类": 20,
        "大类": 97,
        "中类": 473,
        "小类": 1381,
    }


@pytest.mark.parametrize("code", ["C3091", "3091", "c3091", " C3091 "])
def test_a_code_is_found_with_and_without_its_letter(code: str) -> None:
    found = SECTORS.get(code)
    assert found is not None
    assert (found.code, found.name, found.section, found.level) == (
        "C3091",
        "石墨及碳素制品制造",
        "C",
        "小类",
    )


@pytest.mark.parametrize("code", ["A3091", "C9999", "", "制造业", "C30911", "C3"])
def test_a_code_that_does_not_exist_or_has_the_wrong_letter_is_not_found(code: str) -> None:
    assert SECTORS.get(code) is None


def test_the_way_from_the_section_to_a_class() -> None:
    assert [sector.code for sector in SECTORS.parents("3091")] == ["C", "C30", "C309"]
    assert (
        SECTORS.path("C3091")
        == "制造业 › 非金属矿物制品业 › 石墨及其他非金属矿物制品制造 › 石墨及碳素制品制造"
    )
    assert SECTORS.parents("C") == ()
    assert SECTORS.path("C9999") is None


def test_a_name_repeated_from_level_to_level_is_said_once() -> None:
    assert SECTORS.path("H6210") == "住宿和餐饮业 › 餐饮业 › 正餐服务"


def test_every_entry_stands_below_one_that_exists() -> None:
    for sector in SECTORS.by_code.values():
        assert (sector.parent is None) == (len(sector.code) == 1)
        assert sector.parent is None or sector in SECTORS.children(sector.parent)


def test_aircraft_making_is_a_class_not_a_second_group() -> None:
    assert SECTORS.by_code["C374"].name == "航空、航天器及设备制造"
    assert SECTORS.by_code["C3741"].name == "飞机制造"


def test_search_by_the_beginning_of_a_code() -> None:
    assert [sector.code for sector in SECTORS.search("C309")] == ["C309", "C3091", "C3099"]
    assert [sector.code for sector in SECTORS.search("309")] == ["C309", "C3091", "C3099"]


def test_search_by_words_offers_classes_first_and_exact_names_at_the_top() -> None:
    assert SECTORS.search("石墨及碳素制品制造")[0].code == "C3091"
    assert [sector.code for sector in SECTORS.search("石墨 制造")] == ["C3091", "C309"]
    assert SECTORS.search("稀土")[0].level == "小类"


def test_search_finds_nothing_for_nothing_and_keeps_to_its_limit() -> None:
    assert SECTORS.search("  ") == ()
    assert SECTORS.search("没有这种行业") == ()
    assert len(SECTORS.search("制造", limit=7)) == 7


def test_the_edition_says_since_when_and_from_where() -> None:
    assert SECTORS.edition.document_no == "GB/T 4754-2017"
    assert str(SECTORS.edition.valid_from) == "2017-10-01"


def test_a_faulty_table_is_refused_by_line_and_column(tmp_path: Path) -> None:
    folder = tmp_path / "vocabulary"
    folder.mkdir()
    (folder / "editions.yaml").write_bytes((PACKAGED / "editions.yaml").read_bytes())
    (folder / "gbt4754_2017.csv").write_text(
        "code,name\nC,制造业\nC,再来一次\n30,无字母\nC309,缺大类\n", "utf-8"
    )
    with pytest.raises(InputError) as caught:
        load_sectors((folder,))
    assert str(caught.value).splitlines() == [
        "vocabulary/gbt4754_2017.csv:3 code：“C”重复（删去多余的一行）",
        "vocabulary/gbt4754_2017.csv:4 code：“30”不是带门类字母的行业代码（写作 C、C30、C309 或 C3091）",
        "vocabulary/gbt4754_2017.csv:5 code：“C309”的上一级“C30”没有列出（先列上一级，再列下一级）",
    ]


def test_a_folder_without_the_table_says_so(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="没有行业分类表"):
        load_sectors((tmp_path,))


def test_the_data_agree_with_the_table_as_published(shared: Path) -> None:
    file = shared / "realdata" / "gbt4754_2017.csv"
    rows = list(csv.DictReader(file.read_text(encoding="utf-8-sig").splitlines()))
    slip = {"level": "3", "code": "374", "name": "飞机制造"}  # a class that lost its last digit in that file
    for row in rows:
        if slip.items() <= row.items():
            continue
        found = SECTORS.get(row["code"])
        assert found is not None
        assert (found.name, found.section) == (row["name"].strip(), row["section"])
