"""Periodic work in the life of titles. Each looks again at the state under a lock, and comes out as once."""

from __future__ import annotations

import datetime as dt

from tidu.core.ticks import tick
from tidu.recognition.actions.cancellation_steps import ask_after_limit
from tidu.recognition.actions.expiries import ask_for_re_reviews
from tidu.recognition.actions.re_reviews import (
    begin_left_over,
    follow_re_reviews,
    remind_re_reviews,
)


@tick("recognition.re_reviews.begin")
def begin() -> str:
    """Begin the re-reviews that the background work has left over."""
    done = begin_left_over()
    return f"列入复核 {done} 家" if done else ""


@tick("recognition.re_reviews.remind", every=dt.timedelta(hours=1))
def remind() -> str:
    """Remind enterprises that have not handed in."""
    told = remind_re_reviews()
    return f"复核提醒 {told} 人次" if told else ""


@tick("recognition.re_reviews.follow")
def follow() -> str:
    """Do what the end of a re-review leads to, be it passed, failed or not taken part in."""
    followed = follow_re_reviews()
    return f"复核后续办理 {followed} 件" if followed else ""


@tick("recognition.cancellations.limits")
def limits() -> str:
    """Put cases whose limit of reply is over before the city."""
    asked = ask_after_limit()
    return f"陈述期满 {asked} 件" if asked else ""


@tick("recognition.titles.ending", every=dt.timedelta(hours=6))
def ending() -> str:
    """Tell cities of titles that end without a re-review."""
    waiting = ask_for_re_reviews()
    return f"待安排复核 {waiting} 个称号" if waiting else ""
