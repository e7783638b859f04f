"""Periodic work of this application; importing its modules declares it."""

from __future__ import annotations

from tidu.recognition import call_ticks

__all__ = ["call_ticks"]
