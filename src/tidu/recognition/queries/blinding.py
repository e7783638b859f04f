"""A submission without what tells whose it is, for panels that judge without names.

Kept is what a list here allows: figures, choices, and descriptions with every name, code, address and contact struck
out, also where they are spaced or in wide characters. The files themselves cannot be blinded: they are left out
altogether, or, where it was chosen to show them, called by a number and their kind.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from tidu.core.readings import syllables
from tidu.policy.quantities import Kind
from tidu.registry.naming import core_name
from tidu.registry.vocabulary import vocabulary_in_view

STRUCK: Final = "〔隐去〕"
#: Kinds of value that cannot name anybody.
_PLAIN: Final = frozenset(
    {
        Kind.MONEY,
        Kind.RATIO,
        Kind.COUNT,
        Kind.NUMBER,
        Kind.YEARS,
        Kind.SCORE,
        Kind.YES_NO,
        Kind.CHOICE,
        Kind.INDUSTRY,
    }
)
#: Texts that describe the work; without names in them they are what a judgement rests on.
_DESCRIBING: Final = frozenset(
    {
        "niche_market",
        "main_product_name",
        "main_product_category",
        "main_product_capacity",
        "strategic_emerging_code",
        "market_share_basis",
        "core_technology",
        "chain_name",
        "chain_link",
        "chain_gap_description",
    }
)
#: Texts that are names themselves, and are struck out wherever they stand.
_NAMES: Final = frozenset(
    {
        "name",
        "uscc",
        "registered_address",
        "controlling_shareholder",
        "actual_controller",
        "legal_representative",
        "contact_person",
        "contact_phone",
        "contact_mobile",
        "contact_fax",
        "contact_email",
        "website",
        "stock_code",
        "audit_report_code",
        "rd_body_name",
        "industrial_park",
    }
)
#: Parts of the content that the pack and the call wrote, and the form's own words.
_OURS: Final = ("pack", "settings", "sections", "labels", "materials", "accepted")
#: Parts of a criterion that the applicant's words do not reach.
_FREE: Final = ("shown", "note", "margin", "missing")
#: What is said of a file beside its name.
_OF_A_FILE: Final = ("id", "criterion", "kind", "sha256", "size", "content", "year")
_SHORTEST: Final = 2
#: The pinyin of a name is struck out from this length on; anything shorter may be a word of its own.
_SHORTEST_READING: Final = 5
_WIDE: Final = 0xFEE0
#: Invisible characters, which would hide a name from the search.
_UNSEEN: Final = re.compile("[\u00ad\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff]")
_NARROW: Final = {
    code + _WIDE: code for code in range(0x21, 0x7F) if chr(code).isalnum() or chr(code) in "@.-_"
}
#: Characters that may separate two characters of a name without beginning a new sentence.
_BETWEEN: Final = r"(?:_|[^\w。，、；：！？]){0,8}"
#: Words of trade that stand behind a name proper; without them 禾朔智能装备 is 禾朔, as people say it.
_TRADES: Final = re.compile(
    r"(?:科技|技术|智能|装备|设备|制造|机械|机电|新材料|材料|新能源|能源|电力|电气|电子"
    r"|光电|信息|软件|网络|数据|数字|生物|医药|制药|医疗|农业|农牧|牧业|食品|乳业|化工"
    r"|环保|环境|节能|工程|建设|实业|工业|产业|发展|开发|贸易|商贸|稀土|金属|铝业|硅业"
    r"|汽车|航空|航天|自动化|控股|投资|服务|研究院|研究所)$"
)
_YEAR: Final = re.compile(r"_(?:19|20)\d{2}$")
_APART: Final = re.compile(r"[\s，,；;、/]+")
_PATTERNS: Final = (
    re.compile(r"(?<![0-9A-Za-z])[0-9A-HJ-NPQRTUWXY]{18}(?![0-9A-Za-z])", re.IGNORECASE),  # a credit code
    re.compile(r"[\w.+-]{1,64}@[\w-]+(?:\.[\w-]+)+", re.ASCII),
    re.compile(r"(?:https?://|www\.)[^\s，。；、）)]+", re.IGNORECASE),
    re.compile(r"(?<!\d)(?:\+?86[- ]?)?1[3-9]\d(?:[- ]?\d{4}){2}(?!\d)"),
    re.compile(r"(?<!\d)0\d{2,3}[- ]?\d{7,8}(?!\d)"),
    re.compile(r"“[^”\n]{1,20}”(?=牌|商标|品牌)"),
    re.compile(r"[\w-]{1,20}(?=[®™])"),
)


def blinded(content: Mapping[str, Any], *, evidence_hidden: bool = False) -> dict[str, Any]:
    """The frozen content of a submission without what identifies its enterprise, in the same shape.

    With ``evidence_hidden`` the list of files is left out as well.
    """
    names = _names(content)
    verdict = content.get("verdict", {})
    return {
        **{key: content[key] for key in _OURS if key in content},
        "enterprise": {"name": "", "uscc": "", "district": ""},
        "call": {
            key: value for key, value in content.get("call", {}).items() if key in {"year", "base_year"}
        },
        "facts": [_fact(item, names) for item in content.get("facts", ()) if _may_stay(item["key"])],
        "statements": {key: _struck(text, names) for key, text in content.get("statements", {}).items()},
        "evidence": [] if evidence_hidden else list(_evidence(content.get("evidence", ()))),
        "verdict": {
            "status": verdict.get("status", "unknown"),
            "headline": _struck(verdict.get("headline", ""), names),
            "counts": verdict.get("counts", ""),
            "criteria": [_criterion(item, names) for item in verdict.get("criteria", ())],
        },
    }


def _fact(item: Mapping[str, Any], names: re.Pattern[str] | None) -> dict[str, Any]:
    return {
        **{key: item[key] for key in ("key", "label", "source", "section") if key in item},
        "value": _struck(item.get("value", ""), names),
        "shown": _struck(item.get("shown", item.get("value", "")), names),
    }


def _criterion(item: Mapping[str, Any], names: re.Pattern[str] | None) -> dict[str, Any]:
    """What the machine found, but not the place or the day of registration, by which anybody can be looked up."""
    kept = {key: value for key, value in item.items() if key not in _FREE}
    keys = item.get("keys", ())
    if keys and all(_may_stay(key) for key in keys):
        kept |= {key: _struck(item[key], names) for key in _FREE if key in item}
    return kept


def _evidence(items: Iterable[Mapping[str, Any]]) -> Iterator[dict[str, Any]]:
    """Called by number and kind, as a file's own name tells whose it is. ``id`` leads to the file itself."""
    numbers: dict[str, int] = {}
    for item in items:
        name = f"材料 {numbers.setdefault(item.get('sha256', ''), len(numbers) + 1)}"
        label = f"{name}（{item['label']}）" if item.get("label") else name
        yield {**{key: item[key] for key in _OF_A_FILE if key in item}, "name": name, "label": label}


def _indicator(key: str) -> str:
    known = vocabulary_in_view().indicators
    return key if key in known else _YEAR.sub("", key)


def _may_stay(key: object) -> bool:
    name = _indicator(str(key))
    indicator = vocabulary_in_view().indicators.get(name)
    if indicator is None or indicator.personal:
        return False
    return indicator.type.kind in _PLAIN or name in _DESCRIBING


def _names(content: Mapping[str, Any]) -> re.Pattern[str] | None:
    """Whatever gives the enterprise away in a free text: its name in every form, its people, addresses and codes."""
    enterprise = content.get("enterprise", {})
    name = str(enterprise.get("name", ""))
    short = _short_names(name)
    found = {name, *short, *_readings(short), str(enterprise.get("uscc", ""))}
    for item in content.get("facts", ()):
        if _indicator(str(item["key"])) in _NAMES:
            stated = str(item.get("shown") or item.get("value", ""))
            found |= {stated, *_APART.split(stated)}
            if _indicator(str(item["key"])) in {"controlling_shareholder", "rd_body_name"}:
                found |= _short_names(stated)
    found.add(str(content.get("declared_by", "")))
    ordered = sorted({text.strip() for text in found}, key=lambda text: (-len(text), text))
    escaped = [_however_written(text) for text in ordered if len(text) >= _SHORTEST]
    return re.compile("|".join(escaped), re.IGNORECASE) if escaped else None


def _however_written(text: str) -> str:
    """The pattern of a name also where its characters are spaced or otherwise kept apart."""
    return _BETWEEN.join(re.escape(char) for char in text.translate(_NARROW) if not char.isspace())


def _readings(names: Iterable[str]) -> set[str]:
    """How names are read, in letters: 禾朔 is Heshuo in addresses and on machines."""
    read = {"".join(syllables(name)) for name in names}
    return {text for text in read if len(text) >= _SHORTEST_READING and text.isascii() and text.isalpha()}


def _short_names(name: str) -> set[str]:
    """The name without place and form, and without its trade as well."""
    if not name:
        return set()
    core = bare = core_name(name)
    while len(shorter := _TRADES.sub("", bare)) >= _SHORTEST and shorter != bare:
        bare = shorter
    return {core, bare}


def _struck(value: Any, names: re.Pattern[str] | None) -> Any:  # noqa: ANN401 - JSON
    if isinstance(value, list | tuple):
        return [_struck(item, names) for item in value]
    if not isinstance(value, str):
        return value
    text = _UNSEEN.sub("", value).translate(_NARROW)
    text = text if names is None else names.sub(STRUCK, text)
    for pattern in _PATTERNS:
        text = pattern.sub(STRUCK, text)
    return text
