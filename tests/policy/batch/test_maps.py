import datetime as dt
from pathlib import Path

import pytest

from tidu.policy.assess.wording import Names
from tidu.policy.batch.cells import CellReader, UnreadableCellError
from tidu.policy.batch.maps import Reading, Sorting, TableMap, date_pattern, known_key, load_map, read_date
from tidu.policy.errors import InputError
from tidu.policy.vocabulary.vocabulary import load_vocabulary

VOCABULARY = load_vocabulary()
NAMES = Names(VOCABULARY.indicators, {key: tier.label for key, tier in VOCABULARY.tiers.items()})
EXAMPLES = Path(__file__).parents[3] / "examples" / "maps"


def load(tmp_path: Path, text: str) -> TableMap:
    path = tmp_path / "map.yaml"
    path.write_text(text, encoding="utf-8")
    return load_map(path, NAMES)


def read(
    reading: Reading, raw: object, city: str | None = None, blank: frozenset[str] = frozenset()
) -> object:
    described, problem = known_key(reading.to, NAMES)
    assert described is not None, problem
    return CellReader(described, reading, blank).read(raw, city)


@pytest.mark.parametrize("path", sorted(EXAMPLES.glob("*.yaml")), ids=lambda path: path.stem)
def test_the_maps_we_ship_are_valid(path: Path) -> None:
    assert load_map(path, NAMES).columns


def test_a_short_form_and_a_list_say_the_same(tmp_path: Path) -> None:
    short = load(tmp_path, "columns: {营业收入: revenue_2025}")
    long = load(tmp_path, "columns: {营业收入: [{to: revenue_2025}]}")
    assert short.columns == long.columns
    assert short.plain


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("columns: {收入: revenu_2025}", "没有名为“revenu_2025”的指标（是不是想写“revenue_2025”）"),
        ("columns: {收入: revenue}", "按年填报，要写明年份"),
        ("columns: {名称: name_2025}", "不按年填报"),
        ("columns: {收入: {to: revenue_2025, unit: 万人}}", "不能以“万人”计"),
        ("columns: {收入: {to: revenue_2025, unit: 美元}}", "不认识单位“美元”"),
        ("columns: {日期: {to: registered_on, format: YYYYMM}}", "须含 YYYY"),
        ("columns: {收入: {to: revenue_2025, format: YYYYMMDD}}", "不是日期"),
        ("columns: {地址: {to: name, read: address}}", "不是行政区划"),
        ("columns: {是否: {to: bad_record, values: {有: 大概}}}", "应填是或否"),
        ("columns: {名称: {to: name, otherwise: x}}", "otherwise 只与 values 或 sort 同用"),
        ("constants: {registered_area: 呼市}", "应为六位行政区划代码"),
        ("constants: {size_class: small}", "由系统推算"),
        ("column: {收入: revenue_2025}", "是否应为“columns”"),
        ("columns: {收入: {to: revenue_2025, units: 万元}}", "不认识这个键"),
        ("columns: {称号: holds_no_such_tier}", "没有“holds_no_such_tier”所指的称号层级"),
        ("", "对照文件是空的"),
    ],
)
def test_a_mistake_in_a_map_is_placed_and_explained(text: str, message: str, tmp_path: Path) -> None:
    with pytest.raises(InputError) as error:
        load(tmp_path, text)
    assert message in str(error.value)
    assert "map.yaml" in str(error.value)


@pytest.mark.parametrize(
    ("reading", "raw", "expected"),
    [
        (Reading(to="revenue_2025"), "1,234.56", 123456),
        (Reading(to="revenue_2025"), 1234.5600000000001, 123456),
        (Reading(to="revenue_2025"), "1000万元", 10**9),
        (Reading(to="revenue_2025", unit="万元"), "14638800.45", 14638800450000),
        (Reading(to="revenue_2025", unit="万元"), 1.23456789, 1234568),
        (Reading(to="revenue_2025", unit="万元"), "0", 0),
        (Reading(to="revenue_2025", unit="万元"), " ", None),
        (Reading(to="market_share_national_2025", unit="%"), "12.5", 0.125),
        (Reading(to="market_share_national_2025"), "12.5%", 0.125),
        (Reading(to="registered_on", format="YYYYMMDD"), 19910129, dt.date(1991, 1, 29)),
        (Reading(to="registered_on", format="YYYY年M月D日"), "1991年1月29日", dt.date(1991, 1, 29)),
        (Reading(to="registered_on", format="YYYYMMDD"), dt.date(1991, 1, 29), dt.date(1991, 1, 29)),
        (Reading(to="bad_record"), "否", False),
        (Reading(to="bad_record"), 1, True),
        (Reading(to="bad_record", values={"有": True, "查无": False}), "查无", False),
        (Reading(to="industry_code", values={"软件服务": "I65", "综合类": None}), "综合类", None),
        (Reading(to="registered_area", values={150102: "150102"}), "150102", "150102"),
        (Reading(to="registered_area", values={"市本级": "150100"}, otherwise=None), "外地", None),
        (Reading(to="registered_area", read="uscc"), "91150291146948K", None),
        (Reading(to="registered_area", read="place_name"), "呼和浩特", "150100"),
        (Reading(to="registered_area", read="address"), "内蒙古自治区包头稀土高新区黄河大街87号", "150271"),
    ],
)
def test_cells_are_read_as_the_map_says(reading: Reading, raw: object, expected: object) -> None:
    assert read(reading, raw) == expected


@pytest.mark.parametrize(
    ("reading", "raw", "message"),
    [
        (Reading(to="revenue_2025"), "不详", "应为数"),
        (Reading(to="revenue_2025"), "1.234", "小数超过两位"),
        (Reading(to="revenue_2025"), "-1", "不能小于 0"),
        (Reading(to="revenue_2025"), "nan", "应为有限的数"),
        (Reading(to="revenue_2025", unit="万元"), "9e99", "超出可用范围"),
        (Reading(to="employees_2025"), "2.5", "应为整数"),
        (Reading(to="registered_on", format="YYYYMMDD"), "19910231", "应为写作 YYYYMMDD 的日期"),
        (Reading(to="industry_code", values={"软件服务": "I65"}), "银行", "行业代码"),
        (Reading(to="registered_area", read="place_name"), "没有这个地方", "不是认得的地名"),
    ],
)
def test_a_cell_that_cannot_be_read_says_why(reading: Reading, raw: object, message: str) -> None:
    with pytest.raises(UnreadableCellError, match=message):
        read(reading, raw)


def test_texts_are_sorted_by_the_first_rule_that_fits() -> None:
    rules = (
        Sorting(contains=("分公司",), value=False),
        Sorting(ends_with=("有限公司",), value=True),
        Sorting(begins_with=("个体",), equals=("合伙",), value=False),
    )
    reading = Reading(to="independent_legal_person", sort=rules)
    names = ["甲有限公司", "甲有限公司分公司", "个体户", "合伙", "合作社", ""]
    assert [read(reading, name) for name in names] == [True, False, False, False, None, None]
    assert read(Reading(to="independent_legal_person", sort=rules, otherwise=False), "合作社") is False


def test_an_address_is_read_within_the_city_of_its_row() -> None:
    reading = Reading(to="registered_area", read="address", city="地区")
    assert read(reading, "昆区白云路北口", "包头") == "150203"
    assert read(reading, "新城区锡林北路", "呼和浩特") == "150102"
    assert read(reading, "五号楼三单元", "包头") == "150200"


def test_blank_words_stand_for_nothing() -> None:
    assert read(Reading(to="revenue_2025"), "N/A", blank=frozenset({"N/A"})) is None


def test_a_date_that_does_not_exist_is_none() -> None:
    assert read_date("20230229", date_pattern("YYYYMMDD")) is None
