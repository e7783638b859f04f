"""Removing what interrupted uploads leave behind, and noticing files that are gone."""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Final

from django.conf import settings
from django.core.cache import cache
from django.core.files.storage import default_storage
from django.utils import timezone

from tidu.core.models import StoredFile
from tidu.core.ticks import tick

#: A younger file may belong to an upload that is still under way.
SETTLED: Final = dt.timedelta(days=1)
_BATCH: Final = 400
_SWEPT: Final = "core.files.swept"
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Swept:
    """What a sweep did: files removed that nothing refers to, and rows whose file is gone."""

    removed: int
    missing: tuple[str, ...]


def sweep_files(*, now: dt.datetime | None = None) -> Swept:
    """Remove files and remainders older than a day that no row refers to; report rows without their file."""
    before = (now or timezone.now()) - SETTLED
    removed = _remove_leftovers(before)
    seen: set[str] = set()
    every = _locations()
    while locations := tuple(islice(every, _BATCH)):
        known = set(StoredFile.objects.filter(location__in=locations).values_list("location", flat=True))
        seen |= known
        for location in set(locations) - known:
            if default_storage.get_modified_time(location) < before:
                default_storage.delete(location)
                removed += 1
    missing = tuple(
        str(pk)
        for pk, location in StoredFile.objects.values_list("pk", "location").iterator()
        if location not in seen and not default_storage.exists(location)
    )
    if missing:
        _log.error("%d stored files are missing from storage: %s", len(missing), ", ".join(missing[:20]))
    return Swept(removed, missing)


def _locations() -> Iterator[str]:
    try:
        folders, _ = default_storage.listdir("")
    except FileNotFoundError:
        return
    for folder in folders:
        for name in default_storage.listdir(folder)[1]:
            yield f"{folder}/{name}"


def _remove_leftovers(before: dt.datetime) -> int:
    """Remove what requests that never ended left in the folder of incoming files."""
    removed = 0
    for path in Path(settings.FILE_UPLOAD_TEMP_DIR).glob("*.upload*"):
        if dt.datetime.fromtimestamp(path.stat().st_mtime, tz=dt.UTC) < before:
            path.unlink(missing_ok=True)
            removed += 1
    return removed


@tick("core.files.sweep")
def sweep_daily() -> str:
    """Sweep once a day, however often the tick comes."""
    if not cache.add(_SWEPT, 1, int(SETTLED.total_seconds())):
        return ""
    swept = sweep_files()
    parts = [f"清理无主文件 {swept.removed} 个"] if swept.removed else []
    parts += [f"{len(swept.missing)} 个文件不在存储里"] if swept.missing else []
    return "，".join(parts)
