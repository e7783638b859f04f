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

pytestmark = pytest.mark.django_db


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
    assert baotou.rows == hohhot.rows == 5343
    assert baotou.created + hohhot.created + len(_elsewhere(table)) >= 5300
    for batch in batches.values():
        assert batch.rows == batch.created + batch.rejected
        assert set(batch.summary["codes"]) <= {
            "outside_place",
            "place_coarse",
            "place_missing",
            "not_legal_person",
            "foreign_currency",
            "place_from_code",
            "uscc_doubt",
            "uscc",
        }
    branches = Enterprise.objects.filter(legal_person=False).count()
    assert 600 <= branches <= 1100
    assert 10 <= DuplicateProposal.objects.count() <= 150
    print(  # noqa: T201 - the figures are what this test is read for
        {
            city: {
                "rows": batch.rows,
                "created": batch.created,
                "rejected": batch.rejected,
                "seconds": batch.summary["seconds"],
                **batch.summary["codes"],
            }
            for city, batch in batches.items()
        },
        {"branches": branches, "pairs": DuplicateProposal.objects.count()},
    )


def _elsewhere(table: Path) -> list[str]:
    """Rows that neither city can take: registered in another one."""
    text = table.read_text(encoding="utf-8-sig")
    return [line for line in text.splitlines()[1:] if "内蒙古" not in line]
