"""The result of a self-check: an assessment in words, each conclusion with the way back to its question."""

from __future__ import annotations

from tidu.core.assessment_result import Result, shown_result
from tidu.core.tier_questions import TITLES, indicator_named
from tidu.policy.assess.assessment import Assessment


def result_of(assessment: Assessment, form_url: str) -> Result:
    """The result page of an assessment; ``form_url`` is the form that its answers stand in."""

    def question(key: str) -> str:
        found = indicator_named(key, assessment.pack.indicators)
        name = TITLES if key.startswith("holds_") or found is None else found[0].id
        return f"{form_url}#q-{name}"

    return shown_result(assessment, question)
