"""Signing in, one's own account, and what administrators and managers of enterprises do about people."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.utils import timezone

from tests.access.rows import Elsewhere, Row
from tests.access.world import (
    AUDITORS,
    SECURITY_ADMINISTRATORS,
    SIGNED_IN,
    SYSTEM_ADMINISTRATORS,
    World,
)
from tidu.accounts.models import Delegation, Ground, Interest

_BOTH = SYSTEM_ADMINISTRATORS | SECURITY_ADMINISTRATORS
_SYSTEM = frozenset({"system_administrator"})
_SECURITY = frozenset({"security_administrator"})
_MANAGERS = frozenset({"manager_a", "manager_b", "manager_c", "manager_d"})
_ASKED = frozenset({200, 302, 422})  # 422: asked again, because the reason is missing


def _organisation(world: World) -> Mapping[str, Any]:
    return {"pk": world.organisations["tax_baotou"].pk}


def _person(world: World) -> Mapping[str, Any]:
    return {"pk": world.users["tax_baotou"].pk}


def _role(world: World) -> Mapping[str, Any]:
    return {"pk": world.memberships["tax_baotou"].pk}


def _colleague(world: World) -> Mapping[str, Any]:
    return {"pk": world.users["editor_a"].pk}


def _colleague_role(world: World) -> Mapping[str, Any]:
    return {"pk": world.memberships["editor_a"].pk}


def _delegation(world: World) -> Mapping[str, Any]:
    delegation = Delegation.objects.create(
        membership=world.memberships["city_baotou"],
        delegate=world.users["city_baotou"],
        first_day=dt.date(2026, 1, 1),
        last_day=dt.date(2099, 12, 31),
        reason="出差",
    )
    return {"pk": delegation.pk}


def _interest(world: World, **more: object) -> Mapping[str, Any]:
    interest = Interest.objects.create(
        person=world.users["tax_baotou"],
        uscc=world.enterprises["A"].uscc,
        name="某市试样A科技有限公司",
        ground=Ground.SHARES,
        since=dt.date(2026, 1, 1),
        declared_by=world.users["tax_baotou"],
        **more,
    )
    return {"pk": interest.pk}


def _asked_interest(world: World) -> Mapping[str, Any]:
    return _interest(world, ending_asked_at=timezone.now(), ending_reason="已转让")


def _reset_link(_: World) -> Mapping[str, Any]:
    return {"uidb36": "1", "key": "none-such"}


def _reasoned(name: str, may: frozenset[str], arguments: Any) -> list[Row | Elsewhere]:  # noqa: ANN401 - a callable
    """A page that asks for a reason, and its POST."""
    return [
        Row(name, may, arguments=arguments),
        Row(name, may, method="POST", arguments=arguments, answers=_ASKED),
    ]


_STEP = "one step of signing in or of the second factor: tests/accounts/test_signing_in.py"
_PROVIDER = "the way to the single sign-on and back: tests/accounts/test_single_sign_on.py"

ROWS: list[Row | Elsewhere] = [
    Elsewhere("account_login", _STEP),
    Elsewhere("mfa_authenticate", _STEP),
    Elsewhere("mfa_reauthenticate", _STEP),
    Elsewhere("account_reauthenticate", _STEP),
    Elsewhere("accounts:enrol", _STEP),
    Elsewhere("accounts:recovery-codes", _STEP),
    Elsewhere("accounts:recovery-codes-download", _STEP),
    Elsewhere("accounts:switch", "names one of the person's own roles: tests/accounts/test_identities.py"),
    Elsewhere("openid_connect_login", _PROVIDER),
    Elsewhere("openid_connect_callback", _PROVIDER),
    Elsewhere("socialaccount_login_cancelled", "leads everybody to the sign-in page"),
    Row("account_reset_password", public=True),
    Row("account_reset_password_done", public=True),
    Row("account_reset_password_from_key", public=True, arguments=_reset_link),
    Row("account_reset_password_from_key_done", public=True),
    Row("account_logout", public=True),  # a visitor has nothing to leave and is sent home
    Row("account_change_password", SIGNED_IN),
    Row("usersessions_list", SIGNED_IN),
    Row("usersessions_list", SIGNED_IN, method="POST"),
    Row("accounts:account", SIGNED_IN),
    Row("accounts:profile", SIGNED_IN),
    Row("accounts:profile", SIGNED_IN, method="POST"),
    Row("accounts:extend", SIGNED_IN, method="POST", answers=frozenset({204})),
    Row("accounts:delegations", SIGNED_IN),
    Row("accounts:delegations", SIGNED_IN, method="POST"),
    Row("accounts:delegation-end", frozenset({"city_baotou"}), method="POST", arguments=_delegation),
    Row("accounts:interests", SIGNED_IN),
    Row("accounts:interests", SIGNED_IN, method="POST", answers=_ASKED),
    *_reasoned("accounts:interest-ask", frozenset({"tax_baotou"}), _interest),
    *_reasoned("accounts:interest-end", _SECURITY, _asked_interest),
    *_reasoned("accounts:interest-keep", _SECURITY, _asked_interest),
    Row("accounts:interests-register", SECURITY_ADMINISTRATORS | AUDITORS),
    *_reasoned("accounts:interest-enter", _SECURITY, _person),
    Row("accounts:organisations", _BOTH),
    Row("accounts:organisation-new", SYSTEM_ADMINISTRATORS),
    Row("accounts:organisation-new", SYSTEM_ADMINISTRATORS, method="POST"),
    Row("accounts:organisation", _SYSTEM | _SECURITY, arguments=_organisation),
    Row("accounts:organisation-change", _SYSTEM, arguments=_organisation),
    Row("accounts:organisation-change", _SYSTEM, method="POST", arguments=_organisation),
    *_reasoned("accounts:organisation-close", _SYSTEM, _organisation),
    *_reasoned("accounts:organisation-reopen", _SYSTEM, _organisation),
    Row("accounts:people", _BOTH),
    Row("accounts:person-new", SYSTEM_ADMINISTRATORS),
    Row("accounts:person-new", SYSTEM_ADMINISTRATORS, method="POST"),
    Row("accounts:person", _SYSTEM | _SECURITY, arguments=_person),
    *_reasoned("accounts:person-change", _SYSTEM, _person),
    *_reasoned("accounts:person-password", _SYSTEM, _person),
    *_reasoned("accounts:person-disable", _SYSTEM, _person),
    *_reasoned("accounts:person-enable", _SYSTEM, _person),
    *_reasoned("accounts:person-unlock", _SYSTEM, _person),
    *_reasoned("accounts:person-second-factor", _SECURITY, _person),
    *_reasoned("accounts:grant", _SECURITY, _person),
    *_reasoned("accounts:role-end", _SECURITY, _role),
    Row("accounts:policy", SECURITY_ADMINISTRATORS),
    Row("accounts:colleagues", _MANAGERS),
    Row("accounts:colleague-new", _MANAGERS),
    Row("accounts:colleague-new", _MANAGERS, method="POST"),
    *_reasoned("accounts:colleague-password", frozenset({"manager_a"}), _colleague),
    *_reasoned("accounts:colleague-end", frozenset({"manager_a"}), _colleague_role),
]
