"""Periodic work of this application; importing its modules declares it."""

from __future__ import annotations

from tidu.recognition import (
    application_ticks,
    call_ticks,
    deciding_ticks,
    escalation_ticks,
    life_ticks,
)

__all__ = [
    "application_ticks",
    "call_ticks",
    "deciding_ticks",
    "escalation_ticks",
    "life_ticks",
]
