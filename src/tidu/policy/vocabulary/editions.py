"""Where reference tables lie and which edition each of them is.

The packaged vocabulary folder comes first; a folder ``vocabulary`` inside each folder of ``TIDU_PACKS`` can add to it.
"""

from __future__ import annotations

import csv
import datetime as dt
import functools
import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from pydantic import BaseModel, ConfigDict, model_validator

from tidu.policy.errors import InputError, Problem
from tidu.policy.vocabulary.validation import validate
from tidu.policy.vocabulary.yaml_source import read_yaml

PACKAGED = Path(__file__).parents[2] / "packs" / "vocabulary"


class Edition(BaseModel):
    """One edition of a reference table. ``valid_until`` is the last day, ``None`` while it has no successor."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    title: str
    document_no: str
    valid_from: dt.date | None = None
    valid_until: dt.date | None = None
    source: str

    def in_force(self, on: dt.date) -> bool:
        """Whether the edition applies on the day; an end that is not recorded does not limit it."""
        return (self.valid_from or dt.date.min) <= on <= (self.valid_until or dt.date.max)

    @model_validator(mode="after")
    def _in_order(self) -> Edition:
        if self.valid_from and self.valid_until and self.valid_from > self.valid_until:
            raise ValueError("valid_from 不能晚于 valid_until")
        return self


class _EditionFile(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    editions: Mapping[str, Edition]


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a CSV table: its 1-based line number and its cells, stripped, by column."""

    file: str
    line: int
    cells: Mapping[str, str]

    def problem(self, column: str, message: str, remedy: str | None = None) -> Problem:
        """A problem placed at one cell."""
        return Problem(message, self.file, self.line, column, remedy)


def vocabulary_folders() -> tuple[Path, ...]:
    """The packaged vocabulary folder, then ``vocabulary`` in each folder that ``TIDU_PACKS`` names."""
    return _folders(os.environ.get("TIDU_PACKS", ""))


@functools.lru_cache(maxsize=8)
def _folders(setting: str) -> tuple[Path, ...]:
    named = (Path(entry).resolve() / "vocabulary" for entry in setting.split(os.pathsep) if entry)
    return (PACKAGED, *(folder for folder in named if folder.is_dir()))


@functools.lru_cache(maxsize=16)
def load_editions(folders: tuple[Path, ...]) -> Mapping[str, Edition]:
    """Every edition that the folders' ``editions.yaml`` describe, by id. Raises :class:`InputError`."""
    found: dict[str, Edition] = {}
    for folder in folders:
        path = folder / "editions.yaml"
        if path.is_file():
            document = read_yaml(path, name=shown(path))
            found |= validate(_EditionFile, document).editions
    return MappingProxyType(found)


def edition(name: str, folders: tuple[Path, ...], asked_by: Path) -> Edition:
    """The edition called ``name``. Raises :class:`InputError` naming the file that asked for it."""
    found = load_editions(folders).get(name)
    if found is None:
        raise InputError(
            Problem(f"没有版本说明“{name}”", shown(asked_by), remedy="在 editions.yaml 里补上这个版本")
        )
    return found


def read_table(path: Path, required: Iterable[str], optional: Iterable[str] = ()) -> list[Row]:
    """The rows of a UTF-8 CSV file with a header line. Raises :class:`InputError` for columns it does not know."""
    try:
        content = path.read_bytes()
    except OSError as error:
        raise InputError(Problem("文件读不到", shown(path), remedy="检查路径和读取权限")) from error
    return parse_table(content, shown(path), required, optional)


def parse_table(
    content: bytes, name: str, required: Iterable[str], optional: Iterable[str] = ()
) -> list[Row]:
    """As :func:`read_table`, from the bytes of a file that problems call ``name``."""
    required, optional = tuple(required), tuple(optional)
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InputError(Problem("文件不是 UTF-8 编码", name, remedy="另存为“CSV UTF-8”后重试")) from error
    reader = csv.reader(text.splitlines())
    header = [cell.strip() for cell in next(reader, [])]
    problems = [
        Problem(f"缺少“{column}”列", name, 1, remedy="补上这一列")
        for column in required
        if column not in header
    ]
    problems += [
        Problem(f"不认识“{column}”列", name, 1, remedy=f"可用的列：{'、'.join((*required, *optional))}")
        for column in header
        if column not in required and column not in optional
    ]
    if problems:
        raise InputError(*problems)
    rows = []
    for cells in reader:
        if not any(cell.strip() for cell in cells):
            continue
        if len(cells) != len(header):
            raise InputError(
                Problem(
                    f"应有 {len(header)} 列，实有 {len(cells)} 列",
                    name,
                    reader.line_num,
                    remedy="补齐或删去逗号",
                )
            )
        by_column = dict.fromkeys(optional, "") | dict(
            zip(header, (cell.strip() for cell in cells), strict=True)
        )
        rows.append(Row(name, reader.line_num, by_column))
    return rows


def shown(path: Path) -> str:
    """A file as errors name it: the vocabulary folder and what lies inside."""
    parts = path.parts
    return "/".join(parts[parts.index("vocabulary") :]) if "vocabulary" in parts else str(path)
