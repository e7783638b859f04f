"""``tidu assess``: one enterprise against one tier of one pack, explained line by line."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import click
from rich.console import Console
from rich.text import Text

from tidu.cli import options
from tidu.cli.failures import write_json
from tidu.cli.inputs import read_facts_file
from tidu.cli.screen import (
    Grid,
    Paragraph,
    clause,
    heading,
    lines,
    marked,
    screen,
    short,
    state,
    whole,
    words,
)
from tidu.cli.usage import Command
from tidu.policy.assess.assessment import Assessment, names_of, other_readings
from tidu.policy.assess.assessment import assess as assess_facts
from tidu.policy.assess.explanation import CriterionResult
from tidu.policy.assess.gaps import Way
from tidu.policy.assess.rendering import (
    assessment_json,
    headline,
    margin_text,
    measured_text,
    requirement_text,
)
from tidu.policy.assess.wording import Names
from tidu.policy.documents.criteria import Group
from tidu.policy.documents.library import load_library
from tidu.policy.status import Status

DISCLAIMER: Final = "预评估不等于认定，以主管部门的审核、评审和公示结果为准。"
_BRANCH_MARKS: Final = "甲乙丙丁戊己庚辛壬癸"


@click.command(
    "assess",
    cls=Command,
    help="拿一家企业的事实对照一个政策包，逐条给出状态、数值、要求和条款，并说明缺什么、怎么补。\n\n"
    "没有写的事实是未知，不算不符合；0 和 false 是有效的值。",
)
@options.facts_argument
@options.pack_option
@options.tier_option
@options.as_of_option
@options.base_year_option
@options.set_option
@options.json_option
def assess(
    *,
    facts: Path,
    pack_id: str,
    tier: str | None,
    as_of: dt.date,
    base_year: int | None,
    settings: dict[str, str],
    as_json: bool,
) -> None:
    """Run ``tidu assess``."""
    library = load_library()
    pack = library.get(pack_id)
    stated = read_facts_file(facts, library, pack)
    found = assess_facts(pack, stated, tier=tier, as_of=as_of, base_year=base_year, settings=settings)
    if as_json:
        write_json(assessment_json(found))
    else:
        show_assessment(found, screen())


def show_assessment(found: Assessment, to: Console) -> None:
    """The verdict, every criterion with its clause, what is missing, and what to do about it."""
    names = names_of(found.pack)
    _show_head(found, to)
    to.print(_criteria_table(found, names))
    _show_scores(found, to)
    _show_open(found, names, to)
    _show_gaps(found, to)
    _show_readings(found, to)
    to.print()
    to.print(Paragraph(DISCLAIMER, "italic"))


def _show_head(found: Assessment, to: Console) -> None:
    document = found.pack.document
    since, until = found.pack.period(found.tier, found.settings)
    to.print(words(f"{found.title}　预评估", "bold"))
    name = found.facts.values.get("name")
    if name is not None:
        to.print(Paragraph(f"企业　　{name}"))
    to.print(Paragraph(f"依据　　《{document.title}》{document.document_no or ''}（{found.pack.id}）"))
    to.print(words(f"基准日　{found.as_of}　基准年 {found.base_year}"))
    to.print(Text.assemble(words("施行　　"), state(found.force), words(f"　{since} 至 {until or '未定'}")))
    to.print()
    to.print(marked(found.status, headline(found)))
    to.print()


def _criteria_table(found: Assessment, names: Names) -> Grid:
    made = Grid("状态", "条件", "所填", "要求", "余量", "条款")
    dimensions = {item.id: item for item in found.dimensions}
    last: str | None = None
    for result in found.criteria:
        dimension = result.criterion.dimension
        if dimension != last and dimension in dimensions:
            item = dimensions[dimension]
            made.section()
            counted = words(f"{item.met}/{item.total} 项符合", "bold")
            made.row(state(item.status), words(item.label, "bold"), counted)
        last = dimension
        for row in _rows(result, found, names):
            made.row(*row)
    return made


def _rows(result: CriterionResult, found: Assessment, names: Names, mark: str = "") -> Iterator[list[Text]]:
    criterion = result.criterion
    yield [
        state(result.status),
        words(f"{mark}{criterion.label}"),
        _measured(result, found, names),
        words(requirement_text(criterion, names, found.base_year)),
        short(margin_text(result)),
        clause(criterion.cite),
    ]
    for letter, branch in zip(_BRANCH_MARKS, result.branches, strict=False):
        yield from _rows(branch, found, names, f"　{mark.strip()}{letter} ")


def _measured(result: CriterionResult, found: Assessment, names: Names) -> Text:
    """What was found; several inputs stand below each other, and those that no longer matter are left out."""
    style = "yellow" if result.status is Status.UNKNOWN else ""
    if result.measured is not None or result.branches or len(result.keys) < 2:  # noqa: PLR2004 - several
        return words(measured_text(result, found, names), style)
    decided = result.status in {Status.MET, Status.NOT_MET}
    return lines(
        (
            f"{names.key(key)} {names.value(key, value)}"
            for key, value in zip(result.keys, result.values, strict=True)
            if value is not None or not decided
        ),
        style,
    )


def _show_scores(found: Assessment, to: Console) -> None:
    pending = list(found.criteria)
    while pending:
        result = pending.pop(0)
        pending.extend(result.branches)
        if result.score is None:
            continue
        to.print(heading(f"计分：{result.criterion.label}"))
        made = Grid("计分项", "得分", "满分", "最低")
        for group in result.score.groups:
            minimum = "" if group.minimum is None else f"{group.minimum:g}"
            made.section()
            made.row(words(group.label, "bold"), _span(*group.range), f"{group.maximum:g}", minimum)
            for item in group.items:
                made.row(words(f"　{item.label}"), _span(*item.range), f"{item.maximum:g}", "")
        total = result.score
        made.section()
        made.row(words("合计", "bold"), _span(*total.range), f"{total.maximum:g}", f"{total.minimum:g}")
        to.print(made)


def _span(least: float, greatest: float) -> str:
    return f"{least:g}" if least == greatest else f"{least:g}–{greatest:g}"


def _show_open(found: Assessment, names: Names, to: Console) -> None:
    if found.missing:
        to.print(heading("还缺"))
        to.print(lines(f"· {names.key(key)}（{key}）" for key in found.missing))
    if found.deciding is not None:
        inputs = "、".join(names.key(key) for key in found.deciding.keys)
        to.print(heading("起决定作用的一份材料"))
        to.print(Paragraph(f"{found.deciding.label}：有了它就能填写{inputs}，结论随之得出"))


def _show_gaps(found: Assessment, to: Console) -> None:
    if not found.gaps:
        return
    to.print(heading("怎么补（最省力的在前）"))
    made = Grid("条件", "办法", "难易", "条款")
    for gap in found.gaps:
        for place, way in enumerate(gap.ways):
            made.row(
                words(gap.criterion.label if not place else ""),
                words(_way(way)),
                words(way.effort.label),
                clause(None if place else gap.criterion.cite),
            )
    to.print(made)


def _way(way: Way) -> str:
    said = "；".join(change.text for change in way.changes)
    return said if way.via is None or way.via in said else f"{way.via}：{said}"


def _show_readings(found: Assessment, to: Console) -> None:
    """Readings of the text that were chosen, and other choices that would change a result."""
    declared = found.pack.document.interpretations
    chosen = [name for name, choice in found.settings.items() if choice != declared[name].default]
    if chosen:
        to.print(heading("本次选用的解释口径"))
        for name in chosen:
            to.print(Paragraph(f"· {declared[name].question}{declared[name].choices[found.settings[name]]}"))
    made = Grid("条件", "另一种读法", "结果", "写法")
    readings = [*_other_results(found), *_other_verdicts(found)]
    for label, interpretation, choice, status in readings:
        asked = declared[interpretation]
        made.row(
            words(label),
            lines([asked.question, asked.choices[choice]]),
            state(status),
            whole(f"--set {interpretation}={choice}"),
        )
    if readings:
        to.print(heading("换一种读法，结果会不同"))
        to.print(made)


def _other_results(found: Assessment) -> Iterator[tuple[str, str, str, Status]]:
    """Criteria that another choice of an interpretation would decide otherwise."""
    for name, readings in other_readings(found).items():
        result = found.criterion(name)
        for reading in readings:
            if reading.result.status is not result.status:
                yield result.criterion.label, reading.interpretation, reading.choice, reading.result.status


def _other_verdicts(found: Assessment) -> Iterator[tuple[str, str, str, Status]]:
    """Verdicts under another way of combining groups of criteria."""
    for name in _combining(found.pack.criteria(found.tier, found.settings).root):
        for choice in found.pack.document.interpretations[name].choices:
            if choice == found.settings[name]:
                continue
            other = assess_facts(
                found.pack,
                found.facts,
                tier=found.tier,
                as_of=found.as_of,
                base_year=found.base_year,
                settings={**found.settings, name: choice},
            )
            if other.status is not found.status:
                yield "结论", name, choice, other.status


def _combining(group: Group) -> Iterator[str]:
    """Interpretations that say how many parts of a group are needed."""
    if group.interpretation is not None:
        yield group.interpretation
    for part in group.parts:
        if isinstance(part, Group):
            yield from _combining(part)
