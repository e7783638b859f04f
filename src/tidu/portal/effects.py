"""What each clause of a policy makes happen, derived from its pack: one list of effects a clause.

Also the words of the official text that have an effect, so that a page can underline them where they stand.
"""

from __future__ import annotations

import datetime as dt
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache

from tidu.core.citations import clauses, doubt, policy_url
from tidu.core.components import Clause, Effect
from tidu.core.figures import day, day_in_words
from tidu.core.policy_texts import Stamp, text_stamp
from tidu.policy.dates import full_years_and_months
from tidu.policy.documents.library import load_library
from tidu.policy.documents.pack import Pack
from tidu.policy.documents.pack_document import Decided, Rate, Reporting
from tidu.policy.documents.recognition_document import Switched
from tidu.policy.official_text.clauses import HeadingPath, citation_key
from tidu.policy.official_text.headings import han_numeral
from tidu.portal.benefit_words import amount_words, limits_words, trigger_words
from tidu.portal.criteria_effects import Cited, lines, recognition_effects, sentences

KINDS = {"tag": "标签", "right": "权利", "rule": "规则", "basis": "依据", "document": "文书"}
_RELATIONS = {"basis": "制定依据", "refers_to": "引用", "implements": "落实"}
_PERIODS = {"month": "每月", "quarter": "每季度", "year": "每年", "as_called": "按通知"}
_QUOTED = re.compile(r"“([^“”]{2,30})”")
_SMALL = re.compile(r"(\d{1,2})(\D+)")
_TWO = 2


@dataclass(frozen=True)
class Effects:
    """The effects of one policy by the key of their clause; ``loose`` have none. ``phrases`` are to be underlined."""

    by_key: Mapping[HeadingPath, tuple[Effect, ...]]
    phrases: Mapping[HeadingPath, tuple[str, ...]]
    loose: tuple[Effect, ...]

    def at(self, citation: str) -> tuple[Effect, ...]:
        """What the clause at ``citation`` itself makes happen."""
        return self.by_key.get(citation_key(citation), ())


def effects(pack: Pack) -> Effects:
    """The effects of a pack under the readings in use; kept until the pack or its text changes."""
    return _effects(pack, text_stamp(pack.id))


@lru_cache(maxsize=64)
def _effects(pack: Pack, stamp: Stamp) -> Effects:  # noqa: ARG001 - chips lead to clauses as the text writes them
    merged = _merged([*_all(pack)], several=len(pack.tiers) > 1)
    by_key: defaultdict[HeadingPath, list[Effect]] = defaultdict(list)
    loose = []
    for cited in merged:
        key = citation_key(cited.cite) if cited.cite else ()
        if key:
            by_key[key].append(cited.effect)
        else:
            loose.append(cited.effect)
    for key, effect in _unclaimed_readings(pack, by_key):
        by_key[key].append(effect)
    found = {key: tuple(listed) for key, listed in by_key.items()}
    return Effects(found, _phrases(pack), tuple(loose))


def _all(pack: Pack) -> Iterator[Cited]:
    yield from _document_effects(pack)
    for recognition in pack.document.recognition:
        yield from recognition_effects(pack, recognition)
    yield from _benefit_effects(pack)
    yield from _duty_effects(pack)
    for effect in pack.document.effects:
        yield Cited(effect.cite, Effect(KINDS[effect.kind], effect.summary))


def _merged(found: list[Cited], *, several: bool) -> Iterator[Cited]:
    """The same effect for several tiers is told once; where tiers differ at one clause, each effect names its own."""
    tiers: defaultdict[tuple[str | None, Effect], list[str]] = defaultdict(list)
    at: defaultdict[str | None, set[str]] = defaultdict(set)
    for cited in found:
        key = cited.cite, cited.effect
        tiers[key] += [cited.tier] if cited.tier and cited.tier not in tiers[key] else []
        at[cited.cite] |= {cited.tier} if cited.tier else set()
    for (cite, effect), named in tiers.items():
        if several and named and set(named) != at[cite]:
            yield Cited(cite, replace(effect, note=f"{sentences('适用：' + '、'.join(named))}{effect.note}"))
        else:
            yield Cited(cite, effect)


def _document_effects(pack: Pack) -> Iterator[Cited]:
    document = pack.document
    since, until = pack.period()
    switched = document.in_force.until if isinstance(document.in_force.until, Switched) else None
    end = f"，至 {day(until)}" if until is not None else ""
    yield Cited(
        document.in_force.cite,
        Effect(
            "期限",
            f"{day(since)} 起施行{end}",
            document.in_force.note or "",
            doubts=(doubt(pack, switched.by),) if switched is not None else (),
        ),
    )
    for recognition in document.recognition:
        own = recognition.in_force
        if own is not None:
            yield Cited(
                own.cite, Effect("期限", f"{recognition.title}：{day(own.since)} 起施行", own.note or "")
            )
    for basis in document.basis:
        chips = _document_chip(basis.pack)
        yield Cited(
            basis.cite, Effect("依据", f"{_RELATIONS[basis.relation]}：{basis.document}", clauses=chips)
        )
    for replaced in document.replaces:
        short = pack.vocabulary.tiers
        which = "、".join(short[tier].short for tier in replaced.tiers)
        text = f"{day(replaced.since)} 起接替原办法{f'的{which}部分' if which else ''}"
        yield Cited(
            replaced.cite, Effect("接替", text, replaced.note or "", clauses=_document_chip(replaced.pack))
        )
    if document.on_expiry:
        yield Cited(document.on_expiry_cite or document.in_force.cite, Effect("届满", document.on_expiry))


def _document_chip(pack_id: str | None) -> tuple[Clause, ...]:
    """The way to another policy of the library; nothing for one that is not in it."""
    other = load_library().packs.get(pack_id or "")
    if other is None:
        return ()
    return (Clause(other.document.document_no or other.document.short_title, policy_url(other)),)


def _benefit_effects(pack: Pack) -> Iterator[Cited]:
    for benefit in pack.benefits():
        document = benefit.document
        stacking = document.stacking
        switched = [] if stacking is None else [stacking.rule, stacking.upgrade]
        written = [part for part in (document.trigger, *switched) if isinstance(part, Switched)]
        named = [part.by for part in written] + _parameter_readings(pack, document.trigger)
        other = stacking.cite if stacking is not None and stacking.cite != document.cite else None
        evidence = "、".join(pack.vocabulary.evidence[name].label for name in document.evidence)
        note = lines(
            sentences(document.summary or trigger_words(benefit, pack)),
            *(f"分期：{part.label} {part.share}" for part in document.instalments),
            sentences(f"付款：{'、'.join(document.payers)}", limits_words(benefit)),
            *(f"追回：{ground}" for ground in document.clawback),
            f"证明材料：{evidence}" if evidence else None,
        )
        yield Cited(
            document.cite,
            Effect(
                "金额",
                f"{document.label}：{amount_words(benefit, pack)}",
                note,
                clauses=clauses(pack, [other]),
                doubts=tuple(doubt(pack, name) for name in dict.fromkeys(named)),
            ),
        )


def _parameter_readings(pack: Pack, rule: str | Switched) -> list[str]:
    """The interpretations behind the parameters that a trigger names."""
    words = set(re.findall(r"[a-z][a-z0-9_]*", str(rule)))
    return [
        parameter.value.by
        for name, parameter in pack.document.parameters.items()
        if name in words and isinstance(parameter.value, Switched)
    ]


def _duty_effects(pack: Pack) -> Iterator[Cited]:
    document = pack.document
    short = pack.vocabulary.tiers
    for duty in document.duties:
        joint = f"；配合：{'、'.join(duty.joint)}" if duty.joint else ""
        text = f"{duty.label}。牵头：{duty.lead}{joint}"
        yield Cited(duty.measure, Effect("职责", text, sentences(duty.summary)))
    for target in document.targets:
        by = "，".join(f"{year} 年 {value}" for year, value in sorted(target.by.items()))
        counted = "（累计）" if target.cumulative else ""
        yield Cited(target.cite, Effect("目标", f"{target.label}{counted}：{by}"))
    for service in document.services:
        given = f"提供：{'、'.join((service.lead, *service.joint))}"
        first = "、".join(short[tier].short for tier in service.priority_for)
        yield Cited(
            service.cite,
            Effect(
                "服务",
                f"{service.label}：{service.summary.rstrip('。')}",
                sentences(given, f"优先：持有{first}称号的企业" if first else None),
            ),
        )
    for report in document.reporting:
        yield Cited(
            report.cite,
            Effect("报送", f"{report.label}：{_due(report)}", sentences(report.summary, report.lapse)),
        )


def _due(report: Reporting) -> str:
    months = f"{report.due_month} 月" if report.due_month else ""
    days = f"{report.due_day} 日前" if report.due_day else ""
    return f"{_PERIODS[report.period]}{f'，{months} {days}'.rstrip() if months or days else ''}".replace(
        "， ", "，"
    )


def _unclaimed_readings(
    pack: Pack, found: Mapping[HeadingPath, list[Effect]]
) -> Iterator[tuple[HeadingPath, Effect]]:
    """A declared reading that no effect of its clause shows yet stands beside the clause by itself."""
    for name, declared in pack.document.interpretations.items():
        if declared.cite is None:
            continue
        key, chip = citation_key(declared.cite), doubt(pack, name)
        if all(chip not in effect.doubts for effect in found.get(key, ())):
            yield key, Effect("读法", declared.question, doubts=(chip,))


# ---- words of the official text that have an effect


def _phrases(pack: Pack) -> Mapping[HeadingPath, tuple[str, ...]]:
    found: defaultdict[HeadingPath, dict[str, None]] = defaultdict(dict)
    for cite, phrase in _written(pack):
        if cite:
            for variant in _variants(phrase):
                found[citation_key(cite)][variant] = None
    return {key: tuple(phrases) for key, phrases in found.items()}


def _written(pack: Pack) -> Iterator[tuple[str | None, str]]:
    document = pack.document
    since, until = pack.period()
    yield document.in_force.cite, day_in_words(since)
    if until is not None:
        yield document.in_force.cite, day_in_words(until)
        years, _months = full_years_and_months(since, until + dt.timedelta(days=1))
        yield document.in_force.cite, f"{years}年"
    for parameter in document.parameters.values():
        if isinstance(parameter.value, str):
            yield parameter.cite, parameter.value
    for interpretation in document.interpretations.values():
        yield from ((interpretation.cite, words) for words in _QUOTED.findall(interpretation.question))
    for benefit in document.benefits:
        amount = benefit.amount
        parts = (
            (amount.rate, amount.cap, amount.floor)
            if isinstance(amount, Rate)
            else (amount.since, amount.to)
            if isinstance(amount, Decided)
            else (amount,)
        )
        yield from ((benefit.cite, str(part)) for part in parts if part is not None)
    for target in document.targets:
        yield from ((target.cite, str(value)) for value in target.by.values())
    for recognition in document.recognition:
        yield recognition.valid_cite, str(recognition.valid)
        if recognition.procedure is not None and recognition.procedure.notice is not None:
            yield recognition.procedure.notice.cite, f"{recognition.procedure.notice.days}日"


def _variants(phrase: str) -> Iterator[str]:
    """A figure as digits and as Han numerals: 2年, 二年, 两年."""
    yield phrase
    small = _SMALL.fullmatch(phrase)
    if small is not None and int(small[1]):
        yield f"{han_numeral(int(small[1]))}{small[2]}"
        if int(small[1]) == _TWO:
            yield f"两{small[2]}"
