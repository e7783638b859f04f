"""`tidu evaluate`: a table of enterprises, its summary, its result file, and cells that cannot be read."""

import csv
from pathlib import Path

import pytest

from tests.cli.running import EXAMPLES, HOHHOT, Outcome, facts_file, messages, run
from tests.cli.test_hostile_files import CONTENTS

TABLES = EXAMPLES.parent / "tables"
TABLE = TABLES / "enterprises.csv"
MAP = ["--map", str(TABLES / "map.yaml")]


def evaluate(table: Path, *more: str | Path) -> Outcome:
    """``tidu evaluate`` against Hohhot's pack on a fixed day."""
    return run("evaluate", table, "--pack", HOHHOT, "--as-of", "2026-06-01", *more)


def read(file: Path) -> list[dict[str, str]]:
    """The rows of a result in CSV."""
    with file.open(encoding="utf-8-sig", newline="") as opened:
        return list(csv.DictReader(opened))


def table(folder: Path, *lines: str) -> Path:
    """A CSV file with these lines."""
    file = folder / "table.csv"
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return file


def test_the_example_is_summed_up_by_verdict_by_criterion_and_by_what_is_missing() -> None:
    data = evaluate(TABLE, *MAP, "--json").data
    assert data["rows"] == 6
    assert data["status"] == {"met": 0, "not_met": 3, "unknown": 1, "needs_review": 2}
    by_id = {item["id"]: item["status"] for item in data["criteria"]}
    assert by_id["independent_legal_person"] == {"met": 5, "not_met": 1, "unknown": 0, "needs_review": 0}
    assert by_id["chain_advantage"]["needs_review"] == 6
    assert data["in_force"] is True
    missing = {item["id"]: item for item in data["missing"]}
    assert missing["revenue_2024"] == {
        "id": "revenue_2024",
        "label": "营业收入（2024年）",
        "rows": 1,
        "absent": False,
    }
    assert missing["rank_national"]["absent"] is True


def test_cells_that_cannot_be_read_are_listed_by_row_and_column_and_do_not_stop_the_rest() -> None:
    outcome = evaluate(TABLE, *MAP, "--json")
    assert outcome.code == 0
    cells = outcome.data["refused"]["cells"]
    assert {(cell["row"], cell["column"], cell["value"]) for cell in cells} == {
        (7, "成立日期", "去年三月"),
        (7, "2025年末人数", "约五十"),
    }
    assert all(cell["message"] for cell in cells)
    shown = evaluate(TABLE, *MAP).out
    assert "读不了的单元格：2 个" in shown
    assert "去年三月" in shown


def test_the_text_shows_counts_shares_clauses_and_what_to_ask_for() -> None:
    shown = evaluate(TABLE, *MAP).out
    for part in (
        "✘ 不符合",
        "50.0%",
        "申报条件/基本条件/03",
        "最缺的数据",
        "表里没有这一列",
        "预评估不等于认定",
    ):
        assert part in shown


def test_the_result_has_the_tables_own_columns_then_statuses_and_margins(tmp_path: Path) -> None:
    result = tmp_path / "result.csv"
    outcome = evaluate(TABLE, *MAP, "-o", result)
    assert str(result) in outcome.out
    rows, before = read(result), read(TABLE)
    assert [{key: row[key] for key in before[0]} for row in rows] == before
    added = list(rows[0])[len(before[0]) :]
    assert added[:2] == ["status", "status_independent_legal_person"]
    assert {"status_revenue", "margin_revenue", "missing"} <= set(added)
    assert [row["status"] for row in rows] == [
        "needs_review",
        "needs_review",
        "not_met",
        "not_met",
        "not_met",
        "unknown",
    ]
    assert float(rows[0]["margin_revenue"]) == 13_189_000


def test_each_row_says_what_assess_says_of_the_same_enterprise(tmp_path: Path) -> None:
    result = tmp_path / "result.csv"
    evaluate(TABLE, *MAP, "-o", result)
    first = read(result)[0]
    facts = facts_file(
        tmp_path,
        "registered_on: 2012-03-08",
        'registered_area: "150102"',
        "independent_legal_person: true",
        "industry_code: C3489",
        "employees: {2025: 126}",
        "revenue: {2023: 18000000, 2024: 20400000, 2025: 23189000}",
        "main_product_revenue: {2025: 15600000}",
        "tax_and_credit_good: true",
        "major_incident: false",
        "bad_record: false",
        "niche_years: 8",
        "rank_regional: 3",
        "quality_system_certified: true",
        "municipal_brands: 1",
        "invention_patents: 2",
    )
    alone = run("assess", facts, "--pack", HOHHOT, "--as-of", "2026-06-01", "--json").data
    assert first["status"] == alone["status"]
    assert {item["id"]: first[f"status_{item['id']}"] for item in alone["criteria"]} == {
        item["id"]: item["status"] for item in alone["criteria"]
    }


@pytest.mark.parametrize("suffix", [".xlsx", ".parquet"])
def test_a_result_in_another_format_can_be_evaluated_again(suffix: str, tmp_path: Path) -> None:
    plain = table(tmp_path, "uscc,revenue_2025,municipal_brands", "甲,12000000,1", "乙,,0", "丙,1,是")
    first = evaluate(plain, "-o", tmp_path / f"result{suffix}", "--json").data
    again = evaluate(tmp_path / f"result{suffix}", "--json")
    assert "同名的列" in messages(again.errors)
    assert first["refused"]["total"] == 1


@pytest.mark.parametrize("engine", ["polars", "duckdb"])
def test_every_engine_gives_the_same_summary(engine: str) -> None:
    found = evaluate(TABLE, *MAP, "--engine", engine, "--json").data
    default = evaluate(TABLE, *MAP, "--json").data
    assert found["engine"] == engine
    assert [found[key] for key in ("rows", "status", "criteria", "missing")] == [
        default[key] for key in ("rows", "status", "criteria", "missing")
    ]


def test_an_empty_table_has_no_rows_and_no_division(tmp_path: Path) -> None:
    outcome = evaluate(table(tmp_path, "revenue_2025"))
    assert outcome.code == 0
    assert "0 家" in outcome.out


@pytest.mark.parametrize("suffix", [".csv", ".xlsx", ".parquet"])
@pytest.mark.parametrize(
    "content", [*CONTENTS.values(), b"", b"\n\n", b"PK\x03\x04 broken", b"PAR1 broken PAR1"]
)
def test_a_hostile_table_is_refused_in_words_or_read_as_text(
    content: bytes, suffix: str, tmp_path: Path
) -> None:
    file = tmp_path / f"table{suffix}"
    file.write_bytes(content)
    outcome = evaluate(file, "--json")
    assert outcome.code in {0, 2}
    assert "\x1b" not in outcome.out + outcome.err
    if suffix != ".csv":
        assert outcome.errors


def test_a_table_of_another_format_a_folder_and_nothing_are_refused(tmp_path: Path) -> None:
    assert ".csv" in evaluate(EXAMPLES / "complete.yaml", "--json").errors[0]["remedy"]
    assert evaluate(tmp_path, "--json").errors
    (tmp_path / "folder.csv").mkdir()
    assert evaluate(tmp_path / "folder.csv", "--json").errors
    assert "读不到" in messages(evaluate(tmp_path / "无.csv", "--json").errors)


def test_a_result_that_cannot_be_written_is_told_and_nothing_is_left(tmp_path: Path) -> None:
    assert evaluate(TABLE, *MAP, "-o", tmp_path / "无/result.csv", "--json").errors
    assert evaluate(TABLE, *MAP, "-o", tmp_path / "result.docx", "--json").errors
    copy = tmp_path / "table.csv"
    copy.write_bytes(TABLE.read_bytes())
    assert "写回原表" in messages(evaluate(copy, *MAP, "-o", copy, "--json").errors)
    (tmp_path / "folder.csv").mkdir()
    assert evaluate(TABLE, *MAP, "-o", tmp_path / "folder.csv", "--json").errors
    assert sorted(path.name for path in tmp_path.iterdir()) == ["folder.csv", "table.csv"]


def test_a_misspelt_indicator_or_column_in_a_map_is_told_with_its_line(tmp_path: Path) -> None:
    wrong = tmp_path / "map.yaml"
    text = (TABLES / "map.yaml").read_text(encoding="utf-8")
    wrong.write_text(text.replace("to: revenue_2023", "to: revenu_2023"), encoding="utf-8")
    (error,) = evaluate(TABLE, "--map", wrong, "--json").errors
    assert "revenue_2023" in error["remedy"]
    assert "revenu_2023" in wrong.read_text(encoding="utf-8").splitlines()[error["line"] - 1]
    wrong.write_text(text.replace("  行业代码:", "  行业编码:"), encoding="utf-8")
    assert "行业编码" in messages(evaluate(TABLE, "--map", wrong, "--json").errors)


@pytest.mark.parametrize("content", CONTENTS.values(), ids=CONTENTS)
def test_a_hostile_map_is_refused_in_words(content: bytes, tmp_path: Path) -> None:
    file = tmp_path / "map.yaml"
    file.write_bytes(content)
    assert evaluate(TABLE, "--map", file, "--json").errors


def test_an_unknown_engine_is_answered_with_those_there_are() -> None:
    assert "polars、duckdb、spark" in messages(evaluate(TABLE, "--engine", "pandas", "--json").errors)
