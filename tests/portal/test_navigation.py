from __future__ import annotations

import re

import pytest
from django.test import Client, RequestFactory
from django.urls import reverse

from tidu.portal.context import navigation

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]


def test_every_entry_of_the_navigation_leads_to_a_page(client: Client) -> None:
    for item in navigation(RequestFactory().get("/"))["navigation"]:
        assert client.get(item.url).status_code == 200, item.label


def test_the_navigation_says_where_one_is(client: Client) -> None:
    page = client.get(reverse("portal:home")).content.decode()
    assert re.findall(r'aria-current="page">([^<]*)', page) == ["首页"]
    assert 'aria-current="true"' not in client.get("/privacy/").content.decode()


def test_the_site_map_lists_every_entry(client: Client) -> None:
    page = client.get("/site-map/").content.decode()
    for item in navigation(RequestFactory().get("/"))["navigation"]:
        assert item.about in page
