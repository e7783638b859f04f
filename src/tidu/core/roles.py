"""Kinds of organisation and the roles that people hold in them. Every role belongs to the kinds that may give it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from django.db import models


class OrganisationKind(models.TextChoices):
    """What an organisation is in the programme."""

    ENTERPRISE = "enterprise", "企业"
    DISTRICT_BUREAU = "district_bureau", "旗县区、开发区工信部门"
    CITY_BUREAU = "city_bureau", "市工信部门"
    DEPARTMENT = "department", "有关部门"
    INSTITUTION = "institution", "金融与服务机构"
    EXPERT_BODY = "expert_body", "专家与第三方机构"
    AUDIT_BODY = "audit_body", "督导与审计机构"
    PLATFORM = "platform", "平台管理"


class Role(models.TextChoices):
    """What a person may do for an organisation."""

    ENTERPRISE_MANAGER = "enterprise_manager", "企业负责人"
    ENTERPRISE_EDITOR = "enterprise_editor", "企业经办人"
    DISTRICT_OFFICER = "district_officer", "区县审核岗"
    CITY_OFFICER = "city_officer", "市级经办岗"
    DEPARTMENT_OFFICER = "department_officer", "部门经办岗"
    INSTITUTION_OFFICER = "institution_officer", "机构经办岗"
    EXPERT = "expert", "评审专家"
    AUDITOR = "auditor", "审计岗"
    SYSTEM_ADMINISTRATOR = "system_administrator", "系统管理员"
    SECURITY_ADMINISTRATOR = "security_administrator", "安全管理员"
    AUDIT_ADMINISTRATOR = "audit_administrator", "审计管理员"


@dataclass(frozen=True, slots=True)
class RoleRules:
    """What holds for a role: who may give it, and whether its holder must show a second factor before any page."""

    kinds: frozenset[OrganisationKind]
    meaning: str
    second_factor: bool = True


_ENTERPRISE: Final = frozenset({OrganisationKind.ENTERPRISE})
_PLATFORM: Final = frozenset({OrganisationKind.PLATFORM})

ROLE_RULES: Final[dict[Role, RoleRules]] = {
    Role.ENTERPRISE_MANAGER: RoleRules(
        _ENTERPRISE, "填报、提交本企业数据，管理经办人。", second_factor=False
    ),
    Role.ENTERPRISE_EDITOR: RoleRules(_ENTERPRISE, "填报本企业的数据。", second_factor=False),
    Role.DISTRICT_OFFICER: RoleRules(
        frozenset({OrganisationKind.DISTRICT_BUREAU}), "核实、审核和推荐本辖区的企业。"
    ),
    Role.CITY_OFFICER: RoleRules(frozenset({OrganisationKind.CITY_BUREAU}), "办理全市的认定、培育和兑现。"),
    Role.DEPARTMENT_OFFICER: RoleRules(
        frozenset({OrganisationKind.DEPARTMENT}), "确认送交本部门的事项，办理本部门的职责。"
    ),
    Role.INSTITUTION_OFFICER: RoleRules(
        frozenset({OrganisationKind.INSTITUTION}), "核验证书，查认定名单和政策。"
    ),
    Role.EXPERT: RoleRules(frozenset({OrganisationKind.EXPERT_BODY}), "评审分派给本人的材料。"),
    Role.AUDITOR: RoleRules(frozenset({OrganisationKind.AUDIT_BODY}), "只读查看业务和操作记录，不能改动。"),
    Role.SYSTEM_ADMINISTRATOR: RoleRules(_PLATFORM, "管理机构、账号、日历和后台任务，不能授权。"),
    Role.SECURITY_ADMINISTRATOR: RoleRules(_PLATFORM, "授予和收回角色，设置安全策略，不能给自己授权。"),
    Role.AUDIT_ADMINISTRATOR: RoleRules(_PLATFORM, "查阅、核验和导出操作记录，不能改动任何内容。"),
}

#: 三员分立: nobody holds two of these, and whoever holds one holds no role in the business.
ADMINISTRATORS: Final = frozenset(
    {Role.SYSTEM_ADMINISTRATOR, Role.SECURITY_ADMINISTRATOR, Role.AUDIT_ADMINISTRATOR}
)
ENTERPRISE_ROLES: Final = frozenset({Role.ENTERPRISE_MANAGER, Role.ENTERPRISE_EDITOR})
#: Roles that see the enterprises of their organisation's place.
TERRITORIAL: Final = frozenset({Role.DISTRICT_OFFICER, Role.CITY_OFFICER, Role.AUDITOR})
#: Those of them whose work is the whole city.
CITY_WIDE: Final = frozenset({Role.CITY_OFFICER, Role.AUDITOR})
STAFF: Final = frozenset(Role) - ENTERPRISE_ROLES
