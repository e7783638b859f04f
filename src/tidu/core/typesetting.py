"""Documents on paper: a typst template and ready words make a PDF.

Words reach the template as JSON and stand there as text, never as markup. Fonts come from ``FONT_FOLDERS`` alone, so
that a document looks the same on every machine; without any Chinese face there the system's own are used.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any, Final, Literal

import typst
from django.conf import settings

# Names are written with rare characters: the serif face stands in for what the sans face lacks.
FACES: Final = ("Noto Sans SC", "Noto Serif SC", "Noto Sans CJK SC", "Source Han Sans SC")
_FONT_FILES: Final = {".ttf", ".otf", ".ttc", ".otc"}


def typeset(template: Path, words: Mapping[str, Any], *, made_at: dt.datetime) -> bytes:
    """The PDF of ``template``, which finds ``words`` and the faces to use (``fonts``) in ``sys.inputs.data``."""
    return _compiled(str(template), words, made_at=made_at, standard=None)


def typeset_files(
    files: Mapping[str, bytes],
    words: Mapping[str, Any],
    *,
    made_at: dt.datetime,
    standard: Literal["a-2b"] | None = None,
) -> bytes:
    """As :func:`typeset`, for a template that lies in memory as ``main`` beside the files that it includes."""
    return _compiled(dict(files), words, made_at=made_at, standard=standard)


def families_at_hand() -> list[str]:
    """The families of every face at hand."""
    fonts, _ = _fonts(tuple(settings.FONT_FOLDERS))
    return sorted(fonts.families())


def _compiled(
    source: str | dict[str, bytes],
    words: Mapping[str, Any],
    *,
    made_at: dt.datetime,
    standard: Literal["a-2b"] | None,
) -> bytes:
    fonts, families = _fonts(tuple(settings.FONT_FOLDERS))
    made = typst.compile(  # type: ignore[type-var] # its stubs leave out files in memory
        source,
        font_paths=fonts,
        sys_inputs={"data": json.dumps({"fonts": families, **words}, ensure_ascii=False)},
        timestamp=int(made_at.timestamp()),
        pdf_standards=standard,
    )
    assert isinstance(made, bytes)  # noqa: S101 - one document and no output path: the document itself
    return made


@lru_cache(maxsize=2)
def _fonts(folders: tuple[Path, ...]) -> tuple[typst.Fonts, list[str]]:
    """The faces at hand, loaded once, and in which order a character is looked for: a city's own faces first."""
    present = [folder for folder in folders if folder.is_dir()]
    *own, ours = present or [Path(__file__).parent]
    found = any(path.suffix.lower() in _FONT_FILES for path in ours.iterdir())
    fonts = _load(*own, ours, system=not found)
    known = set(fonts.families())
    first = _load(*own).families() if own else []
    return fonts, [*first, *(face for face in FACES if face in known)] or sorted(known)


def _load(*folders: Path, system: bool = False) -> typst.Fonts:
    return typst.Fonts(
        include_system_fonts=system,
        include_embedded_fonts=False,
        font_paths=[str(folder) for folder in folders],
    )
