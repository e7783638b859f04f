"""The outline of a document whose official text is not at hand: the heading paths that its pack cites, in order.

A pack is arranged by what a document does, not by where it says so; the order of the document is inferred. Numbered
headings follow their numbers, named ones the order in which the pack comes to them, the clause on the time of force
closes the document, and annexes stand behind it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

from tidu.policy.documents.pack import Pack
from tidu.policy.official_text.clauses import CLOSING, HeadingPath, citation_key, citation_path
from tidu.policy.official_text.headings import Style

_BEFORE = ("basis", "targets")
_TITLE = ("criteria", "procedure")  # of a recognition: what leads to the title, before what becomes of it
_BETWEEN = ("benefits", "services", "duties")
_AFTER = (
    "recognition",
    "reporting",
    "effects",
    "parameters",
    "interpretations",
    "replaces",
    "on_expiry_cite",
)
_ANNEX = re.compile(r"附\s?[件录表]")
_NUMBER = re.compile(r"\d+")
_NUMBERED, _NAMED, _LAST, _ANNEXED = range(4)

Place = tuple[int, int, int]


def label(path: HeadingPath) -> str:
    """A heading path as people write it: 三（一）2, 监督管理（三）, 申报条件·基本条件 03."""
    words = path[0]
    for element in path[1:]:
        if element.startswith(("（", "(")):
            words += element
        elif element.isdecimal():
            words += element if words.endswith(("）", ")")) else f" {element}"
        else:
            words += f"·{element}"
    return words


def anchor(path: HeadingPath) -> str:
    """The id of a clause on its policy's page."""
    return "c-" + "-".join("".join(element.split()) for element in path)


def outline(pack: Pack) -> tuple[HeadingPath, ...]:
    """Every path that the pack cites and every heading above one, each once, in the inferred order."""
    written: dict[HeadingPath, HeadingPath] = {}
    seen: dict[HeadingPath, int] = {}
    for cited in _in_order(pack):
        key, path = citation_key(cited), citation_path(cited)
        for depth in range(1, len(key) + 1):
            seen.setdefault(_stem(key[:depth]), len(seen))
            if len(path) == len(key):
                written.setdefault(key[:depth], path[:depth])
        written.setdefault(key, path)  # 四（一） without a slash has fewer elements than it means
    force = pack.document.in_force.cite
    closing = citation_key(force)[:1] if force else ()

    def places(key: HeadingPath) -> tuple[Place, ...]:
        heads = (key[:depth] for depth in range(1, len(key) + 1))
        return tuple(_place(head, seen[_stem(head)], closing=head == closing) for head in heads)

    return tuple(written[key] for key in sorted(written, key=places))


def _place(key: HeadingPath, seen: int, *, closing: bool) -> Place:
    """Where a heading stands among those under the same one: its kind, its style or turn, its number."""
    style, _, value = key[-1].partition(":")
    number = _NUMBER.search(key[-1])
    if _ANNEX.match(key[-1]) or style == Style.ANNEX.name:
        return _ANNEXED, int(number[0]) if number else 0, seen
    if closing or key[-1] == CLOSING:
        return _LAST, 0, 0
    if style in Style.__members__:
        mark = _NUMBER.match(value)
        return _NUMBERED, Style[style].value, int(mark[0]) if mark else 0
    return _NAMED, seen, int(number[0]) if number else 0


def _stem(key: HeadingPath) -> HeadingPath:
    """指标2 and 指标10 are one row of headings; their numbers order them, not the pack."""
    if key[-1].partition(":")[0] in Style.__members__:
        return key
    return (*key[:-1], _NUMBER.sub("", key[-1]) or key[-1])


def _in_order(pack: Pack) -> Iterator[str]:
    yield from (hint.path for hint in pack.document.clauses)
    data = pack.document.model_dump(by_alias=True)
    for part in _BEFORE:
        yield from _citations({part: data[part]})
    for part in _TITLE:
        yield from _citations([recognition[part] for recognition in data["recognition"]])
    for part in (*_BETWEEN, *_AFTER):
        yield from _citations({part: data[part]})
    yield from _citations(data["in_force"])


def _citations(data: object) -> Iterator[str]:
    """Citations as :meth:`Pack.citations` finds them."""
    if isinstance(data, Mapping):
        for key, value in data.items():
            if isinstance(value, str) and str(key).endswith(("cite", "measure")):
                yield value
            else:
                yield from _citations(value)
    elif isinstance(data, Iterable) and not isinstance(data, str):
        for item in data:
            yield from _citations(item)
