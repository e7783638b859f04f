import pytest

from tests.policy.conformance import scope
from tidu.policy.language import terms
from tidu.policy.language.check import check_condition
from tidu.policy.language.parse import parse_rule
from tidu.policy.language.scope import RuleError

SCOPE = scope()


def checked(rule: str) -> terms.Condition:
    return check_condition(parse_rule(rule), SCOPE)


@pytest.mark.parametrize(
    ("rule", "said"),
    [
        ("money[-1] + people[-1] >= 1元", "金额（元）与数量（人）不能相加减"),
        ("money[-1] >= 100人", "金额（元）与数量（人）不能比较"),
        ("people[-1] >= 3项", "不能比较"),
        ("share >= 3年", "不能比较"),
        ("money[-1] * share >= 1元", "相乘会失去精确"),
        ("money[-1] * 1.5 >= 1元", "只能乘以整数"),
        ("money[-1] / people[-1] >= 1", "不能除以"),
        ("since + since > 1", "日期不能参加加减乘除"),
        ("money >= 1元", "按年填报，要写明哪一年"),
        ("share[-1] >= 1%", "不按年填报"),
        ("money[-1]", "这里需要一个条件"),
        ("flag >= true", "只能用 == 或 !="),
        ("level >= 2", "不能比较"),
        ("level >= county", "选项里没有“county”"),
        ("level in (none, nation)", "选项里没有“nation”"),
        ("flag in (none)", "不能用 in"),
        ('within(area, "999999")', "没有代码为“999999”的行政区划"),
        ('within(industry, "3091")', "没有代码为“3091”的行业"),
        ("mean_growth(share, 2) >= 10%", "不是按年填报的数"),
        ("mean_growth(money, 0) >= 10%", "年数须是 1 到 5 的整数"),
        ("years_since(since) == 2年", "满几年只能用 >= 或 <"),
        ("years_since(since) >= 2.5年", "须与整年数比较"),
        ("years_since(share) >= 2年", "须是日期指标"),
        ("min(patents, money[-1]) >= 1", "不能比较"),
        ("at_least(4, flag, other)", "至少几项须是"),
        ("holds(srdi)", "没有名为“srdi”的称号层级"),
        ("eval(flag)", "没有名为“eval”的函数"),
        ("__import__(flag)", "没有名为“__import__”的函数"),
    ],
)
def test_a_rule_without_meaning_is_refused_at_load(rule: str, said: str) -> None:
    with pytest.raises(RuleError) as caught:
        checked(rule)
    assert said in str(caught.value)


@pytest.mark.parametrize(
    ("rule", "suggestion"),
    [
        ("moeny[-1] >= 1元", "是不是想写“money”"),
        ("patent >= 1项", "是不是想写“patents”"),
        ("level >= provincal", "是不是想写“provincial”"),
        ("mean_growht(money, 2) > 1%", "是不是想写“mean_growth”"),
        ("money >= 1元", "基准年度写作 money[-1]，上一年写作 money[-2]"),
    ],
)
def test_a_slip_comes_with_a_suggestion(rule: str, suggestion: str) -> None:
    with pytest.raises(RuleError) as caught:
        checked(rule)
    assert caught.value.remedy == suggestion


def test_money_and_counts_compare_exactly_and_ratios_with_a_tolerance() -> None:
    tolerances = {}
    for rule in ("money[-1] >= 1元", "patents >= 1", "share >= 1%", "since <= 2024-01-01"):
        condition = checked(rule)
        assert isinstance(condition, terms.Compare)
        tolerances[rule.split()[0]] = condition.tolerance
    assert tolerances == {"money[-1]": 0, "patents": 0, "share": 1e-9, "since": 0}


def test_what_a_constant_settles_leaves_the_rule() -> None:
    assert checked("flag and true") == checked("flag")
    assert checked("flag or true") == terms.Fixed(value=True)
    assert checked("flag and false") == terms.Fixed(value=False)
    assert checked("flag or false") == checked("flag")
    assert checked("not false") == terms.Fixed(value=True)


def test_inputs_are_listed_once_in_reading_order() -> None:
    condition = checked("money[-1] >= 1元 and mean_growth(money, 1) > 0% or flag")
    assert [item.key(2025) for item in terms.inputs_of(condition)] == ["money_2025", "money_2024", "flag"]
