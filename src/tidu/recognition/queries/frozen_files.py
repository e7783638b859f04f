"""The papers of a submission as they were frozen: found by their SHA-256, whatever the enterprise has listed since."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from django.core.cache import cache

from tidu.core.files.previewing import page_count
from tidu.core.models import StoredFile
from tidu.recognition.models import Application
from tidu.recognition.queries.submissions import SubmittedContent
from tidu.registry.models import Evidence

_REMEMBERED: Final = 24 * 60 * 60


@dataclass(frozen=True, slots=True)
class FrozenFile:
    """One paper, ``number`` from 1 in the order of the submission. ``criteria`` are those that it stands under."""

    number: int
    label: str
    name: str
    sha256: str
    size: int
    criteria: tuple[str, ...]


def frozen_files(content: SubmittedContent) -> tuple[FrozenFile, ...]:
    """Every paper of a submission once, though it stands under several criteria."""
    first = {item.sha256: item for item in reversed(content.evidence)}
    order = dict.fromkeys(item.sha256 for item in content.evidence)
    return tuple(
        FrozenFile(
            number,
            first[sha256].label,
            first[sha256].name,
            sha256,
            first[sha256].size,
            tuple(dict.fromkeys(item.criterion for item in content.evidence if item.sha256 == sha256)),
        )
        for number, sha256 in enumerate(order, 1)
    )


def files_by_criterion(
    files: Iterable[FrozenFile], content: SubmittedContent
) -> list[tuple[str, list[FrozenFile]]]:
    """The papers under the condition that each of them stands under first; what is for the whole comes last."""
    places = {item.id: place for place, item in enumerate(content.criteria)}
    labels = {item.id: item.label for item in content.criteria}
    above = {item.id: item.parent or item.id for item in content.criteria}
    groups: dict[str, list[FrozenFile]] = {}
    for file in files:
        known = sorted((above[name] for name in file.criteria if name in above), key=places.__getitem__)
        groups.setdefault(next(iter(known), ""), []).append(file)
    in_order = sorted(groups, key=lambda name: places.get(name, len(places)))
    return [(labels.get(name, "整份材料"), groups[name]) for name in in_order]


def file_numbered(files: Iterable[FrozenFile], number: int) -> FrozenFile | None:
    """The paper of a number."""
    return next((item for item in files if item.number == number), None)


def stored_file(application: Application, file: FrozenFile) -> StoredFile | None:
    """The bytes of a paper: of the application's own enterprise, with exactly the digest that was frozen."""
    found = (
        Evidence.objects.filter(enterprise_id=application.enterprise_id, file__sha256=file.sha256)
        .select_related("file")
        .order_by("pk")
        .first()
    )
    return None if found is None else found.file


def pages_of(stored: StoredFile) -> int:
    """How many pages a paper has. Counted once: what has a digest does not change.

    Raises :class:`tidu.core.files.previewing.Unshowable`.
    """
    key = f"pages:{stored.sha256}"
    known: int | None = cache.get(key)
    if known is None:
        known = page_count(stored)
        cache.set(key, known, _REMEMBERED)
    return known
