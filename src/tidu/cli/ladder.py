"""``tidu ladder``: one enterprise on every rung at once, and the next rung up."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import click
from rich.console import Console
from rich.text import Text

from tidu.cli import options
from tidu.cli.assess import DISCLAIMER
from tidu.cli.failures import write_json
from tidu.cli.inputs import read_facts_file
from tidu.cli.screen import Grid, Paragraph, lines, screen, state, words
from tidu.cli.usage import Command
from tidu.policy.assess.assessment import Assessment
from tidu.policy.assess.facts import Facts
from tidu.policy.assess.ladder import Ladder, Rung, climb
from tidu.policy.assess.rendering import headline, ladder_json
from tidu.policy.documents.library import load_library
from tidu.policy.status import Status
from tidu.policy.vocabulary.places import load_places


@click.command(
    "ladder",
    cls=Command,
    help="拿一家企业的事实对照基准日那天施行的每一级称号，说明持有哪些、差在哪里、下一级是哪一级。\n\n"
    "只看对企业注册地有效的政策；没有填写注册地的，各地的政策都看。",
)
@options.facts_argument
@options.as_of_option
@options.base_year_option
@options.json_option
def ladder(*, facts: Path, as_of: dt.date, base_year: int | None, as_json: bool) -> None:
    """Run ``tidu ladder``."""
    library = load_library()
    stated = read_facts_file(facts, library)
    found = climb(library, stated, as_of=as_of, base_year=base_year)
    if as_json:
        write_json(ladder_json(found))
    else:
        _show(found, stated, screen())


def _show(found: Ladder, facts: Facts, to: Console) -> None:
    to.print(words("梯度", "bold"))
    name = facts.values.get("name")
    if name is not None:
        to.print(Paragraph(f"企业　　{name}"))
    place = None if found.area is None else load_places().get(found.area)
    where = (
        "没有填写，各地的政策都列出" if found.area is None else found.area if place is None else place.name
    )
    to.print(words(f"注册地　{where}"))
    to.print(words(f"基准日　{found.as_of}"))
    to.print()
    made = Grid("", "称号", "现状", "最接近的规定", "预评估", "条件", "只差的一份材料")
    for rung in reversed(found.rungs):  # as a ladder stands: the highest rung on top
        arrow = words("→", "bold green") if rung is found.next else ""
        made.row(
            arrow,
            words(rung.tier.short, "bold" if rung is found.next else ""),
            _standing(rung),
            *_nearest(rung),
        )
    to.print(made)
    to.print()
    nearest = None if found.next is None else found.next.nearest
    if nearest is None:
        to.print(Paragraph("往上没有现行规定可以评估的称号。", "bold"))
    else:
        _show_next(nearest, to)
    to.print(Paragraph(DISCLAIMER, "italic"))


def _standing(rung: Rung) -> Text:
    shown = state(rung.standing)
    return shown if rung.expires_on is None else shown.append(f"\n  至 {rung.expires_on}", "")


def _nearest(rung: Rung) -> tuple[Text | str, ...]:
    nearest = rung.nearest
    if nearest is None:
        return ("—",)
    others = len(rung.assessments) - 1
    title = nearest.pack.document.short_title
    return (
        lines([title, f"另有 {others} 个政策包"] if others else [title]),
        state(nearest.status),
        lines(_counts(nearest)),
        words("—" if nearest.deciding is None else nearest.deciding.label),
    )


def _counts(assessment: Assessment) -> list[str]:
    """How many criteria are open in which way; where none is, how many are met."""
    counts = assessment.counts()
    unsettled = (Status.NOT_MET, Status.UNKNOWN, Status.NEEDS_REVIEW)
    shown = [f"{status.label} {counts[status]}" for status in unsettled if counts[status]]
    return shown or [f"{Status.MET.label} {counts[Status.MET]}"]


def _show_next(nearest: Assessment, to: Console) -> None:
    to.print(Paragraph(f"下一级：{nearest.title}。{headline(nearest)}。", "bold"))
    for result in nearest.criteria:
        if result.status is Status.NOT_MET:
            to.print(Paragraph(f"　✘ {result.criterion.label}〔{result.criterion.cite}〕"))
    command = f"tidu assess 事实文件 --pack {nearest.pack.id}"
    tier = f" --tier {nearest.tier}" if len(nearest.pack.tiers) > 1 else ""
    to.print(words(f"逐条说明：{command}{tier} --as-of {nearest.as_of}"))
