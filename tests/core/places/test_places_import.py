"""Another province comes in by the page or the command: checked first, then in engine and table alike."""

from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from tests.access.world import make_world
from tests.accounts.signing_in import sign_in
from tidu.core.actor import SYSTEM
from tidu.core.models import AuditEvent, Jurisdiction
from tidu.core.places import imports
from tidu.core.places.imports import import_divisions
from tidu.policy.errors import InputError
from tidu.policy.vocabulary.places import imported_places, load_places, look_again

pytestmark = pytest.mark.django_db
LIST = "code,name\n330000,浙江省\n330100,杭州市\n330106,西湖区\n330171,某开发区\n".encode()


@pytest.fixture(autouse=True)
def _own_data_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:  # noqa: ANN401 - a generator
    monkeypatch.setenv("TIDU_DATA", str(tmp_path))
    yield
    monkeypatch.undo()
    look_again()


def bring(content: bytes = LIST, source: str = "2023 年统计用区划代码") -> imports.Preview:
    return import_divisions(actor=SYSTEM, content=content, file_name="浙江.csv", source=source)


def test_an_imported_province_is_known_to_engine_and_table() -> None:
    done = bring()
    assert (done.name, len(done.difference.new)) == ("浙江省", 4)
    assert load_places().path("330106") == "浙江省杭州市西湖区"
    row = Jurisdiction.objects.get(pk="330171")
    assert (row.level, row.parent_id, row.code_system, row.source) == (
        "zone",
        "330100",
        "nbs",
        "2023 年统计用区划代码",
    )
    event = AuditEvent.objects.get(action="core.places.imported")
    assert (event.subject_id, event.place) == ("330000", "330000")


def test_the_same_list_again_changes_nothing_and_a_new_one_replaces_it() -> None:
    bring()
    assert not bring().difference
    done = bring(LIST.replace("某开发区".encode(), "新开发区".encode()))
    assert [row.code for row in done.difference.changed] == ["330171"]
    assert Jurisdiction.objects.get(pk="330171").name == "新开发区"
    shorter = bring(LIST.replace("330171,某开发区\n".encode(), b""))
    assert [row.code for row in shorter.difference.gone] == ["330171"]
    assert Jurisdiction.objects.filter(pk="330171").exists()


@pytest.mark.parametrize(
    ("content", "source", "message"),
    [
        (LIST, " ", "缺少来源"),
        ("code,name\n150000,内蒙古自治区\n".encode(), "试", "随系统提供"),
        ("code,name\n330000,浙江省\n3301,杭州市\n".encode(), "试", "“3301”不是六位代码"),
        ("code,name\n330000,浙江省\n".encode("gb18030"), "试", "不是 UTF-8"),
    ],
)
def test_a_faulty_list_changes_nothing(content: bytes, source: str, message: str) -> None:
    with pytest.raises(InputError, match=message):
        bring(content, source)
    assert not Jurisdiction.objects.filter(pk="330000").exists()
    assert not imported_places().exists()


def test_a_failure_half_way_leaves_neither_file_nor_rows(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(**_: object) -> None:
        raise RuntimeError("disk full")

    monkeypatch.setattr(imports, "record", fail)
    with pytest.raises(RuntimeError):
        bring()
    assert not list(imported_places().glob("*"))
    assert load_places().get("330106") is None


def administrator() -> Client:
    world, client = make_world(), Client()
    world.put_the_platform_above_both_cities()
    sign_in(client, world.users["system_administrator"])
    return client


def test_the_page_shows_what_would_change_and_brings_in_what_it_showed() -> None:
    client = administrator()
    page = reverse("core:places")
    assert "内蒙古自治区" in client.get(page).content.decode()
    sent = {"file": SimpleUploadedFile("浙江.csv", LIST), "source": "2023 年统计用区划代码"}
    checked = client.post(page, sent).content.decode()
    assert "新增 4 个" in checked
    assert "某开发区" in checked
    assert not Jurisdiction.objects.filter(pk="330000").exists()
    done = client.post(reverse("core:places-import"), follow=True).content.decode()
    assert "浙江省的区划已导入：新增 4 个，更改 0 个。" in done
    assert AuditEvent.objects.get(action="core.places.imported").user_name == "system_administrator"
    assert "没有检查过的文件" in client.post(reverse("core:places-import"), follow=True).content.decode()


def test_the_page_names_row_column_and_remedy() -> None:
    client = administrator()
    bad = SimpleUploadedFile("x.csv", "code,name\n330000,浙江省\n33,杭州市\n".encode())
    answer = client.post(reverse("core:places"), {"file": bad, "source": "试"})
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "“33”不是六位代码" in page
    assert 'data-label="行" class="td-num">3<' in page
    assert "没有选择文件" in client.post(reverse("core:places"), {"source": "试"}).content.decode()
    large = SimpleUploadedFile("x.csv", b"x" * (512 * 1024 + 1))
    assert "文件太大" in client.post(reverse("core:places"), {"file": large}).content.decode()
