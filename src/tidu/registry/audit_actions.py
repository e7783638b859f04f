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
    "registry.enterprise.status_changed": "更改企业状态",
    "registry.enterprise.clusters_changed": "更改产业集群标签",
    "registry.title.added": "登记称号",
    "registry.title.ended": "取消称号",
    "registry.incident.added": "登记事故与处罚",
    "registry.incident.settled": "登记整改或修复",
    "registry.particular.added": "登记产品、知识产权、证书或平台",
    "registry.particular.ended": "停用产品、知识产权、证书或平台",
    "registry.filter.saved": "保存常用筛选",
    "registry.filter.removed": "删除常用筛选",
}
declare(FACT_ACTIONS)
declare(ENTERPRISE_ACTIONS)
