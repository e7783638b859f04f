"""Full-text search over clauses, policies, criteria and awards. The index is built anew only when one changes.

The official words and our own are indexed apart, so that a snippet never mixes the two voices.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from threading import Lock

from tidu.core.citations import clause_url, policy_url
from tidu.core.components import Effect, Paragraph
from tidu.core.policy_texts import Stamp, policy_text, text_stamp
from tidu.policy.documents.library import Library
from tidu.policy.documents.pack import Pack
from tidu.policy.official_text.search import Hit, SearchDoc, SearchIndex
from tidu.portal.effects import effects
from tidu.portal.highlights import runs

POLICY, OFFICIAL, CRITERION, AWARD = "policy", "official", "criterion", "award"
SUMMARY, READING = "summary", "reading"
KINDS = {
    POLICY: "政策文件",
    OFFICIAL: "条款原文",
    CRITERION: "认定条件",
    AWARD: "奖励补助",
    SUMMARY: "条款要点",
    READING: "存疑读法",
}
_BUILDING = Lock()
MOST = 60  # results of one search; whoever gets so many should narrow it
_OF_EFFECT = {"条件": CRITERION, "评判": CRITERION, "计分": CRITERION, "金额": AWARD}


@dataclass(frozen=True, slots=True)
class Target:
    """What a document of the index stands for."""

    pack: Pack
    kind: str
    url: str
    where: str


@dataclass(frozen=True, slots=True)
class Found:
    """One result: title and snippet with the words marked. ``partial``: it lacks some of the words."""

    target: Target
    title: Paragraph
    snippet: Paragraph
    partial: bool

    @property
    def label(self) -> str:
        """The word for its kind."""
        return KINDS[self.target.kind]

    @property
    def text(self) -> str:
        """The snippet without marks; empty where the title says it all."""
        return "".join(run.text for run in self.snippet)

    @property
    def official(self) -> bool:
        """Whether the snippet is official text."""
        return self.target.kind == OFFICIAL


class ClauseSearch:
    """The index of one state of the library, with what each of its documents stands for."""

    def __init__(self, library: Library) -> None:
        self.targets: dict[str, Target] = {}
        docs = [doc for pack in library for doc in self._docs(pack)]
        tiers = library.vocabulary.tiers.values()
        synonyms = {tier.short: (tier.label, *tier.aliases) for tier in tiers}
        self._index = SearchIndex.build(docs, synonyms)

    def find(self, query: str, accept: Callable[[Target], bool]) -> list[Found]:
        """The best results, the best first."""
        hits = self._index.search(query, MOST, accept=lambda doc: accept(self.targets[doc.key]))
        return [self._found(hit) for hit in hits]

    def _found(self, hit: Hit) -> Found:
        snippet = runs(hit.snippet.text, hit.snippet.spans)
        return Found(self.targets[hit.doc.key], runs(hit.doc.title, hit.title_spans), snippet, hit.partial)

    def _docs(self, pack: Pack) -> Iterator[SearchDoc]:
        document = pack.document
        numbered = [document.document_no or "", document.issuer, document.short_title, document.summary]
        bases = [basis.document for basis in document.basis]
        yield self._doc(Target(pack, POLICY, policy_url(pack), ""), document.title, [*numbered, *bases])
        for declared in document.interpretations.values():
            url, where = self._place(pack, declared.cite) if declared.cite else (policy_url(pack), "")
            words = [f"{'；'.join(declared.choices.values())}。{declared.why}"]
            yield self._doc(Target(pack, READING, url, where), declared.question, words)
        for parameter in document.parameters.values():
            if parameter.cite and isinstance(parameter.value, str):
                target = Target(pack, SUMMARY, *self._place(pack, parameter.cite))
                yield self._doc(target, f"{parameter.label}：{parameter.value}", [])
        found = effects(pack)
        for section in policy_text(pack).sections:
            url, where = self._place(pack, section.citation)
            if section.official:
                title = f"{document.short_title} {where}"
                yield self._doc(Target(pack, OFFICIAL, url, where), title, section.official)
            for effect in found.at(section.citation):
                yield self._effect(pack, effect, url, where)
        for effect in found.loose:
            yield self._effect(pack, effect, policy_url(pack), "")

    def _effect(self, pack: Pack, effect: Effect, url: str, where: str) -> SearchDoc:
        """Our words on one effect. Of a criterion the name is the title: its wording would weigh too much there."""
        kind = _OF_EFFECT.get(effect.kind, SUMMARY)
        title, _, asked = effect.text.partition("：") if kind == CRITERION else (effect.text, "", "")
        return self._doc(Target(pack, kind, url, where), title, [asked, effect.note])

    def _place(self, pack: Pack, citation: str) -> tuple[str, str]:
        section = policy_text(pack).find(citation)
        return clause_url(pack, citation), section.label if section is not None else citation

    def _doc(self, target: Target, title: str, body: Iterable[str]) -> SearchDoc:
        key = f"{len(self.targets)}"
        self.targets[key] = target
        return SearchDoc(key, title, "\n".join(part for part in body if part), group=target.pack.id)


def clause_search(library: Library) -> ClauseSearch:
    """The index of the library as it is now. Raises nothing; costs one look at each text's date."""
    state = tuple((pack.id, pack.digest, text_stamp(pack.id)) for pack in library)
    with _BUILDING:  # two visitors at once wait for one index instead of building two
        return _build(library, state)


@lru_cache(maxsize=2)
def _build(library: Library, state: tuple[tuple[str, str, Stamp], ...]) -> ClauseSearch:  # noqa: ARG001 - the key
    return ClauseSearch(library)
