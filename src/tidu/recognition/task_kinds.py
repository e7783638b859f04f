"""The kinds of task that recognition opens."""

from __future__ import annotations

from tidu.desk.kinds import declare_kinds
from tidu.recognition.actions import (
    asked_changes,
    calls,
    campaigns,
    cancellation_steps,
    changes,
    expiries,
    objections,
    replacing,
)
from tidu.recognition.process import following

declare_kinds(
    {
        calls.APPROVE: "审签申报通知",
        asked_changes.CONFIRM: "审签通知变动",
        following.REVIEW: "审核材料",
        following.CORRECT: "补正材料",
        following.ANSWER: "答复询问",
        following.EXPERTS: "专家评审",
        replacing.REPLACE: "更换评审专家",
        following.DECIDE: "研究认定",
        following.PUBLISH: "公示",
        following.RECOGNISE: "认定",
        objections.DECIDE: "异议核查",
    }
)
declare_kinds(
    {
        changes.OPINION: "核实变更",
        changes.DECIDE: "审定变更",
        campaigns.APPROVE: "审签复核通知",
        following.TAKE_PART: "参加复核",
        expiries.ENDING: "安排复核",
        cancellation_steps.NOTIFY: "告知拟取消称号",
        cancellation_steps.REPLY: "陈述和申辩",
        cancellation_steps.PROPOSE: "提出处理意见",
        cancellation_steps.CONFIRM: "确认处理意见",
    }
)
