"""The text of each policy as pages show it: the official clauses that an operator attached, or the pack's outline.

Kept per process until the pack or its attached text changes; a request costs one look at one file's date.
"""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType

from django.conf import settings
from django.utils import timezone

from tidu.core.outline import anchor, label, outline
from tidu.policy.documents.pack import Pack
from tidu.policy.errors import InputError
from tidu.policy.official_text.clauses import Clause, ClauseSet, HeadingPath, citation_key, path_key
from tidu.policy.official_text.texts import TextStore

_KEPT = 64  # policies with their texts; an old version goes when a new one comes
_log = logging.getLogger(__name__)

Stamp = tuple[int, int, int] | None


@dataclass(frozen=True, slots=True)
class Section:
    """One clause, or a heading above clauses.

    ``official`` holds the paragraphs of the official text, nothing where it is not attached; ``heading`` says that they
    are only a heading. ``lost``: the pack cites it and the attached text does not have it. ``responsible`` are the
    departments that the text names in a closing bracket, ``title`` the words of its heading; ``run_in`` where they
    begin the first paragraph.
    """

    path: HeadingPath
    official: tuple[str, ...] = ()
    heading: bool = False
    lost: bool = False
    responsible: str = ""
    title: str = ""
    run_in: bool = False

    @property
    def citation(self) -> str:
        """The path as citations write it: 三/（一）/2."""
        return "/".join(self.path)

    @property
    def label(self) -> str:
        """The path as people write it: 三（一）2."""
        return label(self.path)

    @property
    def anchor(self) -> str:
        """Its id on the policy's page."""
        return anchor(self.path)


@dataclass(frozen=True, eq=False)
class PolicyText:
    """All sections of one policy in order. Read once: the same text is the same object.

    ``found`` and ``lost`` are the pack's citations looked up in the attached text; both empty without one. ``damaged``:
    a text is kept but cannot be read.
    """

    sections: tuple[Section, ...]
    by_key: Mapping[HeadingPath, int]
    attached: bool = False
    damaged: bool = False
    found: tuple[str, ...] = ()
    lost: tuple[str, ...] = ()
    attached_on: dt.date | None = None

    def find(self, citation: str) -> Section | None:
        """The section of a citation in any way of writing it; an article is found without its chapter."""
        index = self.by_key.get(citation_key(citation))
        return None if index is None else self.sections[index]

    def below(self, section: Section) -> tuple[Section, ...]:
        """The sections under ``section``, at every depth, in order."""
        depth = len(section.path)
        return tuple(
            other for other in self.sections if len(other.path) > depth and other.path[:depth] == section.path
        )

    def beside(self, section: Section) -> tuple[Section | None, Section | None]:
        """The sections before and after ``section``; mere headings are passed over."""
        own = self.sections.index(section)
        shown = [(place, other) for place, other in enumerate(self.sections) if not other.heading]
        before = [other for place, other in shown if place < own]
        after = [
            other for place, other in shown if place > own and other.path[: len(section.path)] != section.path
        ]
        return (before[-1] if before else None), (after[0] if after else None)


def store() -> TextStore:
    """Where attached texts are kept."""
    return TextStore(settings.DATA / "texts")


def policy_text(pack: Pack) -> PolicyText:
    """The text of a pack as it is now."""
    return _read(pack, text_stamp(pack.id))


def text_stamp(pack_id: str) -> Stamp:
    """What changes whenever a text is attached anew; None without one."""
    try:
        status = (store().folder(pack_id) / "clauses.json").stat()
    except OSError:
        return None
    return status.st_mtime_ns, status.st_size, status.st_ino


@lru_cache(maxsize=_KEPT)
def _read(pack: Pack, stamp: Stamp) -> PolicyText:
    damaged = False
    if stamp is not None:
        try:
            clauses = store().load(pack.id)
            report = store().attached(pack.id) or {}
        except InputError:
            _log.exception("the attached text of %s cannot be read", pack.id)
            clauses, report, damaged = None, {}, True
        if clauses is not None:
            return _with_text(pack, clauses, report.get("attached_at"))
    cited = {citation_key(citation) for citation in pack.citations()}
    sections = tuple(
        Section(path, heading=citation_key("/".join(path)) not in cited) for path in outline(pack)
    )
    return PolicyText(sections, _index(sections), damaged=damaged)


def _with_text(pack: Pack, clauses: ClauseSet, attached_at: object) -> PolicyText:
    """The official clauses in their order, with what the pack cites in vain behind them."""
    parents = {clause.path[:-1] for clause in clauses}
    sections = [_section(clause, has_parts=clause.path in parents) for clause in clauses]
    citations = pack.citations()
    found = tuple(citation for citation in citations if clauses.find(citation) is not None)
    lost = tuple(citation for citation in citations if clauses.find(citation) is None)
    missing = {citation_key(citation) for citation in lost}
    sections += [Section(path, lost=True) for path in outline(pack) if path_key(path) in missing]
    index = _index(sections)
    for citation in found:  # written otherwise than the text has it: an article without its chapter
        place = clauses.find(citation)
        if place is not None:
            index.setdefault(citation_key(citation), place.order)
    return PolicyText(
        tuple(sections),
        MappingProxyType(index),
        attached=True,
        found=found,
        lost=lost,
        attached_on=_day(attached_at),
    )


def _section(clause: Clause, *, has_parts: bool) -> Section:
    """A clause as printed, without the number and title that stand above it as its heading on the page."""
    bare = has_parts and not clause.text.strip()
    titled = clause.heading not in {"", clause.path[-1]}
    return Section(
        clause.path,
        _paragraphs(clause.verbatim if titled and (bare or clause.run_in) else clause.text),
        heading=bare,
        responsible=clause.responsible or "",
        title=clause.heading if titled else "",
        run_in=clause.run_in,
    )


def _paragraphs(text: str) -> tuple[str, ...]:
    return tuple(line.strip() for line in text.splitlines() if line.strip())


def _index(sections: Iterable[Section]) -> dict[HeadingPath, int]:
    index: dict[HeadingPath, int] = {}
    for place, section in enumerate(sections):
        index.setdefault(citation_key(section.citation) or path_key(section.path), place)
    return index


def _day(written: object) -> dt.date | None:
    try:
        return timezone.localdate(dt.datetime.fromisoformat(str(written))) if written else None
    except ValueError:
        return None
