"""Documents on paper: a typst template and ready words make a PDF.

Words reach the template as JSON and stand there as text, never as markup. Fonts come from ``FONT_FOLDERS`` alone, so
that a document looks the same on every machine; without any Chinese face there the system's own are used.
"""

from __future__ import annotations

import base64
import datetime as dt
import json
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from threading import BoundedSemaphore
from typing import Any, Final, Literal

import typst
from django.conf import settings

# Names are written with rare characters: the serif face stands in for what the sans face lacks.
FACES: Final = ("Noto Sans SC", "Noto Serif SC", "Noto Sans CJK SC", "Source Han Sans SC")
_FONT_FILES: Final = {".ttf", ".otf", ".ttc", ".otc"}
_NO_PACKAGES: Final = Path("/dev/null")
#: Each takes a process; whoever comes third waits.
_TURNS: Final = BoundedSemaphore(2)
Standard = Literal["a-2b"] | None


class NotSet(RuntimeError):  # noqa: N818 - what became of the document
    """A document was not set. ``diagnostic`` is what typst says of the place in the template."""

    def __init__(self, message: str, diagnostic: str = "") -> None:
        super().__init__(message)
        self.message, self.diagnostic = message, diagnostic


def typeset(template: Path, words: Mapping[str, Any], *, made_at: dt.datetime) -> bytes:
    """The PDF of ``template``, which finds ``words`` and the faces to use (``fonts``) in ``sys.inputs.data``."""
    return compiled(
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
        return _alone(files, words, made_at=made_at, standard=standard)
    with tempfile.TemporaryDirectory() as nothing:
        return compiled(
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


def compiled(
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


def _alone(
    files: Mapping[str, bytes], words: Mapping[str, Any], *, made_at: dt.datetime, standard: Standard
) -> bytes:
    from tidu.core import typesetting_alone as alone

    asked = {
        "files": {name: base64.b64encode(content).decode() for name, content in files.items()},
        "words": words,
        "fonts": [str(folder.resolve()) for folder in settings.FONT_FOLDERS],
        "made_at": int(made_at.timestamp()),
        "standard": standard,
    }
    if not _TURNS.acquire(timeout=alone.SECONDS):
        raise NotSet("正在排版的文件太多，请稍后再试")
    try:
        with tempfile.TemporaryDirectory() as nothing:
            done = subprocess.run(  # noqa: S603 - our own program, and no shell
                [sys.executable, "-m", alone.__name__],
                input=json.dumps(asked).encode(),
                capture_output=True,
                timeout=alone.SECONDS,
                check=False,
                cwd=nothing,
                env=alone.environment(nothing),
            )
    except subprocess.TimeoutExpired as error:
        raise NotSet(f"排版超过 {alone.SECONDS} 秒，已经停下") from error
    finally:
        _TURNS.release()
    if done.returncode == alone.FAULTY:
        raise NotSet(*json.loads(done.stderr))
    if done.returncode:
        raise NotSet("排版要用的时间或内存太多，已经停下")
    return done.stdout


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
