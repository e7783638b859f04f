"""Periodic work: small functions that look for what is due and do it, each as often as ``tidu tick`` is called.

An application declares its own in ``<app>/ticks.py``, which is found by itself::

    @tick("registry.claims.remind")
    def remind() -> str:
        ...
        return "提醒 3 家"

A tick may be called every minute, twice at once, or not for a week: it asks what is due now and does that, so that what
it does twice comes out as once. Long work belongs into a job that the tick starts.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

log = logging.getLogger(__name__)

Work = Callable[[], str]
TICKS: Final[dict[str, Work]] = {}


@dataclass(frozen=True, slots=True)
class Ticked:
    """What one function did: its words, empty for nothing, or that it failed."""

    name: str
    said: str = ""
    failed: bool = False


def tick(name: str) -> Callable[[Work], Work]:
    """Register a function of periodic work. It returns what it did in a few words, or an empty text for nothing."""

    def register(work: Work) -> Work:
        if name in TICKS and TICKS[name].__qualname__ != work.__qualname__:
            raise ValueError(f"two functions for one tick: {name}")
        TICKS[name] = work
        return work

    return register


def run_due() -> list[Ticked]:
    """Call every function once. One that fails is logged with its trace and does not keep the others from running."""
    done = []
    for name, work in sorted(TICKS.items()):
        try:
            done.append(Ticked(name, work()))
        except Exception:
            log.exception("tick %s failed", name)
            done.append(Ticked(name, failed=True))
    return done
