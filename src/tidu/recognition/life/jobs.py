"""The background work in the life of titles: beginning re-reviews, making recommendation lists."""

from __future__ import annotations

from typing import Any

from django.urls import reverse

from tidu.core.jobs import JobFault, JobRun, job_kind
from tidu.policy.errors import InputError
from tidu.recognition.actions.campaigns import BEGIN
from tidu.recognition.actions.re_reviews import begin_re_review, unbegun
from tidu.recognition.actions.recommendations import KIND, finish_recommendation
from tidu.recognition.life.readiness import ranked_rows
from tidu.recognition.models import Call, RecommendationList


@job_kind(BEGIN, label="通知复核企业")
def begin_re_reviews(run: JobRun) -> dict[str, Any]:
    """Make the applications of a re-review, one enterprise after the other; those that have one are left alone."""
    call = Call.objects.select_related("campaign").get(pk=run.arguments["call"])
    waiting = unbegun(call)
    for number, title in enumerate(waiting, start=1):
        run.stop_if_wanted()
        begin_re_review(call=call, title_id=title)
        run.progress(number, len(waiting), "通知企业")
    total = call.applications.count()
    return {
        "summary": f"已通知 {total} 家企业参加复核。",
        "url": reverse("recognition:campaign", args=[call.pk]),
    }


@job_kind(KIND, label="编制推荐名单")
def make_recommendation(run: JobRun) -> dict[str, Any]:
    """Assess the holders of a title and keep their ranking. A list that is kept already stays as it is."""
    found = RecommendationList.objects.get(pk=run.arguments["list"])
    if found.finished_at is None:

        def report(done: int, total: int) -> None:
            run.progress(done, total, "评估企业")
            run.stop_if_wanted()

        try:
            rows = ranked_rows(found, report)
        except InputError as error:
            raise JobFault("对照的政策或称号已经不在政策库里，名单没有做。请重新选择。") from error
        finish_recommendation(actor=run.actor, found=found, rows=rows)
        found.refresh_from_db()
    met = sum(row["status"] == "met" for row in found.rows)
    return {
        "summary": f"评估 {len(found.rows):,} 家，{met:,} 家初步符合。",
        "url": reverse("recognition:recommendation", args=[found.pk]),
    }
