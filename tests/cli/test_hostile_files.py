"""Files that break programs: each is refused in words, at once, with exit code 2 and without a trace."""

import os
import threading
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.cli.running import HOHHOT, assess, facts_file, messages, run

PNG = (
    b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x06\x00\x00\x00\x1f\x15\xc4\x89"
)
LAUGHS = "a: &a [x, x, x, x, x, x, x, x, x]\n" + "\n".join(
    f"{chr(ord('b') + place)}: &{chr(ord('b') + place)} [{', '.join(['*' + chr(ord('a') + place)] * 9)}]"
    for place in range(9)
)
CONTENTS = {
    "deep lists": b"revenue: " + b"[" * 100_000,
    "deep mappings": b"{a: " * 50_000,
    "deep indentation": b"".join(b" " * depth + b"a:\n" for depth in range(1_500)),
    "anchors": LAUGHS.encode(),
    "ten megabytes": b"name: " + b"x" * 10_000_000,
    "a hundred thousand keys": "\n".join(f"k{number}: 1" for number in range(100_000)).encode(),
    "a picture": PNG,
    "UTF-16": "name: 企业".encode("utf-16"),
    "GBK": "name: 示例企业".encode("gbk"),
    "a NUL": b"name: a\x00b",
    "a lone surrogate": b'name: "\\ud800"',
    "a control character": b'name: "\\x1b[31mred"',
    "two documents": b"name: a\n---\nname: b\n",
    "a tag": b"name: !!python/object/apply:os.system ['true']",
    "a list": b"- 1\n- 2\n",
    "a scalar": b"only words",
    "a duplicate key": b"name: a\nname: b\n",
    "a merge key": b"<<: {name: a}\n",
    "unclosed quotes": b'name: "a\n',
    "tabs": b"revenue:\n\t2025: 1\n",
}
VALUES = {
    ".nan": "revenue: {2025: .nan}",
    ".inf": "revenue: {2025: .inf}",
    "-.inf": "revenue: {2025: -.inf}",
    "NaN": "revenue: {2025: NaN}",
    "a quoted infinity": 'revenue: {2025: "Infinity"}',
    "a huge integer": f"revenue: {{2025: {'9' * 25}}}",
    "a longer integer": f"revenue: {{2025: {'9' * 5_000}}}",
    "a huge exponent": "revenue: {2025: 1e999999}",
    "a tiny exponent": "revenue: {2025: 1e-999999}",
    "fractions of a person": "employees: {2025: 1.5}",
    "a negative revenue": "employees: {2025: -1}",
    "a yes that is none": "independent_legal_person: maybe",
    "a year of five digits": "revenue: {20255: 1}",
    "a year in other digits": "revenue: {２０２５年: 1}",
    "a per-year figure without a year": "revenue: 12000000",
    "a date that does not exist": "registered_on: 2025-02-30",
    "money in persons": 'revenue: {2025: "12人"}',
    "a mapping for a text": "name: {a: b}",
    "a title without a date": "recognitions: [{tier: srdi}]",
    "a title that is none": "recognitions: [{tier: sdri, recognised_on: 2025-01-01}]",
    "titles that are no list": "recognitions: {tier: srdi}",
    "an event that is none": "events: [{kind: moon_landing, on: 2025-01-01}]",
    "a payment for nothing": "payments: [{class: recognition_award}]",
    "a right-to-left override": "na\u202eme: x",
    "an unknown name with zero-width marks": "reve\u200bnue: {2025: 1}",
    "an area of five digits": 'registered_area: "15010"',
}


@pytest.mark.parametrize("content", CONTENTS.values(), ids=CONTENTS)
def test_a_hostile_file_is_refused_quickly_and_in_words(content: bytes, tmp_path: Path) -> None:
    file = tmp_path / "facts.yaml"
    file.write_bytes(content)
    outcome = assess(file, "--json")
    assert outcome.errors
    assert all("错误" in line for line in outcome.err.splitlines())
    assert "\x1b" not in outcome.out + outcome.err


@pytest.mark.parametrize("line", VALUES.values(), ids=VALUES)
def test_an_impossible_value_is_refused_at_its_line_and_key(line: str, tmp_path: Path) -> None:
    file = facts_file(tmp_path, "name: 示例企业", line)
    errors = assess(file, "--json").errors
    assert errors[0]["file"] == str(file)
    assert errors[0]["line"] == 2
    assert errors[0]["message"]


def test_every_problem_of_a_file_is_told_on_a_line_of_its_own(tmp_path: Path) -> None:
    file = facts_file(
        tmp_path, "revnue: {2025: 1}", "employees: {2025: 多}", "registered_on: 昨天", "rd_centre: best"
    )
    outcome = assess(file)
    assert outcome.code == 2
    assert outcome.out == ""
    lines = outcome.err.splitlines()
    assert [f":{number} " in line for number, line in enumerate(lines, 1)] == [True] * 4
    assert "revnue" in lines[0]
    assert "revenue" in lines[0]


@pytest.mark.parametrize("command", ["assess", "rewards", "ladder"])
def test_a_folder_a_missing_file_and_a_device_are_refused(command: str, tmp_path: Path) -> None:
    pack = {"assess": ["--pack", HOHHOT], "rewards": ["--pack", "baotou-2023-support"], "ladder": []}[command]
    assert "文件夹" in messages(run(command, tmp_path, *pack, "--json").errors)
    assert "读不到" in messages(run(command, tmp_path / "没有.yaml", *pack, "--json").errors)
    assert "超过" in messages(run(command, "/dev/zero", *pack, "--json").errors)
    name = str(tmp_path / "x") + "y" * 5_000
    assert run(command, name, *pack, "--json").errors


def test_facts_may_come_through_a_pipe(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    writer = threading.Thread(target=lambda: pipe.write_text("municipal_brands: 3\n", encoding="utf-8"))
    writer.start()
    found = assess(pipe, "--json").data
    writer.join()
    assert next(item for item in found["criteria"] if item["id"] == "brand")["status"] == "met"


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read every file")
def test_a_file_without_permission_is_refused(tmp_path: Path) -> None:
    file = facts_file(tmp_path, "name: a")
    file.chmod(0)
    assert "读不到" in messages(assess(file, "--json").errors)


def test_a_file_name_that_is_no_text_appears_in_the_error(tmp_path: Path) -> None:
    name = os.fsdecode(os.fsencode(str(tmp_path)) + b"/\xff\xfe.yaml")
    outcome = assess(Path(name), "--json")
    assert outcome.errors[0]["file"].endswith("\udcff\udcfe.yaml")


def test_what_steers_a_terminal_is_written_out(tmp_path: Path) -> None:
    shown = assess(facts_file(tmp_path, "name: 企业\u202e倒写\u200b"))
    assert shown.code == 0
    assert "\u202e" not in shown.out
    assert "\\u202e" in shown.out


ODD = st.text(max_size=60) | st.text(alphabet="{}[]&*!|>%@`'\"#-:?,\n \t0123456789.eE~", max_size=200)


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(ODD)
def test_no_text_whatever_makes_a_trace(tmp_path: Path, text: str) -> None:
    file = tmp_path / "facts.yaml"
    file.write_text(text, encoding="utf-8", errors="surrogatepass")
    outcome = assess(file, "--json")
    assert outcome.code in {0, 2}
    assert isinstance(outcome.data, dict)


SCALARS = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20)
TREES = st.recursive(
    SCALARS,
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.integers(2020, 2026) | st.text(max_size=8), inner, max_size=4)
    ),
    max_leaves=12,
)
NAMES = st.sampled_from(
    [
        "revenue",
        "employees",
        "registered_on",
        "registered_area",
        "industry_code",
        "recognitions",
        "events",
        "payments",
        "name",
        "rd_centre",
    ]
)


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(st.dictionaries(NAMES, TREES, max_size=6))
def test_no_value_under_a_known_name_makes_a_trace(tmp_path: Path, data: dict[str, object]) -> None:
    import yaml

    file = tmp_path / "facts.yaml"
    file.write_text(yaml.safe_dump(data, allow_unicode=True), encoding="utf-8", errors="surrogatepass")
    for outcome in (assess(file, "--json"), run("ladder", file, "--as-of", "2026-06-01", "--json")):
        assert outcome.code in {0, 2}
        assert isinstance(outcome.data, dict)
