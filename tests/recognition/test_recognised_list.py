"""The public list of titles and its open data."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook
from pytest_django import DjangoAssertNumQueries

from tests.access.world import HOHHOT, SAIHAN, make_world
from tidu.core.uscc import check_characters
from tidu.recognition.public.recognised import OPEN_COLUMNS
from tidu.registry.models import Enterprise, Title
from tidu.registry.models.standing import Level, TitleState
from tidu.registry.naming import name_columns

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)


def _title(number: int, name: str, **more: object) -> Title:
    words = name_columns(name)
    enterprise = Enterprise.objects.create(
        uscc=check_characters(f"91150105MA0{number:05d}"[:16]),
        name=name,
        core_name=words.core_name,
        pinyin=words.pinyin,
        initials=words.initials,
        search_text=words.search_text,
        city_id=HOHHOT,
        district_id=SAIHAN,
    )
    values: dict[str, object] = {
        "tier": "municipal_srdi",
        "name": "呼和浩特市“专精特新”中小企业",
        "level": Level.MUNICIPAL,
        "document_no": "呼工信〔2025〕12号",
        "recognised_on": timezone.localdate() - 30 * DAY,
        "valid_until": timezone.localdate() + 1000 * DAY,
        **more,
    }
    return Title.objects.create(enterprise=enterprise, **values)


def _page(client: Client, **query: str) -> str:
    answer = client.get(reverse("recognition:recognised"), query)
    assert answer.status_code == 200
    return str(answer.content.decode())


def _file(client: Client, form: str, **query: str) -> bytes:
    answer: Any = client.get(reverse("recognition:recognised-download", args=[form]), query)
    assert answer.status_code == 200
    return b"".join(answer.streaming_content)


def test_the_list_is_searched_and_narrowed(client: Client) -> None:
    _title(1, "内蒙古昱岑新材料科技有限公司")
    expired = _title(2, "呼和浩特市砺衡饲料有限公司", valid_until=timezone.localdate() - DAY)
    gone = _title(3, "内蒙古青衍储能有限公司", state=TitleState.REVOKED, ended_on=timezone.localdate())
    for query, found in (
        ({"q": "昱岑"}, {"昱岑"}),
        ({"q": "青衍 储能"}, {"青衍"}),
        ({"q": expired.enterprise.uscc}, {"砺衡"}),
        ({"q": "lh"}, {"砺衡"}),
        ({"q": "没有的"}, set()),
        ({"state": "held"}, {"昱岑"}),
        ({"state": "expired"}, {"砺衡"}),
        ({"state": "cancelled"}, {"青衍"}),
        ({"tier": "little_giant"}, set()),
        ({"district": SAIHAN}, {"昱岑", "砺衡", "青衍"}),
        ({"district": "150103"}, set()),
        ({"year": str(gone.recognised_on.year)}, {"昱岑", "砺衡", "青衍"}),
        ({"year": "1999", "state": "nonsense", "tier": "<script>"}, {"昱岑", "砺衡", "青衍"}),
    ):
        page = _page(client, **query)
        assert {name for name in ("昱岑", "砺衡", "青衍") if name in page} == found, query
    assert "没有符合这些条件的企业" in _page(client, q="没有的")


def test_the_list_opens_with_what_is_valid_and_finds_what_ends_soon(client: Client) -> None:
    today = timezone.localdate()
    _title(1, "内蒙古昱岑新材料科技有限公司", valid_until=today - DAY)
    _title(2, "呼和浩特市砺衡饲料有限公司")
    _title(3, "内蒙古青衍储能有限公司", valid_until=today + 40 * DAY)
    page = _page(client)
    assert page.index("青衍") < page.index("砺衡") < page.index("昱岑")
    soon = _page(client, state="soon")
    assert "青衍" in soon
    assert "砺衡" not in soon
    rows = json.loads(_file(client, "json", state="soon"))["rows"]
    assert [row["enterprise"] for row in rows] == ["内蒙古青衍储能有限公司"]


def test_a_name_that_is_a_script_or_a_formula_does_nothing(client: Client) -> None:
    _title(1, "<script>alert(1)</script>公司")
    _title(2, '=HYPERLINK("http://evil.example","点我")')
    assert "<script>alert" not in _page(client)
    rows = list(csv.reader(io.StringIO(_file(client, "csv").decode("utf-8-sig"))))
    assert rows[0] == [label for _, label in OPEN_COLUMNS]
    names = {row[0] for row in rows[1:]}
    assert not {name for name in names if name.startswith(("=", "+", "-", "@"))}
    sheet = load_workbook(io.BytesIO(_file(client, "xlsx"))).active
    assert sheet is not None
    assert {cell.data_type for row in sheet.iter_rows(max_col=1) for cell in row} == {"s"}
    data = json.loads(_file(client, "json"))
    assert {row["enterprise"] for row in data["rows"]} >= {"<script>alert(1)</script>公司"}


def test_every_file_says_where_it_comes_from_and_holds_what_the_filters_leave(client: Client) -> None:
    _title(1, "内蒙古昱岑新材料科技有限公司")
    _title(2, "呼和浩特市砺衡饲料有限公司", tier="little_giant")
    text = _file(client, "csv", tier="little_giant").decode("utf-8-sig")
    assert "砺衡" in text
    assert "昱岑" not in text
    assert text.splitlines()[-1].startswith("# 来源：")
    data = json.loads(_file(client, "json"))
    assert [column for column, _ in OPEN_COLUMNS] == list(data["columns"]) == list(data["rows"][0])
    assert "注明来源" in data["licence"]
    assert data["date"] == timezone.localdate().isoformat()
    assert {row["state"] for row in data["rows"]} == {"held"}


def test_the_columns_of_the_open_data_are_documented() -> None:
    from tools.console import ROOT

    text = (ROOT / "docs/open-data.md").read_text(encoding="utf-8")
    assert [name for name, label in OPEN_COLUMNS if f"| `{name}` | {label} |" not in text] == []


def test_unknown_formats_and_paths_are_not_there(client: Client) -> None:
    address = reverse("recognition:recognised-download", args=["csv"])
    assert client.get(address.replace("csv", "exe")).status_code == 404
    assert client.get(address.replace("csv", "../../etc/passwd")).status_code == 404


def test_a_list_costs_as_many_queries_with_a_hundred_titles_as_with_one(
    client: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    make_world()
    _title(1, "内蒙古昱岑新材料科技有限公司")
    with django_assert_max_num_queries(6) as one:
        _page(client)
    for number in range(2, 102):
        _title(number, f"内蒙古试样{number}科技有限公司")
    with django_assert_max_num_queries(6) as hundred:
        _page(client, q="试样", state="held")
    assert len(hundred) == len(one)


def test_pages_and_orders_go_through_the_whole_list(client: Client) -> None:
    for number in range(1, 61):
        _title(number, f"内蒙古试样{number:02d}科技有限公司")
    first, second = _page(client, sort="name"), _page(client, sort="name", page="2")
    assert ("试样01" in first, "试样60" in first) == (True, False)
    assert ("试样01" in second, "试样60" in second) == (False, True)
    assert "试样60" in _page(client, sort="name", page="999999")
