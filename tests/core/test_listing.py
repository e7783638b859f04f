from __future__ import annotations

import pytest
from django.db.models import F
from django.http import QueryDict
from django.test import RequestFactory

from tidu.core.components import Choice
from tidu.core.listing import Filter, chosen, listing, order
from tidu.core.models import Jurisdiction

LEVELS = Filter("level", "级别", "many", choices=(Choice("city", "市、盟"), Choice("district", "旗县区")))
FILTERS = (
    Filter("q", "名称", "text"),
    Filter("parent", "上级", choices=(Choice("150200", "包头市"),)),
    LEVELS,
)
SORTS = {"name": ("name",), "level": ("level", "-code")}


def test_only_known_filters_and_offered_choices_count() -> None:
    query = QueryDict("q=+昆区+&parent=150100&level=city&level=zone&level=city&owner=1")
    assert chosen(query, FILTERS) == {"q": "昆区", "level": ["city"]}


def test_a_value_without_end_is_cut() -> None:
    assert len(chosen(QueryDict(f"q={'长' * 5000}"), FILTERS)["q"]) == 100


def test_orders_turn_round_and_always_end_with_the_key() -> None:
    assert order("name", SORTS, "name") == ("name", ("name", "pk"))
    assert order("-level", SORTS, "name") == ("-level", ("-level", "code", "-pk"))
    assert order("password", SORTS, "name") == ("name", ("name", "pk"))
    _, (turned, _) = order("-due", {"due": (F("due_on").asc(nulls_last=True),)}, "due")
    assert turned.descending  # type: ignore[union-attr] # an expression
    assert turned.nulls_first  # type: ignore[union-attr] # as above


@pytest.mark.django_db
def test_a_chip_takes_back_one_value_and_keeps_the_rest(rf: RequestFactory) -> None:
    request = rf.get("/x/?q=区&level=city&level=district&sort=-name&page=3")
    shown = listing(request, Jurisdiction.objects.all(), sorts=SORTS, default="name", filters=FILTERS)
    assert [chip.label for chip in shown.chips] == ["名称：区", "级别：市、盟", "级别：旗县区"]
    assert QueryDict(shown.chips[1].url[1:]).getlist("level") == ["district"]
    assert "page" not in QueryDict(shown.chips[1].url[1:])
    assert QueryDict(shown.query).dict() == {"q": "区", "level": "district", "sort": "-name"}


@pytest.mark.django_db
@pytest.mark.parametrize("page", ["0", "-1", "99999999999", "二", "1e3", ""])
def test_a_page_out_of_range_gives_the_nearest(rf: RequestFactory, page: str) -> None:
    shown = listing(
        rf.get("/x/", {"page": page}), Jurisdiction.objects.all(), sorts=SORTS, default="name", per_page=5
    )
    assert 1 <= shown.page.number <= shown.page.paginator.num_pages
    assert len(shown.page.object_list) == 5 or shown.page.number == shown.page.paginator.num_pages
