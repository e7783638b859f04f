"""``tidu packs check``: is a pack well formed, and if not, where and what to do."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from tidu.cli import options
from tidu.cli.failures import write_json
from tidu.cli.packs.listing import counts
from tidu.cli.screen import Paragraph, screen, verdict
from tidu.cli.usage import Command
from tidu.policy.assess.cases import CaseFile
from tidu.policy.documents.pack import CASES_FILE, PACK_FILE, Pack, load_pack
from tidu.policy.errors import InputError, Problem
from tidu.policy.vocabulary.validation import validate
from tidu.policy.vocabulary.yaml_source import read_yaml


@click.command(
    "check",
    cls=Command,
    help="检查文件夹里的政策包：pack.yaml 的格式、规则的类型和单位、引用的名称，以及 cases.yaml 的格式。\n\n"
    "文件夹可以是一个政策包，也可以是存放多个政策包的上一级文件夹。用例的结果由 tidu packs test 检查。",
)
@click.argument("folder", metavar="DIR", type=options.FILE, help="政策包所在的文件夹")
@options.json_option
def check(*, folder: Path, as_json: bool) -> None:
    """Run ``tidu packs check``. Raises :class:`InputError` with the problems of all packs together."""
    problems: list[Problem] = []
    found: list[tuple[Pack, int | None]] = []
    for each in _pack_folders(folder):
        cases: int | None = None
        for part in (CASES_FILE, PACK_FILE):
            try:
                if part == CASES_FILE:
                    cases = _check_cases(each)
                else:
                    found.append((load_pack(each), cases))
            except InputError as error:
                problems.extend(error.problems)
    if problems:
        raise InputError(*problems)
    if as_json:
        write_json({"packs": [_json(pack, cases) for pack, cases in found]})
        return
    to = screen()
    for pack, cases in found:
        to.print(verdict(True, f"{pack.id} 格式正确"))
        to.print(Paragraph(f"  {pack.document.title}：{_contents(pack, cases)}"))
        if cases is None:
            to.print(
                Paragraph(
                    f"  旁边还没有 {CASES_FILE}：为每条规则写出两侧的例子，再用 tidu packs test 运行",
                    "yellow",
                )
            )


def _pack_folders(folder: Path) -> list[Path]:
    """The folder itself, or the packs inside it."""
    if folder.name == PACK_FILE and folder.is_file():
        return [folder.parent.resolve()]
    if not folder.is_dir():
        what = "这是一个文件，不是文件夹" if folder.exists() else "没有这个文件夹"
        raise InputError(Problem(what, str(folder), remedy=f"给出存放 {PACK_FILE} 的文件夹"))
    resolved = folder.resolve()  # so that "." has a name to call the file by
    if (resolved / PACK_FILE).exists():
        return [resolved]
    inside = sorted(path.parent for path in resolved.glob(f"*/{PACK_FILE}"))
    if not inside:
        raise InputError(
            Problem(f"文件夹里没有 {PACK_FILE}", str(folder), remedy=f"给出存放 {PACK_FILE} 的文件夹")
        )
    return inside


def _check_cases(folder: Path) -> int | None:
    file = folder / CASES_FILE
    if not file.exists():
        return None
    return len(validate(CaseFile, read_yaml(file, name=f"{folder.name}/{CASES_FILE}")).cases)


def _contents(pack: Pack, cases: int | None) -> str:
    numbers = counts(pack)
    parts = [f"{numbers['criteria']} 项条件", f"{numbers['benefits']} 项奖励", f"{numbers['duties']} 项职责"]
    return "、".join([*parts, f"{cases or 0} 个用例"])


def _json(pack: Pack, cases: int | None) -> dict[str, Any]:
    return {
        "id": pack.id,
        "title": pack.document.title,
        "folder": str(pack.folder),
        "digest": pack.digest,
        "counts": counts(pack),
        "cases": cases,
    }
