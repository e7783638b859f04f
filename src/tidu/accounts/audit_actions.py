"""What the record says about people, organisations and sign-in."""

from __future__ import annotations

from typing import Final

from tidu.core.audit.actions import declare
from tidu.core.audit.append_only import Kept, declare_append_only

ACCOUNT_ACTIONS: Final = {
    "accounts.sign_in.done": "登录",
    "accounts.sign_in.failed": "登录失败",
    "accounts.sign_in.locked": "登录锁定",
    "accounts.sign_in.unlocked": "解除登录锁定",
    "accounts.sign_out.done": "退出登录",
    "accounts.session.expired": "会话超时",
    "accounts.session.ended": "结束会话",
    "accounts.confirmation.failed": "二次确认身份失败",
    "accounts.second_factor.enrolled": "启用动态码",
    "accounts.second_factor.replaced": "更换动态码",
    "accounts.second_factor.reset": "重置动态码",
    "accounts.second_factor.recovery_codes": "生成恢复码",
    "accounts.password.changed": "修改密码",
    "accounts.password.reset": "重置密码",
    "accounts.identity.chosen": "切换身份",
    "accounts.identity.linked": "关联单点登录账号",
    "accounts.person.created": "新建人员",
    "accounts.person.changed": "修改人员资料",
    "accounts.person.disabled": "停用人员",
    "accounts.person.enabled": "启用人员",
    "accounts.role.granted": "授予角色",
    "accounts.role.ended": "收回角色",
    "accounts.delegation.begun": "设立代理",
    "accounts.delegation.ended": "终止代理",
    "accounts.interest.declared": "申报回避",
    "accounts.interest.asked": "请求终止回避申报",
    "accounts.interest.kept": "不同意终止回避申报",
    "accounts.interest.ended": "终止回避申报",
    "accounts.organisation.created": "新建机构",
    "accounts.organisation.changed": "修改机构",
    "accounts.organisation.closed": "停用机构",
    "accounts.organisation.reopened": "启用机构",
}
declare(ACCOUNT_ACTIONS)
declare_append_only(
    Kept(  # what was declared; ``note`` is sealed anew when a key goes
        "accounts_interest",
        columns=("person_id", "uscc", "name", "ground", "since", "declared_by_id", "declared_at"),
    )
)
