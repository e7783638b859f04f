"""An event as a page, a file and a person see it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from django.utils import timezone

from tidu.core.audit.naming import action_label, role_label, subject_type_label
from tidu.core.exporting import Cell
from tidu.core.models.audit import AuditEvent, AuditResult

HEADS: Final = (
    "序号",
    "时间",
    "人员",
    "角色",
    "机构",
    "代行",
    "网络地址",
    "动作",
    "结果",
    "对象类别",
    "对象",
    "所涉企业",
    "地区",
    "详情",
    "摘要",
)
_PILLS: Final = {AuditResult.DONE: "met", AuditResult.REFUSED: "expired", AuditResult.FAILED: "not_met"}
#: Words for the pieces of a detail; what is not here is shown under its own name.
_PIECES: Final = {
    "applications": "申报",
    "call": "申报通知",
    "code": "代码",
    "count": "条数",
    "criterion": "条件",
    "department": "部门",
    "digest": "摘要",
    "document": "公文",
    "document_no": "文号",
    "drawn": "抽取",
    "due_on": "期限",
    "enterprises": "企业",
    "evidence": "材料",
    "facts": "数据",
    "fault": "原因",
    "field": "字段",
    "fields": "栏目",
    "files": "文件",
    "filters": "筛选条件",
    "first": "起始序号",
    "format": "格式",
    "from": "原",
    "ground": "情形",
    "hash": "链尾摘要",
    "inquiries": "问题",
    "inquiry": "问题",
    "instead_of": "替换",
    "items": "事项",
    "kept_until": "保留至",
    "key": "密钥名称",
    "kind": "种类",
    "label": "内容",
    "last": "末条序号",
    "last_day": "最后一日",
    "late": "逾期",
    "left": "移出",
    "method": "请求方式",
    "named": "实名",
    "note": "说明",
    "notice": "公示",
    "number": "链尾序号",
    "numbers": "地址中的编号",
    "on": "日期",
    "origin": "来由",
    "pack": "政策包",
    "page": "页",
    "panel": "专家组",
    "person": "人员",
    "place": "地区",
    "positive": "推荐",
    "proposal": "认定方案",
    "purpose": "用途",
    "query": "筛选",
    "questions": "问题",
    "reason": "说明",
    "role": "角色",
    "route": "地址",
    "rows": "行数",
    "scan": "病毒扫描",
    "seed": "种子",
    "severity": "程度",
    "sha256": "文件的 SHA-256",
    "size": "大小",
    "sm3": "文件的 SM3",
    "source": "来源",
    "stage": "环节",
    "state": "状态",
    "statements": "自述",
    "status": "应答代码",
    "step": "环节",
    "submission": "第几次提交",
    "template": "模板",
    "tier": "层级",
    "title": "标题",
    "titles": "称号",
    "to": "现",
    "together": "一并办理的项数",
    "until": "至",
    "username": "登录名",
    "verdict": "预判",
    "virus": "病毒",
    "what": "对象",
    "year": "年度",
}


@dataclass(frozen=True, slots=True)
class EventRow:
    """An event with its words."""

    event: AuditEvent
    action: str
    role: str
    subject_type: str
    enterprise: str

    @property
    def who(self) -> str:
        """Organisation and role, and for whom they stood in."""
        words = [self.event.organisation_name, self.role]
        if self.event.delegated_by:
            words.append(f"代{self.event.delegated_by}")
        return " · ".join(filter(None, words))

    @property
    def pill(self) -> str:
        """The value of ``c-status``."""
        return _PILLS.get(AuditResult(self.event.result), "unknown")


def event_row(event: AuditEvent, names: Mapping[int, str]) -> EventRow:
    """The event, with the names of enterprises that were looked up for its page."""
    number = event.enterprise_id
    enterprise = "" if number is None else names.get(number, f"编号 {number}")
    return EventRow(
        event,
        action_label(event.action),
        role_label(event.role),
        subject_type_label(event.subject_type),
        enterprise,
    )


def cells(row: EventRow, places: Mapping[str, str]) -> list[Cell]:
    """A line of a file, in the order of ``HEADS``; ``places`` are the names of jurisdictions by their codes."""
    event = row.event
    return [
        event.number,
        f"{timezone.localtime(event.at):%Y-%m-%d %H:%M:%S}",
        event.user_name,
        row.role,
        event.organisation_name,
        event.delegated_by,
        event.address,
        row.action,
        event.get_result_display(),
        row.subject_type,
        event.subject_label,
        row.enterprise,
        places.get(event.place, event.place),
        event.detail,
        event.hash,
    ]


def fields_of(event: AuditEvent) -> list[tuple[str, str]]:
    """What the page of one event shows beside its head: the detail piece by piece, and the digests."""
    try:
        detail: Any = json.loads(event.detail or "{}")
    except ValueError:
        detail = {"detail": event.detail}
    pieces = detail if isinstance(detail, dict) else {"detail": detail}
    shown = [(_PIECES.get(name, name), _words(value)) for name, value in pieces.items()]
    digests = [
        ("改动前摘要", event.before_digest),
        ("改动后摘要", event.after_digest),
        ("前一条摘要", event.previous),
        ("本条摘要", event.hash),
    ]
    return [*shown, *((label, digest) for label, digest in digests if digest)]


def _words(value: object) -> str:
    if value is None or value == "":
        return "—"
    if isinstance(value, bool):
        return "是" if value else "否"
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
