"""`tidu import`: the same importer from the command line, with counts, places and remedies."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest

from tests.cli.running import run
from tests.registry.importing.tables import code, csv_file, xlsx
from tidu.core.models.audit import AuditEvent
from tidu.registry.models import Enterprise

pytestmark = pytest.mark.django_db

TITLES = ("企业名称", "统一社会信用代码", "注册地")
GOOD = ("某市甲科技有限公司", code(1), "赛罕区")
BAD = ("某市乙科技有限公司", code(2)[:17], "赛罕区")


def test_a_table_is_written_and_counted(tmp_path: Path) -> None:
    outcome = run("import", "enterprises", xlsx(tmp_path / "t.xlsx", TITLES, [GOOD]), "--json")
    assert outcome.code == 0
    assert outcome.data == {
        "rows": 1,
        "created": 1,
        "updated": 0,
        "unchanged": 0,
        "rejected": [],
        "duplicates": [],
    }
    assert Enterprise.objects.get().uscc == code(1)
    assert AuditEvent.objects.get(action="registry.import.written").user_name == "系统"
    again = run("import", "enterprises", tmp_path / "t.xlsx", "--json").data
    assert (again["created"], again["unchanged"]) == (0, 1)


def test_one_bad_row_keeps_everything_out_and_says_where(tmp_path: Path) -> None:
    outcome = run("import", "enterprises", csv_file(tmp_path / "t.csv", TITLES, [GOOD, BAD]), "--json")
    assert outcome.code == 1
    assert outcome.data["rejected"] == [
        {
            "row": 3,
            "column": "B 统一社会信用代码",
            "value": code(2)[:17],
            "code": "uscc_length",
            "message": "应为 18 位，现为 17 位，少 1 位。请对照营业执照。",
        }
    ]
    assert not Enterprise.objects.exists()


def test_bad_rows_are_skipped_on_demand(tmp_path: Path) -> None:
    outcome = run("import", "enterprises", csv_file(tmp_path / "t.csv", TITLES, [GOOD, BAD]), "--skip-bad")
    assert outcome.code == 0
    assert "已写入企业库" in outcome.out
    assert "应为 18 位" in outcome.out
    assert Enterprise.objects.count() == 1


def test_a_dry_run_writes_nothing(tmp_path: Path) -> None:
    outcome = run("import", "enterprises", csv_file(tmp_path / "t.csv", TITLES, [GOOD]), "--dry-run")
    assert outcome.code == 0
    assert "没有写入" in outcome.out
    assert not Enterprise.objects.exists()


def test_a_place_limits_what_is_taken(tmp_path: Path) -> None:
    path = csv_file(tmp_path / "t.csv", TITLES, [GOOD])
    data = run("import", "enterprises", path, "--place", "150203", "--dry-run", "--json").data
    assert [item["code"] for item in data["rejected"]] == ["outside_place"]
    assert run("import", "enterprises", path, "--place", "999999").code == 2


def test_a_map_says_what_the_columns_are(tmp_path: Path) -> None:
    path = csv_file(
        tmp_path / "t.csv",
        ("公司", "号", "地址", "资金"),
        [(*GOOD[:2], "内蒙古呼和浩特市赛罕区某街", "50(万人民币元)")],
    )
    table_map = tmp_path / "map.yaml"
    table_map.write_text(
        "columns:\n  公司: name\n  号: uscc\n  地址: {to: registered_area, read: address}\n"
        "  资金: {to: registered_capital, read: amount}\n",
        encoding="utf-8",
    )
    assert run("import", "enterprises", path, "--map", table_map, "--json").data["created"] == 1
    enterprise = Enterprise.objects.get()
    assert enterprise.district_id == "150105"
    assert enterprise.facts.get(indicator="registered_capital").value == "50000000"


def test_templates_are_written(tmp_path: Path) -> None:
    target = tmp_path / "模板.xlsx"
    assert run("import", "figures", target, "--template", "--json").data["kind"] == "figures"
    titles = [cell.value for cell in openpyxl.load_workbook(target).active[1]]  # type: ignore[index]
    assert titles[0] == "*统一社会信用代码"
    assert any(str(title).endswith("年营业收入（万元）") for title in titles)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("enterprises", "nowhere.csv"), "文件读不到"),
        (("people", "nowhere.csv"), "不在可选的值之内"),
        (("enterprises", "t.xls", "--template"), "模板是工作簿"),
    ],
)
def test_what_cannot_be_is_told(
    arguments: tuple[str, ...], words: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    outcome = run("import", *arguments)
    assert outcome.code == 2
    assert words in outcome.err
