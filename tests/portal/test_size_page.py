from __future__ import annotations

import re

import pytest
from django.test import Client

from tests.portal.checking import FITS, page, save

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("friday"), pytest.mark.any_database]
SIZE = "/size/"


def sized(client: Client, **typed: str) -> str:
    """The result for what is typed, as plain words."""
    answer = client.post(SIZE, {f"size-{name}": text for name, text in typed.items()})
    assert answer.status_code == 302
    return " ".join(re.sub(r"<[^>]+>", " ", page(client, SIZE).partition('id="size-result">')[2]).split())


@pytest.mark.parametrize(
    ("typed", "word"),
    [
        ({"industry_code": "C3091", "employees": "300", "revenue": "2000"}, "中型企业"),
        ({"industry_code": "C3091", "employees": "299", "revenue": "2000"}, "小型企业"),
        ({"industry_code": "C3091", "employees": "19", "revenue": "40000"}, "微型企业"),
        ({"industry_code": "C3091", "employees": "1000", "revenue": "40000"}, "大型企业"),
        ({"industry_code": "E4710", "revenue": "6000", "total_assets": "5000"}, "中型企业"),
        ({"industry_code": "A0111", "revenue": "49.99"}, "微型企业"),
    ],
)
def test_the_class_follows_the_row_of_the_industry(client: Client, typed: dict[str, str], word: str) -> None:
    text = sized(client, **typed)
    assert text.startswith(word)
    assert "按“" in text


@pytest.mark.parametrize(
    ("code", "asked"),
    [
        ("C3091", ["employees", "revenue"]),
        ("E4710", ["revenue", "total_assets"]),
        ("A0111", ["revenue"]),
        ("", []),
    ],
)
def test_only_the_measures_of_the_row_are_asked(client: Client, code: str, asked: list[str]) -> None:
    client.post(SIZE, {"size-industry_code": code})
    found = re.findall(r'id="f-size-(employees|revenue|total_assets)"', page(client, SIZE))
    assert found == asked


def test_the_limits_of_the_row_stand_beside_the_figures(client: Client) -> None:
    text = sized(client, industry_code="C3091", employees="128", revenue="2318.9")
    assert "从业人员 人 128 ≥ 1,000 ≥ 300 ≥ 20 ＜ 20 小型企业" in text
    assert "营业收入 万元 2,318.90 ≥ 40,000.00 ≥ 2,000.00 ≥ 300.00 ＜ 300.00 中型企业" in text
    assert "工信部联企业〔2011〕300号" in page(client, SIZE)


def test_an_industry_outside_the_standard_is_left_to_a_person_with_the_reason(client: Client) -> None:
    text = sized(client, industry_code="P8310")
    assert text.startswith("划型标准没有列出这个行业，由主管部门认定")
    assert "待人工评判" in text


def test_what_is_missing_is_unknown_and_named(client: Client) -> None:
    assert sized(client).startswith("先选所属行业")
    assert "缺营业收入" in sized(client, industry_code="C3091", employees="128")
    assert "不够细" in sized(client, industry_code="G59")


def test_what_cannot_be_read_is_told_beside_the_field(client: Client) -> None:
    sized(client, industry_code="碳素", employees="许多")
    text = page(client, SIZE)
    assert 'id="f-size-industry_code-error"' in text
    assert 'value="size-industry_code=C3091"' in text
    client.post(SIZE, {"set": "size-industry_code=C3091"})
    text = page(client, SIZE)
    assert 'id="f-size-employees-error"' in text
    assert 'value="许多"' in text


def test_figures_of_the_self_check_are_brought_and_not_changed(client: Client) -> None:
    save(client, FITS)
    assert "已带入自测里填写的数据" in page(client, SIZE)
    assert sized(client, employees="10").startswith("微型企业")
    assert "已带入" not in page(client, SIZE)
    assert 'value="128"' in page(client, "/self-check/hohhot-2022-recognition/municipal_srdi/")


def test_while_typing_only_what_changed_comes_back(client: Client) -> None:
    def sent(**typed: str) -> str:
        texts = {f"size-{name}": text for name, text in typed.items()}
        return client.post(SIZE, texts, headers={"HX-Request": "true"}).content.decode()

    assert 'id="measures"' in sent(industry_code="C3091")
    again = sent(industry_code="C3091", employees="128", revenue="")
    assert 'id="measures"' not in again
    assert 'id="size-result"' in again


def test_nothing_typed_stands_in_an_address(client: Client) -> None:
    answer = client.post(SIZE, {"size-industry_code": "C3091", "size-revenue": "2318.9"})
    assert "?" not in answer["Location"]
