"""A procedure that could not be run to its end is refused when the pack is loaded, with the place and the remedy."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from tidu.policy.documents.library import load_library
from tidu.policy.documents.pack import PACK_FILE, Pack, load_pack
from tidu.policy.documents.pack_document import PackDocument
from tidu.policy.errors import InputError

PACK = """\
id: sample-city
title: 样例办法
short_title: 样例
summary: 测试用的政策包。
issuer: 样例市
jurisdiction: "150100"
in_force: {from: 2024-01-01, until: 2026-12-31}
interpretations:
  days:
    question: 公示期怎么算
    choices: {calendar: 自然日, working: 工作日}
    default: calendar
    why: 测试
recognition:
  tier: municipal_srdi
  title: 样例称号
  valid: 3年
  valid_cite: 第三条
  criteria:
    all:
      - {id: revenue, label: 收入, require: "revenue[-1] >= 1000万元", cite: 第一条}
  procedure:
    not_met: warn
    calls_a_year: 2
    correction: {days: 7, late: 逾期视为放弃。, cite: 第四条}
    objection: {days: 15, cite: 第六条}
    reply: {days: 5, cite: 第七条}
    steps:
      - {id: apply, label: 申请, actor: enterprise, summary: 申请。, cite: 第四条, outcomes: [提交]}
      - id: district
        label: 初审
        actor: district
        summary: 初审。
        cite: 第五条
        outcomes: [推荐]
        within: 10个工作日
        late: 逾期督办。
      - {id: decide, label: 审定, actor: city, summary: 审定。, cite: 第六条, outcomes: [认定], stages: [decision]}
      - id: recognise
        label: 公示认定
        actor: city
        summary: 公示。
        cite: 第六条
        outcomes: [认定]
        stages: [notice, recognition]
    notice: {days: 5, day_kind: {by: days, calendar: calendar, working: working}, place: 网站, cite: 第六条}
  re_review:
    summary: 复核。
    cite: 第八条
    renewed_for: 3年
    stages: [apply, decision, recognition]
"""
Writer = Callable[[str], Path]


@pytest.fixture
def write(tmp_path: Path) -> Writer:
    """Puts a pack into a folder of its own."""

    def written(text: str) -> Path:
        folder = tmp_path / "sample-city"
        folder.mkdir(exist_ok=True)
        (folder / PACK_FILE).write_text(text, encoding="utf-8")
        return folder

    return written


def line_of(text: str, part: str) -> int:
    return 1 + text[: text.index(part)].count("\n")


def loaded(write: Writer, text: str = PACK) -> Pack:
    return load_pack(write(text))


def test_a_whole_procedure_is_accepted(write: Writer) -> None:
    procedure = loaded(write).recognition().procedure
    assert procedure is not None
    assert procedure.not_met == "warn"
    assert procedure.correction is not None
    assert procedure.correction.days == 7


@pytest.mark.parametrize(
    ("old", "new", "key", "said"),
    [
        (", stages: [decision]", "", "recognition.procedure.steps", "缺少环节：decision（研究决定）"),
        (
            "stages: [notice, recognition]",
            "stages: [recognition]",
            "recognition.procedure.notice",
            "写了公示期，步骤里没有公示",
        ),
        (
            "stages: [notice, recognition]",
            "stages: [notice]",
            "recognition.procedure.steps",
            "缺少环节：recognition（认定）",
        ),
        (
            "stages: [decision]",
            "stages: [recognition, decision]",
            "recognition.procedure.steps[2].stages[1]",
            "次序颠倒",
        ),
        (
            "stages: [decision]",
            "stages: [district, decision]",
            "recognition.procedure.steps[2].stages[0]",
            "环节 district（区县审核）已在步骤“初审”里",
        ),
        (
            "stages: [decision]",
            "stages: [decison]",
            "recognition.procedure.steps[2].stages[0]",
            "不在可选的值之内",
        ),
        ("within: 10个工作日", "within: 很快", "recognition.procedure.steps[1].within", "“很快”不是时间长度"),
        ("within: 10个工作日", "within: 1个月", "recognition.procedure.steps[1].within", "应以日或工作日计"),
        (
            "        within: 10个工作日\n",
            "",
            "recognition.procedure.steps[1].late",
            "写了逾期怎么办，没有写时限",
        ),
        ("calls_a_year: 2", "calls_a_year: 0", "recognition.procedure.calls_a_year", "不能小于 1"),
        ("not_met: warn", "not_met: ask", "recognition.procedure.not_met", "“ask”不在可选的值之内"),
        ("reply: {days: 5", "reply: {days: 0", "recognition.procedure.reply.days", "不能小于 1"),
        ("reply: {days: 5", "reply: {day: 5", "recognition.procedure.reply.day", "是否应为“days”"),
        ("by: days", "by: day", "recognition.procedure.notice.day_kind.by", "没有名为“day”的解释"),
        (
            "{by: days, calendar: calendar, working: working}",
            "{by: days, calendar: calendar}",
            "recognition.procedure.notice.day_kind",
            "每个选项各写一个值",
        ),
        (
            "working: working}",
            "working: workdays}",
            "recognition.procedure.notice.day_kind.working",
            "“workdays”不在可选的值之内",
        ),
        (
            "id: decide, label: 审定",
            "id: apply, label: 审定",
            "recognition.procedure.steps[2].id",
            "写了两次",
        ),
        (
            "stages: [apply, decision, recognition]",
            "stages: [apply, experts, decision, recognition]",
            "recognition.re_review.stages[1]",
            "复核有环节 experts（专家评审），认定程序里没有",
        ),
        (
            "stages: [apply, decision, recognition]",
            "stages: [apply, decision]",
            "recognition.re_review.stages",
            "复核的环节缺少：recognition（认定）",
        ),
        ("  valid: 3年", "  valid: 30日", "recognition.valid", "应以年或月计"),
        ("renewed_for: 3年", "renewed_for: 三年", "recognition.re_review.renewed_for", "“三年”不是时间长度"),
    ],
)
def test_what_does_not_fit_is_named_with_its_line_and_key(
    write: Writer, old: str, new: str, key: str, said: str
) -> None:
    assert PACK.count(old) == 1
    text = PACK.replace(old, new)
    with pytest.raises(InputError) as caught:
        loaded(write, text)
    problem = next(problem for problem in caught.value.problems if said in str(problem))
    assert problem.key == key
    assert problem.file == "sample-city/pack.yaml"
    if new and not key.endswith((".steps", ".notice")):
        assert problem.line == line_of(text, new)


def test_a_notice_stage_without_a_period_and_an_objection_without_a_notice_are_both_named(
    write: Writer,
) -> None:
    notice = next(line for line in PACK.splitlines(keepends=True) if line.startswith("    notice:"))
    with pytest.raises(InputError) as caught:
        loaded(write, PACK.replace(notice, ""))
    said = [(problem.key, problem.message) for problem in caught.value.problems]
    assert ("recognition.procedure.steps[3].stages[0]", "步骤里有公示（notice），程序没有写公示期") in said
    assert ("recognition.procedure.objection", "没有公示，就没有公示期间的异议") in said


def test_the_schema_offers_an_editor_the_keys_of_a_procedure() -> None:
    schema = json.dumps(PackDocument.model_json_schema(), ensure_ascii=False)
    for key in ("stages", "not_met", "calls_a_year", "correction", "objection", "reply", "within", "late"):
        assert f'"{key}"' in schema


def test_procedures_of_other_authorities_name_no_end_of_their_own() -> None:
    for pack in load_library():
        for recognition in pack.document.recognition:
            assert recognition.procedure is not None
