"""The ladder of titles in the words that the public page and the profile of an enterprise share."""

from __future__ import annotations

from collections.abc import Iterable

from tidu.core import components
from tidu.policy.assess.assessment import Assessment
from tidu.policy.assess.ladder import Ladder, Rung, Standing
from tidu.policy.status import Status


def ladder_headline(ladder: Ladder, *, nothing_held: str) -> str:
    """What is held and what comes next, in one sentence; ``nothing_held`` begins it where no title is held."""
    held = [rung.tier.short for rung in ladder.rungs if rung.standing is Standing.HELD]
    now = f"现持有{'、'.join(held)}" if held else nothing_held
    if ladder.next is None:
        return f"{now}，往上没有现行标准可以对照"
    return f"{now}，下一级是{ladder.next.tier.short}"


def shown_rung(rung: Rung, ladder: Ladder, *, lines: Iterable[str], url: str) -> components.Rung:
    """One rung of the picture with ``lines`` below it; ``url`` leads to the standard that is nearest to being met."""
    label, below = rung.tier.short, tuple(lines)
    if rung.standing is Standing.HELD:
        return components.Rung(label, "met", "持有", below, "held", url=url)
    if rung.nearest is None:
        return components.Rung(label, "unknown", "没有现行标准", below)
    place = "next" if rung is ladder.next else ""
    return components.Rung(label, rung.nearest.status.value, _verdict(rung.nearest), below, place, url=url)


def _verdict(assessment: Assessment) -> str:
    """The verdict as a pill says it, with how many conditions stand in the way."""
    counts = assessment.counts()
    match assessment.status:
        case Status.MET:
            return "初步符合"
        case Status.NEEDS_REVIEW:
            return f"待评判 {counts[Status.NEEDS_REVIEW]} 项"
        case Status.UNKNOWN:
            return f"待补充 {counts[Status.UNKNOWN]} 项"
        case _:
            return f"差 {counts[Status.NOT_MET]} 项"
