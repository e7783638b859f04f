"""The closed set of functions of the rule language, each with its check."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from tidu.policy.language import check, syntax, terms
from tidu.policy.language.extents import Extent
from tidu.policy.language.scope import RuleError, Scope, did_you_mean
from tidu.policy.quantities import RATIO, Kind, comparable
from tidu.policy.vocabulary.validation import closest

LONGEST_SPAN: Final = 5
SIZE_INPUTS: Final = ("industry_code", "employees", "revenue", "total_assets")

Arguments = tuple[syntax.Expression, ...]


def check_call(call: syntax.Call, scope: Scope) -> terms.Term:
    """Check one call. Raises :class:`RuleError`."""
    checker = _CHECKERS.get(call.function)
    if checker is None:
        msg = f"没有名为“{call.function}”的函数，可用：{'、'.join(NAMES)}"
        raise RuleError(msg, did_you_mean(closest(call.function, NAMES)))
    return checker(call.arguments, scope)


def size_inputs(scope: Scope) -> tuple[terms.Input, ...]:
    """The inputs from which the size standard decides: industry, and last year's staff, revenue and assets."""
    for name in SIZE_INPUTS:
        if name not in scope.inputs:
            raise scope.unknown(name)
    return tuple(
        terms.Input(name, scope.inputs[name].type, -1 if scope.inputs[name].per_year else None)
        for name in SIZE_INPUTS
    )


def _arity(arguments: Arguments, wanted: int, usage: str) -> None:
    if len(arguments) != wanted:
        msg = f"参数个数不对，写法：{usage}"
        raise RuleError(msg)


def _extreme(which: str) -> Callable[[Arguments, Scope], terms.Term]:
    def checker(arguments: Arguments, scope: Scope) -> terms.Term:
        parts = tuple(check.check_scalar(argument, scope) for argument in arguments)
        kind = next((part.type for part in parts if part.type.kind is not Kind.NUMBER), parts[0].type)
        for part in parts:
            if not part.type.is_numeric or not comparable(part.type, kind):
                msg = f"{which}(…) 里的{part.type.label}与{kind.label}不能比较"
                raise RuleError(msg)
        return terms.Extreme("min" if which == "min" else "max", parts, kind)

    return checker


def _span(argument: syntax.Expression, scope: Scope, usage: str) -> int:
    term = check.check_scalar(argument, scope)
    if (
        isinstance(term, terms.Constant)
        and isinstance(term.value, int)
        and not isinstance(term.value, bool)
        and term.type.kind is Kind.NUMBER
        and 1 <= term.value <= LONGEST_SPAN
    ):
        return term.value
    msg = f"年数须是 1 到 {LONGEST_SPAN} 的整数，写法：{usage}"
    raise RuleError(msg)


def _yearly_inputs(argument: syntax.Expression, count: int, scope: Scope) -> tuple[terms.Input, ...]:
    if not isinstance(argument, syntax.Name):
        msg = "第一个参数须是按年填报的指标，不带 [-1]"
        raise RuleError(msg)
    symbol = scope.inputs.get(argument.id)
    if symbol is None:
        raise scope.unknown(argument.id)
    if not symbol.per_year or not symbol.type.is_numeric:
        msg = f"“{argument.id}”（{symbol.label}）不是按年填报的数"
        raise RuleError(msg)
    return tuple(terms.Input(argument.id, symbol.type, -offset) for offset in range(count, 0, -1))


def _growth(method: str) -> Callable[[Arguments, Scope], terms.Term]:
    usage = f"{method}_growth(revenue, 2)"

    def checker(arguments: Arguments, scope: Scope) -> terms.Term:
        _arity(arguments, 2, usage)
        years = _span(arguments[1], scope, usage)
        inputs = _yearly_inputs(arguments[0], years + 1, scope)
        return terms.Growth("mean" if method == "mean" else "compound", inputs, RATIO)

    return checker


def _sum_years(arguments: Arguments, scope: Scope) -> terms.Term:
    usage = "sum_years(rd_expense, 2)"
    _arity(arguments, 2, usage)
    inputs = _yearly_inputs(arguments[0], _span(arguments[1], scope, usage), scope)
    total: terms.Scalar = inputs[0]
    for item in inputs[1:]:
        total = terms.Arithmetic("+", total, item, item.type)
    return total


def check_elapsed(comparison: syntax.Comparison, scope: Scope) -> terms.Condition:
    """Check ``years_since(date) >= n``: the span is folded into one comparison of dates. Raises :class:`RuleError`."""
    usage = "years_since(registered_on) >= 2年"
    call = comparison.left
    if not isinstance(call, syntax.Call) or comparison.comparator not in {">=", "<"}:
        msg = "满几年只能用 >= 或 < 与年数比较"
        raise RuleError(msg, f"写作 {usage}")
    _arity(call.arguments, 1, usage)
    since = check.check_scalar(call.arguments[0], scope)
    if not isinstance(since, terms.Input) or since.type.kind is not Kind.DATE:
        msg = "years_since 的参数须是日期指标"
        raise RuleError(msg, f"写作 {usage}")
    years = check.check_scalar(comparison.right, scope)
    if (
        not isinstance(years, terms.Constant)
        or years.type.kind is not Kind.YEARS
        or not float(str(years.value)).is_integer()
    ):
        msg = "满几年须与整年数比较"
        raise RuleError(msg, f"写作 {usage}")
    return terms.Elapsed(since, int(float(str(years.value))), comparison.comparator == "<")


def _years_since(_arguments: Arguments, _scope: Scope) -> terms.Term:
    msg = "years_since(…) 只能直接与年数比较"
    raise RuleError(msg, "写作 years_since(registered_on) >= 2年")


def _within(arguments: Arguments, scope: Scope) -> terms.Term:
    usage = 'within(registered_area, jurisdiction) 或 within(industry_code, "C")'
    if len(arguments) < 2:  # noqa: PLR2004 - an item and at least one place or industry
        msg = f"参数个数不对，写法：{usage}"
        raise RuleError(msg)
    item = check.check_scalar(arguments[0], scope)
    if not isinstance(item, terms.Input) or item.type.kind not in {Kind.AREA, Kind.INDUSTRY}:
        msg = f"within 的第一个参数须是行政区划或行业代码，写法：{usage}"
        raise RuleError(msg)
    extents = []
    for argument in arguments[1:]:
        code = check.check_scalar(argument, scope)
        if not isinstance(code, terms.Constant) or not isinstance(code.value, str):
            msg = f"代码写在英文双引号里，或用参数，写法：{usage}"
            raise RuleError(msg)
        extents.append(_extent(code.value, item.type.kind, scope))
    codes = tuple(code for extent in extents for code in extent.codes)
    prefixes = tuple(prefix for extent in extents for prefix in extent.prefixes)
    coarse = dict.fromkeys(code for extent in extents for code in extent.broader)
    broader = tuple(code for code in coarse if code not in codes and not code.startswith(prefixes))
    return terms.Member(item, codes, prefixes, broader, "、".join(extent.name for extent in extents))


def _extent(code: str, kind: Kind, scope: Scope) -> Extent:
    extent = scope.area(code) if kind is Kind.AREA else scope.industry(code)
    if extent is not None:
        return extent
    if kind is Kind.AREA:
        msg = f"没有代码为“{code}”的行政区划或开发区"
        raise RuleError(msg)
    msg = f"没有代码为“{code}”的行业"
    raise RuleError(msg, "行业代码带门类字母，例如 C、C30、C3091")


def _at_least(arguments: Arguments, scope: Scope) -> terms.Term:
    usage = "at_least(2, 条件, 条件, 条件)"
    wanted = check.check_scalar(arguments[0], scope)
    parts = tuple(check.check_condition(argument, scope) for argument in arguments[1:])
    if (
        not isinstance(wanted, terms.Constant)
        or not isinstance(wanted.value, int)
        or not 1 <= wanted.value <= len(parts)
    ):
        msg = f"至少几项须是 1 到条件个数之间的整数，写法：{usage}"
        raise RuleError(msg)
    return terms.AtLeast(wanted.value, parts)


def _holds(arguments: Arguments, scope: Scope) -> terms.Term:
    tiers = []
    for argument in arguments:
        if not isinstance(argument, syntax.Name) or argument.id not in scope.tiers:
            name = argument.id if isinstance(argument, syntax.Name) else "…"
            msg = f"没有名为“{name}”的称号层级，可用：{'、'.join(sorted(scope.tiers))}"
            raise RuleError(msg, did_you_mean(closest(name, scope.tiers)))
        tiers.append(argument.id)
    return terms.Holds(tuple(tiers))


_CHECKERS: Final[Mapping[str, Callable[[Arguments, Scope], terms.Term]]] = {
    "min": _extreme("min"),
    "max": _extreme("max"),
    "mean_growth": _growth("mean"),
    "compound_growth": _growth("compound"),
    "sum_years": _sum_years,
    "years_since": _years_since,
    "within": _within,
    "at_least": _at_least,
    "holds": _holds,
}
NAMES: Final = tuple(_CHECKERS)
