"""The kinds of task that recognition opens."""

from __future__ import annotations

from tidu.desk.kinds import declare_kinds
from tidu.recognition.actions import calls, objections, panels
from tidu.recognition.process import following

declare_kinds(
    {
        calls.APPROVE: "审签申报通知",
        following.REVIEW: "申报审核",
        following.CORRECT: "申报补正",
        following.ANSWER: "答复询问",
        following.EXPERTS: "专家评审",
        panels.REPLACE: "更换评审专家",
        following.DECIDE: "研究认定",
        following.PUBLISH: "公示",
        following.RECOGNISE: "认定",
        objections.DECIDE: "异议核查",
    }
)
