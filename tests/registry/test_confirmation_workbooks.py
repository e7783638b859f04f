"""A department answers a list of questions by workbook: downloaded, filled, uploaded, with every bad cell told."""

from __future__ import annotations

import io
from typing import Any

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from tests.access.world import World, make_world
from tests.registry.asking import NUMBER, asked, client_of, item, post
from tidu.registry.confirmation_workbook import SHEET
from tidu.registry.models import ConfirmationList, Enterprise, Fact, Source

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    return make_world()


def downloaded(client: Client, batch: ConfirmationList) -> openpyxl.Workbook:
    answer = client.get(reverse("registry:confirmation-workbook", args=[batch.pk]))
    return openpyxl.load_workbook(io.BytesIO(answer.content))


def uploaded(
    client: Client, batch: ConfirmationList, book: openpyxl.Workbook, name: str = "答复.xlsx"
) -> Any:  # noqa: ANN401 - a test client's answer
    content = io.BytesIO()
    book.save(content)
    return post(client, "confirmation-upload", batch, file=SimpleUploadedFile(name, content.getvalue()))


def test_the_workbook_has_dropdowns_and_comes_back_filled(world: World) -> None:
    batch, tax = asked(world), client_of(world, "tax_baotou")
    book = downloaded(tax, batch)
    sheet = book[SHEET]
    assert [cell.value for cell in sheet[1]] == [
        "企业名称",
        "统一社会信用代码",
        "旗县区、开发区",
        "纳税和信用情况良好",
        "偷税、骗税等行为",
        "说明",
    ]
    (rule,) = sheet.data_validations.dataValidation
    assert rule.formula1 == '"是,否"'
    for row in (2, 3):
        sheet.cell(row, 4).value, sheet.cell(row, 5).value = "是", "否"
    sheet.cell(2, 6).value = "2025 年有一次逾期申报"
    assert uploaded(tax, batch, book).status_code == 302
    assert sorted(batch.items.values_list("indicator", "answer")) == [
        ("tax_and_credit_good", "yes"),
        ("tax_and_credit_good", "yes"),
        ("tax_evasion", "no"),
        ("tax_evasion", "no"),
    ]
    assert batch.items.filter(note="2025 年有一次逾期申报").count() == 2
    assert not Fact.objects.filter(source=Source.CONFIRMED).exists()
    post(tax, "confirmation-submit", batch, document_no=NUMBER, stated_on="2026-01-20")
    assert Fact.objects.filter(source=Source.CONFIRMED).count() == 4


def test_bad_cells_are_told_by_row_and_column_and_the_others_are_kept(world: World) -> None:
    batch, tax = asked(world), client_of(world, "tax_baotou")
    book = downloaded(tax, batch)
    sheet = book[SHEET]
    sheet.cell(2, 4).value, sheet.cell(2, 5).value = "大概", "否"
    sheet.cell(3, 5).value = "否"
    sheet.append(["某企业", "91150203MA0000000X", "", "是", "否"])
    sheet.append([sheet.cell(2, 1).value, sheet.cell(2, 2).value, "", "是", "是"])
    answer = uploaded(tax, batch, book)
    page = answer.content.decode()
    assert answer.status_code == 422
    for words in ("大概", "应填“是”或“否”", "91150203MA0000000X", "不在名单里", "已有一行"):
        assert words in page
    assert batch.items.filter(answer="no").count() == 2
    assert batch.items.filter(answer="").count() == 2


def test_a_blank_cell_changes_nothing(world: World) -> None:
    batch, tax = asked(world), client_of(world, "tax_baotou")
    kept = item(batch, world, "A", "tax_evasion")
    book = downloaded(tax, batch)
    post(tax, "confirmation-save", batch, **{f"a-{kept.pk}": "yes"})
    uploaded(tax, batch, book)
    kept.refresh_from_db()
    assert kept.answer == "yes"


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("答复.xlsx", b"nothing of the kind", "不是 .xlsx 工作簿"),
        ("答复.csv", b"a,b", "请上传 .xlsx 文件"),
    ],
)
def test_another_file_is_refused_in_words(world: World, name: str, content: bytes, words: str) -> None:
    batch, tax = asked(world), client_of(world, "tax_baotou")
    answer = post(tax, "confirmation-upload", batch, file=SimpleUploadedFile(name, content))
    assert answer.status_code == 422
    assert words in answer.content.decode()


def test_a_workbook_without_our_columns_is_refused_in_words(world: World) -> None:
    batch, tax = asked(world), client_of(world, "tax_baotou")
    book = downloaded(tax, batch)
    book[SHEET].cell(1, 4).value = "别的"
    assert "没有列：纳税和信用情况良好" in uploaded(tax, batch, book).content.decode()


def test_names_in_the_workbook_execute_nothing(world: World) -> None:
    Enterprise.objects.filter(pk=world.a.pk).update(name='=HYPERLINK("x")')
    book = downloaded(client_of(world, "tax_baotou"), asked(world))
    assert '\'=HYPERLINK("x")' in {cell.value for cell in book[SHEET]["A"]}
