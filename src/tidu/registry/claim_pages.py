"""A claim in the words and pictures of its pages."""

from __future__ import annotations

from typing import Final

from tidu.core.workspace import Step
from tidu.registry.models import Claim, ClaimState

_ENDS: Final = {
    ClaimState.ACCEPTED: ("核实通过", "可以填报了"),
    ClaimState.REFUSED: ("核实未通过", "看理由后可以重新认领"),
    ClaimState.WITHDRAWN: ("已撤回", "可以重新认领"),
}


def claim_steps(claim: Claim | None) -> tuple[Step, ...]:
    """From registering to being let in, as the claimant sees it."""
    letter = claim is not None and claim.letter_id is not None
    decided = claim is not None and claim.state != ClaimState.OPEN
    label, note = _ENDS.get(ClaimState(claim.state), ("所在地核实", "")) if claim else ("所在地核实", "")
    return (
        Step("注册账号、认领企业", state="done" if claim else "now", icon="user"),
        Step(
            "上传授权书",
            "打印、签字、盖章后上传",
            state="done" if letter else "todo" if claim is None or decided else "now",
            icon="file-text",
        ),
        Step(
            label,
            note or "由企业注册地的工信部门办理",
            state="done" if decided else "now" if letter else "todo",
            icon="user-check",
        ),
        Step(
            "填报企业数据",
            state="now" if claim and claim.state == ClaimState.ACCEPTED else "todo",
            icon="edit",
        ),
    )
