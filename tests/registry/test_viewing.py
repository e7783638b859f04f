"""Who looked at an enterprise stands in the record, and the enterprise can read it."""

from __future__ import annotations

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from tests.access.world import make_world
from tests.accounts.signing_in import sign_in
from tidu.core.models import AuditEvent

pytestmark = pytest.mark.django_db


def test_an_officer_who_reads_a_profile_is_recorded_once_an_hour_for_the_enterprise_to_see() -> None:
    cache.clear()
    world = make_world()
    officer = Client()
    sign_in(officer, world.users["city_baotou"])
    page = reverse("registry:enterprise", args=[world.a.pk])
    for _ in range(2):
        assert officer.get(page).status_code == 200
    seen = AuditEvent.objects.filter(action="registry.enterprise.viewed")
    assert [(event.enterprise_id, event.user_name) for event in seen] == [(world.a.pk, "city_baotou")]


def test_who_may_not_see_it_leaves_no_such_line() -> None:
    cache.clear()
    world = make_world()
    stranger = Client()
    sign_in(stranger, world.users["city_hohhot"])
    assert stranger.get(reverse("registry:enterprise", args=[world.a.pk])).status_code == 404
    assert not AuditEvent.objects.filter(action="registry.enterprise.viewed").exists()


def test_the_enterprises_own_people_are_not_recorded_for_reading_their_own() -> None:
    cache.clear()
    world = make_world()
    own = Client()
    sign_in(own, world.users["manager_a"])
    assert own.get(reverse("registry:own-profile")).status_code == 200
    assert not AuditEvent.objects.filter(action="registry.enterprise.viewed").exists()
