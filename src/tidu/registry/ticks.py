"""Periodic work of this application; importing its modules declares it."""

from __future__ import annotations

from tidu.registry import daily_ticks
from tidu.registry.importing import ticks as importing_ticks

__all__ = ["daily_ticks", "importing_ticks"]
