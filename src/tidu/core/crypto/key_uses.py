"""What rests on a key beside sealed texts and cannot be made anew, such as codes that are printed on paper."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class KeyUse:
    """``label`` is what people call it (证书的核验码); ``count`` how many of them rest on the key of a name."""

    label: str
    count: Callable[[str], int]


_USES: Final[dict[str, KeyUse]] = {}


def declare_key_use(use: KeyUse) -> None:
    """Called where an application gets ready. A key with uses is kept, also when nothing is sealed with it any more."""
    _USES[use.label] = use


def uses_of(name: str) -> list[str]:
    """What rests on a key, in words: ``12 份证书的核验码``."""
    counted = ((use.label, use.count(name)) for use in _USES.values())
    return [f"{count} 份{label}" for label, count in counted if count]
