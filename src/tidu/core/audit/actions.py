"""The names of what is recorded. Each application declares its own; what is not declared cannot be recorded."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

ACTIONS: Final[dict[str, str]] = {}


def declare(labels: Mapping[str, str]) -> None:
    """Add actions: ``registry.fact.recorded`` with its Chinese label. Called where an application gets ready."""
    ACTIONS.update(labels)


CORE_ACTIONS: Final = {
    "core.file.stored": "上传文件",
    "core.file.refused": "拒收文件",
    "core.file.downloaded": "下载文件",
    "core.file.previewed": "预览文件",
    "core.export.made": "导出数据",
    "core.personal.revealed": "查看个人信息",
    "core.access.refused": "访问被拒绝",
    "core.setting.changed": "更改设置",
    "core.calendar.imported": "导入节假日安排",
    "core.places.imported": "导入行政区划",
    "core.job.started": "启动后台任务",
    "core.job.retried": "重试后台任务",
    "core.job.stopped": "停止后台任务",
    "core.job.failed": "后台任务失败",
    "core.keys.added": "新增加密密钥",
    "core.keys.rotated": "更换加密密钥",
    "core.keys.dropped": "移除加密密钥",
    "core.document.drafted": "拟制公文",
    "core.document.redrafted": "修改公文草稿",
    "core.document.issued": "印发公文",
    "core.document.voided": "作废公文",
    "core.document.filed": "生成公文文件",
    "core.document.unmade": "公文文件未能生成",
    "core.audit.verified": "核验操作记录",
    "core.audit.exported": "导出操作记录",
}
declare(CORE_ACTIONS)
