"""Checking an export of the record. Needs the file and its manifest, no database, and nothing of the site."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from cryptography.hazmat.primitives.hashes import SM3, Hash

from tidu.core.audit.chain import FIRST, Fault, Walk

FORMAT: Final = "tidu-audit-1"
_NUMBERS: Final = ("first", "last", "count", "bytes", "head_number")
_WORDS: Final = ("previous", "last_hash", "sm3", "head_hash", "exported_at")
_LONGEST: Final = 64 * 1024
_LARGEST_MANIFEST: Final = 64 * 1024
_EVERY: Final = 1_000


class NotAnExport(ValueError):  # noqa: N818 - what the file turned out to be
    """The manifest is not one of ours. The text says so in Chinese."""


@dataclass(frozen=True, slots=True)
class ExportCheck:
    """What was found: how many events are proved, the last one's number and hash, and the first fault."""

    count: int
    number: int
    hash: str
    fault: Fault | None


def manifest_of(file: Path) -> Path:
    """Where the manifest of an export lies."""
    return file.with_name(f"{file.name}.manifest.json")


def read_manifest(file: Path) -> dict[str, Any]:
    """The manifest as data. Raises :class:`NotAnExport`."""
    with file.open("rb") as handle:
        content = handle.read(_LARGEST_MANIFEST)
    try:
        data = json.loads(content)
    except ValueError:
        raise NotAnExport("清单不是 JSON 文件") from None
    if not isinstance(data, dict) or data.get("format") != FORMAT:
        raise NotAnExport(f"清单的格式不是 {FORMAT}")
    whole = all(type(data.get(name)) is int for name in _NUMBERS)
    if not whole or not all(isinstance(data.get(name), str) for name in _WORDS):
        raise NotAnExport("清单缺少内容")
    return data


def check_export(
    file: Path,
    manifest: dict[str, Any],
    *,
    against: tuple[int, str] | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> ExportCheck:
    """Follow the chain through ``file`` and compare it with its manifest, a line at a time.

    ``against`` is the number and hash of one of its events as somebody has kept them elsewhere.
    """
    total = Hash(SM3())
    walk = Walk(manifest["first"] - 1, manifest["previous"] if manifest["first"] > 1 else FIRST)
    count, size = 0, 0
    seen = ""
    with file.open("rb") as handle:
        while line := handle.readline(_LONGEST):
            event = _event(line)
            if event is None:
                fault: Fault | None = Fault(
                    walk.number + 1, "unreadable", f"第 {count + 1} 行不是一条操作记录。"
                )
            else:
                fault = walk.step(event)
            if fault is not None:
                return ExportCheck(count, walk.number, walk.hash, fault)
            if against is not None and walk.number == against[0]:
                seen = walk.hash
            count, size = count + 1, size + len(line)
            total.update(line)
            if progress is not None and count % _EVERY == 0:
                progress(count, manifest["count"])
    fault = _against(manifest, walk, count, size, total.finalize().hex())
    if fault is None and against is not None and seen != against[1]:
        there = "的摘要与另行保存的不同" if seen else "不在文件里"
        fault = Fault(against[0], "rewritten", f"第 {against[0]} 条操作记录{there}。")
    return ExportCheck(count, walk.number, walk.hash, fault)


def _event(line: bytes) -> dict[str, Any] | None:
    try:
        event = json.loads(line)
    except (ValueError, RecursionError):
        return None
    if not isinstance(event, dict) or not {"number", "previous", "hash"} <= event.keys():
        return None
    return event


def _against(manifest: dict[str, Any], walk: Walk, count: int, size: int, sm3: str) -> Fault | None:
    if count < manifest["count"]:
        return Fault(
            walk.number + 1,
            "cut",
            f"文件末尾被截去：清单所记为 {manifest['count']} 条，文件中有 {count} 条。",
        )
    found = (count, size, sm3, walk.number)
    told = tuple(manifest[name] for name in ("count", "bytes", "sm3", "last"))
    if found != told or (count and walk.hash != manifest["last_hash"]):
        return Fault(walk.number, "manifest", "文件与清单不符：条数、大小、末条或 SM3 不同。")
    return None
