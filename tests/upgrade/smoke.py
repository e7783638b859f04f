"""A short walk through an upgraded site, run in a process of its own with the settings that a server has.

Prints what it has seen as JSON; any surprise is a trace and an exit status.
"""

from __future__ import annotations

import json
import os

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tidu.site.settings")
os.environ["TIDU_DEBUG"] = "true"  # static files as they lie, without TLS
django.setup()

from django.db import connection, transaction  # noqa: E402 - applications load first
from django.test import Client  # noqa: E402
from django.test.utils import setup_test_environment  # noqa: E402
from django.urls import reverse  # noqa: E402

from tests.accounts.signing_in import sign_in  # noqa: E402
from tidu.accounts.models import Membership, Organisation, User  # noqa: E402
from tidu.core.actor import Actor  # noqa: E402
from tidu.core.audit import guard  # noqa: E402
from tidu.core.audit.recording import record  # noqa: E402
from tidu.core.audit.verification import verify  # noqa: E402
from tidu.core.models import Jurisdiction  # noqa: E402
from tidu.core.roles import OrganisationKind, Role  # noqa: E402
from tidu.registry.models import Enterprise  # noqa: E402

setup_test_environment()


def walk() -> dict[str, object]:
    """Open public pages, sign a new officer in, open the desk, write to the record and verify it."""
    visitor, officer = Client(), Client()
    public = [
        visitor.get(reverse(name)).status_code
        for name in ("portal:home", "portal:policies", "portal:self-check", "account_login")
    ]
    with transaction.atomic():
        bureau = Organisation.objects.create(
            kind=OrganisationKind.CITY_BUREAU,
            name="升级后的市局",
            place=Jurisdiction.objects.get(pk="150200"),
        )
        person = User.objects.create_user("after-the-upgrade", name="某人", phone="13800001234")
        Membership.objects.create(user=person, organisation=bureau, role=Role.CITY_OFFICER)
        record(actor=Actor(user_id=person.pk, name="某人"), action="core.setting.changed", subject=person)
    sign_in(officer, person)
    home = officer.get(reverse("desk:home"))
    return {
        "public": public,
        "home": home.status_code,
        "phone": User.objects.get(pk=person.pk).phone,
        "whole": verify().whole,
        "events": verify().checked,
        "guards_missing": guard.missing(connection),
        "people": User.objects.count(),
        "enterprises": Enterprise.objects.count(),
    }


if __name__ == "__main__":
    print(json.dumps(walk()))  # noqa: T201 - for the test that has started this
