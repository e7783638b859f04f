"""What a home page says when there is nothing to do: one sentence of fact, one of what will appear."""

from __future__ import annotations

from typing import Final

from tidu.core.roles import Role

EMPTY: Final[dict[Role | None, tuple[str, str]]] = {
    None: ("还没有角色", "管理员授予角色，或者企业认领获得确认之后，这里列出要办的事。"),
    Role.ENTERPRISE_MANAGER: ("没有要您办的事", "材料退回补正、数据有冲突、报送到期时列在这里。"),
    Role.ENTERPRISE_EDITOR: ("没有要您办的事", "材料退回补正、数据有冲突、报送到期时列在这里。"),
    Role.DISTRICT_OFFICER: ("没有待办", "本辖区企业的认领、数据冲突和审核事项列在这里。"),
    Role.CITY_OFFICER: ("没有待办", "全市需要您处理的导入、重名核对、部门答复和审核事项列在这里。"),
    Role.DEPARTMENT_OFFICER: (
        "没有送交本部门的确认单",
        "工信部门送来的名单和问题列在这里，可以在线逐户答复，也可以用工作簿答复。",
    ),
    Role.INSTITUTION_OFFICER: (
        "没有待办",
        "现在没有送交贵机构办理的事项。核验证书、查认定名单，见“现在可以查的”。",
    ),
    Role.EXPERT: ("没有其他待办", "分派给您的评审件在“评审任务”里，件数和截止日见上。"),
    Role.AUDITOR: ("没有抄送给您的事项", "需要您知晓的事项列在这里；企业和操作记录可以随时查阅。"),
    Role.SYSTEM_ADMINISTRATOR: ("没有待办", "后台任务失败、节假日安排缺失、病毒扫描停止时列在这里。"),
    Role.SECURITY_ADMINISTRATOR: ("没有待办", "需要您核准的授权事项列在这里。"),
    Role.AUDIT_ADMINISTRATOR: ("没有待办", "操作记录核验不通过时列在这里。"),
}
