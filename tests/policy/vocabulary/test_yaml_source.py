"""The YAML that packs, vocabulary and facts are written in: small, bounded and line-aware."""

import contextlib
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tidu.policy.errors import InputError
from tidu.policy.vocabulary.yaml_source import dotted, parse_yaml, read_yaml


def parsed(text: str) -> object:
    return parse_yaml(text, name="f.yaml").data


def refusal(text: str) -> str:
    with pytest.raises(InputError) as caught:
        parse_yaml(text, name="f.yaml")
    return str(caught.value)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("", None),
        ("a:", {"a": None}),
        ("a: ~", {"a": None}),
        ("a: null", {"a": None}),
        ("a: ''", {"a": ""}),
        ("a: true", {"a": True}),
        ("a: false", {"a": False}),
        ("a: 0", {"a": 0}),
        ("a: -12", {"a": -12}),
        ("a: 0.1", {"a": 0.1}),
        ("2024: 1", {2024: 1}),
        ("[1, [2, {a: b}]]", [1, [2, {"a": "b"}]]),
        ("a: |\n  b\n  c\n", {"a": "b\nc\n"}),
    ],
)
def test_plain_values_are_read(text: str, value: object) -> None:
    assert parsed(text) == value


@pytest.mark.parametrize(
    "word",
    [
        "on",
        "yes",
        "No",
        "True",
        "2022-04-13",
        "1:30",
        "0x1F",
        "010",
        "1e5",
        ".5",
        "1_000",
        ".nan",
        ".inf",
        "１２",
    ],
)
def test_what_yaml_would_turn_into_something_else_stays_text(word: str) -> None:
    assert parsed(f"{word}: {word}") == {word: word}


def test_quoted_numbers_stay_text() -> None:
    assert parsed("a: \"150100\"\nb: 'true'") == {"a": "150100", "b": "true"}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a: 1\na: 2\n", "f.yaml:2：键“a”重复"),
        ("a: &x [1]\n", "f.yaml:1：不支持锚点和引用"),
        ("a: 1\nb: *x\n", "f.yaml:2：不支持锚点和引用"),
        ("a: !!python/object:os.system 1\n", "f.yaml:1：不支持类型标签"),
        ("a: 1\n---\nb: 2\n", "f.yaml:2：一个文件只能有一份文档"),
        ("? [1]\n: 2\n", "键只能是文字或整数"),
        ("? {a: 1}\n: 2\n", "键只能是文字或整数"),
        ("true: 2\n", "键只能是文字或整数"),
        ("1.5: 2\n", "键只能是文字或整数"),
        ("a: [1\nb: 2\n", "YAML 写法有误"),
        ("a:\n\t- 1\n", "f.yaml:2：YAML 写法有误"),
        ("a: \x07\n", "YAML 不允许的字符"),
        ("a: \ud800\n", "YAML 不允许的字符"),
        (f"a: {'9' * 31}\n", "数字超过 30 位"),
        (f"a: 0.{'9' * 31}\n", "数字超过 30 位"),
        ("[" * 41, "嵌套超过 40 层"),
        ("{a: " * 100_000, "嵌套超过 40 层"),
        ("- a\n" * 100_001, "内容超过 100000 项"),
        ("a: " + "长" * 700_000, "文件超过 2 MB"),
    ],
)
def test_hostile_or_careless_text_is_refused_with_its_line(text: str, message: str) -> None:
    assert message in refusal(text)


def test_a_billion_laughs_stop_at_the_first_anchor() -> None:
    lines = ["a: &a [x, x, x, x, x, x, x, x, x, x]"]
    lines += [
        f"{this}: &{this} [{', '.join([f'*{last}'] * 10)}]"
        for last, this in zip("abcdefgh", "bcdefghi", strict=True)
    ]
    assert "f.yaml:1：不支持锚点和引用" in refusal("\n".join(lines))


def test_thirty_digits_are_still_a_number() -> None:
    assert parsed(f"a: {'9' * 30}") == {"a": 10**30 - 1}


def test_every_path_knows_its_line() -> None:
    document = parse_yaml("a: 1\nb:\n  - c: 2\n    d:\n      - 3\n", name="f.yaml")
    assert document.line_of(("a",)) == 1
    assert document.line_of(("b", 0, "d", 0)) == 5
    assert document.line_of(("b", 0, "missing", "deeper")) == 3
    assert document.line_of(("missing",)) == 1
    problem = document.problem(("b", 0, "d"), "不对")
    assert str(problem) == "f.yaml:4 b[0].d：不对"
    assert dotted(("b", 0, 2024)) == "b[0][2024]"


def test_files_are_read_as_utf8_with_or_without_a_mark(tmp_path: Path) -> None:
    file = tmp_path / "a.yaml"
    file.write_bytes("\ufeff甲: 乙\n".encode())
    assert read_yaml(file).data == {"甲": "乙"}


@pytest.mark.parametrize(
    ("content", "message"),
    [("甲: 乙".encode("gb18030"), "不是 UTF-8 编码"), (b"a" * 2_000_001, "文件超过 2 MB")],
)
def test_a_file_in_another_encoding_or_too_large_is_refused(
    tmp_path: Path, content: bytes, message: str
) -> None:
    file = tmp_path / "a.yaml"
    file.write_bytes(content)
    with pytest.raises(InputError, match=message):
        read_yaml(file)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"没有\.yaml：文件读不到"):
        read_yaml(tmp_path / "没有.yaml", name="没有.yaml")


@given(st.text(max_size=300) | st.text("[]{}:-?&*!|>'\"#%@, \n\tab1~", max_size=120))
def test_any_text_is_read_or_refused_and_never_breaks_the_reader(text: str) -> None:
    with contextlib.suppress(InputError):
        parse_yaml(text, name="f.yaml")


PLAIN = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(10**15), 10**15)
    | st.text(st.characters(codec="utf-8", exclude_categories=["C"])),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text("abc甲乙", min_size=1), inner, max_size=4)
    ),
    max_leaves=20,
)


@given(PLAIN)
def test_json_is_read_as_the_yaml_that_it_also_is(value: object) -> None:
    assert parsed(json.dumps(value, ensure_ascii=False)) == value
