"""A vocabulary as its author writes it: what loads, what is refused and how that is told."""

from pathlib import Path

import pytest

from tidu.policy.errors import InputError
from tidu.policy.vocabulary.vocabulary import load_vocabulary

FORM = """section: {id: demo, label: 试用, order: 1}
indicators:
  grade:
    label: 等级
    help: 试用。
    kind: choice
    choices: {low: 低, high: 高}
    confirmed_by: self
    effort: paper
"""


def folder_with(tmp_path: Path, **files: str) -> Path:
    folder = tmp_path / "vocabulary"
    (folder / "indicators").mkdir(parents=True)
    (folder / "confirmers.yaml").write_text("confirmers: {self: {label: 企业自报}}\n", encoding="utf-8")
    for name, text in ({"demo": FORM} | files).items():
        target = folder / f"{name}.yaml" if name == "events" else folder / "indicators" / f"{name}.yaml"
        target.write_text(text, encoding="utf-8")
    return folder


def refusal(folder: Path) -> str:
    with pytest.raises(InputError) as caught:
        load_vocabulary(folder)
    return str(caught.value)


def test_a_small_vocabulary_loads(tmp_path: Path) -> None:
    loaded = load_vocabulary(folder_with(tmp_path))
    assert list(loaded.indicators) == ["grade"]
    assert loaded.indicators["grade"].type.choices == ("low", "high")


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        (
            "confirmed_by: self",
            "confirmed_by: sel",
            "demo.yaml:8 indicators.grade.confirmed_by：没有说明过“sel”（是否应为“self”？）",
        ),
        (
            "effort: paper",
            "effort: paper\n    evidence: [deed]",
            "demo.yaml:10 indicators.grade.evidence：没有说明过“deed”",
        ),
        (
            "effort: paper",
            "effort: paper\n    derived: {from: [grades]}",
            "derived.from：没有说明过“grades”（是否应为“grade”？）",
        ),
        (
            "effort: paper",
            "efort: paper",
            "demo.yaml:9 indicators.grade.efort：不认识这个键（是否应为“effort”？）",
        ),
        ("effort: paper", "effort: papr", "“papr”不在可选的值之内"),
        (
            "label: 等级",
            "label: 3",
            "demo.yaml:3 indicators.grade.label：应为文字（给数字加上引号）".replace(":3", ":4"),
        ),
        (
            "    label: 等级\n",
            "",
            "indicators.grade：缺少“label”".replace("：缺少“label”", ".label：缺少这一项"),
        ),
        ("    label: 等级", "    id: grade\n    label: 等级", "不认识这个键"),
        ("kind: choice", "kind: money", "其他 kind 不能写"),
        ("kind: choice", "kind: number", "kind 不能为 number"),
        ("    choices: {low: 低, high: 高}\n", "", "kind 为 choice 时必须写 choices"),
        ("effort: paper", "effort: paper\n    unit: 项", "其他 kind 不能写 unit"),
        ("effort: paper", "effort: paper\n    judged: true", "只有 kind 为 yes_no 时才能写 judged"),
        ("effort: paper", "effort: paper\n    minimum: 1", "只有数值类的 kind 才能写 minimum"),
        (
            "effort: paper",
            "effort: paper\n    per_year: true\n    period: month",
            "per_year 和 period 只能写一个",
        ),
        ("  grade:", "  Grade:", "“Grade”的写法不对"),
        ("low: 低", "Low: 低", "“Low”的写法不对"),
        ("order: 1", "order: first", "section.order：应为整数"),
        ("indicators:", "indicator:", "不认识这个键（是否应为“indicators”？）"),
    ],
)
def test_a_fault_is_told_with_file_line_key_and_remedy(
    tmp_path: Path, old: str, new: str, message: str
) -> None:
    assert old in FORM
    assert message in refusal(folder_with(tmp_path, demo=FORM.replace(old, new)))


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ("kind: ratio\n    minimum: 1\n    maximum: 0", "minimum 不能大于 maximum"),
        ("kind: text\n    ordered: true", "只有 kind 为 choice 时才能写 ordered"),
        ("kind: count", "kind 为 count 时必须写 unit"),
    ],
)
def test_kinds_and_their_attributes_must_agree(tmp_path: Path, change: str, message: str) -> None:
    form = FORM.replace("kind: choice\n    choices: {low: 低, high: 高}", change)
    assert message in refusal(folder_with(tmp_path, demo=form))


def test_all_faults_of_all_files_are_told_at_once(tmp_path: Path) -> None:
    text = refusal(
        folder_with(tmp_path, demo=FORM.replace("self", "x"), more=FORM.replace("label: 试用", "label: 别的"))
    )
    assert "栏目“demo”已有不同的说明" in text
    assert "“grade”已在别的文件里说明过" in text
    assert "没有说明过“x”" in text


def test_a_section_may_go_on_in_another_file(tmp_path: Path) -> None:
    loaded = load_vocabulary(folder_with(tmp_path, more=FORM.replace("grade", "rating")))
    assert [item.id for item in loaded.in_section("demo")] == ["grade", "rating"]


def test_a_field_of_an_event_can_take_its_choices_from_nothing_but_known_lists(tmp_path: Path) -> None:
    events = (
        "events:\n  moved:\n    label: 迁入\n    help: 试用。\n    fields:\n"
        "      title: {label: 称号, help: 试用。, kind: choice, choices_from: titles}\n"
    )
    assert "“titles”不在可选的值之内：tiers、clusters" in refusal(folder_with(tmp_path, events=events))


def test_an_event_that_names_an_unknown_document_is_refused(tmp_path: Path) -> None:
    events = "events:\n  moved:\n    label: 迁入\n    help: 试用。\n    evidence: [deed]\n    fields: {}\n"
    assert "events.moved.evidence：没有说明过“deed”" in refusal(folder_with(tmp_path, events=events))


def test_a_folder_that_is_no_vocabulary_says_so(tmp_path: Path) -> None:
    assert "词表文件夹里没有 indicators" in refusal(tmp_path)


def test_another_place_adds_indicators_but_never_redefines_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = folder_with(tmp_path)
    (folder / "confirmers.yaml").unlink()
    monkeypatch.setenv("TIDU_PACKS", str(tmp_path))
    joined = load_vocabulary()
    assert {"grade", "revenue"} <= set(joined.indicators)
    assert next(iter(joined.sections)) == "demo"

    again = tmp_path / "again"
    folder_with(again, demo=FORM.replace("grade", "revenue"))
    monkeypatch.setenv("TIDU_PACKS", str(again))
    with pytest.raises(InputError, match="“revenue”已在别的文件里说明过"):
        load_vocabulary()
