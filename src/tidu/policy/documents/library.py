"""All packs at hand: those shipped, and those of other places in folders named by ``TIDU_PACKS``."""

from __future__ import annotations

import dataclasses
import datetime as dt
import os
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import Final, NamedTuple

from tidu.policy.documents.pack import PACK_FILE, Force, Pack, load_pack
from tidu.policy.documents.recognition_document import RecognitionDocument
from tidu.policy.errors import InputError, Problem
from tidu.policy.language.scope import did_you_mean
from tidu.policy.vocabulary.editions import vocabulary_folders
from tidu.policy.vocabulary.validation import closest
from tidu.policy.vocabulary.vocabulary import Vocabulary, load_vocabulary

PACKAGED: Final = Path(__file__).parents[2] / "packs"
ENVIRONMENT: Final = "TIDU_PACKS"
NATION: Final = "000000"


class Offer(NamedTuple):
    """A tier as one pack offers it."""

    pack: Pack
    recognition: RecognitionDocument

    @property
    def tier(self) -> str:
        """The tier's id."""
        return self.recognition.tier


class Library:
    """Loaded packs by id, in the order of their ids."""

    def __init__(self, packs: Iterable[Pack], vocabulary: Vocabulary) -> None:
        by_id: dict[str, Pack] = {}
        for pack in packs:
            if pack.id in by_id:
                places = f"{by_id[pack.id].folder} 与 {pack.folder}"
                raise InputError(Problem(f"政策包 {pack.id} 有两份：{places}", remedy="改其中一份的 id"))
            by_id[pack.id] = pack
        self.packs: Mapping[str, Pack] = MappingProxyType(dict(sorted(by_id.items())))
        self.vocabulary = vocabulary

    def __iter__(self) -> Iterator[Pack]:
        return iter(self.packs.values())

    def __len__(self) -> int:
        return len(self.packs)

    def get(self, pack_id: str) -> Pack:
        """The pack of that id. Raises :class:`InputError` with the nearest id."""
        found = self.packs.get(pack_id)
        if found is None:
            remedy = did_you_mean(closest(pack_id, self.packs)) or "用 tidu packs list 查看全部政策包"
            raise InputError(Problem(f"没有名为“{pack_id}”的政策包", remedy=remedy))
        return found

    def in_view(self, pack: Pack | None = None) -> Vocabulary:
        """The vocabulary joined by what every pack declares of its own, so that one set of facts serves all packs.

        Where two packs use one name, that of ``pack`` counts.
        """
        indicators, events = dict(self.vocabulary.indicators), dict(self.vocabulary.events)
        for other in [*self, *([] if pack is None else [pack])]:
            indicators.update(other.document.indicators)
            events.update(other.document.events)
        return dataclasses.replace(
            self.vocabulary, indicators=MappingProxyType(indicators), events=MappingProxyType(events)
        )

    def of_place(self, area: str) -> tuple[Pack, ...]:
        """The packs that bind an enterprise in ``area``: its own city's, its region's and the nation's."""
        return tuple(pack for pack in self if binds(pack.document.jurisdiction, area))

    def offers(self, area: str | None, on: dt.date, *, in_force_only: bool = True) -> tuple[Offer, ...]:
        """Every tier that some pack offers to an enterprise in ``area`` on a day, from the lowest rung to the highest.

        A tier that a later pack in force replaces is left out. Without ``area`` all places' packs count.
        """
        replaced = set(self._replaced(on))
        found = [
            Offer(pack, recognition)
            for pack in (self if area is None else self.of_place(area))
            for recognition in pack.document.recognition
            if (pack.id, recognition.tier) not in replaced
            and (not in_force_only or pack.force(on, recognition.tier) is Force.IN_FORCE)
        ]
        return tuple(sorted(found, key=lambda offer: (self.vocabulary.tiers[offer.tier].rank, offer.pack.id)))

    def _replaced(self, on: dt.date) -> Iterator[tuple[str, str]]:
        for pack in self:
            for replacement in pack.document.replaces:
                former = self.packs.get(replacement.pack)
                if former is not None and replacement.since <= on and pack.force(on) is Force.IN_FORCE:
                    yield from ((former.id, tier) for tier in replacement.tiers or former.tiers)


def binds(jurisdiction: str, area: str) -> bool:
    """Whether a document of ``jurisdiction`` binds an enterprise in ``area``, by the digits of the two codes."""
    if jurisdiction == NATION:
        return True
    if jurisdiction.endswith("0000"):
        return area[:2] == jurisdiction[:2]
    if jurisdiction.endswith("00"):
        return area[:4] == jurisdiction[:4]
    return area == jurisdiction


def load_library(*extra: Path) -> Library:
    """The shipped packs and those of ``extra`` folders; kept until a pack file changes. Raises :class:`InputError`."""
    folders = (PACKAGED, *extra, *_from_environment())
    files = tuple(sorted(path for folder in folders for path in folder.glob(f"*/{PACK_FILE}")))
    return _load(tuple((path, path.stat().st_mtime_ns) for path in files))


@lru_cache(maxsize=4)
def _load(files: tuple[tuple[Path, int], ...]) -> Library:
    packaged, *others = vocabulary_folders()
    vocabulary = load_vocabulary(packaged, *others)
    packs: list[Pack] = []
    problems: list[Problem] = []
    for path, _changed in files:
        try:
            packs.append(load_pack(path.parent, vocabulary))
        except InputError as error:
            problems.extend(error.problems)
    if problems:
        raise InputError(*problems)
    return Library(packs, vocabulary)


def _from_environment() -> list[Path]:
    folders = [Path(part) for part in os.environ.get(ENVIRONMENT, "").split(os.pathsep) if part]
    problems = [problem for folder in folders if (problem := _unusable(folder)) is not None]
    if problems:
        raise InputError(*problems)
    return folders


def _unusable(folder: Path) -> Problem | None:
    """A folder that is not there, or a pack itself, would otherwise be passed over in silence."""
    if not folder.is_dir():
        return Problem(
            f"{ENVIRONMENT} 里的文件夹不存在", str(folder), remedy="检查路径，多个文件夹用冒号隔开"
        )
    if (folder / PACK_FILE).exists():
        return Problem(
            f"{ENVIRONMENT} 应写政策包的上一级文件夹", str(folder), remedy=f"改为 {folder.resolve().parent}"
        )
    return None
