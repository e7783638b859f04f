"""Mistakes of usage and help pages: in Chinese, with a suggestion, and quick."""

import itertools
import os
import re
import signal
import time
from pathlib import Path

import click
import pytest

from tests.cli.running import EXAMPLES, HOHHOT, python, run, start
from tidu.cli import tidu
from tidu.cli.usage import Group

ENGLISH = re.compile(
    r"\b(Usage|Options|Commands|Error|Show this|Missing|No such|Invalid|Try|requires|default|required)\b"
)
MISTAKES = {
    "no such command": (["asses"], "没有命令“asses”", "assess"),
    "no such command of a group": (["packs", "lst"], "没有命令“lst”", "list"),
    "no such option": (["assess", "x.yaml", "--pak", "y"], "没有选项“--pak”", "--pack"),
    "no such short option": (["assess", "x.yaml", "-z"], "没有选项“-z”", "--help"),
    "no argument": (["assess", "--pack", HOHHOT], "缺少参数 FACTS.yaml", "tidu assess --help"),
    "no required option": (["assess", "x.yaml"], "缺少选项 --pack", "tidu assess --help"),
    "no value of an option": (["assess", "x.yaml", "--pack"], "选项 --pack 后面要写值", ""),
    "a value for a flag": (["ladder", "x.yaml", "--json=1"], "选项 --json 不带值", ""),
    "too many arguments": (["ladder", "x.yaml", "y.yaml", "z"], "多出了参数：y.yaml z", ""),
    "no date": (
        ["ladder", "x.yaml", "--as-of", "明天"],
        "选项 --as-of 的值不对：“明天”不是日期",
        "2026-06-01",
    ),
    "a day that is none": (["ladder", "x.yaml", "--as-of", "2025-02-29"], "“2025-02-29”这一天不存在", ""),
    "digits of another script": (["ladder", "x.yaml", "--as-of", "２０２５-01-01"], "不是日期", ""),
    "no year": (["ladder", "x.yaml", "--base-year", "99999"], "不是 1978 到 2100 之间的整数", ""),
    "a year in words": (["ladder", "x.yaml", "--base-year", "1e3"], "不是 1978 到 2100 之间的整数", ""),
    "no setting": (["assess", "x.yaml", "--pack", "y", "--set", "a"], "应写作 解释=选项", ""),
    "half a setting": (["assess", "x.yaml", "--pack", "y", "--set", "=b"], "应写作 解释=选项", ""),
    "a setting twice": (
        ["assess", "x", "--pack", "y", "--set", "a=b", "--set", "a=c"],
        "选了两次：b 和 c",
        "",
    ),
    "no command after the dashes": (["--"], "缺少命令", ""),
}


def commands(group: Group = tidu, path: tuple[str, ...] = ()) -> list[tuple[str, ...]]:
    """Every command and group by its words."""
    found = [path]
    context = click.Context(group)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        found.extend(commands(command, (*path, name)) if isinstance(command, Group) else [(*path, name)])
    return found


@pytest.mark.parametrize(("arguments", "said", "remedy"), MISTAKES.values(), ids=MISTAKES)
def test_a_mistake_is_told_in_chinese_with_what_to_do(arguments: list[str], said: str, remedy: str) -> None:
    outcome = run(*arguments)
    assert outcome.code == 2
    assert outcome.out == ""
    assert said in outcome.err
    assert remedy in outcome.err
    assert not ENGLISH.search(outcome.err.replace("--help", ""))


def test_with_json_a_mistake_of_usage_is_data_too() -> None:
    (error,) = run("assess", "--json").errors
    assert list(error) == ["message", "file", "line", "key", "remedy"]
    assert error["message"] == "缺少参数 FACTS.yaml"


def test_an_unknown_pack_tier_interpretation_and_choice_are_each_answered_with_what_there_is() -> None:
    facts = EXAMPLES / "complete.yaml"
    assert HOHHOT in run("assess", facts, "--pack", "hohhot-2022-recogntion").err
    assert "municipal_srdi" in run("assess", facts, "--pack", HOHHOT, "--tier", "municipal").err
    assert "growth_mean" in run("assess", facts, "--pack", HOHHOT, "--set", "growth_men=compound").err
    assert (
        "arithmetic、compound" in run("assess", facts, "--pack", HOHHOT, "--set", "growth_mean=geometric").err
    )


@pytest.mark.parametrize("path", commands(), ids=" ".join)
def test_every_help_page_is_chinese_and_explains_every_argument_and_option(path: tuple[str, ...]) -> None:
    outcome = run(*path, "--help")
    assert outcome.code == 0
    assert outcome.out == run(*path, "-h").out
    assert not ENGLISH.search(outcome.out)
    assert outcome.out.startswith(f"用法：{' '.join(['tidu', *path])} ")
    command = click.Context(tidu).command
    for name in path:
        assert isinstance(command, Group)
        found = command.get_command(click.Context(command), name)
        assert found is not None
        command = found
    assert all(getattr(param, "help", None) for param in command.params)


def test_without_a_command_the_help_page_is_shown_as_an_error() -> None:
    outcome = run()
    assert outcome.code == 2
    assert outcome.out == ""
    assert outcome.err.startswith("用法：tidu")


def test_the_version_is_that_of_the_package() -> None:
    from importlib.metadata import version

    assert run("--version").out == f"tidu {version('tidu')}\n"


@pytest.mark.parametrize("arguments", [["--help"], ["packs", "--help"], ["--version"]], ids=" ".join)
def test_help_loads_neither_the_engine_nor_the_web_nor_a_batch_engine(arguments: list[str]) -> None:
    program = (
        "import sys; from tidu.cli import tidu\n"
        f"try: tidu.main({arguments!r}, prog_name='tidu')\n"
        "except SystemExit: pass\n"
        "heavy = {'django', 'ibis', 'polars', 'duckdb', 'pyarrow', 'pydantic', 'lark', 'yaml', 'rich'}\n"
        "sys.exit(' '.join(sorted(heavy & set(sys.modules))) or None)"
    )
    assert python(program) == (0, "")


def test_assessing_loads_neither_the_web_nor_a_batch_engine() -> None:
    arguments = ["assess", str(EXAMPLES / "complete.yaml"), "--pack", HOHHOT, "--json"]
    program = (
        "import sys; from tidu.cli import tidu\n"
        f"try: tidu.main({arguments!r}, prog_name='tidu')\n"
        "except SystemExit: pass\n"
        "sys.exit(' '.join(sorted({'django', 'ibis', 'polars', 'duckdb', 'pyarrow'} & set(sys.modules))) or None)"
    )
    assert python(program) == (0, "")


def test_the_installed_program_prints_utf8_json_in_any_locale() -> None:
    texts = {
        start("packs", "list", "--json", env={"LC_ALL": locale, "PYTHONUTF8": "0"})
        .communicate()[0]
        .decode("utf-8")
        for locale in ("C", "C.UTF-8", "POSIX")
    }
    assert len(texts) == 1
    assert "呼和浩特市" in texts.pop()


def test_text_goes_out_where_the_terminal_has_no_such_characters() -> None:
    program = start("packs", "list", env={"PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0", "LC_ALL": "C"})
    assert (program.communicate()[1], program.returncode) == (b"", 0)


@pytest.mark.parametrize(
    "arguments",
    [["packs", "show", HOHHOT], ["packs", "show", HOHHOT, "--json"], ["packs", "schema"]],
    ids=" ".join,
)
def test_a_reader_that_goes_away_ends_the_program_quietly(arguments: list[str]) -> None:
    program = start(*arguments)
    assert program.stdout is not None
    assert program.stderr is not None
    program.stdout.close()
    error = program.stderr.read()
    assert (program.wait(60), error) == (141, b"")


def test_an_interrupt_ends_the_program_without_a_trace(tmp_path: Path) -> None:
    pipe = tmp_path / "facts.yaml"
    os.mkfifo(pipe)  # nobody writes: the program waits
    program = start("ladder", str(pipe))
    time.sleep(3)
    program.send_signal(signal.SIGINT)
    _, error = program.communicate(timeout=60)
    assert program.returncode == 130
    assert error.decode("utf-8").strip() == "已中断。"


def test_colours_stay_off_where_nobody_looks() -> None:
    outcome = run("packs", "list")
    assert not any(ord(char) < 32 and char != "\n" for char in itertools.chain(outcome.out, outcome.err))
