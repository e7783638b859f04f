"""What the READMEs show works as shown."""

import re
import shlex
import sys
from pathlib import Path

import click
import pytest

from tidu.cli import tidu
from tools.console import ROOT, run

READMES = ("README.md", "README.zh-CN.md")
SHOWN = re.compile(r"^tidu (.+?)(?:\s+#.*)?$", re.MULTILINE)
YAML = re.compile(r"^```yaml\n(.*?)^```", re.MULTILINE | re.DOTALL)


def shown(name: str) -> list[list[str]]:
    return [shlex.split(line) for line in SHOWN.findall((ROOT / name).read_text(encoding="utf-8"))]


@pytest.mark.parametrize("name", READMES)
def test_every_command_and_option_that_a_readme_shows_exists(name: str) -> None:
    commands = shown(name)
    shown_ones = {"packs", "assess", "evaluate", "rewards", "ladder", "serve", "import", "audit"}
    assert {words[0] for words in commands} == shown_ones
    for words in commands:
        command: click.Command = tidu
        context = click.Context(tidu)
        rest = list(words)
        while isinstance(command, click.Group):
            found = command.get_command(context, rest.pop(0))
            assert found is not None, f"tidu {' '.join(words)}"
            command, context = found, click.Context(found, parent=context)
        known = {option for parameter in command.params for option in parameter.opts}
        assert {word for word in rest if word.startswith("-")} - known == set(), f"tidu {' '.join(words)}"


@pytest.mark.parametrize("name", READMES)
def test_the_facts_file_that_a_readme_shows_can_be_assessed(name: str, tmp_path: Path) -> None:
    facts = tmp_path / "facts.yaml"
    facts.write_text(YAML.findall((ROOT / name).read_text(encoding="utf-8"))[0], encoding="utf-8")
    command = Path(sys.executable).with_name("tidu")
    told = run([command, "assess", facts, "--pack", "hohhot-2022-recognition", "--as-of", "2026-03-01"])
    assert "示例精密制造有限公司" in told
    assert "1,460.00" in told, "the margin over a revenue of 10 million yuan"


@pytest.mark.parametrize("name", READMES)
def test_what_a_readme_quotes_from_a_pack_is_what_the_pack_says(name: str) -> None:
    quoted = YAML.findall((ROOT / name).read_text(encoding="utf-8"))[1]
    pack = (ROOT / "src/tidu/packs/hohhot-2022-recognition/pack.yaml").read_text(encoding="utf-8")
    for key in (
        "minimum_revenue",
        "revenue[-1] >= minimum_revenue",
        "申报条件/基本条件/03",
        "sustained_innovation",
    ):
        assert key in quoted
        assert key in pack
