"""An import is written whole or not at all, comes out the same when repeated, and can be taken back."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.registry.importing.tables import Steps, StopImportError, code, imported, surveyed, xlsx
from tidu.core.actor import SYSTEM
from tidu.core.models import Job
from tidu.core.models.audit import AuditEvent
from tidu.core.models.jobs import JobState
from tidu.core.refusals import Refused
from tidu.registry.actions.facts import NewFact, record_facts
from tidu.registry.importing import writing
from tidu.registry.importing.running import undo
from tidu.registry.importing.ticks import interrupted_imports
from tidu.registry.models import (
    Enterprise,
    EnterpriseStatus,
    Fact,
    Import,
    ImportRow,
    Incident,
    Source,
    Title,
)
from tidu.registry.models.imports import ImportKind, ImportState

pytestmark = pytest.mark.django_db

TITLES = ("企业名称", "统一社会信用代码", "注册地", "注册资本（万元）")
FIGURES = ("统一社会信用代码", "2024年营业收入（万元）", "2025年营业收入（万元）", "2025年从业人员（人）")


def _names(tmp_path: Path, count: int = 3, name: str = "names.xlsx") -> Path:
    rows = [
        (f"某市第{number}科技有限公司", code(number), "赛罕区", 100 * number)
        for number in range(1, count + 1)
    ]
    return xlsx(tmp_path / name, TITLES, rows)


def test_new_enterprises_come_with_their_facts_and_columns(tmp_path: Path) -> None:
    batch = imported(_names(tmp_path))
    assert (batch.rows, batch.created, batch.updated, batch.rejected) == (3, 3, 0, 0)
    assert batch.state == ImportState.DONE
    enterprise = Enterprise.objects.get(uscc=code(2))
    assert (enterprise.city_id, enterprise.district_id) == ("150100", "150105")
    assert enterprise.initials.startswith("msd")
    fact = Fact.objects.get(enterprise=enterprise, indicator="registered_capital")
    assert (fact.value, fact.source, fact.chosen, fact.batch_id) == (
        "200000000",
        Source.IMPORTED,
        True,
        batch.pk,
    )
    assert fact.basis == "导入：names.xlsx"
    assert AuditEvent.objects.filter(action="registry.import.written").count() == 1


def test_the_same_table_again_changes_nothing(tmp_path: Path) -> None:
    imported(_names(tmp_path))
    before = list(Fact.objects.order_by("pk").values_list("pk", "ended_at"))
    batch = imported(_names(tmp_path))
    assert (batch.created, batch.updated, batch.unchanged) == (0, 0, 3)
    assert list(Fact.objects.order_by("pk").values_list("pk", "ended_at")) == before


def test_a_changed_figure_supersedes_and_an_audited_one_stays_chosen(tmp_path: Path) -> None:
    imported(_names(tmp_path))
    imported(xlsx(tmp_path / "a.xlsx", FIGURES, [(code(1), 100, 120, 9)], "年度数据"), ImportKind.FIGURES)
    audited = Enterprise.objects.get(uscc=code(1))
    record_facts(
        actor=SYSTEM,
        enterprise=audited,
        facts=[NewFact("revenue", 110_0000_00, 2025)],
        source=Source.AUDITED,
    )
    path = xlsx(tmp_path / "b.xlsx", FIGURES, [(code(1), 101, 130, 9)], "年度数据")
    tally, [plan] = surveyed(path, ImportKind.FIGURES)
    assert {(change.label, change.before, change.value, change.code) for change in plan.changes} == {
        ("2024 年营业收入", "100.00 万元", "101.00 万元", "replaces:imported"),
        ("2025 年营业收入", "110.00 万元", "130.00 万元", "beside:audited"),
    }
    assert (tally.updated, tally.beside) == (1, 1)
    imported(path, ImportKind.FIGURES)
    chosen = Fact.objects.get(enterprise=audited, indicator="revenue", year=2025, chosen=True)
    assert chosen.source == Source.AUDITED


def test_a_blank_cell_changes_nothing(tmp_path: Path) -> None:
    imported(_names(tmp_path))
    imported(xlsx(tmp_path / "a.xlsx", FIGURES, [(code(1), 100, 120, 9)]), ImportKind.FIGURES)
    batch = imported(xlsx(tmp_path / "b.xlsx", FIGURES, [(code(1), None, 120, None)]), ImportKind.FIGURES)
    assert batch.unchanged == 1
    assert Fact.objects.get(indicator="revenue", year=2024).chosen


def test_one_bad_row_keeps_everything_out(tmp_path: Path) -> None:
    rows = [("某市甲科技有限公司", code(1), "赛罕区", 1), ("某市乙科技有限公司", "123", "赛罕区", 1)]
    with pytest.raises(Refused, match="有 1 行有误，一行也没有写入"):
        imported(xlsx(tmp_path / "t.xlsx", TITLES, rows))
    assert not Enterprise.objects.exists()
    assert Import.objects.get().state == ImportState.CHECKED


def test_bad_rows_are_skipped_where_that_is_chosen(tmp_path: Path) -> None:
    rows = [("某市甲科技有限公司", code(1), "赛罕区", 1), ("某市乙科技有限公司", "123", "赛罕区", 1)]
    batch = imported(xlsx(tmp_path / "t.xlsx", TITLES, rows), skip_bad=True)
    assert (batch.created, batch.rejected) == (1, 1)
    assert Enterprise.objects.get().uscc == code(1)
    [remark] = ImportRow.objects.filter(batch=batch, kind="error")
    assert (remark.row, remark.column) == (3, "B 统一社会信用代码")


def test_an_undone_import_leaves_what_was_before(tmp_path: Path) -> None:
    imported(_names(tmp_path, 1))
    imported(xlsx(tmp_path / "a.xlsx", FIGURES, [(code(1), 100, 120, 9)]), ImportKind.FIGURES)
    batch = imported(xlsx(tmp_path / "b.xlsx", FIGURES, [(code(1), 500, 600, 70)]), ImportKind.FIGURES)
    undo(batch=batch, actor=SYSTEM, steps=Steps())
    batch.refresh_from_db()
    assert batch.state == ImportState.UNDONE
    assert Fact.objects.get(indicator="revenue", year=2025, chosen=True).value == "120000000"
    assert AuditEvent.objects.filter(action="registry.import.undone").count() == 1
    undo(batch=batch, actor=SYSTEM, steps=Steps())
    assert AuditEvent.objects.filter(action="registry.import.undone").count() == 1


def test_an_enterprise_that_only_an_undone_import_knew_is_seen_by_nobody_and_comes_back(
    tmp_path: Path,
) -> None:
    batch = imported(_names(tmp_path))
    known = Enterprise.objects.get(uscc=code(1))
    record_facts(
        actor=SYSTEM, enterprise=known, facts=[NewFact("registered_address", "某街")], source=Source.DECLARED
    )
    undo(batch=batch, actor=SYSTEM, steps=Steps())
    gone = Enterprise.objects.filter(status=EnterpriseStatus.WITHDRAWN)
    assert set(gone.values_list("uscc", flat=True)) == {code(2), code(3)}
    assert not gone.exclude(city=None, district=None).exists()
    again = imported(_names(tmp_path, name="again.xlsx"))
    assert again.created == 2
    back = Enterprise.objects.get(uscc=code(2))
    assert (back.status, back.district_id) == (EnterpriseStatus.ACTIVE, "150105")


@pytest.mark.parametrize("most", [0, 10**9], ids=["in parts", "in one transaction"])
def test_an_import_that_is_stopped_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, most: int
) -> None:
    monkeypatch.setattr(writing, "MOST_AT_ONCE_ON_SQLITE", most)
    monkeypatch.setattr(writing, "CHUNK", 10)
    steps = Steps()
    steps.stop_if_wanted = lambda: _stop_while_writing(steps)  # type: ignore[method-assign]
    with pytest.raises(StopImportError):
        imported(_names(tmp_path, 40), steps=steps)
    assert not Fact.objects.filter(ended_at__isnull=True).exists()
    assert not Enterprise.objects.exclude(status=EnterpriseStatus.WITHDRAWN).exists()


def _stop_while_writing(steps: Steps) -> None:
    if steps.seen and steps.seen[-1][2] == "写入" and steps.seen[-1][0] >= 20:
        raise StopImportError


def test_an_interrupted_import_is_put_back_by_the_tick(tmp_path: Path) -> None:

    batch = imported(_names(tmp_path))
    job = Job.objects.create(kind="registry.import.write", title="t", state=JobState.FAILED)
    Import.objects.filter(pk=batch.pk).update(state=ImportState.WRITING, job=job)
    assert interrupted_imports() == "1 次导入中断，已还原"
    batch.refresh_from_db()
    assert batch.state == ImportState.CHECKED
    assert not Fact.objects.filter(batch=batch, ended_at__isnull=True).exists()
    assert interrupted_imports() == ""


def test_titles_of_an_official_list_find_their_enterprises_by_name(tmp_path: Path) -> None:
    imported(_names(tmp_path))
    titles = ("序号", "企业名称", "称号层级", "认定日期", "有效期至", "文号")
    rows = [
        (1, "某市第1科技有限公司", "专精特新中小企业", "2024-11-01", "2027-10-31", "内工信〔2024〕1号"),
        (2, "某市第9科技有限公司", "小巨人", "2024-11-01", "2027-10-31", ""),
    ]
    batch = imported(xlsx(tmp_path / "t.xlsx", titles, rows), ImportKind.TITLES, skip_bad=True)
    assert (batch.created, batch.rejected) == (1, 1)
    title = Title.objects.get()
    assert (title.tier, title.level, title.enterprise.uscc) == ("srdi", "provincial", code(1))
    assert title.name == "“专精特新”中小企业"
    assert Enterprise.objects.get(uscc=code(1)).tier == "srdi"


def test_a_title_that_says_more_takes_the_place_of_the_old_one_until_it_is_undone(tmp_path: Path) -> None:
    imported(_names(tmp_path))
    titles = ("统一社会信用代码", "称号层级", "认定日期", "有效期至")
    first = xlsx(tmp_path / "a.xlsx", titles, [(code(1), "小巨人", "2024-11-01", "2027-10-31")])
    imported(first, ImportKind.TITLES)
    assert imported(first, ImportKind.TITLES).unchanged == 1
    second = xlsx(tmp_path / "b.xlsx", titles, [(code(1), "小巨人", "2024-11-01", "2028-10-31")])
    batch = imported(second, ImportKind.TITLES)
    assert batch.updated == 1
    assert Title.objects.get(removed_at__isnull=True).valid_until.isoformat() == "2028-10-31"  # type: ignore[union-attr]
    undo(batch=batch, actor=SYSTEM, steps=Steps())
    assert Title.objects.get(removed_at__isnull=True).valid_until.isoformat() == "2027-10-31"  # type: ignore[union-attr]


def test_incidents_come_with_their_source_and_severity(tmp_path: Path) -> None:
    imported(_names(tmp_path))
    titles = ("统一社会信用代码", "领域", "程度", "发生日期", "事由", "认定机关", "文号")
    rows = [(code(1), "生态环境", "较大", "2025-03-01", "超标排放", "某市生态环境局", "环罚〔2025〕1号")]
    batch = imported(xlsx(tmp_path / "t.xlsx", titles, rows), ImportKind.INCIDENTS)
    assert batch.created == 1
    incident = Incident.objects.get()
    assert (incident.field, incident.severity, incident.title) == ("environment", "serious", "超标排放")
    undo(batch=batch, actor=SYSTEM, steps=Steps())
    assert not Incident.objects.filter(removed_at__isnull=True).exists()
