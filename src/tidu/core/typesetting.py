"""Documents on paper: a typst template and ready words make a PDF.

Words reach the template as JSON and stand there as text, never as markup. Fonts come from ``FONT_FOLDERS`` alone, so
that a document looks the same on every machine; without any Chinese face there the system's own are used.
"""

from __future__ import annotations

import base64
import datetime as dt
import json
import sys
import tempfile
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any, Final, Literal

import typst
from django.conf import settings

from tidu.core.own_process import NotSet, made_apart, work_apart

# Names are written with rare characters: the serif face stands in for what the sans face lacks.
FACES: Final = ("Noto Sans SC", "Noto Serif SC", "Noto Sans CJK SC", "Source Han Sans SC")
_FONT_FILES: Final = {".ttf", ".otf", ".ttc", ".otc"}
_NO_PACKAGES: Final = Path("/dev/null")
Standard = Literal["a-2b"] | None


def typeset(template: Path, words: Mapping[str, Any], *, made_at: dt.datetime) -> bytes:
    """The PDF of ``template``, which finds ``words`` and the faces to use (``fonts``) in ``sys.inputs.data``."""
    return _compiled(
        str(template),
        words,
        folders=tuple(settings.FONT_FOLDERS),
        made_at=int(made_at.timestamp()),
        standard=None,
        root=template.parent,
    )


def typeset_files(
    files: Mapping[str, bytes],
    words: Mapping[str, Any],
    *,
    made_at: dt.datetime,
    standard: Standard = None,
    trusted: bool,
) -> bytes:
    """As :func:`typeset`, for a template that lies in memory as ``main`` beside the files that it includes.

    Where not all of them are ours (``trusted``), in a process of its own. Raises :class:`NotSet`.
    """
    if not trusted:
        task = {
            "files": {name: base64.b64encode(content).decode() for name, content in files.items()},
            "words": words,
            "fonts": [str(folder.resolve()) for folder in settings.FONT_FOLDERS],
            "made_at": int(made_at.timestamp()),
            "standard": standard,
        }
        return made_apart(__name__, task)
    with tempfile.TemporaryDirectory() as nothing:
        return _compiled(
            dict(files),
            words,
            folders=tuple(settings.FONT_FOLDERS),
            made_at=int(made_at.timestamp()),
            standard=standard,
            root=Path(nothing),
        )


def families_at_hand() -> list[str]:
    """The families of every face at hand."""
    fonts, _ = _fonts(tuple(settings.FONT_FOLDERS))
    return sorted(fonts.families())


def _compiled(
    source: str | dict[str, bytes],
    words: Mapping[str, Any],
    *,
    folders: tuple[Path, ...],
    made_at: int,
    standard: Standard,
    root: Path,
) -> bytes:
    """The PDF, made of what is given and what lies in ``root``; no package of this machine. Raises :class:`NotSet`."""
    fonts, families = _fonts(folders)
    try:
        made = typst.compile(  # type: ignore[type-var] # its stubs leave out files in memory
            source,
            root=root,
            font_paths=fonts,
            sys_inputs={"data": json.dumps({"fonts": families, **words}, ensure_ascii=False)},
            timestamp=made_at,
            pdf_standards=standard,
            package_path=_NO_PACKAGES,
            package_cache_path=_NO_PACKAGES,
        )
    except typst.TypstError as error:
        raise NotSet(str(error.message), str(error.diagnostic)) from error
    assert isinstance(made, bytes)  # noqa: S101 - one document and no output path: the document itself
    return made


def _apart(task: dict[str, Any]) -> bytes:
    """:func:`_compiled` in the process of its own, from the plain data that :func:`typeset_files` sends there."""
    return _compiled(
        {name: base64.b64decode(content) for name, content in task["files"].items()},
        task["words"],
        folders=tuple(Path(folder) for folder in task["fonts"]),
        made_at=task["made_at"],
        standard=task["standard"],
        root=Path.cwd(),
    )


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


if __name__ == "__main__":
    sys.exit(work_apart(_apart))
