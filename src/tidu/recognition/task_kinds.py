"""The kinds of task that recognition opens."""

from __future__ import annotations

from tidu.desk.kinds import declare_kinds
from tidu.recognition.actions import objections
from tidu.recognition.process import following

declare_kinds(
    {
        following.REVIEW: "申报审核",
        following.CORRECT: "申报补正",
        following.ANSWER: "答复询问",
        following.EXPERTS: "专家评审",
        following.DECIDE: "研究认定",
        following.PUBLISH: "公示",
        following.RECOGNISE: "认定",
        objections.DECIDE: "异议核查",
    }
)
