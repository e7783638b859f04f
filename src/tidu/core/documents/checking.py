"""Looking after templates: taking ours out to begin from, and trying every one in use before it is needed."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Final

from django.utils import timezone

from tidu.core.documents.kinds import KINDS
from tidu.core.documents.sheets import SHEET_KINDS
from tidu.core.documents.template_files import OURS, TemplateBroken, own_template
from tidu.core.documents.typesets import set_letter, set_sheet
from tidu.core.documents.word_files import NAME, blank_letter, word_letter
from tidu.core.styleguide_documents import sample_letter, sample_sheet

#: The parts of a document with the names of their typefaces.
FACE_LABELS: Final = {
    "body": "正文（仿宋）",
    "title": "版头和标题（小标宋）",
    "hei": "一级标题（黑体）",
    "kai": "二级标题（楷体）",
    "song": "页码和表单（宋体）",
}


@dataclass(frozen=True, slots=True)
class Tried:
    """One template that was tried with invented words: whether it is the city's own, and what is wrong with it."""

    name: str
    label: str
    own: bool
    fault: str = ""


def export_templates(folder: Path) -> tuple[str, ...]:
    """Copy every template into ``folder``; the names. Raises :class:`FileExistsError` rather than replace a file."""
    folder.mkdir(parents=True, exist_ok=True)
    sources = sorted(path for path in OURS.iterdir() if path.is_file())
    names = [*(path.name for path in sources), NAME]
    for name in names:
        if (folder / name).exists():
            raise FileExistsError(name)
    for path in sources:
        shutil.copyfile(path, folder / path.name)
    (folder / NAME).write_bytes(blank_letter())
    return tuple(names)


def try_templates() -> tuple[Tried, ...]:
    """Every template in use, tried."""
    tried = []
    for kind in KINDS.values():
        letter = sample_letter("call")
        letter.kind = kind.name
        tried.append(_tried(f"{kind.name}.typ", kind.label, partial(set_letter, letter)))
        if own_template(f"{kind.name}.docx"):
            tried.append(_tried(f"{kind.name}.docx", kind.label, partial(word_letter, letter)))
    tried.append(_tried(NAME, "Word 公文", partial(word_letter, sample_letter("call"))))
    for name, label in SHEET_KINDS.items():
        words = sample_sheet(name).as_words()
        make = partial(set_sheet, kind=name, words=words, made_at=timezone.now())
        tried.append(_tried(f"{name}.typ", label, make))
    return tuple(tried)


def _tried(name: str, label: str, make: Callable[[], bytes]) -> Tried:
    try:
        make()
    except TemplateBroken as broken:
        return Tried(name, label, broken.own, broken.fault)
    return Tried(name, label, own_template(name) is not None)
