"""Text of a rule → syntax tree, with limits that keep hostile text cheap."""

from __future__ import annotations

import datetime as dt
import unicodedata
from functools import cache, lru_cache
from pathlib import Path
from typing import Final, Literal, cast

from lark import Lark, Token, Transformer, v_args
from lark.exceptions import LarkError, UnexpectedCharacters, UnexpectedInput, UnexpectedToken, VisitError

from tidu.policy.language import syntax
from tidu.policy.quantities import YES_NO, Kind, Type, parse_quantity

LONGEST_RULE: Final = 2_000
DEEPEST_RULE: Final = 32
LONGEST_YEAR_REFERENCE: Final = 10

EntryPoint = Literal["rule", "literal", "trigger"]


class RuleSyntaxError(ValueError):
    """The text is not a rule. The message is Chinese and points into the text."""


@cache
def _parser() -> Lark:
    grammar = Path(__file__).with_name("grammar.lark").read_text(encoding="utf-8")
    return Lark(grammar, parser="lalr", start=["rule", "literal", "trigger"], transformer=_Builder())


def parse_rule(text: str) -> syntax.Expression:
    """Parse a condition or arithmetic term. Raises :class:`RuleSyntaxError`."""
    return cast("syntax.Expression", _parse(text, "rule"))


def parse_literal(text: str) -> syntax.Literal | syntax.Name:
    """Parse the value of a parameter. Raises :class:`RuleSyntaxError`."""
    return cast("syntax.Literal | syntax.Name", _parse(text, "literal"))


def parse_trigger(text: str) -> syntax.Trigger:
    """Parse the trigger of a benefit. Raises :class:`RuleSyntaxError`."""
    return cast("syntax.Trigger", _parse(text, "trigger"))


@lru_cache(maxsize=4096)
def _parse(text: str, start: EntryPoint) -> syntax.Expression | syntax.Trigger:
    if len(text) > LONGEST_RULE:
        msg = f"规则长 {len(text)} 个字符，上限 {LONGEST_RULE}，请拆成几条"
        raise RuleSyntaxError(msg)
    try:
        return cast("syntax.Expression | syntax.Trigger", _parser().parse(text, start=start))
    except VisitError as error:
        raise RuleSyntaxError(str(error.orig_exc)) from error
    except UnexpectedInput as error:
        raise RuleSyntaxError(_explain(text, error)) from error
    except (LarkError, ValueError, RecursionError) as error:
        raise RuleSyntaxError(str(error)) from error


def _explain(text: str, error: UnexpectedInput) -> str:
    if isinstance(error, UnexpectedToken) and error.token.type == "$END":
        return f"规则“{text}”没有写完"
    position = cast("int | None", error.pos_in_stream) or 0
    around = text[position : position + 12]
    if isinstance(error, UnexpectedCharacters):
        narrow = unicodedata.normalize("NFKC", around[:1])
        known = {"≥": ">=", "≤": "<=", "≠": "!=", "＝": "==", "×": "*", "÷": "/", "“": '"', "”": '"'}
        narrow = known.get(around[:1], narrow)
        if narrow != around[:1]:
            return f"第 {position + 1} 个字符“{around[:1]}”请改用半角写法“{narrow}”"
    return f"第 {position + 1} 个字符起的“{around}”不合语法"


def _depth(*parts: syntax.Expression) -> int:
    depth = 1 + max(part.depth for part in parts)
    if depth > DEEPEST_RULE:
        msg = f"规则嵌套超过 {DEEPEST_RULE} 层"
        raise RuleSyntaxError(msg)
    return depth


@v_args(inline=True)
class _Builder(Transformer[Token, syntax.Expression]):
    """Builds nodes while the parser runs, so that the depth limit stops a nested text before recursion does."""

    def quantity(self, token: Token) -> syntax.Literal:
        return syntax.Literal(*parse_quantity(str(token)))

    def date(self, token: Token) -> syntax.Literal:
        return syntax.Literal(_date(str(token)), Type(Kind.DATE))

    def text(self, token: Token) -> syntax.Literal:
        return syntax.Literal(str(token)[1:-1], Type(Kind.TEXT))

    def true(self, _token: Token) -> syntax.Literal:
        return syntax.Literal(value=True, type=YES_NO)

    def false(self, _token: Token) -> syntax.Literal:
        return syntax.Literal(value=False, type=YES_NO)

    def name(self, token: Token) -> syntax.Name:
        return syntax.Name(str(token))

    def year_reference(self, name: Token, sign: Token, offset: Token) -> syntax.YearReference:
        if str(sign) != "-" or not offset.isdigit() or not 1 <= int(offset) <= LONGEST_YEAR_REFERENCE:
            msg = f"{name}[{sign}{offset}]：年份写作 [-1]（基准年度）到 [-{LONGEST_YEAR_REFERENCE}]"
            raise RuleSyntaxError(msg)
        return syntax.YearReference(str(name), -int(offset))

    def call(self, name: Token, *arguments: syntax.Expression) -> syntax.Call:
        return syntax.Call(str(name), arguments, _depth(*arguments))

    def signed(self, sign: Token, part: syntax.Expression) -> syntax.Expression:
        if str(sign) == "+":
            return part
        if isinstance(part, syntax.Literal) and part.type.is_numeric:
            return syntax.Literal(-part.value, part.type, _depth(part))  # type: ignore[operator]
        zero = syntax.Literal(0, Type(Kind.NUMBER))
        return syntax.Arithmetic("-", zero, part, _depth(part))

    def chain(self, first: syntax.Expression, *rest: syntax.Expression | Token) -> syntax.Expression:
        return _chain(first, rest)

    def comparison(self, left: syntax.Expression, word: Token, right: syntax.Expression) -> syntax.Expression:
        return syntax.Comparison(cast("syntax.Comparator", str(word)), left, right, _depth(left, right))

    def member(self, item: syntax.Expression, *options: syntax.Literal | syntax.Name) -> syntax.Expression:
        return syntax.Member(item, options, _depth(item))

    def not_member(
        self, item: syntax.Expression, *options: syntax.Literal | syntax.Name
    ) -> syntax.Expression:
        member = self.member(item, *options)
        return syntax.Negation(member, _depth(member))

    def negation(self, part: syntax.Expression) -> syntax.Expression:
        return syntax.Negation(part, _depth(part))

    def conjunction(self, *parts: syntax.Expression) -> syntax.Expression:
        return syntax.Connective("and", parts, _depth(*parts))

    def disjunction(self, *parts: syntax.Expression) -> syntax.Expression:
        return syntax.Connective("or", parts, _depth(*parts))

    def trigger(self, happening: Token, *rest: Token | syntax.Expression | None) -> syntax.Trigger:
        *names, condition = rest
        return syntax.Trigger(
            str(happening),
            tuple(str(name) for name in names),
            None if condition is None else cast("syntax.Expression", condition),
        )


def _chain(first: syntax.Expression, rest: tuple[syntax.Expression | Token, ...]) -> syntax.Expression:
    result = first
    for operator, right in zip(rest[::2], rest[1::2], strict=True):
        operand = cast("syntax.Expression", right)
        word = cast("syntax.Operator", str(operator))
        result = syntax.Arithmetic(word, result, operand, _depth(result, operand))
    return result


def _date(text: str) -> dt.date:
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        msg = f"没有 {text} 这一天"
        raise RuleSyntaxError(msg) from None
