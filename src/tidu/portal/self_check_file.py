"""The file of answers: written from a draft so that a person can read it, and read back into a draft.

It is an ordinary facts file, the same that the command line takes: money in 元, ratios as fractions, titles and events
as lists. Comments carry the labels.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from tidu.core.tier_questions import TITLES, indicator_named
from tidu.core.typed_values import write_typed
from tidu.policy.assess.facts import Event, Facts, Payment, Recognition, read_facts
from tidu.policy.errors import InputError, Problem
from tidu.policy.quantities import Kind, Value, yuan
from tidu.policy.vocabulary.indicators import Indicator, Quantity
from tidu.policy.vocabulary.places import load_places
from tidu.policy.vocabulary.values import write_value
from tidu.policy.vocabulary.vocabulary import Vocabulary
from tidu.policy.vocabulary.yaml_source import parse_yaml
from tidu.portal.self_check_answers import CITY, ELSEWHERE, PLACE, Answers, may_be_stated, title_control
from tidu.portal.self_check_draft import Draft

MOST_BYTES: Final = 256 * 1024  # a file of answers has a few thousand
_UNITS: Final = {Kind.MONEY: "元", Kind.RATIO: "比率，0.1 即 10%", Kind.YEARS: "年", Kind.SCORE: "分"}
_OTHER_FORMATS: Final = {b"PK": "Excel 或 Word", b"\xd0\xcf": "Excel 或 Word", b"%P": "PDF", b"\x89P": "图片"}


@dataclass(frozen=True, slots=True)
class Loaded:
    """What a file gave: a draft, how many answers it holds, and how many statements were left out."""

    draft: Draft
    count: int
    left_out: int


# ---- reading


def read_file(data: bytes, name: str, vocabulary: Vocabulary) -> Loaded:
    """The draft in a file. Raises :class:`InputError` with every problem; nothing is taken from a bad file."""
    facts = read_facts(parse_yaml(_text(data, name), name=name), vocabulary)
    draft = Draft()
    left_out = 0
    for flat, value in facts.values.items():
        found = indicator_named(flat, vocabulary.indicators)
        if found is None or not may_be_stated(found[0]):
            left_out += 1
        elif found[0].kind is Kind.AREA:
            draft.typed |= _area(flat, str(value))
        else:
            draft.typed[flat] = write_typed(value, found[0])
    _titles(facts, draft)
    for part, entries in (("events", facts.events), ("payments", facts.payments)):
        if entries:
            draft.lists[part] = [_plain(entry, vocabulary) for entry in entries]
    count = (
        len(facts.values) - left_out + len(facts.recognitions or ()) + len(facts.events) + len(facts.payments)
    )
    if not count and facts.recognitions is None:
        raise InputError(Problem("文件里没有可以载入的答案", name, remedy="请选从本站下载的答案文件"))
    return Loaded(draft, count, left_out)


def _text(data: bytes, name: str) -> str:
    if len(data) > MOST_BYTES:
        raise InputError(
            Problem(
                f"文件超过 {MOST_BYTES // 1024} KB", name, remedy="答案文件只有几 KB，请核对是否选错了文件"
            )
        )
    other = _OTHER_FORMATS.get(data[:2])
    if other or b"\x00" in data:
        what = f"看起来是 {other} 文件" if other else "不是文本文件"
        raise InputError(Problem(what, name, remedy="请选扩展名为 .yaml 或 .json 的答案文件"))
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InputError(Problem("文件不是 UTF-8 编码", name, remedy="另存为 UTF-8 编码后重试")) from error


def _area(flat: str, code: str) -> dict[str, str]:
    city = load_places().city_of(code)
    if city is None:
        return {f"{flat}{CITY}": ELSEWHERE, f"{flat}{PLACE}": code}
    place = load_places().canonical(code)
    return {f"{flat}{CITY}": city.code} | ({} if place == city.code else {f"{flat}{PLACE}": place})


def _titles(facts: Facts, draft: Draft) -> None:
    """The latest title of each tier goes into the form, earlier ones are kept beside it."""
    if facts.recognitions is None:
        return
    draft.typed[TITLES] = "yes" if facts.recognitions else "no"
    latest: dict[str, Recognition] = {}
    for title in sorted(facts.recognitions, key=lambda title: title.recognised_on):
        if title.tier in latest:
            draft.lists.setdefault("recognitions", []).append(_title(latest[title.tier]))
        latest[title.tier] = title
    for tier, title in latest.items():
        draft.typed[title_control(tier, "since")] = title.recognised_on.isoformat()
        if title.expires_on is not None:
            draft.typed[title_control(tier, "until")] = title.expires_on.isoformat()
        draft.typed[title_control(tier, "by")] = title.authority
        draft.typed[title_control(tier, "basis")] = title.basis


# ---- writing


def write_file(draft: Draft, answers: Answers, vocabulary: Vocabulary) -> str:
    """The draft as a commented facts file. Texts that cannot be read are told in comments and left out."""
    lines = [
        "# 梯度自测的答案文件",
        f"# {_written(draft)}评估日 {answers.as_of}，基准年度 {answers.base_year}（这两项在页面上填，不从文件读）",
        "# 可以用任何文本编辑器查看和修改：金额单位元，比率 0.1 即 10%；删去一行就是“不清楚”。",
        "",
    ]
    lines += _indicator_lines(answers.facts, vocabulary)
    lines += _list_lines(answers.facts, vocabulary)
    if answers.refusals:
        lines += ["", "# 下列填写看不懂，没有写入："]
        lines += [
            f"#   {_comment(name)}: {_comment(draft.typed.get(name, ''))}"
            for name in answers.refusals
            if name in draft.typed
        ]
    return "\n".join(lines) + "\n"


def _written(draft: Draft) -> str:
    return "" if draft.saved_at is None else f"填写保存于 {draft.saved_at:%Y-%m-%d %H:%M}；"


def _indicator_lines(facts: Facts, vocabulary: Vocabulary) -> Iterator[str]:
    by_indicator: dict[str, dict[int | None, Value]] = {}
    for flat, value in facts.values.items():
        found = indicator_named(flat, vocabulary.indicators)
        if found is not None:
            by_indicator.setdefault(found[0].id, {})[found[1]] = value
    section = ""
    for indicator in vocabulary.indicators.values():
        figures = by_indicator.get(indicator.id)
        if figures is None:
            continue
        if indicator.section != section:
            section = indicator.section
            label = (
                vocabulary.sections[section].label if section in vocabulary.sections else "政策包自己的指标"
            )
            yield f"# —— {label} ——"
        if not indicator.per_year:
            yield f"{indicator.id}: {_scalar(figures[None], indicator)}  # {_label(indicator, figures[None])}"
            continue
        yield f"{indicator.id}:  # {_label(indicator)}"
        yield from (
            f"  {year}: {_scalar(value, indicator)}" for year, value in sorted(figures.items(), key=str)
        )


def _list_lines(facts: Facts, vocabulary: Vocabulary) -> Iterator[str]:
    if facts.recognitions is not None:
        yield "# —— 已取得的称号（没有列出的就是没有取得） ——"
        yield from _entries("recognitions", [_title(title) for title in facts.recognitions])
    if facts.events:
        yield "# —— 事项 ——"
        yield from _entries("events", [_plain(event, vocabulary) for event in facts.events])
    if facts.payments:
        yield "# —— 已收到的奖补（元） ——"
        yield from _entries("payments", [_plain(payment, vocabulary) for payment in facts.payments])


def _entries(part: str, entries: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    listed = list(entries)
    if not listed:
        yield f"{part}: []"
        return
    yield f"{part}:"
    for entry in listed:
        yield "  - {" + ", ".join(f"{key}: {_json(value)}" for key, value in entry.items()) + "}"


def _title(title: Recognition) -> dict[str, Any]:
    until = {} if title.expires_on is None else {"expires_on": title.expires_on.isoformat()}
    return {
        "tier": title.tier,
        "authority": title.authority,
        "recognised_on": title.recognised_on.isoformat(),
        **until,
        "basis": title.basis,
    }


def _plain(entry: Event | Payment, vocabulary: Vocabulary) -> dict[str, Any]:
    if isinstance(entry, Payment):
        amount = {} if entry.amount is None else {"amount": yuan(entry.amount)}
        on = {} if entry.on is None else {"on": entry.on.isoformat()}
        return {"class": entry.cls, "for": entry.what_for, **amount, "by": entry.by, **on}
    fields = vocabulary.events[entry.kind].fields
    values = {name: write_value(value, fields[name].kind) for name, value in entry.values.items()}
    return {"kind": entry.kind, "on": entry.on.isoformat(), **values}


def _scalar(value: Value, described: Quantity) -> str:
    """A value as YAML. Amounts with a part of a 元 are quoted: unquoted, they would be read as binary fractions."""
    written = write_value(value, described.kind)
    if described.kind is Kind.MONEY:
        return str(written) if "." not in str(written) else _json(written)
    return str(written) if described.kind is Kind.DATE else _json(written)


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)


def _label(indicator: Indicator, value: Value | None = None) -> str:
    unit = indicator.unit or _UNITS.get(indicator.kind, "")
    chosen = indicator.choices.get(str(value), "") if indicator.kind is Kind.CHOICE else ""
    where = load_places().path(str(value)) or "" if indicator.kind is Kind.AREA else ""
    more = chosen or where or unit
    return f"{indicator.label}（{more}）" if more else indicator.label


def _comment(text: str) -> str:
    """One line that cannot end the comment it stands in."""
    return " ".join(part for part in "".join(c if c.isprintable() else " " for c in text).split())[:80]
