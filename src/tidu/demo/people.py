"""Organisations of both cities and one account for each role, with a password that everybody may know."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, NamedTuple

from django.contrib.auth.hashers import make_password
from django.utils import timezone

from tidu.accounts.actions.organisations import create_organisation
from tidu.accounts.actions.people import create_person
from tidu.accounts.actions.roles import admit_to_enterprise, grant_role
from tidu.accounts.models import Organisation, User
from tidu.core.actor import SYSTEM
from tidu.core.models import Jurisdiction
from tidu.core.roles import OrganisationKind, Role
from tidu.demo.trades import BAOTOU, CITY_NAMES, DISTRICTS, HOHHOT
from tidu.registry.models import Enterprise

PASSWORD: Final = "Tidu-demo-2026"  # noqa: S105 - made to be shown: these accounts open nothing but a demonstration
REGION: Final = "150000"
PREFIXES: Final = {BAOTOU: "baotou", HOHHOT: "hohhot", REGION: "region"}
#: The district whose officer, and the enterprise whose people, stand for all in the table that is shown.
SHOWN_DISTRICT: Final = {BAOTOU: "150203", HOHHOT: "150105"}
#: Login: name, short name, what it confirms.
_DEPARTMENTS: Final[dict[str, tuple[str, str, list[str]]]] = {
    "tax": ("国家税务总局{city}市税务局", "{city}市税务局", ["tax"]),
    "market": ("{city}市市场监督管理局", "{city}市市场监管局", ["market_regulation", "ip_office"]),
    "credit": ("{city}市发展和改革委员会", "{city}市发改委", ["credit"]),
    "emergency": ("{city}市应急管理局", "{city}市应急局", ["emergency"]),
    "ecology": ("{city}市生态环境局", "{city}市生态环境局", ["ecology"]),
    "labour": ("{city}市人力资源和社会保障局", "{city}市人社局", ["human_resources"]),
    "finance": ("{city}市财政局", "{city}市财政局", []),
}
#: The logins that the table shows, without their city, and whose they are.
_SHOWN: Final[dict[str, tuple[str, ...]]] = {
    "企业负责人": ("company",),
    "企业经办人": ("company-clerk",),
    "正在申报的企业": tuple(f"applicant-{number}" for number in range(1, 5)),
    "公示名单里的企业": tuple(f"applicant-{number}" for number in range(5, 9)),
    "区县审核岗": ("district",),
    "市级经办岗": ("city",),
    "市级经办岗（复核）": ("city-second",),
    "评审专家": ("expert", "expert-second", "expert-third"),
    "部门经办岗（税务）": ("tax",),
    "部门经办岗（信用）": ("credit",),
    "部门经办岗（市场监管）": ("market",),
    "机构经办岗": ("bank",),
    "审计岗": ("auditor",),
    "系统管理员": ("system",),
    "安全管理员": ("security",),
    "审计管理员": ("audit",),
}
_ADMINISTRATORS: Final = {
    "system": Role.SYSTEM_ADMINISTRATOR,
    "security": Role.SECURITY_ADMINISTRATOR,
    "audit": Role.AUDIT_ADMINISTRATOR,
}
#: Names of people who do not exist; their lengths share no divisor, so that no name comes twice.
_FAMILY_NAMES: Final = "王李张刘陈杨赵黄周吴徐孙马胡朱郭何高林罗郑梁谢"
_GIVEN_NAMES: Final = ("敏", "建国", "晓燕", "强", "丽华", "志远", "静", "海涛", "雪梅", "磊", "秀英", "浩然")


class Account(NamedTuple):
    """An account of the demonstration, and where it belongs."""

    username: str
    organisation: str
    role: Role


@dataclass(slots=True)
class _Maker:
    """Makes accounts; the password is hashed once, since it is the same for all."""

    accounts: list[Account]

    def organisation(
        self,
        kind: OrganisationKind,
        name: str,
        short: str,
        place: str,
        confirms: list[str] | None = None,
        *,
        word: str = "",
    ) -> Organisation:
        return create_organisation(
            actor=SYSTEM,
            kind=kind,
            name=name,
            short_name=short,
            place=Jurisdiction.objects.get(pk=place),
            confirms=confirms or [],
            document_word=word,
        )

    def account(
        self, username: str, organisation: Organisation, role: Role, *, enterprise_id: int = 0
    ) -> User:
        person = create_person(
            actor=SYSTEM,
            username=username,
            name=_person_name(User.objects.count()),
            organisation=organisation,
        )
        if role is Role.ENTERPRISE_MANAGER:
            admit_to_enterprise(
                actor=SYSTEM,
                person=person,
                organisation=organisation,
                reason="演示",
                enterprise_id=enterprise_id,
            )
        else:
            grant_role(actor=SYSTEM, person=person, organisation=organisation, role=role, reason="演示")
        self.accounts.append(Account(username, str(organisation), role))
        return person


def _person_name(number: int) -> str:
    return _FAMILY_NAMES[number % len(_FAMILY_NAMES)] + _GIVEN_NAMES[number % len(_GIVEN_NAMES)]


class ShownLogins(NamedTuple):
    """A line of the table at the start: a role, and its logins in each city."""

    role: str
    baotou: tuple[str, ...]
    hohhot: tuple[str, ...]


def shown_logins() -> list[ShownLogins]:
    """The accounts of the demonstration for the table at the start: those that there are. One query."""
    there = set(User.objects.filter(demonstration=True).values_list("username", flat=True))

    def of(city: str, logins: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(name for login in logins if (name := f"{PREFIXES[city]}-{login}") in there)

    lines = (ShownLogins(role, of(BAOTOU, logins), of(HOHHOT, logins)) for role, logins in _SHOWN.items())
    return [line for line in lines if line.baotou or line.hohhot]


def make_people() -> list[Account]:
    """Everybody who works for an authority or another body. Part of loading."""
    maker = _Maker([])
    for city in (BAOTOU, HOHHOT):
        _of_city(maker, city)
    _administrators(maker, REGION, "内蒙古自治区")
    return maker.accounts


def make_enterprise_people(enterprise: Enterprise, city: str) -> list[Account]:
    """The two people of the enterprise that shows the enterprise's side."""
    maker = _Maker([])
    organisation = create_organisation(actor=SYSTEM, kind=OrganisationKind.ENTERPRISE, name=enterprise.name)
    Enterprise.objects.filter(pk=enterprise.pk).update(organisation=organisation)
    prefix = PREFIXES[city]
    maker.account(
        f"{prefix}-company",
        organisation,
        Role.ENTERPRISE_MANAGER,
        enterprise_id=enterprise.pk,
    )
    maker.account(f"{prefix}-company-clerk", organisation, Role.ENTERPRISE_EDITOR)
    return maker.accounts


def make_applicant(enterprise: Enterprise, city: str, number: int) -> list[Account]:
    """Who hands in for an enterprise of a story."""
    maker = _Maker([])
    organisation = create_organisation(actor=SYSTEM, kind=OrganisationKind.ENTERPRISE, name=enterprise.name)
    Enterprise.objects.filter(pk=enterprise.pk).update(organisation=organisation)
    username = f"{PREFIXES[city]}-applicant-{number}"
    maker.account(username, organisation, Role.ENTERPRISE_MANAGER, enterprise_id=enterprise.pk)
    return maker.accounts


def open_accounts(accounts: list[Account]) -> None:
    """Give the accounts the password of the demonstration, and mark them as such."""
    User.objects.filter(username__in=[item.username for item in accounts]).update(
        password=make_password(PASSWORD), password_changed_at=timezone.now(), demonstration=True
    )


def _of_city(maker: _Maker, city: str) -> None:
    name, prefix = CITY_NAMES[city], PREFIXES[city]
    bureau = maker.organisation(
        OrganisationKind.CITY_BUREAU,
        f"{name}市工业和信息化局",
        f"{name}市工信局",
        city,
        word=f"{name[0]}工信",
    )
    for login in ("city", "city-second"):  # what one proposes another confirms
        maker.account(f"{prefix}-{login}", bureau, Role.CITY_OFFICER)
    for code in DISTRICTS[city]:
        place = Jurisdiction.objects.get(pk=code)
        full, short = _district_bureau(place)
        organisation = maker.organisation(OrganisationKind.DISTRICT_BUREAU, full, short, code)
        username = f"{prefix}-district" if code == SHOWN_DISTRICT[city] else f"{prefix}-{code}"
        maker.account(username, organisation, Role.DISTRICT_OFFICER)
    for login, (full, short, confirms) in _DEPARTMENTS.items():
        organisation = maker.organisation(
            OrganisationKind.DEPARTMENT, full.format(city=name), short.format(city=name), city, confirms
        )
        maker.account(f"{prefix}-{login}", organisation, Role.DEPARTMENT_OFFICER)
    others = (
        ("bank", OrganisationKind.INSTITUTION, f"演示银行{name}分行", Role.INSTITUTION_OFFICER),
        ("expert", OrganisationKind.EXPERT_BODY, f"{name}演示评审服务中心", Role.EXPERT),
        ("auditor", OrganisationKind.AUDIT_BODY, f"{name}市审计局", Role.AUDITOR),
    )
    for login, kind, full, role in others:
        body = maker.organisation(kind, full, "", city)
        maker.account(f"{prefix}-{login}", body, role)
        if role is Role.EXPERT:  # enough for a draw
            for more in ("second", "third"):
                maker.account(f"{prefix}-{login}-{more}", body, role)
    _administrators(maker, city, f"{name}市")


def _administrators(maker: _Maker, place: str, name: str) -> None:
    platform = maker.organisation(
        OrganisationKind.PLATFORM, f"{name}梯度培育平台管理中心", f"{name}平台管理", place
    )
    for login, role in _ADMINISTRATORS.items():
        maker.account(f"{PREFIXES[place]}-{login}", platform, role)


def _district_bureau(place: Jurisdiction) -> tuple[str, str]:
    """The bureau of a district, or of the body that governs a zone."""
    if place.level == "zone":
        return f"{place.name}管理委员会经济发展局", f"{place.name}经发局"[:40]
    return f"{place.name}工业和信息化局", f"{place.name}工信局"
