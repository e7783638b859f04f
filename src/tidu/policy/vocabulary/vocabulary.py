"""The vocabulary: what can be asked of an enterprise, and the words around it.

A folder of YAML (``packs/vocabulary``) describes every indicator that a rule may name: label, help, kind, unit,
whether it is per year, who confirms it and what proves it. Beside it stand the tiers of the ladder, the kinds of
events, documents of evidence, confirming bodies and industrial clusters. Rules, forms, tables and the fact store all
read this one description. Further folders (of another city) can add files; they can never redefine an id.
"""

from __future__ import annotations

import functools
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any, TypeVar

from tidu.policy.errors import InputError, Problem
from tidu.policy.vocabulary.editions import shown, vocabulary_folders
from tidu.policy.vocabulary.indicators import (
    Cluster,
    Confirmer,
    Described,
    EventKind,
    Evidence,
    Identifier,
    Indicator,
    Section,
    Tier,
)
from tidu.policy.vocabulary.validation import closest, validate
from tidu.policy.vocabulary.yaml_source import KeyPath, YamlDocument, read_yaml


class _IndicatorFile(Described):
    section: Section
    indicators: Mapping[Identifier, Indicator]


class _TierFile(Described):
    tiers: Mapping[Identifier, Tier]


class _EventFile(Described):
    events: Mapping[Identifier, EventKind]


class _EvidenceFile(Described):
    evidence: Mapping[Identifier, Evidence]


class _ConfirmerFile(Described):
    confirmers: Mapping[Identifier, Confirmer]


class _ClusterFile(Described):
    clusters: Mapping[Identifier, Cluster]


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Everything described, by id; each mapping is read-only and keeps the order of the files.

    ``tiers`` runs from the lowest rung to the highest. ``indicators`` runs section by section, as a form would ask.
    """

    sections: Mapping[str, Section]
    indicators: Mapping[str, Indicator]
    tiers: Mapping[str, Tier]
    events: Mapping[str, EventKind]
    evidence: Mapping[str, Evidence]
    confirmers: Mapping[str, Confirmer]
    clusters: Mapping[str, Cluster]

    def in_section(self, section: str) -> tuple[Indicator, ...]:
        """The indicators of one section, in the order of its file."""
        return tuple(found for found in self.indicators.values() if found.section == section)

    def suggest(self, name: str) -> str | None:
        """The indicator id that a misspelt ``name`` most likely means; a Chinese label finds its id too."""
        by_label = {indicator.label: key for key, indicator in self.indicators.items()}
        if name in by_label:
            return by_label[name]
        guess = closest(name, [*self.indicators, *by_label])
        return by_label.get(guess, guess) if guess else None

    def tier_named(self, text: str) -> Tier | None:
        """The tier whose id, label, short label or alias is exactly ``text``."""
        for tier in self.tiers.values():
            if text in {tier.id, tier.label, tier.short, *tier.aliases}:
                return tier
        return None


def load_vocabulary(folder: Path | None = None, *extra: Path) -> Vocabulary:
    """The vocabulary of ``folder``, joined by the files of the ``extra`` folders.

    By default the packaged one, joined by those of ``TIDU_PACKS``. Results are kept for the life of the process.
    Raises :class:`InputError` with file, line and key for anything malformed, for an id described twice and for a
    reference to an evidence, confirmer or indicator that is not there.
    """
    if folder is None:
        return _load((*vocabulary_folders(), *extra))
    return _load((folder, *extra))


@functools.lru_cache(maxsize=16)
def _load(folders: tuple[Path, ...]) -> Vocabulary:
    return _Loader(folders).load()


FileModel = TypeVar("FileModel", bound=Described)


class _Loader:
    """Reads all files first, then checks references, so that one run reports every fault it can."""

    def __init__(self, folders: Iterable[Path]) -> None:
        self._folders = tuple(folders)
        self._problems: list[Problem] = []
        self._origins: dict[tuple[str, str], tuple[YamlDocument, KeyPath]] = {}

    def load(self) -> Vocabulary:
        if not (self._folders[0] / "indicators").is_dir():
            raise InputError(
                Problem("词表文件夹里没有 indicators", str(self._folders[0]), remedy="检查词表文件夹的路径")
            )
        confirmers = self._described("confirmers.yaml", "confirmers", _ConfirmerFile)
        evidence = self._described("evidence.yaml", "evidence", _EvidenceFile)
        tiers = self._described("tiers.yaml", "tiers", _TierFile, ranked=True)
        clusters = self._described("clusters.yaml", "clusters", _ClusterFile)
        references = {"tiers": tiers, "clusters": clusters}
        events = self._described("events.yaml", "events", _EventFile, references)
        sections, indicators = self._forms(references)
        for indicator in indicators.values():
            self._check_indicator(indicator, indicators, evidence, confirmers)
        for event in events.values():
            self._check_known("events", event.id, event.evidence, evidence, "evidence")
            for item in event.fields.values():
                self._check_known("events", event.id, item.evidence, evidence, "fields", item.id, "evidence")
        if self._problems:
            raise InputError(*self._problems)
        return Vocabulary(
            *(MappingProxyType(part) for part in (sections, indicators, tiers, events)),
            *(MappingProxyType(part) for part in (evidence, confirmers, clusters)),
        )

    def _forms(
        self, references: Mapping[str, Mapping[str, Any]]
    ) -> tuple[dict[str, Section], dict[str, Indicator]]:
        sections: dict[str, Section] = {}
        indicators: dict[str, Indicator] = {}
        for document in self._documents("indicators/*.yaml"):
            section_id = _get(_get(document.data, "section"), "id")
            data = _with_ids(document.data, "indicators", references, section=section_id)
            form = self._validated(_IndicatorFile, document, data)
            if form is None:
                continue
            known = sections.setdefault(form.section.id, form.section)
            if known != form.section:
                self._say(
                    document, ("section",), f"栏目“{form.section.id}”已有不同的说明", "同一栏目的说明要一致"
                )
            self._add("indicators", document, form.indicators, indicators)
        order = {key: (section.order, key) for key, section in sections.items()}
        by_order = sorted(indicators.values(), key=lambda found: order[found.section])
        return dict(sorted(sections.items(), key=lambda item: order[item[0]])), {
            item.id: item for item in by_order
        }

    def _described(
        self,
        pattern: str,
        part: str,
        model: type[FileModel],
        references: Mapping[str, Mapping[str, Any]] | None = None,
        *,
        ranked: bool = False,
    ) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for document in self._documents(pattern):
            data = _with_ids(document.data, part, references or {})
            if ranked and isinstance(data, dict) and isinstance(data.get(part), dict):
                for rank, body in enumerate(data[part].values(), start=len(found)):
                    if isinstance(body, dict):
                        body.setdefault("rank", rank)
            described = self._validated(model, document, data)
            if described is not None:
                self._add(part, document, getattr(described, part), found)
        return found

    def _documents(self, pattern: str) -> Iterator[YamlDocument]:
        for folder in self._folders:
            for path in sorted(folder.glob(pattern)):
                yield read_yaml(path, name=shown(path))

    def _validated(self, model: type[FileModel], document: YamlDocument, data: object) -> FileModel | None:
        try:
            return validate(model, document, data)
        except InputError as error:
            self._problems.extend(error.problems)
            return None

    def _add(self, part: str, document: YamlDocument, new: Mapping[str, Any], found: dict[str, Any]) -> None:
        for key, value in new.items():
            if key in found:
                self._say(document, (part, key), f"“{key}”已在别的文件里说明过", "换一个名称，或删去其中一处")
                continue
            found[key] = value
            self._origins[part, key] = (document, (part, key))

    def _check_indicator(
        self,
        indicator: Indicator,
        indicators: Mapping[str, Indicator],
        evidence: Mapping[str, Evidence],
        confirmers: Mapping[str, Confirmer],
    ) -> None:
        key = indicator.id
        self._check_known("indicators", key, indicator.evidence, evidence, "evidence")
        self._check_known("indicators", key, (indicator.confirmed_by,), confirmers, "confirmed_by")
        if indicator.derived is not None:
            self._check_known("indicators", key, indicator.derived.sources, indicators, "derived", "from")

    def _check_known(
        self, part: str, key: str, names: Iterable[str], known: Mapping[str, object], *step: str
    ) -> None:
        document, at = self._origins[part, key]
        for name in names:
            if name not in known:
                guess = closest(name, known)
                remedy = f"是否应为“{guess}”？" if guess else "先在词表里说明它，再引用"
                self._say(document, (*at, *step), f"没有说明过“{name}”", remedy)

    def _say(self, document: YamlDocument, at: KeyPath, message: str, remedy: str) -> None:
        self._problems.append(document.problem(at, message, remedy))


def _get(data: object, key: str) -> object:
    return data.get(key) if isinstance(data, dict) else None


def _with_ids(
    data: object, part: str, references: Mapping[str, Mapping[str, Any]], **common: object
) -> dict[str, Any] | object:
    """A copy of a file's data in which every described thing carries its key as ``id`` and its choices spelt out."""
    bodies = _get(data, part)
    if not isinstance(data, dict) or not isinstance(bodies, dict):
        return {} if data is None else data
    return {**data, part: {key: _with_id(key, body, references, common) for key, body in bodies.items()}}


def _with_id(
    key: object, body: object, references: Mapping[str, Mapping[str, Any]], common: Mapping[str, object]
) -> object:
    if not isinstance(body, dict):
        return body
    # An ``id`` written by hand would be ambiguous: it is left in place under a key that validation refuses.
    described = {
        ("id（键名即编号，不要另写）" if name == "id" else name): value for name, value in body.items()
    }
    described |= {"id": key, **common}
    reference = references.get(str(body.get("choices_from")))
    if reference is not None and "choices" not in body:
        described["choices"] = {name: item.label for name, item in reference.items()}
    if isinstance(body.get("fields"), dict):
        described["fields"] = {
            name: _with_id(name, item, references, {}) for name, item in body["fields"].items()
        }
    return described
