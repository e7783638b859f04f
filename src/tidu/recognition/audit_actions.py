"""The actions that this application records."""

from __future__ import annotations

from typing import Final

from tidu.core.audit.actions import declare
from tidu.core.audit.append_only import Kept, declare_append_only
from tidu.recognition.process.cancelling import CANCELLATION_TABLE
from tidu.recognition.process.changes import CHANGE_TABLE
from tidu.recognition.process.transitions import TRANSITIONS

declare({f"recognition.application.{found.act}": found.label for found in TRANSITIONS.values()})
declare_append_only(
    "recognition_act",
    "recognition_submission",
    "recognition_callchange",
    Kept(  # a sheet, once it is handed in; it can still be found in conflict and replaced
        "recognition_assignment",
        columns=(
            "panel_id",
            "application_id",
            "expert_id",
            "declared_at",
            "judgements",
            "scores",
            "positive",
            "opinion",
            "saved_at",
            "submitted_at",
        ),
        once="submitted_at",
    ),
    Kept(  # what a notice said of an enterprise; it can still be recalled with its notice
        "recognition_noticeitem",
        columns=("notice_id", "application_id", "number", "name", "uscc", "district"),
        only_set=("recalled",),
    ),
)
# the district's review
declare({"recognition.finding.saved": "填写条件审核意见"})
declare(
    {
        "recognition.application.escalate": "申报逾期上报",
        "recognition.objection.escalate": "异议核查逾期上报",
        "recognition.change.escalate": "变更报告逾期上报",
        "recognition.limit.made_up": "平台中断，顺延申报人的期限",
        "recognition.table.drafted": "拟制推荐汇总表",
        "recognition.table.issued": "印发推荐汇总表",
    }
)

OBJECTION_ACTIONS: Final = {
    "recognition.objection.received": "收到公示异议",
    "recognition.objection.assigned": "分派异议核查",
    "recognition.objection.proposed": "提出异议处理意见",
    "recognition.objection.returned": "退回异议处理意见",
    "recognition.objection.upheld": "确认异议成立",
    "recognition.objection.dismissed": "确认异议不成立",
}
DECISION_ACTIONS: Final = {
    "recognition.proposal.opened": "拟定认定方案",
    "recognition.proposal.saved": "修改认定方案",
    "recognition.proposal.taken_over": "接手认定方案草稿",
    "recognition.proposal.material_issued": "定稿会议材料",
    "recognition.proposal.proposed": "提交认定方案",
    "recognition.proposal.returned": "退回认定方案",
    "recognition.proposal.cleared": "移出已撤回的企业",
    "recognition.proposal.dropped": "作废认定方案",
    "recognition.proposal.confirmed": "确认认定方案",
    "recognition.notice.published": "发布公示",
    "recognition.notice.recalled": "撤回公示",
    "recognition.notice.finished": "公示期满",
    "recognition.recognition.drafted": "拟定认定文件",
    "recognition.recognition.dropped": "作废认定文件草稿",
    "recognition.recognition.issued": "印发认定文件",
}
declare(OBJECTION_ACTIONS)
declare(DECISION_ACTIONS)

CALL_ACTIONS: Final = {
    "recognition.call.started": "拟申报通知",
    "recognition.call.saved": "修改申报通知",
    "recognition.call.discarded": "删除申报通知草稿",
    "recognition.call.taken_over": "接手申报通知草稿",
    "recognition.call.sent": "送审申报通知",
    "recognition.call.taken_back": "收回送审的申报通知",
    "recognition.call.returned": "退回申报通知",
    "recognition.call.published": "审签发布申报通知",
    "recognition.call.extended": "延长受理",
    "recognition.call.change_asked": "提出变动申报通知",
    "recognition.call.change_dropped": "没有通过的通知变动",
    "recognition.call.closed": "提前截止受理",
    "recognition.call.withdrawn": "撤销申报通知",
    "recognition.call.renewed": "改用新版政策包",
    "recognition.call.finished": "申报全部办结",
}
declare(CALL_ACTIONS)

CERTIFICATE_ACTIONS: Final = {
    "recognition.certificate.issued": "颁发证书",
    "recognition.certificate.reissued": "换发证书",
    "recognition.certificate.made": "生成证书文件",
}
declare(CERTIFICATE_ACTIONS)

APPLYING_ACTIONS: Final = {
    "recognition.application.started": "开始填报",
    "recognition.application.stated": "填写条件自述",
    "recognition.application.attached": "放入证明材料",
    "recognition.application.detached": "移出证明材料",
    "recognition.submission.papered": "生成提交材料的文件",
}
declare(APPLYING_ACTIONS)

EXPERT_ACTIONS: Final = {
    "recognition.expert.kept": "维护专家信息",
    "recognition.expert.declared": "专家自报利害关系",
    "recognition.panel.drawn": "抽取评审专家",
    "recognition.panel.filled": "补抽评审专家",
    "recognition.panel.chaired": "确定专家组组长",
    "recognition.panel.concluded": "办结专家评审",
    "recognition.panel.opinion": "填写专家组意见",
    "recognition.panel.summarised": "下载评审汇总",
    "recognition.assignment.declared": "声明无利害关系",
    "recognition.assignment.avoided": "专家回避",
    "recognition.assignment.replaced": "更换评审专家",
    "recognition.assignment.conflicted": "专家因利害关系退出评审",
    "recognition.assignment.flagged": "已交的评审意见被查出利害关系",
    "recognition.assignment.submitted": "提交评审意见",
}
declare(EXPERT_ACTIONS)

LIFE_ACTIONS: Final = {
    **{f"recognition.change.{found.act}": found.label for found in CHANGE_TABLE.values()},
    **{f"recognition.cancellation.{found.act}": found.label for found in CANCELLATION_TABLE.values()},
    "recognition.campaign.opened": "拟复核通知",
    "recognition.campaign.left_out": "移出复核名单",
    "recognition.campaign.sent": "送审复核通知",
    "recognition.campaign.returned": "退回复核通知",
    "recognition.campaign.discarded": "删除复核通知草稿",
    "recognition.campaign.published": "审签发布复核通知",
    "recognition.re_review.begun": "列入复核",
    "recognition.recommendation.started": "编制推荐名单",
    "recognition.recommendation.finished": "推荐名单编制完成",
    "recognition.recommendation.drafted": "拟制推荐名单文件",
    "recognition.recommendation.issued": "印发推荐名单",
}
declare(LIFE_ACTIONS)
