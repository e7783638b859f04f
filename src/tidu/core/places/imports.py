"""Bring the divisions of another province in, from a list that somebody sends."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from django.db import transaction

from tidu.core.actor import Actor
from tidu.core.audit.recording import record
from tidu.core.models import Jurisdiction
from tidu.core.places.seeding import Difference, compare, seed
from tidu.policy.errors import InputError, Problem
from tidu.policy.vocabulary.divisions_import import Divisions, read_divisions
from tidu.policy.vocabulary.editions import vocabulary_folders
from tidu.policy.vocabulary.places import imported_places, load_places, look_again

_LONGEST_SOURCE = 200


@dataclass(frozen=True, slots=True)
class Preview:
    """What an import would do. ``name`` is the province's."""

    divisions: Divisions
    name: str
    source: str
    difference: Difference


def preview(*, content: bytes, file_name: str, source: str) -> Preview:
    """Understand a list and say what it would change. Raises :class:`InputError` with every row at fault."""
    note = source.strip()
    if not note:
        raise InputError(
            Problem(
                "缺少来源", key="source", remedy="写明代码由谁公布、是哪一年的，例如 2023 年统计用区划代码"
            )
        )
    if len(note) > _LONGEST_SOURCE:
        raise InputError(Problem(f"来源超过 {_LONGEST_SOURCE} 个字", key="source", remedy="写得短一些"))
    divisions = read_divisions(content, file_name)
    shipped = load_places(vocabulary_folders())
    if divisions.province in shipped.by_code:
        name = shipped.by_code[divisions.province].name
        raise InputError(
            Problem(
                f"{name}的区划随系统提供，不能用导入替换",
                file_name,
                remedy="其中的错误请告诉系统的提供方；其他省的区划可以导入",
            )
        )
    prefix = divisions.province[:2]
    rows = Jurisdiction.objects.filter(code__startswith=prefix)
    return Preview(
        divisions,
        divisions.names[divisions.province],
        note,
        compare(divisions.places(note), rows),
    )


@transaction.atomic
def import_divisions(*, actor: Actor, content: bytes, file_name: str, source: str) -> Preview:
    """Put the divisions of a province into the vocabulary of this deployment and into the table, or replace them.

    Raises :class:`InputError`, and then nothing has changed. Sending the same list again changes nothing. Recorded as
    ``core.places.imported``.
    """
    found = preview(content=content, file_name=file_name, source=source)
    target = imported_places() / found.divisions.file_name
    table = found.divisions.table(found.source)
    before = target.read_text(encoding="utf-8") if target.is_file() else None
    try:
        _replace(target, table)
        seed(load_places())
        record(
            actor=actor,
            action="core.places.imported",
            subject=Jurisdiction(code=found.divisions.province, name=found.name),
            place=found.divisions.province,
            before=before,
            after=table,
            detail={
                "source": found.source,
                "places": len(found.divisions.names),
                "new": len(found.difference.new),
                "changed": len(found.difference.changed),
            },
        )
    except BaseException:
        _replace(target, before)
        raise
    return found


def _replace(target: Path, text: str | None) -> None:
    """Make ``text`` the content of ``target``, whole or not at all; ``None`` removes it."""
    try:
        if text is None:
            target.unlink(missing_ok=True)
        else:
            target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            draft = target.with_name(f".{target.name}.{os.getpid()}")
            draft.write_text(text, encoding="utf-8")
            draft.replace(target)
    except OSError as error:
        raise InputError(
            Problem("数据目录不能写入", remedy="请检查 TIDU_DATA 的权限和磁盘空间，再导入一次")
        ) from error
    look_again()
