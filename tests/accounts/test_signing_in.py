from __future__ import annotations

import re
import time
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from tests.accounts.people import PASSWORD, acting, holder, person
from tests.accounts.signing_in import sign_in
from tidu.accounts.actions.second_factor import enrol
from tidu.accounts.lockout import locked_names
from tidu.accounts.second_factor import PERIOD, code_at, new_secret
from tidu.core.models import AuditEvent
from tidu.core.roles import Role

pytestmark = pytest.mark.django_db
LOGIN = "/accounts/login/"


def submit(client: Client, username: str, password: str = PASSWORD, **more: str) -> Any:  # noqa: ANN401 - the test client's answer has no public type
    return client.post(LOGIN, {"login": username, "password": password, **more})


def secret_on(page: str) -> str:
    found = re.search(r'<code class="ac-secret">([A-Z2-7 ]+)</code>', page)
    assert found
    return found[1].replace(" ", "")


def code_now(secret: str, *, periods_later: int = 0) -> str:
    return code_at(secret, int(time.time()) // PERIOD + periods_later)


def test_an_enterprise_signs_in_with_name_and_password(client: Client) -> None:
    membership = holder(Role.ENTERPRISE_EDITOR, place=None)
    anonymous = client.session.session_key
    answer = submit(client, membership.user.username)
    assert answer.status_code == 302
    assert answer["Location"] == reverse("desk:home")
    assert client.session.session_key != anonymous
    assert client.get("/desk/").status_code == 200
    assert AuditEvent.objects.filter(action="accounts.sign_in.done", user_id=membership.user_id).count() == 1


def test_staff_meet_enrolment_and_nothing_else_until_a_second_factor_is_set(client: Client) -> None:
    officer = holder(Role.CITY_OFFICER).user
    submit(client, officer.username)
    for path in ("/desk/", "/accounts/sessions/"):
        answer = client.get(path)
        assert (answer.status_code, answer["Location"]) == (302, "/accounts/second-factor/")
    page = client.get("/accounts/second-factor/").content.decode()
    assert '<svg class="ac-qr"' in page
    secret = secret_on(page)
    wrong = client.post("/accounts/second-factor/", {"code": "000000"})
    assert "动态码不正确" in wrong.content.decode()
    assert client.get("/desk/").status_code == 302
    done = client.post("/accounts/second-factor/", {"code": code_now(secret)})
    assert done["Location"] == "/accounts/second-factor/recovery-codes/"
    codes = re.findall(
        r"<code>(\d-[a-z2-9]{5}-[a-z2-9]{5})</code>", client.get(done["Location"]).content.decode()
    )
    assert len(codes) == 10
    assert client.get("/desk/").status_code == 200


def test_the_second_step_takes_a_code_once_and_a_recovery_code_once(client: Client) -> None:
    officer = holder(Role.CITY_OFFICER).user
    submit(client, officer.username)
    secret = secret_on(client.get("/accounts/second-factor/").content.decode())
    used = code_now(secret)
    client.post("/accounts/second-factor/", {"code": used})
    page = client.get("/accounts/second-factor/recovery-codes/").content.decode()
    recovery = re.findall(r"<code>(\d-\w+-\w+)</code>", page)[3]

    other = Client()
    step = submit(other, officer.username)
    assert step["Location"] == "/accounts/second-factor/authenticate/"
    assert other.get("/desk/").status_code == 302
    assert "已经用过" in other.post(step["Location"], {"code": used}).content.decode()
    assert other.post(step["Location"], {"code": code_now(secret, periods_later=1)}).status_code == 302
    assert other.get("/desk/").status_code == 200

    third = Client()
    step = submit(third, officer.username)
    assert third.post(step["Location"], {"code": recovery.upper()}).status_code == 302
    assert third.get("/desk/").status_code == 200
    fourth = Client()
    step = submit(fourth, officer.username)
    assert "动态码不正确" in fourth.post(step["Location"], {"code": recovery}).content.decode()


def test_a_wrong_password_and_an_unknown_name_are_answered_alike_and_both_lock() -> None:
    person("known")
    pages: dict[str, list[str]] = {"known": [], "nobody": []}
    for name, seen in pages.items():
        client = Client()
        for _ in range(5):
            answer = submit(client, name, "wrong-wrong-wrong")
            text = re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", answer.content.decode())
            seen.append(f"{answer.status_code} {text.replace(name, '')}")
    assert pages["known"] == pages["nobody"]
    assert pages["known"][0].startswith("200")
    assert pages["known"][4].startswith("429")
    assert "暂时锁定" in pages["known"][4]
    assert submit(Client(), "KNOWN").status_code == 429, "the right password does not open a locked name"
    assert AuditEvent.objects.filter(action="accounts.sign_in.failed").count() >= 8
    assert not AuditEvent.objects.filter(detail__contains="nobody").exists()
    assert AuditEvent.objects.filter(action="accounts.sign_in.locked").exists()


def test_a_name_that_the_database_takes_for_another_counts_for_that_one() -> None:
    person("sisi")
    written = ("SISI", "ſisi", "siſi", "sısi", "sisı")  # what PostgreSQL finds sisi by
    answers = [submit(Client(), name, "wrong-wrong-wrong").status_code for name in written]
    assert answers == [200, 200, 200, 200, 429]
    assert locked_names(["sisi"]) == {"sisi"}


def test_whoever_has_a_second_factor_shows_it_in_every_session(client: Client) -> None:
    officer = holder(Role.CITY_OFFICER)
    secret = new_secret()
    enrol(actor=acting(officer), person=officer.user, secret=secret, code=code_now(secret))
    sign_in(client, officer.user, second_factor=False)
    asked = client.get("/desk/")
    assert asked["Location"] == "/accounts/second-factor/reauthenticate/?next=%2Fdesk%2F"
    assert client.get("/accounts/second-factor/")["Location"].startswith(
        "/accounts/second-factor/reauthenticate/"
    )
    done = client.post(asked["Location"], {"code": code_now(secret, periods_later=1), "next": "/desk/"})
    assert done["Location"] == "/desk/"
    assert client.get("/desk/").status_code == 200


def test_codes_cannot_be_tried_out(client: Client) -> None:
    officer = holder(Role.CITY_OFFICER)
    secret = new_secret()
    enrol(actor=acting(officer), person=officer.user, secret=secret, code=code_now(secret))
    step = submit(client, officer.user.username)["Location"]
    for _ in range(5):
        assert "动态码不正确" in client.post(step, {"code": "000000"}).content.decode()
    right = client.post(step, {"code": code_now(secret, periods_later=1)}).content.decode()
    assert "尝试次数过多" in right
    failed = AuditEvent.objects.filter(action="accounts.sign_in.failed", user_id=officer.user_id)
    assert failed.count() == 5
    assert '"step": "second_factor"' in failed[0].detail


def test_the_secret_is_sealed_and_recovery_codes_are_hashes() -> None:
    officer = holder(Role.CITY_OFFICER)
    secret = new_secret()
    codes = enrol(actor=acting(officer), person=officer.user, secret=secret, code=code_now(secret))
    with connection.cursor() as cursor:
        cursor.execute("SELECT totp_secret FROM accounts_user WHERE id = %s", [officer.user_id])
        stored = cursor.fetchone()[0]
        cursor.execute("SELECT data FROM mfa_authenticator")
        kept = str(cursor.fetchall())
    assert stored.startswith("sm4:")
    assert secret not in kept
    assert not any(code[2:].replace("-", "") in kept for code in codes)
