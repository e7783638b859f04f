"""A policy pack in use: the document, its identity by content, and its rules under any set of interpretations."""

from __future__ import annotations

import dataclasses
import datetime as dt
import hashlib
from collections.abc import Collection, Iterator, Mapping
from enum import StrEnum
from pathlib import Path
from types import MappingProxyType

from tidu.policy.documents.benefits import ResolvedBenefit, resolve_benefit
from tidu.policy.documents.criteria import TierCriteria
from tidu.policy.documents.pack_document import PackDocument
from tidu.policy.documents.procedures import procedure_problems
from tidu.policy.documents.recognition_document import PeriodOfForce, RecognitionDocument
from tidu.policy.documents.resolve import Resolver
from tidu.policy.errors import InputError, Problem
from tidu.policy.language.extents import area_extent, industry_extent
from tidu.policy.language.parse import RuleSyntaxError, parse_trigger
from tidu.policy.language.scope import Scope, Symbol, did_you_mean
from tidu.policy.language.terms import Constant
from tidu.policy.official_text.clauses import ClauseHint, citation_path
from tidu.policy.quantities import Kind, Type
from tidu.policy.vocabulary.indicators import EventKind, Indicator
from tidu.policy.vocabulary.validation import closest, validate
from tidu.policy.vocabulary.vocabulary import Vocabulary, load_vocabulary
from tidu.policy.vocabulary.yaml_source import KeyPath, YamlDocument, read_yaml

PACK_FILE = "pack.yaml"
CASES_FILE = "cases.yaml"
_NO_SETTINGS: Mapping[str, str] = MappingProxyType({})


class Force(StrEnum):
    """Whether a document is in force on a day."""

    NOT_YET = "not_yet"
    IN_FORCE = "in_force"
    EXPIRED = "expired"

    @property
    def label(self) -> str:
        """The word shown to people."""
        return {"not_yet": "尚未施行", "in_force": "现行有效", "expired": "已届满"}[self.value]


class Pack:
    """One loaded and checked pack. Immutable; what depends on interpretations is resolved on demand and kept."""

    def __init__(
        self, document: PackDocument, source: YamlDocument, vocabulary: Vocabulary, folder: Path
    ) -> None:
        self.document = document
        self.vocabulary = vocabulary
        self.folder = folder
        self.digest = hashlib.sha256((folder / PACK_FILE).read_bytes()).hexdigest()
        self._source = source
        self._resolved: dict[tuple[tuple[str, str], ...], _Resolved] = {}
        self._indicators = {**vocabulary.indicators, **document.indicators}
        self._event_kinds = {**vocabulary.events, **document.events}

    def __repr__(self) -> str:
        return f"<Pack {self.id} {self.digest[:8]}>"

    @property
    def id(self) -> str:
        """The pack's id."""
        return self.document.id

    @property
    def indicators(self) -> Mapping[str, Indicator]:
        """Every indicator in view: the vocabulary's and the pack's own."""
        return MappingProxyType(self._indicators)

    @property
    def event_kinds(self) -> Mapping[str, EventKind]:
        """Every kind of event in view: the vocabulary's and the pack's own."""
        return MappingProxyType(self._event_kinds)

    @property
    def in_view(self) -> Vocabulary:
        """The vocabulary joined by the pack's own indicators and events: what its facts may state."""
        events = {**self.vocabulary.events, **self.document.events}
        return dataclasses.replace(
            self.vocabulary, indicators=MappingProxyType(self._indicators), events=MappingProxyType(events)
        )

    @property
    def tiers(self) -> tuple[str, ...]:
        """The tiers that the document recognises, in its own order."""
        return tuple(recognition.tier for recognition in self.document.recognition)

    def settings(self, chosen: Mapping[str, str] = _NO_SETTINGS) -> dict[str, str]:
        """``chosen`` completed by the defaults. Raises :class:`InputError` for what the pack does not declare."""
        declared = self.document.interpretations
        for name, choice in chosen.items():
            if name not in declared:
                remedy = did_you_mean(closest(name, declared)) or f"可选：{'、'.join(declared) or '无'}"
                raise InputError(Problem(f"政策包 {self.id} 没有名为“{name}”的解释", remedy=remedy))
            if choice not in declared[name].choices:
                listed = "、".join(declared[name].choices)
                raise InputError(Problem(f"解释“{name}”没有选项“{choice}”", remedy=f"可选：{listed}"))
        return {name: chosen.get(name, found.default) for name, found in declared.items()}

    def recognition(self, tier: str | None = None) -> RecognitionDocument:
        """The recognition of ``tier``; without it, the only one. Raises :class:`InputError`."""
        found = self.document.recognition
        if not found:
            raise InputError(
                Problem(f"政策包 {self.id} 不认定称号", remedy="换一个认定类的政策包，见 tidu packs list")
            )
        if tier is None:
            if len(found) > 1:
                listed = "、".join(self.tiers)
                raise InputError(Problem(f"政策包 {self.id} 有多个层级", remedy=f"用 --tier 指定：{listed}"))
            return found[0]
        for recognition in found:
            if recognition.tier == tier:
                return recognition
        remedy = did_you_mean(closest(tier, self.tiers)) or f"可选：{'、'.join(self.tiers)}"
        raise InputError(Problem(f"政策包 {self.id} 没有层级“{tier}”", remedy=remedy))

    def criteria(self, tier: str | None = None, settings: Mapping[str, str] = _NO_SETTINGS) -> TierCriteria:
        """The criteria of a tier under ``settings``. Raises :class:`InputError`."""
        wanted = self.recognition(tier).tier
        return self._under(settings).tiers[wanted]

    def benefits(self, settings: Mapping[str, str] = _NO_SETTINGS) -> tuple[ResolvedBenefit, ...]:
        """The benefits under ``settings``, in the order of the document. Raises :class:`InputError`."""
        return self._under(settings).benefits

    def period(
        self, tier: str | None = None, settings: Mapping[str, str] = _NO_SETTINGS
    ) -> tuple[dt.date, dt.date | None]:
        """First and last day in force (a closed interval), of the document or of one tier of it."""
        written = self.document.in_force
        if tier is not None:
            written = self.recognition(tier).in_force or written
        return written.since, self._until(written, settings)

    def force(
        self, on: dt.date, tier: str | None = None, settings: Mapping[str, str] = _NO_SETTINGS
    ) -> Force:
        """Whether the document, or one tier of it, is in force on a day."""
        since, until = self.period(tier, settings)
        if on < since:
            return Force.NOT_YET
        return Force.EXPIRED if until is not None and on > until else Force.IN_FORCE

    def citations(self) -> tuple[str, ...]:
        """Every heading path that the pack cites, each once."""
        return tuple(dict.fromkeys(_citations(self.document.model_dump(by_alias=True))))

    @property
    def clause_hints(self) -> tuple[ClauseHint, ...]:
        """What the pack says of an official text whose order is lost."""
        return tuple(ClauseHint(citation_path(hint.path), hint.contains) for hint in self.document.clauses)

    def line_of(self, path: KeyPath) -> int | None:
        """The line of a key in the pack's file."""
        return self._source.line_of(path)

    # ---- resolving

    def _until(self, written: PeriodOfForce, settings: Mapping[str, str]) -> dt.date | None:
        resolver = Resolver(self.document, self._source, self.settings(settings))
        picked: dt.date | str | None = None
        if written.until is not None:
            picked = resolver.pick(written.until, ("in_force", "until"))
        if resolver.problems:
            raise InputError(*resolver.problems)
        return dt.date.fromisoformat(picked) if isinstance(picked, str) else picked

    def _under(self, settings: Mapping[str, str]) -> _Resolved:
        complete = self.settings(settings)
        key = tuple(sorted(complete.items()))
        if key not in self._resolved:
            self._resolved[key] = _Resolved(self, self._source, complete)
        return self._resolved[key]

    def check(self) -> None:
        """Resolve the pack under each choice of each interpretation. Raises :class:`InputError`."""
        self._under({})
        for name, interpretation in self.document.interpretations.items():
            for choice in interpretation.choices:
                self._under({name: choice})
                self.period(None, {name: choice})
        problems = [*_local_problems(self.document, self._source, self.vocabulary)]
        if problems:
            raise InputError(*problems)


class _Resolved:
    """The rules of one pack under one complete set of settings."""

    def __init__(self, pack: Pack, source: YamlDocument, settings: Mapping[str, str]) -> None:
        resolver = Resolver(pack.document, source, settings)
        parameters: dict[str, Constant] = {
            "jurisdiction": Constant(pack.document.jurisdiction, Type(Kind.TEXT), "jurisdiction")
        }
        for name, parameter in pack.document.parameters.items():
            constant = resolver.quantity(parameter.value, ("parameters", name, "value"))
            if constant is not None:
                parameters[name] = Constant(constant.value, constant.type, name)
        resolver.scope = Scope(
            inputs={
                name: Symbol(item.type, item.label, item.per_year, item.judged, item.derived is not None)
                for name, item in pack.indicators.items()
            },
            parameters=parameters,
            tiers=frozenset(pack.vocabulary.tiers),
            area=area_extent,
            industry=industry_extent,
        )
        tiers = {}
        listed = isinstance(source.data.get("recognition"), list)
        for index, recognition in enumerate(pack.document.recognition):
            path: KeyPath = ("recognition", index) if listed else ("recognition",)
            found = resolver.tier(recognition, path)
            if found is not None:
                tiers[recognition.tier] = found
        benefits = [
            resolve_benefit(benefit, resolver, pack.vocabulary, ("benefits", index))
            for index, benefit in enumerate(pack.document.benefits)
        ]
        if resolver.problems:
            raise InputError(*resolver.problems)
        self.tiers: Mapping[str, TierCriteria] = MappingProxyType(tiers)
        self.benefits = tuple(benefit for benefit in benefits if benefit is not None)


def load_pack(folder: Path, vocabulary: Vocabulary | None = None) -> Pack:
    """Read, validate and check the pack in ``folder``. Raises :class:`InputError` with every problem found."""
    file = folder / PACK_FILE if folder.is_dir() else folder
    source = read_yaml(file, name=f"{file.parent.name}/{file.name}")
    document = validate(PackDocument, source)
    pack = Pack(document, source, vocabulary or load_vocabulary(), file.parent)
    pack.check()
    return pack


def _citations(data: object) -> Iterator[str]:
    if isinstance(data, dict):
        for key, value in data.items():
            if str(key).endswith(("cite", "measure")) and isinstance(value, str):
                yield value
            elif key != "clauses":
                yield from _citations(value)
    elif isinstance(data, list | tuple):
        for item in data:
            yield from _citations(item)


def _local_problems(
    document: PackDocument, source: YamlDocument, vocabulary: Vocabulary
) -> Iterator[Problem]:
    """References of the document that are no rules: tiers, clusters, evidence, targets, redefined ids."""
    yield from _redefined(document, source, vocabulary)
    for index, recognition in enumerate(document.recognition):
        if recognition.tier not in vocabulary.tiers:
            near = closest(recognition.tier, vocabulary.tiers)
            path: KeyPath = ("recognition", index, "tier")
            yield source.problem(path, f"没有名为“{recognition.tier}”的称号层级", did_you_mean(near))
    yield from _miscounted(document, source, vocabulary)
    yield from procedure_problems(document, source, vocabulary)
    lists: tuple[tuple[str, str, Collection[str]], ...] = (
        ("evidence", "证明材料", vocabulary.evidence),
        ("materials", "证明材料", vocabulary.evidence),
        ("clusters", "产业集群", vocabulary.clusters),
        ("priority_for", "称号层级", vocabulary.tiers),
    )
    for key, word, known in lists:
        for path, name in _listed(source.data, key):
            if name not in known:
                yield source.problem(path, f"没有名为“{name}”的{word}", did_you_mean(closest(name, known)))


def _redefined(document: PackDocument, source: YamlDocument, vocabulary: Vocabulary) -> Iterator[Problem]:
    for name in document.indicators:
        if name in vocabulary.indicators:
            yield source.problem(("indicators", name), f"“{name}”已在词表里", "换一个名称")
        if name in document.parameters:
            yield source.problem(("parameters", name), f"“{name}”既是指标又是参数", "换一个名称")


def _miscounted(document: PackDocument, source: YamlDocument, vocabulary: Vocabulary) -> Iterator[Problem]:
    for index, target in enumerate(document.targets):
        try:
            counted = parse_trigger(target.count)
        except RuleSyntaxError as error:
            yield source.problem(("targets", index, "count"), str(error), "写法如 titles(srdi, little_giant)")
            continue
        unknown = [name for name in counted.names if name not in vocabulary.tiers]
        if counted.happening == "titles" and unknown:
            near = closest(unknown[0], vocabulary.tiers)
            yield source.problem(
                ("targets", index, "count"), f"没有名为“{unknown[0]}”的称号层级", did_you_mean(near)
            )
        if counted.happening not in {"titles", "recorded"}:
            message = f"没有名为“{counted.happening}”的计数办法"
            yield source.problem(("targets", index, "count"), message, "用 titles 或 recorded")


def _listed(data: object, wanted: str, path: KeyPath = ()) -> Iterator[tuple[KeyPath, str]]:
    """Every text listed under the key ``wanted``, with its path."""
    if isinstance(data, dict):
        for key, value in data.items():
            if key == wanted and isinstance(value, list):
                yield from (((*path, key, i), item) for i, item in enumerate(value) if isinstance(item, str))
            else:
                yield from _listed(value, wanted, (*path, key))
    elif isinstance(data, list):
        for index, item in enumerate(data):
            yield from _listed(item, wanted, (*path, index))
