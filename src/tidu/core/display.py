"""Display modes that a visitor has chosen: large type, high contrast, dark. Kept in a cookie and set on <html>."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

from django.dispatch import Signal

COOKIE = "tidu-display"
COOKIE_AGE = 365 * 24 * 60 * 60
MODES = {"large": "大字", "contrast": "高对比", "dark": "深色"}

#: Sent with ``request`` and ``display`` when somebody has chosen; where accounts exist, the account keeps it.
display_chosen: Final = Signal()


@dataclass(frozen=True, slots=True)
class Display:
    """The modes that are on. The cookie holds their names joined by full stops, such as ``large.dark``."""

    large: bool = False
    contrast: bool = False
    dark: bool = False

    @classmethod
    def read(cls, cookie: str | None) -> Display:
        """Read the cookie; names that are unknown are left out, so that an old or forged cookie harms nothing."""
        names = set((cookie or "")[:64].split("."))
        return cls(**{mode: mode in names for mode in MODES})

    def toggled(self, mode: str) -> Display:
        """The same with one mode switched over; an unknown mode changes nothing."""
        return replace(self, **{mode: not getattr(self, mode)}) if mode in MODES else self

    def __str__(self) -> str:
        return ".".join(mode for mode in MODES if getattr(self, mode))

    @property
    def switches(self) -> list[tuple[str, str, bool]]:
        """Name, label and position of each mode, for the buttons."""
        return [(mode, label, bool(getattr(self, mode))) for mode, label in MODES.items()]
