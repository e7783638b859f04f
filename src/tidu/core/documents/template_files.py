"""The template files: ours, and in their place those of the same name that a city has put into its own folder."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from django.conf import settings

from tidu.core.refusals import Refused

OURS: Final = Path(__file__).with_name("templates")
_TYPST: Final = {".typ", ".svg", ".png", ".jpg", ".jpeg"}


class TemplateBroken(Refused):
    """A template cannot be used; the text says which, where and what to do. ``own``: it is one of the city's."""

    def __init__(self, name: str, fault: str, *, own: bool) -> None:
        self.name, self.fault, self.own = name, fault, own
        whose = "本单位的模板文件夹里" if own else "系统自带"
        super().__init__(
            f"{whose}的公文模板“{name}”有错误，文件没有生成：{fault}。已经保存的内容和文号不受影响，"
            "请联系系统管理员改正模板，然后再试一次。"
        )


def own_folder() -> Path | None:
    """The city's folder of templates, if there is one."""
    folder: Path | None = settings.DOCUMENT_TEMPLATES
    return folder if folder is not None and folder.is_dir() else None


def own_template(name: str) -> Path | None:
    """The city's file of this name, if there is one."""
    folder = own_folder()
    found = None if folder is None else folder / name
    return found if found is not None and _lies_in(found, folder) else None


def typst_files() -> dict[str, bytes]:
    """Every file that a typst template can include, by name: a city's file stands in for ours of the same name.

    They are few and small; read anew each time, so that a corrected template works at once.
    """
    folders = [OURS, *([own] if (own := own_folder()) else [])]
    return {
        path.name: path.read_bytes()
        for folder in folders
        for path in sorted(folder.iterdir())
        if path.suffix.lower() in _TYPST and _lies_in(path, folder)
    }


def _lies_in(path: Path, folder: Path | None) -> bool:
    """Whether it is a file of the folder itself: a link that leads out of it is none."""
    return folder is not None and path.is_file() and path.resolve().parent == folder.resolve()
