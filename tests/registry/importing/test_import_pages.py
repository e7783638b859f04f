"""An officer uploads a table, looks at what it would do, decides, and has it written, marked or taken back."""

from __future__ import annotations

import io
from collections.abc import Iterable
from pathlib import Path
from typing import Any, cast

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.http import StreamingHttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from openpyxl.worksheet.worksheet import Worksheet

from tests.access.world import World, make_world
from tests.accounts.signing_in import sign_in
from tests.registry.importing.tables import code, xlsx
from tidu.accounts.models import Ground, Interest, Membership, User
from tidu.core.jobs.worker import drain
from tidu.core.models.audit import AuditEvent
from tidu.core.refusals import Refused
from tidu.core.roles import Role
from tidu.desk.models import Notification
from tidu.registry.actions.imports import start_undo
from tidu.registry.models import DuplicateProposal, Enterprise, EnterpriseStatus, Import, ImportRow
from tidu.registry.models.imports import ImportState

pytestmark = pytest.mark.django_db

TITLES = ("企业名称", "统一社会信用代码", "注册地", "注册资本（万元）")
ROWS = [
    ("某市甲科技有限公司", code(1, "150203"), "昆都仑区", 100),
    ("某市乙科技有限公司", code(2, "150203")[:17], "昆都仑区", "2,318.90万"),
    ("某市丙科技有限公司", code(3, "150105"), "赛罕区", 100),
    ("某市丁科技有限公司昆区分公司", code(4, "150203"), "昆都仑区", None),
]


@pytest.fixture
def world() -> World:
    return make_world()


@pytest.fixture
def officer(client: Client, world: World) -> Client:
    sign_in(client, world.users["city_baotou"])
    return client


def _upload(client: Client, content: bytes, name: str = "名录.xlsx", **fields: Any) -> Import:  # noqa: ANN401
    answer = client.post(
        reverse("registry:imports"),
        {"kind": "enterprises", "file": SimpleUploadedFile(name, content), **fields},
    )
    assert answer.status_code == 302, answer.content.decode()[:4000]
    drain()
    return Import.objects.latest("pk")


def _file(client: Client, name: str, *arguments: object) -> bytes:
    """A file that the site hands out."""
    answer = cast("StreamingHttpResponse", client.get(reverse(name, args=arguments)))
    assert answer.streaming
    return b"".join(cast("Iterable[bytes]", answer.streaming_content))


def _sheet(content: bytes) -> Worksheet:
    sheet = openpyxl.load_workbook(io.BytesIO(content)).active
    assert isinstance(sheet, Worksheet)
    return sheet


def _page(client: Client, batch: Import, show: str = "") -> str:
    answer = client.get(reverse("registry:import", args=(batch.pk,)), {"show": show} if show else {})
    assert answer.status_code == 200
    return answer.content.decode()


def _table(tmp_path: Path) -> bytes:
    return xlsx(tmp_path / "t.xlsx", TITLES, ROWS).read_bytes()


def test_a_table_is_checked_before_anything_is_written(officer: Client, tmp_path: Path) -> None:
    batch = _upload(officer, _table(tmp_path))
    assert (batch.state, batch.rows, batch.created, batch.rejected) == (ImportState.CHECKED, 4, 2, 2)
    assert not Enterprise.objects.filter(uscc=code(1, "150203")).exists()
    page = _page(officer, batch)
    assert "核对导入内容" in page
    assert "尚未写入任何数据" in page
    assert "应为 18 位，现为 17 位" in page
    assert "请只填数字 2,318.90" in page
    assert "属于赛罕区企业，不在您的辖区" in page
    assert "其中按非独立法人 1" in page
    assert "某市甲科技有限公司" in _page(officer, batch, "created")
    assert "按非独立法人导入" in _page(officer, batch, "warning")


def test_nothing_starts_while_a_row_is_bad_unless_it_is_skipped(officer: Client, tmp_path: Path) -> None:
    batch = _upload(officer, _table(tmp_path))
    start = reverse("registry:import-start", args=(batch.pk,))
    answer = officer.post(start, {"way": "all"}, follow=True)
    assert "有 2 行有误" in answer.content.decode()
    batch.refresh_from_db()
    assert batch.state == ImportState.CHECKED
    officer.post(start, {"way": "skip"})
    officer.post(start, {"way": "skip"})  # a second click
    drain()
    batch.refresh_from_db()
    assert batch.state == ImportState.DONE
    enterprise = Enterprise.objects.get(uscc=code(4, "150203"))
    assert enterprise.legal_person is False
    assert AuditEvent.objects.filter(action="registry.import.written").count() == 1
    assert Notification.objects.filter(topic="registry.import.written").count() == 1
    assert "导入结果" in _page(officer, batch)


def test_the_table_comes_back_with_its_cells_marked(officer: Client, tmp_path: Path) -> None:
    batch = _upload(officer, _table(tmp_path))
    sheet = _sheet(_file(officer, "registry:import-marked", batch.pk))
    assert sheet["B3"].fill.fgColor.rgb.endswith("FFC7CE")
    assert "应为 18 位" in sheet["B3"].comment.text
    assert sheet["A5"].fill.fgColor.rgb.endswith("FFEB9C")
    assert sheet["A2"].comment is None
    assert sheet["D3"].value == "2,318.90万"


def test_the_faulty_rows_come_back_alone_and_can_be_uploaded_again(officer: Client, tmp_path: Path) -> None:
    batch = _upload(officer, _table(tmp_path))
    officer.post(reverse("registry:import-start", args=(batch.pk,)), {"way": "skip"})
    drain()
    content = _file(officer, "registry:import-faulty", batch.pk)
    rows = list(_sheet(content).values)
    assert [row[0] for row in rows] == ["企业名称", "某市乙科技有限公司", "某市丙科技有限公司"]
    assert "请只填数字 2,318.90" in str(rows[1][-1])
    again = _upload(officer, content, "有误的行.xlsx")
    assert (again.rows, again.rejected) == (2, 2)


def test_a_csv_file_comes_back_as_a_workbook_with_verdicts(officer: Client) -> None:
    text = f"企业名称,统一社会信用代码,注册地\n某市甲科技有限公司,{code(1, '150203')},昆都仑区\n某市乙公司,1,昆都仑区\n"
    batch = _upload(officer, text.encode("gb18030"), "名录.csv")
    officer.post(reverse("registry:import-start", args=(batch.pk,)), {"way": "skip"})
    drain()
    rows = list(_sheet(_file(officer, "registry:import-marked", batch.pk)).values)
    assert [row[-1] for row in rows] == ["导入结论", "新增", "有误，未导入"]


def test_an_import_is_undone_after_asking(officer: Client, tmp_path: Path) -> None:
    path = xlsx(tmp_path / "t.xlsx", TITLES, ROWS[:1])
    batch = _upload(officer, path.read_bytes())
    officer.post(reverse("registry:import-start", args=(batch.pk,)), {"way": "all"})
    drain()
    undo = reverse("registry:import-undo", args=(batch.pk,))
    assert "撤销这次导入" in officer.get(undo).content.decode()
    officer.post(undo)
    drain()
    batch.refresh_from_db()
    assert batch.state == ImportState.UNDONE
    assert Enterprise.objects.get(uscc=code(1, "150203")).status == EnterpriseStatus.WITHDRAWN
    assert "导入已撤销" in _page(officer, batch)


def test_an_import_that_touched_an_enterprise_to_avoid_is_undone_by_a_colleague(
    officer: Client, world: World, tmp_path: Path
) -> None:
    batch = _upload(officer, xlsx(tmp_path / "t.xlsx", TITLES, ROWS[:1]).read_bytes())
    officer.post(reverse("registry:import-start", args=(batch.pk,)), {"way": "all"})
    drain()
    undo = reverse("registry:import-undo", args=(batch.pk,))
    assert undo in _page(officer, batch)
    Interest.objects.create(
        person=world.users["city_baotou"],
        uscc=code(1, "150203"),
        name="某市甲科技有限公司",
        ground=Ground.SHARES,
        since=timezone.localdate(),
        declared_by=world.users["city_baotou"],
    )
    assert "同岗位的人都应当回避，请由安全管理员授权另一位同事撤销" in _page(officer, batch)
    world.users["second"] = User.objects.create_user("second", name="甲")
    world.memberships["second"] = Membership.objects.create(
        user=world.users["second"], organisation=world.organisations["city_baotou"], role=Role.CITY_OFFICER
    )
    said = "这次导入写入了您应当回避的企业：某市甲科技有限公司（本人持股），不能由您撤销。请由同事甲撤销。"
    page = _page(officer, batch)
    assert said in page
    assert undo not in page
    assert said in officer.post(undo, follow=True).content.decode()
    with pytest.raises(Refused, match="委托您代理的同事应当回避"):
        start_undo(actor=world.standing_in("second", "city_baotou"), batch=batch)
    start_undo(actor=world.actor("second"), batch=batch)
    drain()
    batch.refresh_from_db()
    assert batch.state == ImportState.UNDONE


def test_a_template_goes_out_and_comes_back(officer: Client) -> None:
    for kind in ("enterprises", "figures", "titles", "incidents"):
        book = openpyxl.load_workbook(io.BytesIO(_file(officer, "registry:import-template", kind)))
        assert book.sheetnames[1] == "填写说明"
    content = _file(officer, "registry:import-template", "enterprises")
    book = openpyxl.load_workbook(io.BytesIO(content))
    sheet = book.active
    assert sheet is not None
    assert sheet.row_dimensions[2].hidden
    for column, cell in enumerate(("某市甲科技有限公司", code(1, "150203"), "内蒙古自治区包头市昆都仑区"), 1):
        sheet.cell(row=3, column=column, value=cell)
    sheet["A1"].value = "改了的列名"  # the hidden keys say what a column is
    filled = io.BytesIO()
    book.save(filled)
    batch = _upload(officer, filled.getvalue(), "模板.xlsx")
    assert (batch.rows, batch.created, batch.rejected) == (1, 1, 0)


def test_a_table_that_is_none_of_this_kind_says_why(officer: Client) -> None:
    batch = _upload(officer, "甲,乙\n1,2\n".encode(), "别的.csv")
    assert batch.state == ImportState.FAILED
    page = _page(officer, batch)
    assert "认不出这张表的列：甲、乙" in page
    assert "没有写入任何数据" in page


def test_a_map_comes_with_the_table_and_its_slips_are_told(officer: Client) -> None:
    content = f"公司,代码\n某市甲科技有限公司,{code(1, '150203')}\n".encode()
    good = b"columns:\n  \xe5\x85\xac\xe5\x8f\xb8: name\n  \xe4\xbb\xa3\xe7\xa0\x81: uscc\n"
    batch = _upload(officer, content, "表.csv", map=SimpleUploadedFile("m.yaml", good))
    assert (batch.created, batch.warned) == (1, 1)
    bad = SimpleUploadedFile("m.yaml", b"columns:\n  A: nmae\n")
    answer = officer.post(
        reverse("registry:imports"),
        {"kind": "enterprises", "file": SimpleUploadedFile("表.csv", content), "map": bad},
    )
    assert answer.status_code == 422
    assert "nmae" in answer.content.decode()


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("a.xlsm", b"PK\x03\x04", "不能上传"),
        ("a.xlsx", b"not a workbook", "内容却不是"),
        ("a.csv", b"", "文件是空的"),
        ("a.pdf", b"%PDF-1.4", "不能上传"),
    ],
)
def test_other_files_are_refused_beside_the_control(
    officer: Client, name: str, content: bytes, words: str
) -> None:
    answer = officer.post(
        reverse("registry:imports"), {"kind": "enterprises", "file": SimpleUploadedFile(name, content)}
    )
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert not Import.objects.exists()


def test_names_that_look_alike_are_proposed_and_a_person_decides(officer: Client, tmp_path: Path) -> None:
    rows = [
        ("包头市衡屹新材料有限公司", code(1, "150203"), "昆都仑区", 1),
        ("内蒙古衡屹新材料有限责任公司", code(2, "150203"), "昆都仑区", 1),
        ("包头市别样机械有限公司", code(3, "150203"), "昆都仑区", 1),
    ]
    batch = _upload(officer, xlsx(tmp_path / "t.xlsx", TITLES, rows).read_bytes())
    officer.post(reverse("registry:import-start", args=(batch.pk,)), {"way": "all"})
    drain()
    pair = DuplicateProposal.objects.get()
    page = officer.get(reverse("registry:duplicates")).content.decode()
    assert "包头市衡屹新材料有限公司" in page
    officer.post(reverse("registry:duplicate-decide", args=(pair.pk,)), {"verdict": "different"})
    pair.refresh_from_db()
    assert (pair.verdict, pair.decided_by is not None) == ("different", True)
    assert Enterprise.objects.filter(uscc__in=[code(1, "150203"), code(2, "150203")]).count() == 2
    assert "没有待判断的企业" in officer.get(reverse("registry:duplicates")).content.decode()


def test_pages_cost_the_same_with_many_rows(officer: Client, tmp_path: Path) -> None:
    batch = _upload(officer, _table(tmp_path))

    def queries(address: str) -> int:
        with CaptureQueriesContext(connection) as found:
            officer.get(address)
        return len(found)

    show, listed = reverse("registry:import", args=(batch.pk,)), reverse("registry:imports")
    queries(show)
    before = queries(show), queries(listed)
    ImportRow.objects.bulk_create(
        ImportRow(batch=batch, kind="error", row=number, message="x") for number in range(100, 200)
    )
    for _ in range(30):
        Import.objects.create(
            kind="titles", organisation=batch.organisation, user=batch.user, summary={"file": "x"}
        )
    assert (queries(show), queries(listed)) == before
