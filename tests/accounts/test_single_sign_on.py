"""Against a real OpenID Connect provider, run as a process of its own, over HTTP."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest
import requests
from allauth.socialaccount.models import SocialAccount
from django.test import Client
from pytest_django import Settings

from tests.accounts.people import holder, organisation, person
from tidu.accounts.actions.people import issue_password
from tidu.accounts.models import User
from tidu.core.actor import SYSTEM
from tidu.core.models import AuditEvent
from tidu.core.roles import OrganisationKind, Role

pytestmark = pytest.mark.django_db

CLAIMS = (
    {"sub": "u-1", "preferred_username": "wang.city", "name": "王某"},
    {"sub": "u-2", "preferred_username": "stranger"},
    {"sub": "u-3", "preferred_username": "wang.city"},
    {"sub": "u-4", "preferred_username": "other", "employee_number": "G-0042"},
)


@pytest.fixture(scope="module")
def issuer() -> Iterator[str]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    people = [word for claims in CLAIMS for word in ("--user-claims", json.dumps(claims))]
    command = [sys.executable, "-W", "ignore", "-m", "oidc_provider_mock", "--port", str(port), *people]
    with subprocess.Popen(  # noqa: S603 - our own interpreter with our own words
        command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=os.environ
    ) as process:
        address = f"http://127.0.0.1:{port}"
        try:
            for _ in range(100):
                try:
                    requests.get(f"{address}/.well-known/openid-configuration", timeout=1)
                    break
                except requests.ConnectionError:
                    assert process.poll() is None, "the provider ended"
                    time.sleep(0.1)
            yield address
        finally:
            process.terminate()
            process.wait()


@pytest.fixture(autouse=True)
def _configured(issuer: str, settings: Settings) -> None:
    settings.OIDC_ISSUER = issuer
    settings.SOCIALACCOUNT_PROVIDERS = {
        "openid_connect": {
            "APPS": [
                {
                    "provider_id": "city",
                    "name": "市统一身份认证",
                    "client_id": "tidu",
                    "secret": "said-to-nobody",
                    "settings": {"server_url": issuer, "oauth_pkce_enabled": True},
                }
            ]
        }
    }


def come_back(client: Client, sub: str) -> Any:  # noqa: ANN401 - the test client's answer has no public type
    """Press the button, agree at the provider as ``sub``, and follow the way back."""
    away = client.post("/accounts/oidc/city/login/")
    assert away.status_code == 302
    agreed = requests.post(away["Location"], data={"sub": sub}, allow_redirects=False, timeout=10)
    back = urlsplit(agreed.headers["Location"])
    assert back.path == "/accounts/oidc/city/login/callback/"
    return client.get(f"{back.path}?{back.query}")


def test_the_sign_in_page_offers_the_city_s_way_in(client: Client) -> None:
    assert 'action="/accounts/oidc/city/login/"' in client.get("/accounts/login/").content.decode()


def test_a_person_of_that_name_is_linked_once_and_still_shows_a_second_factor(client: Client) -> None:
    officer = holder(Role.CITY_OFFICER, username="Wang.City").user
    come_back(client, "u-1")
    assert client.session["_auth_user_id"] == str(officer.pk)
    assert client.get("/desk/")["Location"] == "/accounts/second-factor/"
    link = SocialAccount.objects.get()
    assert (link.user_id, link.uid, link.extra_data) == (officer.pk, "u-1", {})
    come_back(Client(), "u-1")
    assert SocialAccount.objects.count() == 1
    linked = AuditEvent.objects.filter(action="accounts.identity.linked")
    assert [event.user_id for event in linked] == [officer.pk]


def test_nobody_becomes_a_person_by_signing_in_elsewhere(client: Client) -> None:
    before = User.objects.count()
    answer = come_back(client, "u-2")
    assert answer["Location"] == "/accounts/login/"
    assert "没有对应的账号" in client.get("/accounts/login/").content.decode()
    assert "_auth_user_id" not in client.session
    assert User.objects.count() == before
    assert AuditEvent.objects.filter(action="accounts.sign_in.failed", result="refused").count() == 1


def test_a_name_given_to_somebody_new_does_not_open_the_former_one_s_account(client: Client) -> None:
    holder(Role.CITY_OFFICER, username="wang.city")
    come_back(Client(), "u-1")
    come_back(client, "u-3")
    assert "_auth_user_id" not in client.session
    assert "另一个单点登录身份" in client.get("/accounts/login/").content.decode()


def test_a_reset_password_unties_the_single_sign_on(client: Client) -> None:
    officer = holder(Role.CITY_OFFICER, username="wang.city")
    come_back(Client(), "u-1")
    issue_password(actor=SYSTEM, person=officer.user, reason="换了人")
    come_back(client, "u-3")
    assert SocialAccount.objects.get().uid == "u-3"


def test_a_disabled_person_is_not_let_in(client: Client) -> None:
    officer = holder(Role.CITY_OFFICER, username="wang.city").user
    come_back(Client(), "u-1")
    User.objects.filter(pk=officer.pk).update(is_active=False)
    assert come_back(client, "u-1")["Location"] == "/accounts/login/"
    assert "_auth_user_id" not in client.session


def test_an_employee_number_can_be_what_names_a_person(client: Client, settings: Settings) -> None:
    settings.OIDC_CLAIM, settings.OIDC_FIELD = "employee_number", "employee_no"
    user = person("li", home=organisation(OrganisationKind.CITY_BUREAU), employee_no="G-0042")
    come_back(client, "u-4")
    assert client.session["_auth_user_id"] == str(user.pk)
