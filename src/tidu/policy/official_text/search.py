"""Chinese full-text search in memory: overlapping bigrams, BM25 with the title over the body, highlighting.

Words are not segmented, since no segmenter knows the field's terms (专精特新 would fall apart). A Han word is found
where it stands, its rarest bigram leading to the documents; a Latin word or a number where it stands alone. Full and
half width, capitals, spaces and quotation marks do not matter. Several words must all occur; when no document has them
all, the best of those that have some are given, marked as partial.
"""

from __future__ import annotations

import heapq
import math
import re
from array import array
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from operator import ge, itemgetter
from typing import Final

from tidu.policy.official_text.folding import fold_words
from tidu.policy.official_text.highlighting import Snippet, Span, excerpt, spans

MAX_QUERY: Final = 100
"""Characters of a query; more are ignored."""
MAX_WORDS: Final = 8

_SATURATION: Final = 1.2
_LENGTH: Final = 0.6
_TITLE: Final = 2.5
"""More than any number of occurrences in the body can give (saturation + 1): a title that has the word comes first."""
_SYNONYM: Final = 0.8
"""How much a synonym counts against the word that was typed."""
_PIECES: Final = 6
_PIECES_NEEDED: Final = 0.5
"""When no document has a whole word of the query: how many of its entries are looked for, what share is needed."""
_CACHED: Final = 4_096
_SCORED_AT_ONCE: Final = 60
"""The commonest entries, which take longest to score, are scored when the index is built."""
_BITS: Final = 16
_NUMBER: Final = 2 * _BITS
"""Where the document's number stands in a posting, above its counts in title and body."""
_MOST: Final = (1 << _BITS) - 1
"""Occurrences in one field that are counted."""

_HAN: Final = r"\u3400-\u4dbf\u4e00-\u9fff\U00020000-\U0003ffff〇"
_RUN: Final = re.compile(rf"[{_HAN}]+|[a-z]+|\d+(?:\.\d+)*")
_WORD: Final = re.compile(rf"(?:[{_HAN}a-z]|\d+(?:\.\d+)*)+")
_BREAK: Final = re.compile(r"\s+")


@dataclass(frozen=True, slots=True)
class SearchDoc:
    """One thing to find: ``key`` identifies it to the caller; ``group`` is for filters, such as the policy's id."""

    key: str
    title: str
    body: str
    group: str = ""


@dataclass(frozen=True, slots=True)
class Hit:
    """A document found. ``partial``: it lacks some of the words. ``title_spans``: places to highlight in its title."""

    doc: SearchDoc
    score: float
    title_spans: tuple[Span, ...]
    snippet: Snippet
    partial: bool = False


@dataclass(frozen=True, slots=True)
class _Term:
    """One way to say a word of the query: its folded form and its rarest entry in the index."""

    text: str
    lead: str
    weight: float
    pattern: re.Pattern[str]


Scores = Mapping[int, float]
"""Documents by number, the best first where one index entry gives them."""


class SearchIndex:
    """Documents and their bigrams. Never changes once built, so threads may share it."""

    def __init__(self, docs: Sequence[SearchDoc], synonyms: Mapping[str, Iterable[str]]) -> None:
        self._docs = docs
        self._titles = [fold_words(doc.title) for doc in docs]
        self._bodies = [fold_words(doc.body) for doc in docs]
        mean = sum(map(len, self._bodies)) / len(docs) if docs else 0
        self._norms = [
            _SATURATION * (1 - _LENGTH + _LENGTH * len(body) / mean if mean else 1) for body in self._bodies
        ]
        self._postings: defaultdict[str, array[int]] = defaultdict(_no_postings)
        self._cache: dict[str, Scores] = {}
        self._synonyms = _groups(synonyms)
        for number, (title, body) in enumerate(zip(self._titles, self._bodies, strict=True)):
            self._add(number, Counter(_entries(title)), Counter(_entries(body)))
        for entry in heapq.nlargest(_SCORED_AT_ONCE, self._postings, key=self._count):
            self._scores(entry)

    @classmethod
    def build(
        cls, docs: Iterable[SearchDoc], synonyms: Mapping[str, Iterable[str]] | None = None
    ) -> SearchIndex:
        """Index ``docs``. ``synonyms`` gives other ways to say a word; they work in both directions."""
        return cls(tuple(docs), synonyms or {})

    def __len__(self) -> int:
        return len(self._docs)

    def search(
        self, query: str, limit: int = 20, *, accept: Callable[[SearchDoc], bool] | None = None
    ) -> list[Hit]:
        """The ``limit`` best documents, the best first; ``accept`` says which documents are asked for at all.

        A query without a letter, digit or Han character finds nothing.
        """
        words = _words(query)
        if not words or limit <= 0:
            return []
        terms = [self._terms(word) for word in words]
        bounds = _sum_in_all([self._bounds(word, ways) for word, ways in zip(words, terms, strict=True)])
        partial = False
        found = self._best(bounds, terms, limit, accept, needed=len(terms))
        if not found and len(terms) > 1:
            bounds = _sum([self._bounds(word, ways) for word, ways in zip(words, terms, strict=True)])
            found, partial = self._best(bounds, terms, limit, accept, needed=1), True
        if not found:
            terms = [[_Term(entry, entry, 1.0, _pattern(entry))] for entry in self._rarest(words)]
            bounds = _sum([self._scores(ways[0].lead) for ways in terms])
            needed = max(1, math.ceil(len(terms) * _PIECES_NEEDED))
            found, partial = self._best(bounds, terms, limit, accept, needed=needed), True
        patterns = [term.pattern for ways in terms for term in ways]
        return [self._hit(number, score, patterns, partial=partial) for score, number in found]

    def _add(self, number: int, title: Mapping[str, int], body: Counter[str]) -> None:
        """Note how often each entry stands in body and title, packed with the document's number."""
        postings, base = self._postings, number << _NUMBER
        for entry, count in body.items():
            if entry not in title:
                postings[entry].append(base | min(count, _MOST))
        for entry, count in title.items():
            postings[entry].append(base | min(count, _MOST) << _BITS | min(body[entry], _MOST))

    def _idf(self, entry: str) -> float:
        count = self._count(entry)
        return math.log(1 + (len(self._docs) - count + 0.5) / (count + 0.5))

    def _count(self, entry: str) -> int:
        postings = self._postings.get(entry)
        return len(postings) if postings is not None else 0

    def _score(self, number: int, idf: float, body: int, title: int) -> float:
        in_body = body * (_SATURATION + 1) / (body + self._norms[number])
        in_title = title * (_SATURATION + 1) / (title + _SATURATION)
        return idf * (in_body + _TITLE * in_title)

    def _scores(self, entry: str) -> Scores:
        """What an index entry gives each document that has it."""
        known = self._cache.get(entry)
        if known is not None:
            return known
        postings = self._postings.get(entry)
        if postings is None:
            return {}
        idf, norms = self._idf(entry), self._norms
        gain, title_gain = -idf * (_SATURATION + 1), -idf * (_SATURATION + 1) * _TITLE
        scored = [  # written out: this runs once for every document that has the entry
            (
                gain * (code & _MOST) / ((code & _MOST) + norms[code >> _NUMBER])
                + (title_gain * title / (title + _SATURATION) if (title := code >> _BITS & _MOST) else 0.0),
                code >> _NUMBER,
            )
            for code in postings
        ]
        return self._keep(entry, scored)

    def _scan(self, char: str) -> Scores:
        """One Han character has no bigram: look through everything, once."""
        known = self._cache.get(char)
        if known is not None:
            return known
        scored = [
            (-self._score(number, 1.0, body.count(char), title.count(char)), number)
            for number, (title, body) in enumerate(zip(self._titles, self._bodies, strict=True))
            if char in body or char in title
        ]
        return self._keep(char, scored)

    def _keep(self, entry: str, scored: list[tuple[float, int]]) -> Scores:
        """Sort pairs of negative score and number, and remember them."""
        scored.sort()
        scores = {number: -score for score, number in scored}
        if len(self._cache) >= _CACHED:
            self._cache.clear()
        self._cache[entry] = scores
        return scores

    def _rarest(self, words: Iterable[str]) -> list[str]:
        """The entries of a query that say most: those that occur at all, the rarest of them."""
        entries = dict.fromkeys(entry for word in words for entry in _entries(word))
        return sorted((entry for entry in entries if entry in self._postings), key=self._count)[:_PIECES]

    def _terms(self, word: str) -> list[_Term]:
        """The ways to say ``word``: itself, and its synonyms at a lower weight."""
        others = [other for other in self._synonyms.get(word, ()) if word not in other]
        return [
            _Term(text, min(_entries(text), key=self._count, default=""), weight, _pattern(text))
            for text, weight in ((word, 1.0), *((other, _SYNONYM) for other in others))
        ]

    def _bounds(self, word: str, ways: Sequence[_Term]) -> Scores:
        """For each document that may have the word, a score that it cannot pass."""
        if len(ways) == 1:
            return self._scores(ways[0].lead) if ways[0].lead else self._scan(word)
        bounds: dict[int, float] = {}
        for term in ways:
            for number, score in (self._scores(term.lead) if term.lead else self._scan(term.text)).items():
                bounds[number] = max(bounds.get(number, 0.0), score * term.weight)
        return bounds

    def _best(
        self,
        bounds: Scores,
        terms: Sequence[Sequence[_Term]],
        limit: int,
        accept: Callable[[SearchDoc], bool] | None,
        *,
        needed: int,
    ) -> list[tuple[float, int]]:
        """The best documents that really have ``needed`` of the words. Stops where no bound can beat what is found."""
        best: list[tuple[float, int]] = []
        for number, bound in _descending(bounds, 4 * limit + 50):
            if len(best) == limit and best[0][0] >= bound:
                break
            if accept is not None and not accept(self._docs[number]):
                continue
            given = [self._exact(number, ways) for ways in terms]
            if sum(score > 0 for score in given) >= needed:
                item = (sum(given), -number)
                if len(best) < limit:
                    heapq.heappush(best, item)
                else:
                    heapq.heappushpop(best, item)
        return sorted(((score, -place) for score, place in best), key=lambda item: (-item[0], item[1]))

    def _exact(self, number: int, ways: Sequence[_Term]) -> float:
        """The score of one word in one document: its best way of saying, counted where it really stands."""
        title, body = self._titles[number], self._bodies[number]
        best = 0.0
        for term in ways:
            if term.text not in body and term.text not in title:
                continue
            if term.text.isascii() or term.text[0].isascii() or term.text[-1].isascii():
                in_body, in_title = len(term.pattern.findall(body)), len(term.pattern.findall(title))
            else:
                in_body, in_title = body.count(term.text), title.count(term.text)
            if in_body or in_title:
                idf = self._idf(term.lead) if term.lead else 1.0
                best = max(best, term.weight * self._score(number, idf, in_body, in_title))
        return best

    def _hit(self, number: int, score: float, patterns: Sequence[re.Pattern[str]], *, partial: bool) -> Hit:
        doc = self._docs[number]
        return Hit(doc, score, spans(doc.title, patterns), excerpt(doc.body, patterns), partial)


def _no_postings() -> array[int]:
    return array("Q")


def _entries(folded: str) -> list[str]:
    """The index entries of a folded text: bigrams of Han, whole Latin words and numbers, and where two kinds meet.

    50万元 gives 50, 50万 and 万元: the number with its unit is rarer than either.
    """
    entries: list[str] = []
    before, end = "", -1
    for match in _RUN.finditer(folded):
        run = match[0]
        latin = run[0].isascii()
        if match.start() == end:
            entries.append((before if before[0].isascii() else before[-1]) + (run if latin else run[0]))
        if latin:
            entries.append(run)
        else:
            entries.extend([run[index : index + 2] for index in range(len(run) - 1)])
        before, end = run, match.end()
    return entries


def _descending(bounds: Scores, first: int) -> Iterator[tuple[int, float]]:
    """All bounds, the highest first; only the ``first`` ones are picked at once, since more are seldom asked for."""
    if len(bounds) <= first:
        yield from sorted(bounds.items(), key=lambda item: (-item[1], item[0]))
        return
    values = bounds.values()
    if all(map(ge, values, islice(values, 1, None))):
        yield from bounds.items()
        return
    yield from heapq.nlargest(first, bounds.items(), key=itemgetter(1))
    yield from islice(sorted(bounds.items(), key=itemgetter(1), reverse=True), first, None)


def _words(query: str) -> list[str]:
    """The folded words of a query, each once."""
    parts = (fold_words(part) for part in _BREAK.split(query[:MAX_QUERY]))
    return list(dict.fromkeys(word for part in parts for word in _WORD.findall(part)))[:MAX_WORDS]


def _pattern(text: str) -> re.Pattern[str]:
    """What finds ``text`` in a folded text: a number or Latin word at its end only where it ends there too."""
    before = after = ""
    if text[0].isdecimal():
        before = r"(?<!\d)(?<!\d\.)"
    elif text[0].isascii():
        before = r"(?<![a-z])"
    if text[-1].isdecimal():
        after = r"(?!\d)(?!\.\d)"
    elif text[-1].isascii():
        after = r"(?![a-z])"
    return re.compile(before + re.escape(text) + after)


def _groups(synonyms: Mapping[str, Iterable[str]]) -> Mapping[str, tuple[str, ...]]:
    """For each word, the other words of its group, folded."""
    groups: dict[str, set[str]] = {}
    for word, others in synonyms.items():
        folded = ("".join(_WORD.findall(fold_words(text))) for text in (word, *others))
        group = {text for text in folded if text}
        for text in tuple(group):
            group |= groups.get(text, set())
        for text in group:
            groups[text] = group
    return {word: tuple(sorted(group - {word})) for word, group in groups.items()}


def _sum(parts: Sequence[Scores]) -> Scores:
    total: dict[int, float] = {}
    for part in parts:
        for number, score in part.items():
            total[number] = total.get(number, 0.0) + score
    return total


def _sum_in_all(parts: Sequence[Scores]) -> Scores:
    """The sum for the documents that stand in every part."""
    first, *rest = sorted(parts, key=len)
    for part in rest:
        first = {number: score + part[number] for number, score in first.items() if number in part}
    return first
