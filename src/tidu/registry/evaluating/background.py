"""The background work of evaluating a registry."""

from __future__ import annotations

from typing import Any

from django.urls import reverse

from tidu.core.jobs import JobFault, JobRun, job_kind
from tidu.policy.documents.library import load_library
from tidu.policy.errors import InputError
from tidu.policy.status import Status
from tidu.registry.actions.evaluations import KIND, finish_evaluation
from tidu.registry.evaluating.running import evaluate_registry
from tidu.registry.models import Evaluation


@job_kind(KIND, label="评估企业库")
def run_evaluation(run: JobRun) -> dict[str, Any]:
    """Evaluate, and close the run. Done again after an interruption it begins anew; once done it stays so."""
    evaluation = Evaluation.objects.select_related("place").get(pk=run.arguments["run"])
    if evaluation.state != Evaluation.State.DONE:
        _follow_pack(evaluation)

        def report(step: str, done: int, total: int) -> None:
            run.progress(done, total, step)
            run.stop_if_wanted()

        evaluate_registry(evaluation, report)
        finish_evaluation(actor=run.actor, run=evaluation)
    met = evaluation.counts["status"].get(Status.MET.value, 0)
    return {
        "summary": f"评估 {evaluation.enterprises:,} 家企业，{met:,} 家符合。",
        "url": reverse("registry:evaluation", args=[evaluation.pk]),
    }


def _follow_pack(evaluation: Evaluation) -> None:
    """Apply the pack as it is now: it may have changed between being queued and being done."""
    try:
        pack = load_library().get(evaluation.pack)
        criteria = pack.criteria(evaluation.tier)
    except InputError as error:
        raise JobFault("这份政策或称号已经不在政策库里，评估没有进行。请换一份政策重新发起。") from error
    evaluation.pack_digest = pack.digest
    evaluation.criteria = [item.id for item in criteria.criteria]
