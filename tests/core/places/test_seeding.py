"""The table of places is the vocabulary's copy: there after migrating, and again whenever it differs."""

import io

import pytest
from django.core.management import call_command

from tidu.core.models import Jurisdiction
from tidu.core.models.jurisdictions import CodeSystem, PlaceLevel
from tidu.core.places.seeding import seed
from tidu.policy.vocabulary.places import Place, Places, load_places

pytestmark = pytest.mark.django_db


def test_migrating_leaves_every_place_of_the_vocabulary() -> None:
    assert set(Jurisdiction.objects.values_list("code", flat=True)) == set(load_places().by_code)


def test_both_cities_are_complete_with_their_zones() -> None:
    names = {
        city: {row.name for row in Jurisdiction.objects.filter(parent_id=city)}
        for city in ("150100", "150200")
    }
    assert len(names["150100"]) == 12
    assert {"和林格尔新区", "呼和浩特经济技术开发区", "呼和浩特金山高新技术产业开发区"} < names["150100"]
    assert len(names["150200"]) == 10
    zone = Jurisdiction.objects.get(pk="150271")
    assert (zone.level, zone.code_system, zone.other_codes, zone.recommends) == (
        PlaceLevel.ZONE,
        CodeSystem.NBS,
        ["150291"],
        True,
    )
    assert Jurisdiction.objects.get(pk="150203").recommends
    assert not Jurisdiction.objects.get(pk="150200").recommends


def test_seeding_again_changes_nothing(django_assert_num_queries: object) -> None:
    with django_assert_num_queries(1):  # type: ignore[operator]
        assert not seed()


def test_what_differs_is_written_and_nothing_is_deleted() -> None:
    Jurisdiction.objects.filter(pk="150203").update(name="旧名")
    extra = Jurisdiction.objects.create(code="159999", name="撤销的旗", level="district", code_system="own")
    found = seed()
    assert [row.code for row in found.changed] == ["150203"]
    assert found.gone == (extra,)
    assert Jurisdiction.objects.get(pk="150203").name == "昆都仑区"
    assert Jurisdiction.objects.filter(pk="159999").exists()


def test_a_parent_is_written_before_what_lies_in_it() -> None:
    more = [
        Place("330106", "西湖区", "330100", "county", "gbt2260"),
        Place("330100", "杭州市", "330000", "city", "gbt2260"),
        Place("330000", "浙江省", "000000", "province", "gbt2260"),
    ]
    found = seed(Places([*more, *load_places().by_code.values()]))
    assert [row.code for row in found.new] == ["330000", "330100", "330106"]
    west_lake = Jurisdiction.objects.get(pk="330106")
    assert west_lake.parent is not None
    assert west_lake.parent.name == "杭州市"


@pytest.mark.django_db(transaction=True)
def test_an_emptied_database_has_its_places_again() -> None:
    Jurisdiction.objects.update(parent=None)
    Jurisdiction.objects.all().delete()
    call_command("migrate", verbosity=0, stdout=io.StringIO())
    assert Jurisdiction.objects.count() == len(load_places().by_code)
