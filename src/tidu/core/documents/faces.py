"""The faces of official documents, by the part they play.

The standard's own faces are commercial: a city that holds them puts them into its folder of fonts, under any of the
names below. Every chain ends with the faces that set-up brings, so that no character of a name is missing.
"""

from __future__ import annotations

from typing import Final

from tidu.core.typesetting import families_at_hand

#: Part → the names that the face goes by, the standard's own first.
WANTED: Final[dict[str, tuple[str, ...]]] = {
    "body": ("仿宋_GB2312", "FangSong_GB2312", "仿宋", "FangSong", "STFangsong", "华文仿宋", "FandolFang"),
    "title": (
        "方正小标宋简体",
        "FZXiaoBiaoSong-B05S",
        "方正小标宋_GBK",
        "FZXiaoBiaoSong-B05",
        "小标宋",
        "Source Han Serif SC Heavy",
    ),
    "hei": ("黑体", "SimHei", "STHeiti", "华文黑体", "FandolHei"),
    "kai": ("楷体_GB2312", "KaiTi_GB2312", "楷体", "KaiTi", "STKaiti", "华文楷体", "FandolKai"),
    "song": ("宋体", "SimSun", "STSong", "华文宋体", "FandolSong"),
}
#: What stands in: a sans face for 黑体, a serif face for the rest.
_SERIF: Final = ("Noto Serif SC", "Noto Serif CJK SC", "Source Han Serif SC")
_SANS: Final = ("Noto Sans SC", "Noto Sans CJK SC", "Source Han Sans SC")


def faces() -> dict[str, list[str]]:
    """The families to look for a character in, by part. Names that no file bears are left out."""
    known = families_at_hand()
    by_name = {name.casefold(): name for name in known}

    def present(names: tuple[str, ...]) -> list[str]:
        return [by_name[name.casefold()] for name in names if name.casefold() in by_name]

    chains = {
        part: [*present(wanted), *present(_SANS if part == "hei" else _SERIF), *present(_SERIF)]
        for part, wanted in WANTED.items()
    }
    return {part: list(dict.fromkeys(chain)) or known for part, chain in chains.items()}
