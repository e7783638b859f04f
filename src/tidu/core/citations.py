"""Chips: the way from any figure, duty or verdict to the clause it rests on, and to the reading that was chosen."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

from django.urls import get_script_prefix, reverse

from tidu.core.components import Clause, Doubt
from tidu.core.outline import anchor, label
from tidu.core.policy_texts import PolicyText, policy_text
from tidu.policy.documents.pack import Pack
from tidu.policy.official_text.clauses import HeadingPath, citation_path

_SHORT = 16  # characters of a reading that a chip can hold on a small screen


def policy_url(pack: Pack) -> str:
    """The page of a policy."""
    return reverse("portal:policy", args=[pack.id])


def clause_url(pack: Pack, citation: str) -> str:
    """The page of one clause, which is also what opens beside another page."""
    return _clause_url(pack, _path(policy_text(pack), citation))


def clause(pack: Pack, citation: str, *, elsewhere: bool = False) -> Clause:
    """The chip of a citation of ``pack``. ``elsewhere`` names the document too, where others stand beside it."""
    return _chip(pack, policy_text(pack), get_script_prefix(), citation, elsewhere=elsewhere)


def clauses(pack: Pack, citations: Iterable[str | None], *, elsewhere: bool = False) -> tuple[Clause, ...]:
    """The chips of several citations, each once; nothing for what is not cited."""
    wanted = dict.fromkeys(citation for citation in citations if citation)
    if not wanted:
        return ()
    text, prefix = policy_text(pack), get_script_prefix()
    return tuple(_chip(pack, text, prefix, citation, elsewhere=elsewhere) for citation in wanted)


@lru_cache(maxsize=4096)
def _chip(pack: Pack, text: PolicyText, _prefix: str, citation: str, *, elsewhere: bool) -> Clause:
    """A chip lasts as long as the pack and its text: pages show the same ones again and again."""
    path = _path(text, citation)
    written = label(path)
    document = pack.document.short_title
    return Clause(
        f"{document} {written}" if elsewhere else written,
        f"{policy_url(pack)}#{anchor(path)}",
        full=f"{document} {written}",
        panel=_clause_url(pack, path),
    )


def doubt_anchor(pack: Pack, interpretation: str) -> str:
    """The id of a declared interpretation in the table on its policy's page."""
    return f"i-{list(pack.document.interpretations).index(interpretation) + 1}"


def doubt(pack: Pack, interpretation: str, choice: str | None = None) -> Doubt:
    """The chip of a declared interpretation with the reading in use: ``choice``, or the default."""
    declared = pack.document.interpretations[interpretation]
    number = list(pack.document.interpretations).index(interpretation) + 1
    reading = declared.choices[choice or declared.default]
    words = f"存疑 {number}：{reading}" if len(reading) <= _SHORT else f"存疑 {number}"
    return Doubt(words, f"{policy_url(pack)}#{doubt_anchor(pack, interpretation)}")


def _clause_url(pack: Pack, path: HeadingPath) -> str:
    return reverse("portal:clause", args=[pack.id, "/".join(path)])


def _path(text: PolicyText, citation: str) -> HeadingPath:
    """The path as the text at hand writes it, so that every way of citing a clause leads to one address."""
    section = text.find(citation)
    return citation_path(citation) if section is None else section.path
