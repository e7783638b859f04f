"""What the home pages show of claims and of the enterprise's own form."""

from __future__ import annotations

from django.urls import reverse
from django.utils import timezone

from tidu.core.actor import Actor
from tidu.core.roles import ENTERPRISE_ROLES
from tidu.core.workspace import Kpi, Progress
from tidu.desk.figures import NextStep, register_figures, register_steps
from tidu.desk.kinds import declare_kinds
from tidu.registry.actions.claim_messages import TASK
from tidu.registry.models import ClaimState, Enterprise, Evidence
from tidu.registry.own.form import progress_of
from tidu.registry.queries.claims import CHECKERS, claims_seen, own_claims, waiting
from tidu.registry.queries.own import evidence_by_kind

declare_kinds({TASK: "认领核实"})


def claim_figures(actor: Actor) -> list[Kpi]:
    """How many claims wait in the officer's place."""
    number = waiting(claims_seen(actor)).count()
    return [
        Kpi(
            "等待核实的认领",
            str(number),
            "件",
            kind="warn" if number else "",
            url=f"{reverse('registry:claims')}?state=waiting",
        )
    ]


def claim_steps(actor: Actor) -> list[NextStep]:
    """What somebody without any role does next: claim an enterprise, or see the claim through."""
    url = reverse("registry:my-claim")
    claim = own_claims(actor).first()
    if claim is None or claim.state in {ClaimState.REFUSED, ClaimState.WITHDRAWN}:
        note = (
            f"上次没有通过：{claim.reason}"
            if claim is not None and claim.reason
            else "填写统一社会信用代码和企业名称"
        )
        return [NextStep("认领您的企业", url, "认领企业", note, icon="building")]
    if claim.state != ClaimState.OPEN:
        return []
    if claim.letter_id is None:
        return [NextStep("上传授权书", url, "去上传", "模板已经填好，签字盖章后上传", icon="file-text")]
    return [NextStep("等待核实", url, "查看进度", "由企业注册地的工信部门办理", icon="user-check")]


def own_steps(actor: Actor) -> list[NextStep]:
    """The next section to fill in, and the papers that are asked for."""
    enterprise = Enterprise.objects.visible_to(actor).first()
    if enterprise is None:
        return []
    today = timezone.localdate()
    progress = progress_of(enterprise, today)
    done, total = sum(item.done for item in progress), sum(item.total for item in progress)
    following = next((item for item in progress if item.done < item.total), None)
    faults = next((item for item in progress if item.faults), None)
    steps = []
    if faults is not None:
        address = reverse("registry:own-section", args=[faults.id])
        steps.append(
            NextStep(f"改正“{faults.label}”里的 {faults.faults} 处", address, "去改正", icon="alert-circle")
        )
    if following is None:
        steps.append(
            NextStep("政策要看的数据已填好", reverse("registry:own"), "查看填报", icon="edit", done=True)
        )
    else:
        address = reverse("registry:own-section", args=[following.id])
        go_on = "接着填" if done else "开始填"
        note = f"{go_on}“{following.label}”，每节自动保存"
        steps.append(
            NextStep(
                "填报企业数据",
                address,
                go_on,
                note,
                icon="edit",
                progress=Progress("填报", done, total, "项"),
            )
        )
    evidence = Evidence.objects.filter(enterprise=enterprise, withdrawn_at__isnull=True)
    kinds = [kind for kind in evidence_by_kind(enterprise, evidence, today) if kind.asked]
    present = sum(bool(kind.items) for kind in kinds)
    steps.append(
        NextStep(
            "上传证明材料",
            reverse("registry:own-evidence"),
            "去上传",
            icon="paperclip",
            progress=Progress("材料", present, len(kinds), "种"),
            done=present == len(kinds),
        )
    )
    return steps


register_figures(CHECKERS, claim_figures)
register_steps([None], claim_steps)
register_steps(sorted(ENTERPRISE_ROLES), own_steps)
