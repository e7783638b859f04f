"""What has to fit together in the procedure of a pack, so that a call on it can be run to its end."""

from __future__ import annotations

from collections.abc import Generator, Iterator

from tidu.policy.documents.pack_document import PackDocument
from tidu.policy.documents.recognition_document import (
    Notice,
    Procedure,
    RecognitionDocument,
    Stage,
    Step,
    Switched,
)
from tidu.policy.documents.route import IMPLIED, NEEDED, STAGES, Span, span_of
from tidu.policy.errors import InputError, Problem
from tidu.policy.language.scope import did_you_mean
from tidu.policy.vocabulary.validation import closest
from tidu.policy.vocabulary.vocabulary import Vocabulary
from tidu.policy.vocabulary.yaml_source import KeyPath, YamlDocument

#: What people call a stage, for whoever reads an error.
STAGE_NAMES = {
    "apply": "企业申请",
    "district": "区县审核",
    "experts": "专家评审",
    "decision": "研究决定",
    "notice": "公示",
    "recognition": "认定",
}
_DAY_KINDS = ("calendar", "working")
_STARTS = ("same_day", "next_day")


def procedure_problems(
    document: PackDocument, source: YamlDocument, vocabulary: Vocabulary
) -> Iterator[Problem]:
    """Everything in the procedures and terms of a document that would stop a case on its way."""
    listed = isinstance(source.data.get("recognition"), list)
    for index, recognition in enumerate(document.recognition):
        path: KeyPath = ("recognition", index) if listed else ("recognition",)
        yield from _terms(recognition, source, path)
        if recognition.procedure is None:
            continue
        tier = vocabulary.tiers.get(recognition.tier)
        own = tier is not None and tier.level == "municipal"
        at: KeyPath = (*path, "procedure")
        yield from _steps(recognition.procedure, source, at)
        yield from _order(recognition.procedure, source, at)
        yield from _whole(recognition.procedure, source, at, own=own)
        yield from _notice(document, recognition.procedure, source, at)
        yield from _re_review(recognition, recognition.procedure, source, path)


def _terms(recognition: RecognitionDocument, source: YamlDocument, path: KeyPath) -> Iterator[Problem]:
    """Terms are years or months; a limit for reporting may count days as well."""
    written: list[tuple[KeyPath, str | int | None, bool]] = [
        ((*path, "valid"), recognition.valid, True),
        ((*path, "changes_within"), recognition.changes_within, False),
    ]
    if recognition.re_review is not None:
        written.append(((*path, "re_review", "renewed_for"), recognition.re_review.renewed_for, True))
    if recognition.revocation is not None:
        written.append(((*path, "revocation", "barred"), recognition.revocation.barred, True))
    for at, text, long in written:
        if text is None:
            continue
        span = yield from _span(text, source, at)
        if span is not None and long and span.unit not in {"year", "month"}:
            yield source.problem(at, f"“{text}”应以年或月计", "写法如 3年、18个月")


def _steps(procedure: Procedure, source: YamlDocument, at: KeyPath) -> Iterator[Problem]:
    seen: set[str] = set()
    for index, step in enumerate(procedure.steps):
        path = (*at, "steps", index)
        if step.id in seen:
            yield source.problem((*path, "id"), f"步骤“{step.id}”写了两次", "改其中一步的 id")
        seen.add(step.id)
        if step.within is None:
            if step.late is not None:
                yield source.problem(
                    (*path, "late"), "写了逾期怎么办，没有写时限", "加上 within，例如 within: 10个工作日"
                )
            continue
        span = yield from _span(step.within, source, (*path, "within"))
        if span is not None and _stages(step) and span.unit in {"year", "month"}:
            yield source.problem(
                (*path, "within"), f"步骤“{step.label}”的时限应以日或工作日计", "写法如 10个工作日、15日"
            )


def _order(procedure: Procedure, source: YamlDocument, at: KeyPath) -> Iterator[Problem]:
    """Each stage once, in the order of the process."""
    last, where = -1, dict[Stage, str]()
    for path, stage, step in _placed(procedure, at):
        place = STAGES.index(stage)
        if stage in where:
            yield source.problem(
                path,
                f"环节 {stage}（{STAGE_NAMES[stage]}）已在步骤“{where[stage]}”里",
                "每个环节只归一个步骤，用 stages 写明",
            )
        elif place < last:
            before = STAGES[last]
            yield source.problem(
                path,
                f"环节 {stage}（{STAGE_NAMES[stage]}）排在 {before}（{STAGE_NAMES[before]}）之后，次序颠倒",
                f"各环节的先后是：{'、'.join(STAGES)}",
            )
        where.setdefault(stage, step.label)
        last = max(last, place)


def _whole(procedure: Procedure, source: YamlDocument, at: KeyPath, *, own: bool) -> Iterator[Problem]:
    """A procedure that ends here has everything that it needs; one that ends elsewhere says nothing of the end."""
    stages = [stage for _path, stage, _step in _placed(procedure, at)]
    ends_here = own or any(stage in stages for stage in ("decision", "notice", "recognition"))
    lacking = [stage for stage in NEEDED if stage not in stages]
    if ends_here and lacking:
        named = "、".join(f"{stage}（{STAGE_NAMES[stage]}）" for stage in lacking)
        yield source.problem(
            (*at, "steps"),
            f"由本级认定的程序缺少环节：{named}",
            "在办理它的步骤里写 stages，例如 stages: [decision]",
        )
    if not ends_here and procedure.calls_a_year is not None:
        yield source.problem(
            (*at, "calls_a_year"),
            "不由本级认定的，不由本级组织申报",
            "删去 calls_a_year，或写明各步骤的 stages",
        )


def _notice(
    document: PackDocument, procedure: Procedure, source: YamlDocument, at: KeyPath
) -> Iterator[Problem]:
    """The notice is a stage and has its days, or is neither; its readings are declared and complete."""
    placed = {stage: path for path, stage, _step in _placed(procedure, at)}
    notice = procedure.notice
    if notice is None:
        if "notice" in placed:
            yield source.problem(
                placed["notice"],
                "步骤里有公示（notice），程序没有写公示期",
                "在 procedure 里加上 notice: {days: …}",
            )
        if procedure.objection is not None:
            yield source.problem(
                (*at, "objection"), "没有公示，就没有公示期间的异议", "删去 objection，或写明 notice"
            )
        return
    if "decision" in placed and "notice" not in placed:
        yield source.problem(
            (*at, "notice"), "写了公示期，步骤里没有公示", "在公示的那一步写 stages，例如 stages: [notice]"
        )
    yield from _switch(document, notice, "day_kind", _DAY_KINDS, source, (*at, "notice"))
    yield from _switch(document, notice, "start", _STARTS, source, (*at, "notice"))


def _switch(  # noqa: PLR0917 - private, called twice above
    document: PackDocument,
    notice: Notice,
    key: str,
    allowed: tuple[str, ...],
    source: YamlDocument,
    at: KeyPath,
) -> Iterator[Problem]:
    value: object = getattr(notice, key)
    if not isinstance(value, Switched):
        return
    path = (*at, key)
    declared = document.interpretations.get(value.by)
    if declared is None:
        near = closest(value.by, document.interpretations)
        yield source.problem((*path, "by"), f"没有名为“{value.by}”的解释", did_you_mean(near))
        return
    if set(value.values) != set(declared.choices):
        listed = "、".join(declared.choices)
        yield source.problem(path, f"须为解释“{value.by}”的每个选项各写一个值：{listed}")
    for choice, written in value.values.items():
        if written not in allowed:
            yield source.problem((*path, choice), f"“{written}”不在可选的值之内：{'、'.join(allowed)}")


def _re_review(
    recognition: RecognitionDocument, procedure: Procedure, source: YamlDocument, path: KeyPath
) -> Iterator[Problem]:
    if recognition.re_review is None or not recognition.re_review.stages:
        return
    first = {stage for _path, stage, _step in _placed(procedure, path)}
    at: KeyPath = (*path, "re_review", "stages")
    for index, stage in enumerate(recognition.re_review.stages):
        if stage not in first:
            yield source.problem(
                (*at, index),
                f"复核有环节 {stage}（{STAGE_NAMES[stage]}），认定程序里没有",
                "复核的环节从认定程序里选",
            )
    lacking = [stage for stage in NEEDED if stage not in recognition.re_review.stages]
    if lacking:
        named = "、".join(f"{stage}（{STAGE_NAMES[stage]}）" for stage in lacking)
        yield source.problem(at, f"复核的环节缺少：{named}", "复核也要有申请、决定和认定")


def _stages(step: Step) -> tuple[Stage, ...]:
    return step.stages or IMPLIED.get(step.actor, ())


def _placed(procedure: Procedure, at: KeyPath) -> Iterator[tuple[KeyPath, Stage, Step]]:
    """Every stage with where it is written: at the step itself where it is implied by who acts."""
    for index, step in enumerate(procedure.steps):
        for number, stage in enumerate(_stages(step)):
            path: KeyPath = (*at, "steps", index)
            yield ((*path, "stages", number) if step.stages else path), stage, step


def _span(text: str | int, source: YamlDocument, path: KeyPath) -> Generator[Problem, None, Span | None]:
    """Yields what is wrong with a length of time, and returns it where nothing is."""
    try:
        return span_of(text)
    except InputError as error:
        problem = error.problems[0]
        yield source.problem(path, problem.message, problem.remedy)
        return None
