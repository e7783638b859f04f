"""Periodic work on limits: what the end of a limit brings about, for whoever lets it pass."""

from __future__ import annotations

from tidu.core.ticks import tick
from tidu.recognition.actions.conflicts import end_all_conflicts
from tidu.recognition.actions.escalating import (
    escalate_applications,
    escalate_changes,
    escalate_objections,
)
from tidu.recognition.actions.inquiries import close_overdue_inquiries
from tidu.recognition.actions.late_experts import overdue_assignments


@tick("recognition.limits.inquiries")
def end_inquiries() -> str:
    """Questions that were not answered in time are closed, and the review goes on."""
    return _said([(close_overdue_inquiries(), "个询问逾期")])


@tick("recognition.limits.authorities")
def escalate() -> str:
    """Reviews, decisions, objections and changes beyond their limit are brought before the city, each once."""
    parts = [
        (escalate_applications(), "件申报逾期上报"),
        (escalate_objections(), "件异议逾期上报"),
        (escalate_changes(), "件变更逾期上报"),
    ]
    return _said(parts)


@tick("recognition.limits.experts")
def remind_experts() -> str:
    """Files whose experts have come into conflict go to others, then experts are reminded, and those late reported."""
    return "，".join(
        filter(None, (_said([(end_all_conflicts(), "件评审的专家应当回避")]), overdue_assignments()))
    )


def _said(parts: list[tuple[int, str]]) -> str:
    return "，".join(f"{number} {words}" for number, words in parts if number)
