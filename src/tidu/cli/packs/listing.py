"""``tidu packs list``: every pack with its place, dates, state on a day, tiers and counts."""

from __future__ import annotations

import datetime as dt
from typing import Any

import click
from rich.console import Console

from tidu.cli import options
from tidu.cli.failures import write_json
from tidu.cli.screen import Grid, lines, screen, state, whole, words
from tidu.cli.usage import Command
from tidu.policy.documents.library import Library, load_library
from tidu.policy.documents.pack import Pack
from tidu.policy.vocabulary.places import load_places


@click.command(
    "list",
    cls=Command,
    help="列出全部政策包：标识、名称、地区、施行期间、某一天的状态、认定的层级和内容的数量。",
)
@click.option(
    "--on", metavar="日期", type=options.Day(), default=options.today, help="看哪一天的状态；默认今天"
)
@options.json_option
def list_packs(*, on: dt.date, as_json: bool) -> None:
    """Run ``tidu packs list``."""
    library = load_library()
    if as_json:
        write_json({"on": on.isoformat(), "packs": [pack_json(pack, on) for pack in library]})
    else:
        _show(library, on, screen())


def pack_json(pack: Pack, on: dt.date) -> dict[str, Any]:
    """A pack in short: identity, place, closed interval of force, state on a day, tiers and counts."""
    document = pack.document
    since, until = pack.period()
    return {
        "id": pack.id,
        "title": document.title,
        "short_title": document.short_title,
        "issuer": document.issuer,
        "document_no": document.document_no,
        "jurisdiction": document.jurisdiction,
        "place": place_name(document.jurisdiction),
        "in_force": {"from": since.isoformat(), "until": None if until is None else until.isoformat()},
        "state": pack.force(on).value,
        "tiers": list(pack.tiers),
        "tier_states": {tier: pack.force(on, tier).value for tier in pack.tiers},
        "counts": counts(pack),
        "digest": pack.digest,
    }


def counts(pack: Pack) -> dict[str, int]:
    """How much a pack holds of each kind."""
    document = pack.document
    return {
        "criteria": sum(len(pack.criteria(tier).criteria) for tier in pack.tiers),
        "benefits": len(document.benefits),
        "services": len(document.services),
        "duties": len(document.duties),
        "targets": len(document.targets),
        "interpretations": len(document.interpretations),
        "silences": len(document.silences),
    }


def place_name(code: str) -> str:
    """The name of a place, or its code where the table does not have it."""
    place = load_places().get(code)
    return code if place is None else place.name


def _tier(pack: Pack, tier: str, label: str, on: dt.date) -> str:
    """A tier, with its own state where a rule outlives or precedes its document."""
    force = pack.force(on, tier)
    return label if force is pack.force(on) else f"{label}（{force.label}）"


def _show(library: Library, on: dt.date, to: Console) -> None:
    to.print(words(f"政策包，{on} 的状态", "bold"))
    to.print()
    made = Grid("标识", "名称", "地区", "施行期间", "状态", "层级", "内容")
    tiers = library.vocabulary.tiers
    for pack in library:
        made.section()
        since, until = pack.period()
        made.row(
            whole(pack.id, "bold"),
            words(pack.document.short_title),
            words(place_name(pack.document.jurisdiction)),
            whole(f"{since}\n至 {until or '未定'}"),
            state(pack.force(on)),
            lines([_tier(pack, tier, tiers[tier].short, on) for tier in pack.tiers] or ["—"]),
            lines(
                [
                    f"{_LABELS[name]} {count}"
                    for name, count in counts(pack).items()
                    if count and name in _LABELS
                ]
            ),
        )
    to.print(made)
    to.print()
    to.print(words(f"共 {len(library)} 个。详细内容：tidu packs show 标识"))


_LABELS = {
    "criteria": "条件",
    "benefits": "奖励",
    "services": "服务",
    "duties": "职责",
    "targets": "目标",
}
