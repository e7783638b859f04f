import contextlib
import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.computing import computes_within
from tidu.policy.assess.facts import Facts, facts_from, read_facts
from tidu.policy.errors import InputError
from tidu.policy.quantities import Kind, Value
from tidu.policy.vocabulary.indicators import Quantity
from tidu.policy.vocabulary.values import parse_value, write_value
from tidu.policy.vocabulary.vocabulary import load_vocabulary
from tidu.policy.vocabulary.yaml_source import parse_yaml

VOCABULARY = load_vocabulary()


def read(text: str) -> Facts:
    return read_facts(parse_yaml(text, name="facts.yaml"), VOCABULARY)


def refused(text: str) -> list[str]:
    with pytest.raises(InputError) as caught:
        read(text)
    return [str(problem) for problem in caught.value.problems]


def test_a_facts_file_becomes_flat_exact_values() -> None:
    facts = read(
        "revenue: {2024: 1234.56, 2025: 1000万元}\nemployees: {2025: 128}\nmajor_incident: false\n"
        "registered_on: 2018-06-12\nrd_centre: 市级\nmunicipal_brands: 0\n"
    )
    assert dict(facts.values) == {
        "revenue_2024": 123456,
        "revenue_2025": 1_000_000_000,
        "employees_2025": 128,
        "major_incident": False,
        "registered_on": dt.date(2018, 6, 12),
        "rd_centre": "municipal",
        "municipal_brands": 0,
    }
    assert facts.recognitions is None


def test_every_fault_is_reported_with_line_and_remedy() -> None:
    said = refused(
        "revenu: {2025: 1}\nrevenue: 5\nemployees: {2025: 1.5}\nregistered_on: 2018-13-01\n营业收入: 3\n"
    )
    assert said == [
        "facts.yaml:1 revenu：没有名为“revenu”的指标（是不是想写“revenue”）",
        "facts.yaml:2 revenue：“营业收入”按年填写（写作 revenue: {2025: 数值}）",
        "facts.yaml:3 employees.2025：“从业人员”应为整数，现为“1.5”",
        "facts.yaml:4 registered_on：“注册日期”应为日期，写作 2025-12-31，现为“2018-13-01”",
        "facts.yaml:5 营业收入：没有名为“营业收入”的指标（是不是想写“revenue”）",
    ]


def test_what_the_system_derives_may_not_be_stated() -> None:
    assert "由系统推算" in refused("size_class: small")[0]


def test_blank_is_unknown_and_zero_is_a_value() -> None:
    facts = read("municipal_brands: 0\nstandards:\nrevenue: {2025: , 2024: 0}\nrecognitions: []\n")
    assert dict(facts.values) == {"municipal_brands": 0, "revenue_2024": 0}
    assert facts.recognitions == ()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            "recognitions: [{tier: srd, recognised_on: 2024-01-01}]",
            "没有名为“srd”的称号层级（是不是想写“srdi”）",
        ),
        ("recognitions: [{tier: srdi}]", "缺少日期"),
        (
            "recognitions: [{tier: srdi, recognised_on: 2024-01-01, expires_on: 2023-01-01}]",
            "截止日早于认定日",
        ),
        ("recognitions: [{tier: srdi, recognised_on: 2024-01-01, until: 2027-01-01}]", "不认识“until”"),
        ("events: [{kind: relocated, on: 2024-01-01}]", "是不是想写“relocated_in”"),
        ("events: [{kind: relocated_in}]", "缺少日期"),
        ("events: [{kind: patent_introduced, on: 2024-01-01, fee: 很多}]", "“专利及技术交易费”应为数"),
        ("payments: [{class: recognition_award}]", "缺少这一项"),
        ("payments: 5", "应为列表"),
        ("events: [3]", "应为“键: 值”的映射"),
        ("- 1", "事实文件应为"),
        ("revenue: {25: 1}", "不是 1978 到 2100 之间的年份"),
    ],
)
def test_lists_are_read_strictly(text: str, said: str) -> None:
    assert said in " ".join(refused(text))


def test_titles_are_held_from_the_day_of_recognition_to_the_last_day_of_the_term() -> None:
    facts = read("recognitions: [{tier: srdi, recognised_on: 2023-03-01, expires_on: 2026-02-28}]")
    held = {
        day: facts.on(dt.date.fromisoformat(day), ["srdi", "innovative"])
        for day in ("2023-02-28", "2023-03-01", "2026-02-28", "2026-03-01")
    }
    assert [values["holds_srdi"] for values in held.values()] == [False, True, True, False]
    assert held["2023-03-01"]["holds_innovative"] is False


def test_a_title_without_an_end_is_neither_held_nor_lapsed() -> None:
    facts = read("recognitions: [{tier: srdi, recognised_on: 2023-03-01}]")
    assert "holds_srdi" not in facts.on(dt.date(2024, 1, 1), ["srdi"])
    assert "holds_srdi" not in Facts().on(dt.date(2024, 1, 1), ["srdi"])


def described(kind: Kind, **more: Any) -> Quantity:  # noqa: ANN401 - any field of the model
    more.setdefault("unit", "项") if kind is Kind.COUNT else None
    return Quantity(id="x", label="某项", help="某项", kind=kind, **more)


@pytest.mark.parametrize(
    ("raw", "kind", "value"),
    [
        ("１２３４．５", Kind.MONEY, 123450),
        ("1,234.50", Kind.MONEY, 123450),
        (1e7, Kind.MONEY, 1_000_000_000),
        (Decimal("0.01"), Kind.MONEY, 1),
        ("12.5%", Kind.RATIO, 0.125),
        (20.0, Kind.COUNT, 20),
        ("3项", Kind.COUNT, 3),
        ("否", Kind.YES_NO, False),
        (0, Kind.YES_NO, False),
        ("TRUE", Kind.YES_NO, True),
        ("2024/2/29", Kind.DATE, dt.date(2024, 2, 29)),
        (dt.datetime(2024, 2, 29, 8, tzinfo=dt.UTC), Kind.DATE, dt.date(2024, 2, 29)),
        (150102, Kind.AREA, "150102"),
        ("c3091", Kind.INDUSTRY, "C3091"),
    ],
)
def test_values_are_read_as_people_write_them(raw: object, kind: Kind, value: Value) -> None:
    assert parse_value(raw, described(kind)) == value


@pytest.mark.parametrize(
    ("raw", "kind"),
    [
        ("0.001", Kind.MONEY),
        (float("nan"), Kind.MONEY),
        (float("inf"), Kind.RATIO),
        ("NaN", Kind.RATIO),
        ("1e999999999", Kind.RATIO),
        ("9" * 41, Kind.COUNT),
        (10**17, Kind.COUNT),
        (True, Kind.COUNT),
        ("3人", Kind.COUNT),
        ("10%", Kind.MONEY),
        ("也许", Kind.YES_NO),
        (2, Kind.YES_NO),
        ("2023-02-29", Kind.DATE),
        ("20230228", Kind.DATE),
        ("15010", Kind.AREA),
        ("A3091", Kind.INDUSTRY),
        ("Z99", Kind.INDUSTRY),
        ("a\x00b", Kind.TEXT),
        ("x" * 2001, Kind.TEXT),
        ({}, Kind.TEXT),
    ],
)
def test_what_cannot_be_is_refused_in_chinese(raw: object, kind: Kind) -> None:
    with pytest.raises(ValueError, match=r"[一-鿿]"):
        parse_value(raw, described(kind))


def test_the_bounds_of_the_possible_hold_at_the_edge() -> None:
    share = described(Kind.RATIO, minimum=0, maximum=1)
    assert parse_value("100%", share) == 1.0
    with pytest.raises(ValueError, match="不能大于 1"):
        parse_value("100.1%", share)


@given(st.integers(-(10**15), 10**15))
def test_money_survives_writing_and_reading_to_the_fen(fen: int) -> None:
    assert parse_value(write_value(fen, Kind.MONEY), described(Kind.MONEY)) == fen


@pytest.mark.parametrize(
    "text",
    [
        "a: " + "[" * 3000 + "]" * 3000,
        "a: &a [x]\nb: [*a, *a, *a]\n",
        "x: " + "y" * 3_000_000,
        "\n".join(f"k{i}: {i}" for i in range(5000)),
        "revenue: {2025: " + "9" * 400 + "}",
        "name: \ud800",
        "employees: {2025: 1_000}",
    ],
)
def test_hostile_files_end_in_a_readable_error_and_quickly(text: str) -> None:
    with computes_within(3), pytest.raises(InputError):
        read(text)


_KEYS = st.one_of(st.sampled_from([*VOCABULARY.indicators, "events"]), st.text(max_size=5))
_TREES = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=12)),
    lambda inner: st.one_of(
        st.lists(inner, max_size=4),
        st.dictionaries(
            st.one_of(st.sampled_from([*VOCABULARY.indicators, "events"]), st.text(max_size=5)),
            inner,
            max_size=5,
        ),
    ),
    max_leaves=20,
)


@given(_TREES)
def test_any_tree_is_facts_or_a_readable_error(tree: object) -> None:
    with contextlib.suppress(InputError):
        facts_from(tree, VOCABULARY)
