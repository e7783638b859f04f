"""The names of what this application records."""

from __future__ import annotations

from typing import Final

from tidu.core.audit.actions import declare

FACT_ACTIONS: Final = {
    "registry.facts.recorded": "记录企业数据",
    "registry.facts.recorded_in_bulk": "批量记录企业数据",
    "registry.facts.withdrawn": "撤回企业数据",
    "registry.facts.undone": "撤销一批企业数据",
}
ENTERPRISE_ACTIONS: Final = {
    "registry.enterprise.registered": "登记企业",
    "registry.enterprise.viewed": "查看企业画像",
    "registry.enterprise.status_changed": "更改企业状态",
    "registry.enterprise.renamed": "企业更名",
    "registry.enterprise.moved": "企业迁移",
    "registry.enterprise.clusters_changed": "更改产业集群标签",
    "registry.title.added": "登记称号",
    "registry.title.ended": "取消称号",
    "registry.title.kept": "复核期间称号延续",
    "registry.title.reviewed": "复核期间延续结束",
    "registry.incident.added": "登记事故与处罚",
    "registry.incident.settled": "登记整改或修复",
    "registry.particular.added": "登记产品、知识产权、证书或平台",
    "registry.particular.ended": "停用产品、知识产权、证书或平台",
    "registry.filter.saved": "保存常用筛选",
    "registry.filter.removed": "删除常用筛选",
}
declare(FACT_ACTIONS)
declare(ENTERPRISE_ACTIONS)

CLAIM_ACTIONS: Final = {
    "registry.claim.opened": "认领企业",
    "registry.claim.letter_added": "上传授权书",
    "registry.claim.withdrawn": "撤回认领",
    "registry.claim.accepted": "通过认领",
    "registry.claim.refused": "不通过认领",
}
OWN_ACTIONS: Final = {
    "registry.evidence.added": "上传证明材料",
    "registry.evidence.withdrawn": "撤下证明材料",
    "registry.particular.changed": "更改产品、知识产权、证书或平台",
}
declare(CLAIM_ACTIONS)
declare(OWN_ACTIONS)

IMPORT_ACTIONS: Final = {
    "registry.import.uploaded": "上传导入表",
    "registry.import.started": "开始导入",
    "registry.import.written": "导入企业数据",
    "registry.import.discarded": "放弃导入",
    "registry.import.undone": "撤销导入",
    "registry.duplicate.decided": "判断疑似重复的企业",
}
declare(IMPORT_ACTIONS)

EVALUATION_ACTIONS: Final = {
    "registry.evaluation.started": "发起企业库评估",
    "registry.evaluation.finished": "完成企业库评估",
}
CONFIRMATION_ACTIONS: Final = {
    "registry.confirmation.sent": "送部门确认",
    "registry.confirmation.withdrawn": "撤回部门确认",
    "registry.confirmation.saved": "保存部门答复",
    "registry.confirmation.answered": "提交部门答复",
    "registry.confirmation.closed": "办结部门确认",
}
declare(EVALUATION_ACTIONS)
declare(CONFIRMATION_ACTIONS)
