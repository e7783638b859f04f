"""A real register of two cities goes through the screen of imports. The table is not part of the project."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from tests.access.world import make_world
from tests.accounts.signing_in import sign_in
from tidu.core.jobs.worker import drain
from tidu.registry.models import DuplicateProposal, Enterprise, Import
from tidu.registry.models.imports import ImportState

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]


def test_each_city_takes_its_own_of_a_real_register(client: Client, shared: Path) -> None:
    table = shared / "realdata/enterprises_baotou_hohhot.csv"
    world = make_world()
    batches = {}
    for city in ("baotou", "hohhot"):
        sign_in(client, world.users[f"city_{city}"])
        upload = SimpleUploadedFile(table.name, table.read_bytes())
        answer = client.post(reverse("registry:imports"), {"kind": "enterprises", "file": upload})
        assert answer.status_code == 302
        drain()
        batch = Import.objects.latest("pk")
        assert batch.state == ImportState.CHECKED
        assert batch.summary["map"] == "enterprises_baotou_hohhot.yaml", "known by its headings"
        client.post(reverse("registry:import-start", args=(batch.pk,)), {"way": "skip"})
        drain()
        batch.refresh_from_db()
        assert batch.state == ImportState.DONE
        batches[city] = batch
    baotou, hohhot = batches["baotou"], batches["hohhot"]
    assert (baotou.rows, baotou.created, baotou.rejected) == (5343, 2558, 2785)
    assert (hohhot.rows, hohhot.created, hohhot.rejected) == (5343, 2785, 2558)
    for batch in batches.values():
        assert batch.summary["codes"]["outside_place"] == batch.rejected
        assert set(batch.summary["codes"]) == {"outside_place", "not_legal_person", "foreign_currency"}
    branches = Enterprise.objects.filter(legal_person=False).count()
    assert 1000 <= branches <= 1100
    assert 30 <= DuplicateProposal.objects.count() <= 60
