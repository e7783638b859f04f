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

import datetime as dt
import logging
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from django.core.cache import cache

log = logging.getLogger(__name__)

Work = Callable[[], str]


@dataclass(frozen=True, slots=True)
class Tick:
    """A function of periodic work and how long it rests after it has run."""

    work: Work
    every: dt.timedelta


TICKS: Final[dict[str, Tick]] = {}


@dataclass(frozen=True, slots=True)
class Ticked:
    """What one function did: its words, empty for nothing, or that it failed."""

    name: str
    said: str = ""
    failed: bool = False


def tick(name: str, *, every: dt.timedelta = dt.timedelta(0)) -> Callable[[Work], Work]:
    """Register a function of periodic work. It returns what it did in a few words, or an empty text for nothing.

    With ``every`` it rests that long after it has run, counted over all machines; one that failed is tried again at
    the next tick.
    """

    def register(work: Work) -> Work:
        if name in TICKS and TICKS[name].work.__qualname__ != work.__qualname__:
            raise ValueError(f"two functions for one tick: {name}")
        TICKS[name] = Tick(work, every)
        return work

    return register


def run_due() -> list[Ticked]:
    """Call every function that is due. One that fails is logged with its trace and keeps no other from running."""
    done = []
    for name, item in sorted(TICKS.items()):
        resting = f"tick:{name}"
        if item.every and not cache.add(resting, 1, item.every.total_seconds()):
            continue
        try:
            done.append(Ticked(name, item.work()))
        except Exception:
            log.exception("tick %s failed", name)
            cache.delete(resting)
            done.append(Ticked(name, failed=True))
    return done
