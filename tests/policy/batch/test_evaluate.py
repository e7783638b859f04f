import csv
import datetime as dt
import sys
from pathlib import Path
from subprocess import run
from typing import Any

import openpyxl
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import tidu
from tidu.policy.assess.assessment import assess, names_of
from tidu.policy.assess.facts import facts_from
from tidu.policy.batch.engines import Engine
from tidu.policy.batch.evaluate import evaluate
from tidu.policy.batch.output import neutral
from tidu.policy.batch.summary import Summary
from tidu.policy.documents.pack import Pack, load_pack
from tidu.policy.errors import InputError
from tidu.policy.status import Status

AS_OF = dt.date(2026, 6, 30)
PACKS = Path(tidu.__file__).parent / "packs"
MAPS = Path(__file__).parents[3] / "examples" / "maps"
#: Rows as a clerk types them, and the same facts as a facts file states them.
HEADINGS = [
    "企业名称",
    "备注",
    "registered_on",
    "registered_area",
    "independent_legal_person",
    "industry_code",
    "employees_2025",
    "revenue_2023",
    "revenue_2024",
    "revenue_2025",
    "tax_and_credit_good",
    "major_incident",
    "bad_record",
    "chain_advantage",
]
ROWS: list[list[Any]] = [
    [
        "甲公司",
        "=1+1",
        "2020-01-02",
        "150102",
        "是",
        "C3091",
        "120",
        "9000000",
        "10000000",
        "12000000",
        "true",
        "0",
        "否",
        "是",
    ],
    [
        "乙公司",
        "@x",
        "2025-01-02",
        "150203",
        "否",
        "C3091",
        "1200",
        "",
        "10000000",
        "9999999.99",
        "1",
        "1",
        "",
        "",
    ],
    ["丙公司", "-5", "", "", "", "", "", "0", "0", "0", "", "", "", "否"],
]


@pytest.fixture(scope="module")
def pack() -> Pack:
    return load_pack(PACKS / "hohhot-2022-recognition")


def write_csv(path: Path, rows: list[list[Any]], headings: list[str] | None = None) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([headings or HEADINGS, *rows])
    return path


def read_csv(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def counts(summary: Summary) -> dict[str, int]:
    return {status.value: number for status, number in summary.counts.items() if number}


def test_a_table_comes_back_with_statuses_margins_and_what_is_missing(
    engine: Engine, pack: Pack, tmp_path: Path
) -> None:
    output = tmp_path / "out.csv"
    summary = evaluate(
        write_csv(tmp_path / "in.csv", ROWS), pack, as_of=AS_OF, engine=engine.name, output=output
    )
    first, second, third = read_csv(output)
    assert list(first)[: len(HEADINGS)] == HEADINGS
    assert [row["企业名称"] for row in (first, second, third)] == ["甲公司", "乙公司", "丙公司"]
    assert (first["status_revenue"], first["margin_revenue"]) == ("met", "2000000.0")
    assert (second["status_revenue"], second["margin_revenue"]) == ("not_met", "-0.01")
    assert second["status_registered_in_city"] == "not_met"
    assert first["status"] == "unknown"
    assert "从事细分市场年限" in first["missing"].split("；")
    assert third["status_growth"] == "unknown"
    assert third["status_chain_advantage"] == "not_met"
    assert (summary.rows, counts(summary), summary.refused_total) == (3, {"not_met": 3 - 1, "unknown": 1}, 0)
    by_id = {item.id: item.counts for item in summary.criteria}
    assert by_id["chain_advantage"] == {
        Status.MET: 1,
        Status.NOT_MET: 1,
        Status.UNKNOWN: 0,
        Status.NEEDS_REVIEW: 1,
    }


def test_rows_agree_with_the_assessment_of_single_enterprises(pack: Pack, tmp_path: Path) -> None:
    output = tmp_path / "out.parquet"
    evaluate(write_csv(tmp_path / "in.csv", ROWS), pack, as_of=AS_OF, output=output)
    names = names_of(pack)
    for cells, row in zip(ROWS, pl.read_parquet(output).to_dicts(), strict=True):
        stated: dict[str, Any] = {}
        for heading, cell in zip(HEADINGS[2:], cells[2:], strict=True):
            stem, _, year = heading.rpartition("_")
            if cell != "" and year.isdigit():
                stated.setdefault(stem, {})[int(year)] = cell
            elif cell != "":
                stated[heading] = cell
        single = assess(pack, facts_from(stated, pack.vocabulary), as_of=AS_OF)
        assert row["status"] == single.status.value
        assert {f"status_{result.id}": result.status.value for result in single.criteria} == {
            name: value for name, value in row.items() if name.startswith("status_")
        }
        missing = {names.key(key) for key in single.missing}
        assert set((row["missing"] or "").split("；")) - {""} == missing


def test_the_same_table_gives_the_same_in_every_format(pack: Pack, tmp_path: Path) -> None:
    source = write_csv(tmp_path / "in.csv", ROWS)
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for cells in [HEADINGS, *ROWS]:
        sheet.append(cells)
    book.save(tmp_path / "in.xlsx")
    pq.write_table(
        pa.table({name: pa.array([row[i] or None for row in ROWS]) for i, name in enumerate(HEADINGS)}),
        tmp_path / "in.parquet",
    )
    expected = evaluate(source, pack, as_of=AS_OF).as_json()
    for name in ("in.xlsx", "in.parquet"):
        found = evaluate(tmp_path / name, pack, as_of=AS_OF).as_json()
        assert {**found, "seconds": 0} == {**expected, "seconds": 0}


def test_every_output_format_holds_the_same_rows(pack: Pack, tmp_path: Path) -> None:
    source = write_csv(tmp_path / "in.csv", ROWS)
    for suffix in (".csv", ".xlsx", ".parquet"):
        evaluate(source, pack, as_of=AS_OF, output=tmp_path / f"out{suffix}")
    table = pl.read_parquet(tmp_path / "out.parquet")
    rows = read_csv(tmp_path / "out.csv")
    assert [row["status"] for row in rows] == table["status"].to_list()
    sheet = openpyxl.load_workbook(tmp_path / "out.xlsx").active
    assert sheet is not None
    heading, *body = sheet.iter_rows(values_only=True)
    assert list(heading) == table.columns
    assert [row[heading.index("missing")] for row in body] == table["missing"].to_list()
    assert not [path for path in tmp_path.iterdir() if path.is_dir()], "nothing temporary is left behind"


def test_cells_that_a_spreadsheet_would_execute_are_neutralised_and_numbers_are_not(
    pack: Pack, tmp_path: Path
) -> None:
    output = tmp_path / "out.csv"
    evaluate(write_csv(tmp_path / "in.csv", ROWS), pack, as_of=AS_OF, output=output)
    assert [row["备注"] for row in read_csv(output)] == ["'=1+1", "'@x", "-5"]


@pytest.mark.parametrize("text", ["=1", "+cmd|x", "-2+3", "@SUM(A1)", "\t=1", "\r=1"])
def test_every_beginning_of_a_formula_is_neutralised(text: str) -> None:
    assert neutral(text) == f"'{text}"


@pytest.mark.parametrize("text", ["-5", "+3.5", "-1,234.50", "-12%", "-1e-3", "甲", "", "1=1", "*ST甲"])
def test_numbers_and_plain_texts_stay_as_they_are(text: str) -> None:
    assert neutral(text) == text


def test_bad_cells_are_listed_with_their_place_and_do_not_stop_the_rest(pack: Pack, tmp_path: Path) -> None:
    rows = [list(row) for row in ROWS]
    rows[0][HEADINGS.index("revenue_2025")] = "一千万"
    rows[1][HEADINGS.index("registered_on")] = "2024-02-30"
    output = tmp_path / "out.csv"
    summary = evaluate(write_csv(tmp_path / "in.csv", rows), pack, as_of=AS_OF, output=output)
    assert [(cell.row, cell.column, cell.value) for cell in summary.refused] == [
        (3, "registered_on", "2024-02-30"),
        (2, "revenue_2025", "一千万"),
    ] or {(cell.row, cell.column, cell.value) for cell in summary.refused} == {
        (2, "revenue_2025", "一千万"),
        (3, "registered_on", "2024-02-30"),
    }
    assert summary.refused_by_column == {"registered_on": 1, "revenue_2025": 1}
    first, second, _ = read_csv(output)
    assert first["status_revenue"] == "unknown"
    assert first["revenue_2025"] == "一千万", "the user's own columns stay as they are"
    assert second["status_registered_two_years"] == "unknown"


def test_bad_values_of_a_typed_parquet_are_listed_too(engine: Engine, pack: Pack, tmp_path: Path) -> None:
    path = tmp_path / "in.parquet"
    pq.write_table(
        pa.table(
            {
                "revenue_2025": pa.array([2e7, -1.0, float("inf"), float("nan"), None]),
                "registered_area": pa.array(["150102", "呼市", "150103", None, "1"]),
            }
        ),
        path,
    )
    summary = evaluate(path, pack, as_of=AS_OF, engine=engine.name)
    assert summary.refused_by_column == {"revenue_2025": 2, "registered_area": 2}
    assert {(cell.row, cell.column, cell.value) for cell in summary.refused} == {
        (3, "revenue_2025", "-1"),
        (4, "revenue_2025", "inf"),
        (3, "registered_area", "呼市"),
        (6, "registered_area", "1"),
    }
    by_id = {item.id: item.counts for item in summary.criteria}
    assert by_id["revenue"] == {Status.MET: 1, Status.NOT_MET: 0, Status.UNKNOWN: 4, Status.NEEDS_REVIEW: 0}


def test_a_map_renames_converts_fixes_and_drops(engine: Engine, pack: Pack, tmp_path: Path) -> None:
    mapping = tmp_path / "map.yaml"
    mapping.write_text(
        "columns:\n"
        "  收入: {to: revenue_2025, unit: 万元}\n"
        "  代码: {to: registered_area, read: uscc}\n"
        "constants: {independent_legal_person: true}\n"
        "drop: [电话]\n",
        encoding="utf-8",
    )
    source = write_csv(
        tmp_path / "in.csv",
        [["1000", "91150102999999999X", "1"], ["999.99", "", "2"]],
        ["收入", "代码", "电话"],
    )
    output = tmp_path / "out.csv"
    evaluate(source, pack, as_of=AS_OF, engine=engine.name, map_file=mapping, output=output)
    first, second = read_csv(output)
    assert "电话" not in first
    assert (first["status_revenue"], first["margin_revenue"]) == ("met", "0.0")
    assert (second["status_revenue"], second["margin_revenue"]) == ("not_met", "-100.0")
    assert first["status_registered_in_city"] == "met"
    assert second["status_registered_in_city"] == "unknown"
    assert second["status_independent_legal_person"] == "met"


def test_a_plain_map_is_followed_inside_the_engine(engine: Engine, pack: Pack, tmp_path: Path) -> None:
    mapping = tmp_path / "map.yaml"
    mapping.write_text(
        "columns: {收入: {to: revenue_2025, unit: 万元}}\nconstants: {registered_area: '150102'}\n",
        encoding="utf-8",
    )
    path = tmp_path / "in.parquet"
    pq.write_table(pa.table({"收入": pa.array([1000, 999, None])}), path)
    summary = evaluate(path, pack, as_of=AS_OF, engine=engine.name, map_file=mapping)
    by_id = {item.id: item.counts for item in summary.criteria}
    assert (by_id["revenue"][Status.MET], by_id["revenue"][Status.NOT_MET]) == (1, 1)
    assert by_id["registered_in_city"][Status.MET] == 3


def test_an_interpretation_and_a_base_year_change_the_outcome(pack: Pack, tmp_path: Path) -> None:
    source = write_csv(
        tmp_path / "in.csv",
        [["100", "200", "121", "10000000"]],
        ["revenue_2022", "revenue_2023", "revenue_2024", "revenue_2025"],
    )
    mean = evaluate(source, pack, as_of=AS_OF, base_year=2024, settings={"growth_mean": "arithmetic"})
    compound = evaluate(source, pack, as_of=AS_OF, base_year=2024, settings={"growth_mean": "compound"})
    assert [next(i for i in s.criteria if i.id == "growth").counts[Status.MET] for s in (mean, compound)] == [
        1,
        1,
    ]
    assert next(i for i in mean.criteria if i.id == "revenue").counts[Status.NOT_MET] == 1
    assert mean.missing[0].rows == 1
    assert not evaluate(source, pack, as_of=dt.date(2030, 1, 1)).in_force


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"engine": "pandas"}, "没有名为“pandas”的计算引擎"),
        ({"tier": "srdi"}, "没有层级"),
        ({"base_year": 1800}, "基准年度"),
        ({"settings": {"growth": "x"}}, "没有名为“growth”的解释"),
        ({"output": Path("out.pdf")}, "不能写"),
        ({"output": Path("/no/such/folder/out.csv")}, "文件夹不存在"),
    ],
)
def test_a_call_that_cannot_be_followed_says_what_to_do(
    arguments: dict[str, Any], message: str, pack: Pack, tmp_path: Path
) -> None:
    source = write_csv(tmp_path / "in.csv", ROWS)
    with pytest.raises(InputError, match=message):
        evaluate(source, pack, **{"as_of": AS_OF, **arguments})


@pytest.mark.parametrize("name", ["in.doc", "none.csv", "broken.parquet"])
def test_a_table_that_cannot_be_read_is_refused(name: str, pack: Pack, tmp_path: Path) -> None:
    if name.startswith("broken"):
        (tmp_path / name).write_bytes(b"PAR1 but no more")
    with pytest.raises(InputError):
        evaluate(tmp_path / name, pack, as_of=AS_OF)


def test_the_result_never_overwrites_its_own_source(pack: Pack, tmp_path: Path) -> None:
    source = write_csv(tmp_path / "in.csv", ROWS)
    with pytest.raises(InputError, match="不能写回原表"):
        evaluate(source, pack, as_of=AS_OF, output=source)


def test_columns_named_like_ours_are_pointed_out(pack: Pack, tmp_path: Path) -> None:
    source = write_csv(tmp_path / "in.csv", [["a", "1"]], ["status", "revenue_2025"])
    with pytest.raises(InputError, match="同名的列：status"):
        evaluate(source, pack, as_of=AS_OF)


def test_an_empty_table_has_no_rows_and_no_complaint(pack: Pack, tmp_path: Path) -> None:
    output = tmp_path / "out.csv"
    summary = evaluate(write_csv(tmp_path / "in.csv", []), pack, as_of=AS_OF, output=output)
    assert (summary.rows, counts(summary)) == (0, {})
    assert read_csv(output) == []


def test_progress_is_told(pack: Pack, tmp_path: Path) -> None:
    said: list[tuple[str, int, int | None]] = []
    evaluate(
        write_csv(tmp_path / "in.csv", ROWS),
        pack,
        as_of=AS_OF,
        output=tmp_path / "out.csv",
        progress=lambda what, done, total: said.append((what, done, total)),
    )
    assert ("读取表格", 3, None) in said
    assert ("写出结果", 3, 3) in said


def test_the_engine_of_rules_does_not_load_the_batch_engines() -> None:
    modules = "sys, tidu.policy.assess.assessment, tidu.policy.batch.evaluate"
    code = f"import {modules}; print('ibis' in sys.modules, 'polars' in sys.modules)"
    done = run([sys.executable, "-c", code], capture_output=True, text=True, check=True)  # noqa: S603 - our own line
    assert done.stdout.split() == ["False", "False"]


def test_the_registrations_of_two_cities_are_told_apart(pack: Pack, shared: Path, tmp_path: Path) -> None:
    output = tmp_path / "out.parquet"
    summary = evaluate(
        shared / "realdata" / "enterprises_baotou_hohhot.csv",
        pack,
        as_of=AS_OF,
        map_file=MAPS / "enterprises_baotou_hohhot.yaml",
        output=output,
    )
    by_id = {item.id: item.counts for item in summary.criteria}
    assert summary.rows == 5343
    assert summary.refused_total == 0
    assert by_id["registered_in_city"] == {
        Status.MET: 2785,
        Status.NOT_MET: 2558,
        Status.UNKNOWN: 0,
        Status.NEEDS_REVIEW: 0,
    }
    assert by_id["independent_legal_person"][Status.NOT_MET] > 900
    table = pl.read_parquet(
        output, columns=["企业名称", "status_independent_legal_person", "status", "missing"]
    )
    branches = table.filter(pl.col("企业名称").str.contains("分公司|加油站$|营业部$"))
    assert set(branches["status_independent_legal_person"].to_list()) == {"not_met"}
    assert table.filter(pl.col("status") == "unknown")["missing"].null_count() == 0


def test_the_listed_companies_are_evaluated_through_their_map(pack: Pack, shared: Path) -> None:
    summary = evaluate(
        shared / "realdata" / "finance_ashare.csv",
        pack,
        as_of=AS_OF,
        base_year=2015,
        map_file=MAPS / "finance_ashare.yaml",
    )
    by_id = {item.id: item.counts for item in summary.criteria}
    assert summary.rows == 1453
    assert by_id["revenue"][Status.MET] == 1452
    assert by_id["registered_in_city"][Status.UNKNOWN] == 13, "Inner Mongolia alone does not say which city"
    assert by_id["sme"][Status.NEEDS_REVIEW] == 30, "finance has a standard of its own"
    assert [(cell.row, cell.column) for cell in summary.refused] == [(922, "list_date")]
    assert summary.missing[0].rows == 1453
