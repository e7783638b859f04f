from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.portal.checking import check, drafted, fitting, read, vocabulary
from tidu.policy.assess.rendering import assessment_json
from tidu.policy.errors import InputError
from tidu.portal.self_check_draft import Draft
from tidu.portal.self_check_file import MOST_BYTES, Loaded, read_file, write_file
from tidu.portal.views.self_check_files import SAMPLE


def load(text: str | bytes) -> Loaded:
    data = text if isinstance(text, bytes) else text.encode()
    return read_file(data, "answers.yaml", vocabulary())


def written(draft: Draft) -> str:
    return write_file(draft, read(draft), vocabulary())


def again(draft: Draft) -> Draft:
    return load(written(draft)).draft


def test_answers_come_back_with_the_same_result() -> None:
    draft = fitting(name="垚昇堃喆珺有限公司", revenue_2025="2,318.900001", titles="no")
    assert read(again(draft)).facts == read(draft).facts
    assert assessment_json(check(again(draft)).assess()) == assessment_json(check(draft).assess())


def test_a_written_file_can_be_read_by_a_person() -> None:
    text = written(fitting(titles="no"))
    assert "# —— 经营与财务数据 ——" in text
    assert "revenue:  # 营业收入（元）\n  2023: 18426000\n" in text
    assert 'registered_area: "150105"  # 注册地（内蒙古自治区呼和浩特市赛罕区）' in text
    assert "registered_on: 2018-06-12  # 注册日期" in text
    assert text.endswith("recognitions: []\n")


def test_what_cannot_be_read_is_told_in_the_file_and_left_out() -> None:
    text = written(drafted(revenue_2025="两千万\n# 元", standards="2"))
    assert "#   revenue_2025: 两千万 # 元" in text
    assert load(text).draft.typed == {"standards": "2"}


def test_titles_events_and_payments_come_back() -> None:
    text = """
recognitions:
  - {tier: innovative, authority: 某厅, recognised_on: 2021-01-01, expires_on: 2023-12-31}
  - {tier: innovative, authority: 某厅, recognised_on: 2024-01-01, expires_on: 2026-12-31, basis: re_review}
events:
  - {kind: relocated_in, on: 2024-05-01, whole: true, title: srdi}
  - {kind: patent_introduced, on: 2024-06-01, fee: "300000.50", transformed: true}
payments:
  - {class: recognition_award, for: srdi, amount: 500000, by: 某市, on: 2024-07-01}
"""
    draft = load(text).draft
    facts = read(draft).facts
    assert [title.recognised_on.year for title in facts.recognitions or ()] == [2024, 2021]
    assert (facts.recognitions or ())[0].basis == "re_review"
    assert facts.events[1].values["fee"] == 30_000_050
    assert read(again(draft)).facts == facts


def test_json_is_understood_too() -> None:
    assert load('{"revenue": {"2025": 23189000}}').draft.typed == {"revenue_2025": "2,318.90"}


def test_what_a_person_judges_and_personal_data_are_left_out() -> None:
    loaded = load("chain_advantage: true\nlegal_representative: 某某\nstandards: 1\n")
    assert (loaded.count, loaded.left_out) == (1, 2)
    assert loaded.draft.typed == {"standards": "1"}


def test_a_place_in_another_province_comes_back() -> None:
    draft = load('registered_area: "110105"').draft
    assert draft.typed == {"registered_area-city": "elsewhere", "registered_area-place": "110105"}
    assert read(again(draft)).facts.values["registered_area"] == "110105"


def test_another_code_of_a_zone_finds_the_zone() -> None:
    assert load('registered_area: "150291"').draft.typed["registered_area-place"] == "150271"


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (b"PK\x03\x04rest", "看起来是 Excel 或 Word 文件"),
        (b"%PDF-1.7", "看起来是 PDF 文件"),
        (b"\x00\x01\x02", "不是文本文件"),
        ("营业收入".encode("gb18030"), "不是 UTF-8 编码"),
        (b"#" * (MOST_BYTES + 1), "文件超过 256 KB"),
        (b"", "没有可以载入的答案"),
        (b"- 1\n- 2", "应为“指标: 数值”的映射"),
        (b"revenue: {2025: NaN}", "应为有限的数"),
        (b"revenu: {2025: 1}", "没有名为“revenu”的指标"),
        (b"a: &x 1\nb: *x", "不支持锚点"),
        (b"standards: -1", "不能小于 0"),
        (b"[" * 5000, "嵌套超过"),
        (b"standards: \x07", "控制字符"),
    ],
)
def test_a_file_that_is_no_answers_file_is_told_why(data: bytes, told: str) -> None:
    with pytest.raises(InputError, match=told):
        load(data)


def test_every_problem_of_a_file_is_told_with_its_line() -> None:
    with pytest.raises(InputError) as refused:
        load("standards: 一\nrevenue:\n  2025: x\n")
    assert [(problem.line, problem.file) for problem in refused.value.problems] == [
        (1, "answers.yaml"),
        (3, "answers.yaml"),
    ]


def test_the_sample_is_invented_complete_and_open_in_one_point() -> None:
    loaded = load(Path(SAMPLE).read_bytes())
    assert loaded.left_out == 0
    found = check(loaded.draft).assess()
    assert found.deciding is not None
    assert found.deciding.keys == ("software_copyrights",)


@given(
    fen=st.integers(0, 10**14),
    staff=st.integers(0, 3_000_000),
    share=st.integers(0, 10_000),
    since=st.dates(dt.date(1980, 1, 1), dt.date(2026, 1, 1)),
    name=st.text(st.characters(exclude_categories=("Cs", "Cc")), min_size=1, max_size=60),
)
def test_any_answers_come_back(fen: int, staff: int, share: int, since: dt.date, name: str) -> None:
    draft = Draft(
        typed={
            "revenue_2025": f"{fen // 100}.{fen % 100:02d}元",
            "employees_2025": str(staff),
            "market_share_national_2025": f"{share / 100:.2f}",
            "registered_on": since.isoformat(),
            "name": name,
        }
    )
    facts = read(draft).facts
    assert read(again(draft)).facts == facts if facts.values else True
