"""Type checker of the rule language: syntax tree → checked terms.

Resolves every name against a :class:`~tidu.policy.language.scope.Scope`, refuses combinations that have no meaning
(万元 and 人 do not add), and reduces sugar (``sum_years``, ordered choices, ``within``) to the closed set of
terms that evaluators know.
"""

from __future__ import annotations

from typing import Final

from tidu.policy.language import functions, syntax, terms
from tidu.policy.language.scope import RuleError, Scope, did_you_mean
from tidu.policy.quantities import EXACT, MONEY, NUMBER, RATIO, TOLERANCE, YES_NO, Kind, Type, comparable
from tidu.policy.vocabulary.validation import closest

_CONDITIONS: Final = (
    terms.Compare,
    terms.Elapsed,
    terms.Truth,
    terms.Fixed,
    terms.Member,
    terms.SizeMember,
    terms.Holds,
    terms.All,
    terms.AnyOf,
    terms.AtLeast,
    terms.Not,
)


def check_condition(expression: syntax.Expression, scope: Scope) -> terms.Condition:
    """Check ``expression`` as a condition. Raises :class:`RuleError`."""
    term = check_term(expression, scope)
    if isinstance(term, _CONDITIONS):
        return term
    if isinstance(term, terms.Input) and term.type.kind is Kind.YES_NO:
        return terms.Truth(term)
    if isinstance(term, terms.Constant) and isinstance(term.value, bool):
        return terms.Fixed(term.value)
    msg = f"这里需要一个条件，而这是{term_type(term).label}"
    raise RuleError(msg, "补上比较，例如 >= 1000万元")


def check_scalar(expression: syntax.Expression, scope: Scope) -> terms.Scalar:
    """Check ``expression`` as a value. Raises :class:`RuleError`."""
    term = check_term(expression, scope)
    if isinstance(term, _CONDITIONS):
        msg = "这里需要一个值，而这是条件"
        raise RuleError(msg)
    return term


def term_type(term: terms.Term) -> Type:
    """The type of a term; a condition is yes/no."""
    return YES_NO if isinstance(term, _CONDITIONS) else term.type


def check_term(expression: syntax.Expression, scope: Scope) -> terms.Term:
    """Check ``expression`` as whatever it is. Raises :class:`RuleError`."""
    match expression:
        case syntax.Literal(value=value, type=kind):
            return terms.Constant(value, kind)
        case syntax.Name(id=name):
            return _name(name, scope)
        case syntax.YearReference(id=name, offset=offset):
            return _year(name, offset, scope)
        case syntax.Arithmetic():
            return _arithmetic(expression, scope)
        case syntax.Comparison():
            return _comparison(expression, scope)
        case syntax.Member():
            return _member(expression, scope)
        case syntax.Negation(part=part):
            return _negated(check_condition(part, scope))
        case syntax.Connective(word=word, parts=parts):
            return _connected(word, [check_condition(part, scope) for part in parts])
        case syntax.Call():
            return functions.check_call(expression, scope)


def _negated(part: terms.Condition) -> terms.Condition:
    return terms.Fixed(not part.value) if isinstance(part, terms.Fixed) else terms.Not(part)


def _connected(word: str, parts: list[terms.Condition]) -> terms.Condition:
    """A conjunction or disjunction without the parts that a yes/no parameter has already settled."""
    neutral = word == "and"
    if terms.Fixed(not neutral) in parts:
        return terms.Fixed(not neutral)
    left = tuple(part for part in parts if part != terms.Fixed(neutral))
    if len(left) <= 1:
        return left[0] if left else terms.Fixed(neutral)
    return terms.All(left) if neutral else terms.AnyOf(left)


def _name(name: str, scope: Scope) -> terms.Term:
    if name in scope.parameters:
        return scope.parameters[name]
    symbol = scope.inputs.get(name)
    if symbol is None:
        raise scope.unknown(name, functions.NAMES)
    if symbol.per_year:
        msg = f"“{name}”（{symbol.label}）按年填报，要写明哪一年"
        raise RuleError(msg, f"基准年度写作 {name}[-1]，上一年写作 {name}[-2]")
    return terms.Input(name, symbol.type, judged=symbol.judged)


def _year(name: str, offset: int, scope: Scope) -> terms.Input:
    symbol = scope.inputs.get(name)
    if symbol is None:
        raise scope.unknown(name)
    if not symbol.per_year:
        msg = f"“{name}”（{symbol.label}）不按年填报"
        raise RuleError(msg, f"去掉 [{offset}]")
    return terms.Input(name, symbol.type, offset, symbol.judged)


def _arithmetic(expression: syntax.Arithmetic, scope: Scope) -> terms.Scalar:
    left, right = check_scalar(expression.left, scope), check_scalar(expression.right, scope)
    for side in (left, right):
        if not side.type.is_numeric:
            msg = f"{side.type.label}不能参加加减乘除"
            raise RuleError(msg)
    operator = expression.operator
    combine = _added if operator in "+-" else _multiplied if operator == "*" else _divided
    return terms.Arithmetic(operator, left, right, combine(left, right))


def _added(left: terms.Scalar, right: terms.Scalar) -> Type:
    if not comparable(left.type, right.type):
        msg = f"{left.type.label}与{right.type.label}不能相加减"
        raise RuleError(msg, "两边须同种同单位")
    return right.type if left.type.kind is Kind.NUMBER else left.type


def _multiplied(left: terms.Scalar, right: terms.Scalar) -> Type:
    kinds = {left.type.kind, right.type.kind}
    if kinds == {Kind.MONEY, Kind.COUNT}:
        return MONEY
    if kinds & EXACT and kinds & {Kind.RATIO, Kind.YEARS, Kind.SCORE}:
        msg = f"{left.type.label}与{right.type.label}相乘会失去精确"
        raise RuleError(msg, "比率条件写成两数相除，例如 rd_expense[-1] / revenue[-1] >= 3%")
    plain, other = (left, right) if left.type.kind is Kind.NUMBER else (right, left)
    if plain.type.kind is Kind.NUMBER:
        whole = isinstance(plain, terms.Constant) and isinstance(plain.value, int)
        if other.type.kind in EXACT and not whole:
            msg = f"{other.type.label}只能乘以整数"
            raise RuleError(msg)
        return other.type
    if kinds == {Kind.RATIO}:
        return RATIO
    msg = f"{left.type.label}与{right.type.label}不能相乘"
    raise RuleError(msg)


def _divided(left: terms.Scalar, right: terms.Scalar) -> Type:
    if left.type.kind is right.type.kind and comparable(left.type, right.type):
        return NUMBER if left.type.kind is Kind.NUMBER else RATIO
    if right.type.kind is Kind.NUMBER and left.type.kind not in EXACT:
        return left.type
    msg = f"{left.type.label}不能除以{right.type.label}"
    raise RuleError(msg, "同种同单位的两数相除得比率；人均条件写成 revenue[-1] >= 100万元 * employees[-1]")


def _comparison(expression: syntax.Comparison, scope: Scope) -> terms.Condition:
    if isinstance(expression.left, syntax.Call) and expression.left.function == "years_since":
        return functions.check_elapsed(expression, scope)
    choice = _choice_comparison(expression, scope)
    if choice is not None:
        return choice
    left, right = check_scalar(expression.left, scope), check_scalar(expression.right, scope)
    if not comparable(left.type, right.type):
        msg = f"{left.type.label}与{right.type.label}不能比较"
        raise RuleError(msg, "两边须同种同单位")
    if left.type.kind in {Kind.TEXT, Kind.CHOICE, Kind.AREA, Kind.INDUSTRY, Kind.YES_NO}:
        return _equality(expression, left, right)
    exact = {left.type.kind, right.type.kind} & (EXACT | {Kind.DATE})
    return terms.Compare(expression.comparator, left, right, 0 if exact else TOLERANCE)


def _equality(expression: syntax.Comparison, left: terms.Scalar, right: terms.Scalar) -> terms.Condition:
    if expression.comparator not in {"==", "!="} or not isinstance(left, terms.Input):
        msg = f"{left.type.label}只能用 == 或 != 与常数比较"
        raise RuleError(msg)
    if not isinstance(right, terms.Constant):
        msg = f"{left.type.label}只能与常数比较"
        raise RuleError(msg)
    condition: terms.Condition
    if isinstance(right.value, bool):
        condition = terms.Truth(left) if right.value else terms.Not(terms.Truth(left))
    else:
        condition = terms.Member(left, (str(right.value),))
    return condition if expression.comparator == "==" else terms.Not(condition)


def _choice_comparison(expression: syntax.Comparison, scope: Scope) -> terms.Condition | None:
    """``rd_centre >= municipal``: the option is a bare name that only the choice on the left gives a meaning."""
    if not isinstance(expression.left, syntax.Name) or not isinstance(expression.right, syntax.Name):
        return None
    symbol = scope.inputs.get(expression.left.id)
    if symbol is None or symbol.type.kind is not Kind.CHOICE or expression.right.id in scope.parameters:
        return None
    options, wanted = symbol.type.choices, _option(expression.right.id, symbol.type, scope)
    index = options.index(wanted)
    if expression.comparator in {"==", "!="}:
        chosen: tuple[str, ...] = (wanted,)
    elif not symbol.type.ordered:
        msg = f"“{expression.left.id}”的选项没有高低之分"
        raise RuleError(msg, "用 == 或 in")
    else:
        chosen = {
            ">=": options[index:],
            ">": options[index + 1 :],
            "<=": options[: index + 1],
            "<": options[:index],
        }[expression.comparator]
    condition = _choice_member(expression.left.id, chosen, scope)
    return terms.Not(condition) if expression.comparator == "!=" else condition


def _member(expression: syntax.Member, scope: Scope) -> terms.Condition:
    item = expression.item
    if not isinstance(item, syntax.Name) or item.id not in scope.inputs:
        if isinstance(item, syntax.Name):
            raise scope.unknown(item.id)
        msg = "in 的左边须是一个指标"
        raise RuleError(msg)
    kind = scope.inputs[item.id].type
    if kind.kind is Kind.CHOICE:
        chosen = []
        for option in expression.options:
            if not isinstance(option, syntax.Name):
                msg = f"“{item.id}”的选项写作名称，不加引号"
                raise RuleError(msg)
            chosen.append(_option(option.id, kind, scope))
        return _choice_member(item.id, tuple(chosen), scope)
    if kind.kind not in {Kind.TEXT, Kind.AREA, Kind.INDUSTRY}:
        msg = f"{kind.label}不能用 in"
        raise RuleError(msg, "用比较符号")
    values = []
    for option in expression.options:
        if not isinstance(option, syntax.Literal) or option.type.kind is not Kind.TEXT:
            msg = f"“{item.id}”的取值写在英文双引号里"
            raise RuleError(msg)
        values.append(str(option.value))
    checked = _name(item.id, scope)
    return terms.Member(_as_input(checked), tuple(values))


def _choice_member(name: str, chosen: tuple[str, ...], scope: Scope) -> terms.Condition:
    if scope.inputs[name].derived:
        return terms.SizeMember(chosen, functions.size_inputs(scope))
    return terms.Member(_as_input(_name(name, scope)), chosen)


def _option(name: str, kind: Type, scope: Scope) -> str:
    if name in kind.choices:
        return name
    near = closest(name, [*kind.choices, *scope.parameters])
    msg = f"选项里没有“{name}”，可选：{'、'.join(kind.choices)}"
    raise RuleError(msg, did_you_mean(near))


def _as_input(term: terms.Term) -> terms.Input:
    if isinstance(term, terms.Input):
        return term
    msg = "这里须是一个指标"
    raise RuleError(msg)
