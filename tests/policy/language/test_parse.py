import contextlib
import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.computing import computes_within
from tidu.policy.language import syntax
from tidu.policy.language.parse import (
    DEEPEST_RULE,
    LONGEST_RULE,
    RuleSyntaxError,
    parse_literal,
    parse_rule,
    parse_trigger,
)
from tidu.policy.quantities import Kind, Value


@pytest.mark.parametrize(
    ("text", "value", "kind", "unit"),
    [
        ("1000万元", 1_000_000_000, Kind.MONEY, None),
        ("1.5亿元", 15_000_000_000, Kind.MONEY, None),
        ("0.01元", 1, Kind.MONEY, None),
        ("10%", 0.1, Kind.RATIO, None),
        ("2年", 2.0, Kind.YEARS, None),
        ("60分", 60.0, Kind.SCORE, None),
        ("3项", 3, Kind.COUNT, "项"),
        ("7", 7, Kind.NUMBER, None),
        ("2025-12-31", dt.date(2025, 12, 31), Kind.DATE, None),
        ('"C30"', "C30", Kind.TEXT, None),
        ("true", True, Kind.YES_NO, None),
    ],
)
def test_a_literal_carries_its_unit(text: str, value: Value, kind: Kind, unit: str | None) -> None:
    literal = parse_literal(text)
    assert isinstance(literal, syntax.Literal)
    assert (literal.value, literal.type.kind, literal.type.unit) == (value, kind, unit)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("revenue[-1] ≥ 1000万元", "请改用半角写法“>=”"),
        ("revenue［-1] >= 1", "请改用半角写法“[”"),
        ("revenue[-1] >=", "没有写完"),
        ("revenue[0] >= 1", "不合语法"),
        ("revenue[+1] >= 1", "年份写作 [-1]"),
        ("revenue[-99] >= 1", "年份写作 [-1]"),
        ("since <= 2025-02-30", "没有 2025-02-30 这一天"),
        ("0.001元 > 1元", "不足一分"),
        ("1.5项 > 1项", "须为整数"),
        ("99999999999999999999万元 > 1元", "超出可用范围"),
        ("a.b > 1", "不合语法"),
        ("lambda: 1", "不合语法"),
    ],
)
def test_a_fault_is_explained_in_chinese(text: str, said: str) -> None:
    with pytest.raises(RuleSyntaxError, match=said.replace("[", r"\[").replace("+", r"\+")):
        parse_rule(text)


def test_keywords_do_not_swallow_names_that_begin_with_them() -> None:
    assert parse_rule("order and notice or inland") == syntax.Connective(
        "or",
        (
            syntax.Connective("and", (syntax.Name("order"), syntax.Name("notice")), 2),
            syntax.Name("inland"),
        ),
        3,
    )


def test_and_binds_tighter_than_or_and_not_tighter_than_both() -> None:
    assert parse_rule("a or not b and c") == parse_rule("a or ((not b) and c)")


def test_a_trigger_names_what_happens_and_on_what_condition() -> None:
    trigger = parse_trigger("event(patent_introduced) where transformed and assessed")
    assert (trigger.happening, trigger.names) == ("event", ("patent_introduced",))
    assert trigger.condition == parse_rule("transformed and assessed")
    assert parse_trigger("newly_recognised(srdi, little_giant)").names == ("srdi", "little_giant")


@pytest.mark.parametrize(
    "text",
    [
        "x" * (LONGEST_RULE + 1),
        "not " * 400 + "x",
        "-" * 500 + "1 > 0",
        "min(" * 400 + "1" + ")" * 400 + " > 0",
        " and ".join(["("] * 200),
        "1" * 1900 + " > 0",
        "1+" * 900 + "1 > 0",
    ],
)
def test_a_hostile_rule_is_refused_quickly(text: str) -> None:
    with computes_within(2), pytest.raises(RuleSyntaxError):
        parse_rule(text)


def test_the_depth_limit_is_where_it_says() -> None:
    parse_rule("not " * (DEEPEST_RULE - 1) + "x")
    with pytest.raises(RuleSyntaxError, match="嵌套超过"):
        parse_rule("not " * DEEPEST_RULE + "x")


_ALPHABET = st.sampled_from(
    [*'abn_1290.%()[]+-*/<>=!," ', "万元", "年", "and", " or ", "not ", "in", "𠮷", "\u202e", "０"]
)


@given(st.one_of(st.text(max_size=200), st.lists(_ALPHABET, max_size=80).map("".join)))
def test_any_text_is_a_rule_or_a_readable_error(text: str) -> None:
    for parse in (parse_rule, parse_literal, parse_trigger):
        with contextlib.suppress(RuleSyntaxError):
            parse(text)
