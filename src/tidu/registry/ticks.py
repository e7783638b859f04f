"""Periodic work of this application; importing its modules declares it."""

from __future__ import annotations

from tidu.registry.importing import ticks as importing_ticks

__all__ = ["importing_ticks"]
