"""``tidu rewards``: what one enterprise has coming under one pack, with the reason and clause for each answer."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from pathlib import Path

import click
from rich.console import Console
from rich.text import Text

from tidu.cli import options
from tidu.cli.failures import write_json
from tidu.cli.inputs import read_facts_file
from tidu.cli.screen import Grid, Paragraph, clause, screen, state, words
from tidu.cli.usage import Command
from tidu.policy.assess.entitlements import Entitlement, EntitlementStatus
from tidu.policy.assess.facts import Facts
from tidu.policy.assess.rendering import rewards_json
from tidu.policy.assess.rewards import rewards as entitlements_of
from tidu.policy.assess.wording import show_value
from tidu.policy.documents.library import load_library
from tidu.policy.documents.pack import Pack
from tidu.policy.errors import InputError, Problem
from tidu.policy.quantities import MONEY


@click.command(
    "rewards",
    cls=Command,
    help="按称号、事项和已经领过的奖励，逐项说明一家企业应享什么奖励，为什么，依据哪一条。\n\n"
    "称号写在 recognitions，事项写在 events，已领的写在 payments；施行期内发生的，期满以后照样兑付。",
)
@options.facts_argument
@options.pack_option
@options.as_of_option
@options.set_option
@options.json_option
def rewards(
    *,
    facts: Path,
    pack_id: str,
    as_of: dt.date,
    settings: dict[str, str],
    as_json: bool,
) -> None:
    """Run ``tidu rewards``."""
    library = load_library()
    pack = library.get(pack_id)
    if not pack.document.benefits:
        raise InputError(
            Problem(f"政策包 {pack.id} 没有奖励", remedy="换一个有奖励的政策包，见 tidu packs list")
        )
    stated = read_facts_file(facts, library, pack)
    found = entitlements_of(pack, stated, as_of=as_of, settings=settings)
    if as_json:
        write_json(rewards_json(found))
    else:
        _show(pack, stated, found, as_of, screen())


def _show(pack: Pack, facts: Facts, found: Sequence[Entitlement], as_of: dt.date, to: Console) -> None:
    to.print(words("应享奖励", "bold"))
    name = facts.values.get("name")
    if name is not None:
        to.print(Paragraph(f"企业　　{name}"))
    to.print(Paragraph(f"依据　　《{pack.document.title}》{pack.document.document_no or ''}（{pack.id}）"))
    since, until = pack.period()
    to.print(words(f"基准日　{as_of}"))
    to.print(
        Text.assemble(words("施行　　"), state(pack.force(as_of)), words(f"　{since} 至 {until or '未定'}"))
    )
    to.print()
    made = Grid("状态", "奖励", "金额", "理由", "条款")
    for item in found:
        made.row(
            state(item.status),
            words(item.benefit.document.label),
            words(_amount(item), "bold" if item.status is EntitlementStatus.DUE else ""),
            words(item.because),
            clause(*item.cites),
        )
    to.print(made)
    to.print()
    due = [item for item in found if item.status is EntitlementStatus.DUE]
    total = sum(item.amount or 0 for item in due)
    to.print(words(f"应兑付 {len(due)} 项，合计 {show_value(total, MONEY)}", "bold"))
    to.print(Paragraph("以上由所填事实推出，是否兑付以主管部门和财政部门的审核为准。", "italic"))


def _amount(item: Entitlement) -> str:
    if item.amount is not None:
        return show_value(item.amount, MONEY)
    if item.range is not None:
        least, most = item.range
        return f"{show_value(least, MONEY)} 至 {show_value(most, MONEY)}"
    return "—"
