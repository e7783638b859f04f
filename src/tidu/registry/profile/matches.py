"""Where an enterprise stands: on the ladder, under every rule in force for its place, in the four dimensions.

Nothing is decided here: the engine assesses, this turns its answers into what the page shows.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Final

from tidu.core.assessment_result import counts_text
from tidu.core.charts import Axis, Radar
from tidu.core.citations import clauses, policy_url
from tidu.core.components import Clause
from tidu.core.components import Rung as ShownRung
from tidu.core.figures import day
from tidu.core.ladder_words import ladder_headline, shown_rung
from tidu.core.quoting import quoted
from tidu.core.reward_words import Reward, shown_rewards
from tidu.policy.assess.assessment import Assessment, DimensionResult
from tidu.policy.assess.ladder import Ladder, Rung, climb
from tidu.policy.assess.rendering import headline
from tidu.policy.assess.scoring import GroupScore, Score
from tidu.policy.documents.library import NATION, load_library
from tidu.policy.status import Status
from tidu.registry.evaluating.peers import FEWEST
from tidu.registry.profile.known import Known
from tidu.registry.queries.peers import peers_of

#: An enterprise is nearly there when one condition alone is not met, whatever else is open.
NEARLY: Final = 1
_FEWEST_AXES: Final = 3
_MOST_CITED: Final = 3
#: 专、精、特、新 under the names that packs give them; basic conditions, chain and field are thresholds, not degrees.
_NUMBERS: Final = "零一二三四五六七八"
_DIMENSIONS: Final = frozenset({"specialised", "refined", "operation", "distinctive", "innovative"})

Address = Callable[[Assessment], str]


@dataclass(frozen=True, slots=True)
class Match:
    """The enterprise under one tier of one document."""

    title: str
    policy: str
    policy_url: str
    url: str
    status: Status
    word: str
    nearly: bool
    held: str
    headline: str
    counts: str
    deciding: str
    clauses: tuple[Clause, ...]


@dataclass(frozen=True, slots=True)
class Position:
    """Everything that the assessment of one enterprise gives to its page."""

    ladder: Ladder
    headline: str
    rungs: tuple[ShownRung, ...]
    matches: tuple[Match, ...]
    radar: Radar | None
    radar_note: str
    rewards: tuple[Reward, ...]
    untriggered: int

    @property
    def radar_title(self) -> str:
        """How many dimensions the picture has."""
        return f"{_NUMBERS[len(self.radar.axes)]}个维度" if self.radar else ""

    @property
    def met(self) -> int:
        """How many rules are met."""
        return sum(match.status is Status.MET for match in self.matches)

    @property
    def assessments(self) -> tuple[Assessment, ...]:
        """All assessments, from the lowest rung to the highest."""
        return tuple(found for rung in self.ladder.rungs for found in rung.assessments)


def position_of(known: Known, address: Address) -> Position:
    """Assess the enterprise on the day of ``known``; ``address`` is where one assessment is shown whole.

    An enterprise of which no place is known is measured by the nation's rules alone.
    """
    library = load_library()
    area = known.area or NATION
    ladder = climb(library, known.engine, as_of=known.on, base_year=known.base_year, area=area)
    assessments = [found for rung in ladder.rungs for found in rung.assessments]
    rewards, untriggered = shown_rewards(library.of_place(area), known.engine, as_of=known.on)
    radar, note = _radar(ladder, known)
    return Position(
        ladder,
        ladder_headline(ladder, nothing_held="现在没有梯度称号"),
        tuple(_rung(rung, ladder, address) for rung in ladder.rungs),
        tuple(match_of(found, address) for found in assessments),
        radar,
        note,
        rewards,
        untriggered,
    )


def match_of(assessment: Assessment, address: Address) -> Match:
    """One assessment in the few lines of a list."""
    pack = assessment.pack
    counts = assessment.counts()
    nearly = assessment.status is Status.NOT_MET and counts[Status.NOT_MET] == NEARLY
    cited = [result.criterion.cite for result in assessment.criteria if result.status is assessment.status]
    deciding = ""
    if assessment.deciding is not None:
        deciding = f"一份材料即可判断：{assessment.deciding.label}"
    return Match(
        assessment.title,
        pack.document.short_title,
        policy_url(pack),
        address(assessment),
        assessment.status,
        "就差一项" if nearly else "",
        nearly,
        _held(assessment),
        headline(assessment),
        counts_text(assessment),
        deciding,
        () if assessment.status is Status.MET else clauses(pack, cited)[:_MOST_CITED],
    )


def _held(assessment: Assessment) -> str:
    """That the title is held all the same, and until when: what the rule asks now is asked again at re-review."""
    ends = [
        title.expires_on
        for title in assessment.facts.recognitions or ()
        if title.tier == assessment.tier
        and title.recognised_on <= assessment.as_of
        and (title.expires_on is None or title.expires_on >= assessment.as_of)
    ]
    if not ends:
        return ""
    known = [end for end in ends if end is not None]
    return f"现持有，有效期至 {day(max(known))}" if known else "现持有"


def _rung(rung: Rung, ladder: Ladder, address: Address) -> ShownRung:
    nearest = rung.nearest
    lines = []
    if rung.expires_on is not None:
        lines.append(f"有效期至 {day(rung.expires_on)}")
    if nearest is not None:
        lines.append(nearest.pack.document.short_title)
    url = "" if nearest is None else address(nearest)
    return shown_rung(rung, ladder, lines=lines, url=url)


def _radar(ladder: Ladder, known: Known) -> tuple[Radar | None, str]:
    """The picture of the dimensions: by points where a rule in force scores them, else by conditions met.

    Of several rules that of the next rung counts, then the highest. Peers are those of a run under the same rule; a
    past day has none.
    """
    found = [assessment for rung in reversed(ladder.rungs) for assessment in rung.assessments]
    if ladder.next is not None:
        found = [*ladder.next.assessments, *found]
    for assessment in found:
        for result in assessment.criteria:
            score = result.score
            if score is not None and len(score.groups) >= _FEWEST_AXES:
                # Runs over the registry keep verdicts and no points: there is nothing to compare with.
                return Radar("各维度得分率", _scored(score)), f"得分率，依{_rule(assessment)}"
    for assessment in found:
        shown = [item for item in assessment.dimensions if item.id in _DIMENSIONS]
        if len(shown) >= _FEWEST_AXES:
            return _beside_peers({item.id: _by_conditions(item) for item in shown}, assessment, known)
    return None, ""


def _beside_peers(axes: Mapping[str, Axis], assessment: Assessment, known: Known) -> tuple[Radar, str]:
    """The shares of conditions met beside the medians of the same tier, or words that there are none."""
    title, note = "各维度条件符合率", f"已符合的条件所占比例，依{_rule(assessment)}"
    if known.past:
        return Radar(title, tuple(axes.values())), note
    peers = peers_of(known.enterprise, assessment)
    if peers is None:
        note = f"{note}。还没有按它评估过本地企业库，没有同层级企业可比"
    elif not peers.number:
        note = f"{note}。{peers.place}同层级有数据的企业不到 {FEWEST} 家，不列中位数"
    else:
        note = f"{note}。虚线是{peers.place}同层级 {peers.number:,} 家企业的中位数，{day(peers.as_of)} 评估"
        axes = {name: replace(axis, peers=peers.share(name)) for name, axis in axes.items()}
    return Radar(title, tuple(axes.values()), peers="同层级中位数"), note


def _by_conditions(found: DimensionResult) -> Axis:
    """The share of conditions met. Where none is met and none has failed there is no share to show."""
    undecided = found.met == 0 and found.status in {Status.UNKNOWN, Status.NEEDS_REVIEW}
    return Axis(
        found.label,
        None if undecided else found.met / found.total,
        None,
        f"{found.met}／{found.total}",
        found.status.label,
        found.status.label if undecided else "",
    )


def _rule(assessment: Assessment) -> str:
    return f"{assessment.pack.document.short_title}{quoted(assessment.title)}"


def _scored(score: Score) -> tuple[Axis, ...]:
    axes = []
    for group in score.groups:
        least, most = group.range
        note = f"另有 {most - least:g} 分待补充数据" if most > least else _weakest(group)
        axes.append(Axis(group.label, least / group.maximum, None, f"{least:g}／{group.maximum:g}", note))
    return tuple(axes)


def _weakest(group: GroupScore) -> str:
    """The item that loses most of its points."""
    points, label = max(
        ((item.maximum - item.range.least, item.label) for item in group.items), default=(0, "")
    )
    return f"{label} −{points:g}" if points else ""
