"""The limits of a session, as the settings state them."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """Seconds without use, and seconds altogether."""

    idle: int
    whole: int
