"""Loading the demonstration: through the actions, once, never into somebody's data; and starting over."""

from __future__ import annotations

import datetime as dt

import pytest
from django.test import Client, override_settings
from django.urls import reverse

from tidu.accounts.models import Membership, Organisation, User
from tidu.core.models import AuditEvent
from tidu.core.roles import OrganisationKind, Role
from tidu.demo.loading import NotEmpty, clear, is_loaded, load
from tidu.demo.people import PASSWORD, shown_logins
from tidu.demo.trades import DISTRICTS
from tidu.registry.models import Enterprise, Fact

ON = dt.date(2026, 11, 20)
COUNT = 44


@pytest.mark.django_db
def test_everything_is_there_and_a_second_time_changes_nothing() -> None:
    loaded = load(on=ON, count=COUNT)
    assert loaded.enterprises == Enterprise.objects.count() == COUNT
    assert loaded.facts == Fact.objects.count()
    assert Fact.objects.filter(chosen=True).exists()
    bureaus = Organisation.objects.filter(kind=OrganisationKind.DISTRICT_BUREAU)
    assert {bureau.place_id for bureau in bureaus} == {
        code for places in DISTRICTS.values() for code in places
    }
    roles = set(Membership.objects.values_list("role", flat=True))
    assert roles == {role.value for role in Role}
    shown = {line.role: (len(line.baotou), len(line.hohhot)) for line in shown_logins()}
    assert shown["评审专家"] == (3, 3)
    assert shown["审计管理员"] == (1, 1)
    assert AuditEvent.objects.filter(action="demo.data.loaded").count() == 1
    before = AuditEvent.objects.count()
    assert load(on=ON, count=COUNT).enterprises == 0
    assert AuditEvent.objects.count() == before


@pytest.mark.django_db
def test_the_columns_of_lists_follow_the_facts() -> None:
    load(on=ON, count=COUNT)
    assert not Enterprise.objects.filter(initials="").exists()
    assert not Enterprise.objects.filter(industry="").exists()
    assert Enterprise.objects.exclude(size="").count() > COUNT // 2
    assert Enterprise.objects.filter(completeness__gt=50).exists()
    assert Enterprise.objects.exclude(tier="").exists()


@pytest.mark.django_db
def test_made_up_enterprises_never_join_real_people() -> None:
    User.objects.create_user("somebody", name="某人")
    with pytest.raises(NotEmpty):
        load(on=ON, count=COUNT)
    with pytest.raises(NotEmpty):
        clear()
    assert User.objects.filter(username="somebody").exists()


@pytest.mark.django_db
def test_the_known_password_opens_nothing_where_the_site_is_no_demonstration() -> None:
    load(on=ON, count=COUNT)
    given = {"login": "baotou-city", "password": PASSWORD}
    closed = Client()
    closed.post(reverse("account_login"), given)
    assert "_auth_user_id" not in closed.session
    with override_settings(DEMONSTRATION=True):
        client = Client()
        client.post(reverse("account_login"), given)
        assert "_auth_user_id" in client.session
        page = client.get(reverse("desk:home"))
        assert page.status_code == 200
        assert "演示网站" in page.content.decode()


@pytest.mark.django_db
def test_only_a_demonstration_says_that_it_is_one(client: Client) -> None:
    assert "演示网站" not in client.get("/").content.decode()
    with override_settings(DEMONSTRATION=True):
        assert "演示网站" in client.get("/").content.decode()


@pytest.mark.django_db
def test_the_demonstration_is_known_by_its_people() -> None:
    assert not is_loaded()
    load(on=ON, count=2, stories=False)
    assert is_loaded()
