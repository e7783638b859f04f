"""Pack document → checked terms, with parameters and interpretations folded in and every fault placed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from tidu.policy.documents import criteria as resolved
from tidu.policy.documents.pack_document import PackDocument
from tidu.policy.documents.recognition_document import (
    Band,
    Node,
    ParameterValue,
    PointsGroup,
    PointsItem,
    PointsTable,
    Quantity,
    RecognitionDocument,
    Switched,
)
from tidu.policy.errors import Problem
from tidu.policy.language.check import check_condition, check_scalar
from tidu.policy.language.parse import RuleSyntaxError, parse_literal, parse_rule
from tidu.policy.language.scope import RuleError, Scope, did_you_mean
from tidu.policy.language.syntax import Literal
from tidu.policy.language.terms import Condition, Constant, Input, Scalar, Truth
from tidu.policy.quantities import NUMBER, YES_NO, Kind, Type
from tidu.policy.vocabulary.indicators import Identifier
from tidu.policy.vocabulary.validation import closest
from tidu.policy.vocabulary.yaml_source import KeyPath, YamlDocument

T = TypeVar("T")
_LITERAL_USAGE = "写法如 1000万元、10%、2年、3项、2025-12-31"


class Resolver:
    """Resolves one document under one set of interpretations, collecting every problem it meets.

    ``settings`` maps interpretations to choices; what it leaves out takes the pack's default.
    """

    def __init__(self, document: PackDocument, source: YamlDocument, settings: Mapping[str, str]) -> None:
        self.document = document
        self.source = source
        self.settings = {key: found.default for key, found in document.interpretations.items()} | dict(
            settings
        )
        self.problems: list[Problem] = []
        self.scope = Scope({})

    def say(self, path: KeyPath, message: str, remedy: str | None = None) -> None:
        """Note a problem at ``path``."""
        self.problems.append(self.source.problem(path, message, remedy))

    # ---- values

    def pick(self, value: T | Switched, path: KeyPath) -> T | None:
        """The value under the settings: a switched one gives what is written for the chosen reading."""
        if not isinstance(value, Switched):
            return value
        interpretation = self.document.interpretations.get(value.by)
        if interpretation is None:
            near = closest(value.by, self.document.interpretations)
            self.say((*path, "by"), f"没有名为“{value.by}”的解释", did_you_mean(near))
            return None
        choices = set(interpretation.choices)
        if set(value.values) != choices:
            listed = "、".join(interpretation.choices)
            self.say(path, f"须为解释“{value.by}”的每个选项各写一个值：{listed}")
            return None
        chosen: T = value.values[self.settings[value.by]]
        return chosen

    def quantity(self, value: ParameterValue | Switched | None, path: KeyPath) -> Constant | None:
        """A literal of the document, or a parameter that it names, as a constant."""
        chosen = None if value is None else self.pick(value, path)
        if chosen is None:
            return None
        if isinstance(chosen, bool):
            return Constant(chosen, YES_NO)
        if isinstance(chosen, int):
            return Constant(chosen, NUMBER)
        try:
            literal = parse_literal(str(chosen))
        except RuleSyntaxError as error:
            self.say(path, str(error), _LITERAL_USAGE)
            return None
        if isinstance(literal, Literal):
            return Constant(literal.value, literal.type)
        if literal.id in self.scope.parameters:
            return self.scope.parameters[literal.id]
        near = closest(literal.id, self.scope.parameters)
        self.say(path, f"没有名为“{chosen}”的参数", did_you_mean(near) or _LITERAL_USAGE)
        return None

    def of_kind(
        self, value: Quantity | Switched | None, kinds: tuple[Kind, ...], path: KeyPath
    ) -> Constant | None:
        """A literal that must be of one of ``kinds``."""
        constant = self.quantity(value, path)
        if constant is not None and constant.type.kind not in kinds:
            wanted = "或".join(Type(kind).label for kind in kinds)
            self.say(path, f"这里应为{wanted}，而“{value}”是{constant.type.label}")
            return None
        return constant

    def points(self, value: Quantity | None, path: KeyPath) -> float | None:
        """A score: ``60分`` or ``60``."""
        constant = self.of_kind(value, (Kind.SCORE, Kind.NUMBER), path)
        return None if constant is None else float(str(constant.value))

    def condition(self, text: str | Switched, path: KeyPath) -> Condition | None:
        """A rule as a checked condition."""
        chosen = self.pick(text, path)
        if chosen is None:
            return None
        where = (*path, self.settings[text.by]) if isinstance(text, Switched) else path
        try:
            return check_condition(parse_rule(str(chosen)), self.scope)
        except RuleError as error:
            self.say(where, str(error), error.remedy)
        except RuleSyntaxError as error:
            self.say(where, str(error))
        return None

    def scalar(self, text: str, path: KeyPath) -> Scalar | None:
        """A rule as a checked value."""
        try:
            return check_scalar(parse_rule(text), self.scope)
        except RuleError as error:
            self.say(path, str(error), error.remedy)
        except RuleSyntaxError as error:
            self.say(path, str(error))
        return None

    # ---- criteria

    def tier(self, recognition: RecognitionDocument, path: KeyPath) -> resolved.TierCriteria | None:
        """The criteria of one tier, or ``None`` after noting what is wrong."""
        before = len(self.problems)
        root = self._node(recognition.criteria, (*path, "criteria"), None, None)
        if len(self.problems) > before or root is None:
            return None
        group = (
            root if isinstance(root, resolved.Group) else resolved.Group(None, None, None, None, 1, (root,))
        )
        found = tuple(group.criteria())
        seen: set[str] = set()
        for criterion in found:
            if criterion.id in seen:
                self.say((*path, "criteria"), f"条件“{criterion.id}”出现两次", "每个条件的 id 只用一次")
            seen.add(criterion.id)
        return resolved.TierCriteria(recognition.tier, recognition.title, group, found)

    def _node(
        self, node: Node, path: KeyPath, cite: str | None, dimension: Identifier | None
    ) -> resolved.Group | resolved.Criterion | None:
        cite, dimension = node.cite or cite, node.dimension or dimension
        if node.dimension and node.dimension not in self.document.dimensions:
            near = closest(node.dimension, self.document.dimensions)
            self.say((*path, "dimension"), f"没有名为“{node.dimension}”的维度", did_you_mean(near))
        if node.id is None:
            parts, wanted = self._parts(node, path, cite, dimension)
            found = tuple(part for part in parts if part is not None)
            return resolved.Group(node.group, node.label, cite, dimension, wanted, found, node.combine)
        return self._criterion(node, path, cite, dimension)

    def _parts(
        self, node: Node, path: KeyPath, cite: str | None, dimension: str | None
    ) -> tuple[list[resolved.Group | resolved.Criterion | None], int]:
        listed: tuple[Node, ...]
        key: KeyPath
        if node.all:
            listed, key, wanted = node.all, ("all",), len(node.all)
        elif node.any:
            listed, key, wanted = node.any, ("any",), 1
        elif node.at_least:
            listed, key, wanted = node.at_least.of, ("at_least", "of"), node.at_least.n
        else:
            listed, key, wanted = node.of, ("of",), self._combination(node, path)
        if wanted > len(listed):
            self.say(path, f"要求满足 {wanted} 项，但只列出 {len(listed)} 项")
        return [self._node(part, (*path, *key, i), cite, dimension) for i, part in enumerate(listed)], wanted

    def _combination(self, node: Node, path: KeyPath) -> int:
        name = node.combine or ""
        if name not in self.document.interpretations:
            near = closest(name, self.document.interpretations)
            self.say((*path, "combine"), f"没有名为“{name}”的解释", did_you_mean(near))
            return len(node.of)
        choice = self.settings[name]
        if choice in {"all", "any"}:
            return len(node.of) if choice == "all" else 1
        count = choice.removeprefix("at_least_")
        if count.isdigit() and count != choice:
            return int(count)
        self.say(
            (*path, "combine"), f"解释“{name}”的选项“{choice}”不能用于组合", "选项用 all、any 或 at_least_2"
        )
        return len(node.of)

    def _criterion(
        self, node: Node, path: KeyPath, cite: str | None, dimension: str | None
    ) -> resolved.Criterion | None:
        common: dict[str, Any] = {
            "id": node.id,
            "label": node.label,
            "cite": cite,
            "dimension": dimension,
            "summary": node.summary,
            "evidence": node.evidence,
            "interpretations": self._readings(node),
        }
        if node.require is not None:
            condition = self.condition(node.require, (*path, "require"))
            return None if condition is None else resolved.Criterion(**common, condition=condition)
        if node.judge is not None:
            condition = self._judgement(node, path)
            return (
                None
                if condition is None
                else resolved.Criterion(**common, condition=condition, question=node.judge)
            )
        if node.points is not None:
            table = self._table(node.points, (*path, "points"))
            return None if table is None else resolved.Criterion(**common, points=table)
        parts, wanted = self._parts(node, path, cite, dimension)
        branches = tuple(part for part in parts if isinstance(part, resolved.Criterion))
        if len(branches) != len(parts) and all(part is not None for part in parts):
            self.say(path, "条件的分支也须写 id 和 label")
        return resolved.Criterion(**common, branches=branches, wanted=wanted)

    def _readings(self, node: Node) -> tuple[str, ...]:
        """The interpretations that bear on this criterion itself: by its rules, or by a parameter that a rule names."""
        found: list[str] = []
        texts: list[str] = []
        for rule in _rules(node):
            if isinstance(rule, Switched):
                found.append(rule.by)
                texts.extend(str(text) for text in rule.values.values())
            else:
                texts.append(rule)
        for name, parameter in self.document.parameters.items():
            if isinstance(parameter.value, Switched) and any(name in text for text in texts):
                found.append(parameter.value.by)
        return tuple(dict.fromkeys(found))

    def _judgement(self, node: Node, path: KeyPath) -> Condition | None:
        name = node.reads or str(node.id)
        symbol = self.scope.inputs.get(name)
        if symbol is None or not symbol.judged:
            judged = [key for key, found in self.scope.inputs.items() if found.judged]
            remedy = (
                did_you_mean(closest(name, judged)) or "在词表或本政策包的 indicators 里写明 judged: true"
            )
            self.say((*path, "judge"), f"没有名为“{name}”的人工评判项", remedy)
            return None
        return Truth(Input(name, symbol.type, judged=True))

    # ---- points tables

    def _table(self, table: PointsTable, path: KeyPath) -> resolved.PointsTable | None:
        minimum = self.points(table.at_least, (*path, "at_least"))
        groups = [self._points_group(group, (*path, "groups", i)) for i, group in enumerate(table.groups)]
        if minimum is None or any(group is None for group in groups):
            return None
        found = tuple(group for group in groups if group is not None)
        maximum = sum(group.maximum for group in found)
        if minimum > maximum:
            self.say((*path, "at_least"), f"及格线 {minimum:g} 分高于满分 {maximum:g} 分")
        return resolved.PointsTable(minimum, found, maximum)

    def _points_group(self, group: PointsGroup, path: KeyPath) -> resolved.PointsGroup | None:
        items = [self._item(item, (*path, "items", i)) for i, item in enumerate(group.items)]
        minimum = self.points(group.at_least, (*path, "at_least"))
        if any(item is None for item in items):
            return None
        found = tuple(item for item in items if item is not None)
        maximum = sum(item.maximum for item in found)
        return resolved.PointsGroup(group.id, group.label, group.cite, minimum, found, maximum)

    def _item(self, item: PointsItem, path: KeyPath) -> resolved.PointsItem | None:
        before = len(self.problems)
        written = item.bands or item.sum
        key = "bands" if item.bands else "sum"
        bands = tuple(self._band(band, (*path, key, i)) for i, band in enumerate(written))
        scalar, each, points_each, cap = None, None, 1.0, item.cap
        if item.per is not None:
            scalar = self.scalar(item.per.of, (*path, "per", "of"))
            step = self.quantity(item.per.each, (*path, "per", "each"))
            each = None if step is None else float(str(step.value))
            points_each, cap = item.per.points, item.per.cap
        elif item.of is not None:
            scalar = self.scalar(item.of, (*path, "of"))
        if len(self.problems) > before:
            return None
        total = (
            sum(band.points for band in bands)
            if item.sum
            else max((band.points for band in bands), default=0.0)
        )
        maximum = cap if cap is not None and (scalar is not None or cap < total) else total
        return resolved.PointsItem(
            item.id, item.label, item.cite, bands, bool(item.sum), scalar, each, points_each, cap, maximum
        )

    def _band(self, band: Band, path: KeyPath) -> resolved.Band:
        condition = None if band.when is None else self.condition(band.when, (*path, "when"))
        return resolved.Band(condition, band.points, band.label)


def _rules(node: Node) -> list[str | Switched]:
    """The rules of a criterion itself: its condition, or those of its points table."""
    rules = [] if node.require is None else [node.require]
    if node.points is not None:
        items = [item for group in node.points.groups for item in group.items]
        rules.extend(
            band.when for item in items for band in (*item.bands, *item.sum) if band.when is not None
        )
    return rules
