"""What a submission freezes: everything that was said, shown and concluded, in words that need nothing else later."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from django.utils import timezone

from tidu.core import criterion_words
from tidu.core.assessment_result import counts_text
from tidu.core.criterion_words import NOTHING
from tidu.policy.assess.assessment import names_of
from tidu.policy.assess.explanation import CriterionResult
from tidu.policy.assess.rendering import headline
from tidu.policy.assess.wording import Names
from tidu.policy.status import Status
from tidu.policy.vocabulary.vocabulary import Vocabulary
from tidu.recognition.applying.filled import Filled
from tidu.recognition.models import Attachment
from tidu.registry.fact_values import written
from tidu.registry.models import Fact, Source
from tidu.registry.own.form import shown_fact
from tidu.registry.own.particulars import LISTS
from tidu.registry.queries.facts import flat_name
from tidu.registry.vocabulary import vocabulary_in_view

FORM: Final = 1
_LETTERS: Final = "甲乙丙丁戊己庚辛壬癸"
Json = dict[str, Any]


def content_of(
    filled: Filled, *, declared_by: str, not_met: Sequence[str] = (), unknown: Sequence[str] = ()
) -> Json:
    """The content of a submission, plain data. Four queries more than reading, for the lists of the enterprise."""
    application = filled.application
    enterprise, call = application.enterprise, application.call
    pack = filled.questions.pack
    return {
        "form": FORM,
        "as_of": filled.on.isoformat(),
        "enterprise": {
            "id": enterprise.pk,
            "name": enterprise.name,
            "uscc": enterprise.uscc,
            "district": str(application.district),
            "city": str(call.place),
        },
        "call": {
            "id": call.pk,
            "kind": call.kind,
            "title": call.title,
            "batch": call.batch_name,
            "year": call.year,
            "base_year": call.base_year,
            "opens_at": call.opens_at.isoformat(),
            "closes_at": call.closes_at.isoformat(),
        },
        "pack": {
            "id": pack.id,
            "digest": pack.digest,
            "title": pack.document.title,
            "tier": call.tier,
            "tier_title": filled.assessment.title,
        },
        "settings": dict(filled.questions.settings),
        "sections": [{"id": part.id, "label": part.label} for part in filled.questions.parts],
        "facts": list(_facts(filled)),
        "titles": [
            {
                "tier": title.tier,
                "name": title.name,
                "recognised_on": title.recognised_on.isoformat(),
                "valid_until": title.valid_until.isoformat() if title.valid_until else "",
            }
            for title in filled.titles
            if title.removed_at is None
        ],
        "lists": list(_lists(filled)),
        "statements": {
            judged.id: filled.statement(judged)
            for judged in filled.questions.judged
            if filled.statement(judged).strip()
        },
        "labels": {judged.id: judged.label for judged in filled.questions.judged},
        "evidence": [_evidence(found) for found in filled.attachments],
        "materials": [
            {
                "kind": material.kind,
                "label": material.label,
                "required": material.required,
                "present": material.present,
                "note": material.note,
            }
            for material in filled.materials
        ],
        "verdict": _verdict(filled),
        "declared_by": declared_by,
        "accepted": {"not_met": list(not_met), "unknown": list(unknown)},
    }


# ---- what was said


def _facts(filled: Filled) -> Iterator[Json]:
    """The figures that the form asks for, then whatever else the criteria read."""
    vocabulary = vocabulary_in_view()
    names = names_of(filled.questions.pack)
    listed: set[str] = set()
    for part in filled.questions.parts:
        for control in part.controls:
            fact = filled.rows.get(control.key)
            if fact is not None and control.indicator.id in vocabulary.indicators:
                listed.add(control.name)
                yield _fact(fact, names, vocabulary, part.id)
    for part in filled.questions.parts:
        for result in filled.assessment.criteria:
            if result.criterion not in part.criteria:
                continue
            for key in _all_keys(result):
                if key not in listed and (found := _other(filled, key, part.id, names, vocabulary)):
                    listed.add(key)
                    yield found


def _all_keys(result: CriterionResult) -> Iterator[str]:
    yield from result.keys
    for branch in result.branches:
        yield from _all_keys(branch)


def _fact(fact: Fact, names: Names, vocabulary: Vocabulary, part: str) -> Json:
    key = flat_name(fact.indicator, fact.year)
    proof = "，".join(
        text
        for text in (
            fact.basis,
            fact.document_no,
            (fact.stated_on or timezone.localdate(fact.recorded_at)).isoformat(),
        )
        if text
    )
    return {
        "key": key,
        "label": names.key(key),
        "value": fact.value,
        "shown": shown_fact(vocabulary.indicators[fact.indicator], fact.value),
        "source": Source(fact.source).key,
        "section": part,
        "note": proof,
    }


def _other(filled: Filled, key: str, part: str, names: Names, vocabulary: Vocabulary) -> Json | None:
    """A value that nobody types: stated by others, or kept with the enterprise."""
    value = filled.facts.values.get(key)
    if value is None:
        return None
    name, _, tail = key.rpartition("_")
    by_row = filled.rows.get((key, 0)) or (filled.rows.get((name, int(tail))) if tail.isdigit() else None)
    if by_row is not None and by_row.indicator in vocabulary.indicators:
        return _fact(by_row, names, vocabulary, part)
    indicator = vocabulary.indicators.get(key)
    if indicator is None:
        return None
    text = written(value, indicator.kind)
    return {
        "key": key,
        "label": names.key(key),
        "value": text,
        "shown": shown_fact(indicator, text),
        "source": filled.facts.sources.get(key, ""),
        "section": part,
        "note": "企业登记信息",
    }


def _lists(filled: Filled) -> Iterator[Json]:
    enterprise = filled.application.enterprise
    for item in LISTS.values():
        rows = item.model.objects.filter(enterprise=enterprise, ended_at__isnull=True)
        shown = [[words for _, words, _ in item.cells(row)] for row in rows]
        if shown:
            columns = [label for label, _ in item.shown]
            yield {"id": item.id, "label": item.label, "columns": columns, "rows": shown}


def _evidence(found: Attachment) -> Json:
    evidence = found.evidence
    described = vocabulary_in_view().evidence.get(evidence.kind)
    return {
        "id": evidence.pk,
        "criterion": found.criterion,
        "kind": evidence.kind,
        "label": evidence.kind if described is None else described.label,
        "name": evidence.file.name,
        "sha256": evidence.file.sha256,
        "size": evidence.file.size,
        "content": evidence.file.content,
        "year": evidence.year,
    }


# ---- what the machine concluded


def _verdict(filled: Filled) -> Json:
    assessment = filled.assessment
    labels = filled.questions.pack.document.dimensions
    rows = [
        row for result in assessment.criteria for row in _rows(filled, result, labels, parent=None, letter="")
    ]
    return {
        "status": assessment.status.value,
        "headline": headline(assessment),
        "counts": counts_text(assessment),
        "criteria": rows,
    }


def _rows(
    filled: Filled,
    result: CriterionResult,
    labels: Mapping[str, str],
    *,
    parent: CriterionResult | None,
    letter: str,
) -> Iterator[Json]:
    yield _row(filled, result, labels, parent=parent, letter=letter)
    for place, branch in enumerate(result.branches):
        mark = _LETTERS[place] if place < len(_LETTERS) else str(place + 1)
        yield from _rows(filled, branch, labels, parent=result, letter=f"{letter}{mark}")


def _row(
    filled: Filled,
    result: CriterionResult,
    labels: Mapping[str, str],
    *,
    parent: CriterionResult | None,
    letter: str,
) -> Json:
    criterion = result.criterion
    names = names_of(filled.questions.pack)
    missing = [] if result.status is not Status.UNKNOWN else [names.key(key) for key in result.missing]
    dimension = criterion.dimension or ("" if parent is None else parent.criterion.dimension) or ""
    return {
        "id": result.id,
        "label": criterion.label,
        "status": result.status.value,
        "shown": criterion_words.found(result, filled.assessment, names),
        "limit": criterion_words.asked(criterion, names, filled.assessment.base_year),
        "margin": criterion_words.margin(result) or NOTHING,
        "cite": criterion.cite or ("" if parent is None else parent.criterion.cite) or "",
        "dimension": dimension,
        "dimension_label": labels.get(dimension, ""),
        "note": f"缺：{'、'.join(missing)}" if missing else "",
        "keys": _stated_keys(filled, result),
        "missing": missing,
        "question": criterion.question or "",
        "letter": letter,
        "parent": "" if parent is None else parent.id,
    }


def _stated_keys(filled: Filled, result: CriterionResult) -> list[str]:
    """The values that a criterion rests on: those it reads, and those that a derived one is worked out from."""
    found = dict.fromkeys(_all_keys(result))
    for key in list(found):
        stem, _, year = key.rpartition("_")
        indicators = filled.questions.pack.indicators
        indicator = indicators.get(key) or (indicators.get(stem) if year.isdigit() else None)
        if indicator is None or indicator.derived is None:
            continue
        for source in indicator.derived.sources:
            described = indicators.get(source)
            per_year = described is not None and described.per_year
            found.setdefault(
                f"{source}_{year if year.isdigit() else filled.questions.base_year}" if per_year else source
            )
    return list(found)
