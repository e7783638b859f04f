"""docs/cli.md shows what the commands really print, and names every command and option."""

import re
from pathlib import Path

import click
import pytest

from tests.cli.documentation import DOCUMENT, ROOT, Block, blocks, printed
from tests.cli.test_usage import commands
from tidu.cli import tidu
from tidu.cli.usage import Group

TEXT = DOCUMENT.read_text(encoding="utf-8")
BLOCKS = list(blocks(TEXT))
COUNT = re.compile(r"\d+ 个用例")  # grows with every case that somebody adds


@pytest.mark.parametrize("block", BLOCKS, ids=[block.command for block in BLOCKS])
def test_every_block_shows_what_its_command_prints(
    block: Block, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(ROOT)
    now = printed(block.command, tmp_path)
    assert COUNT.sub("N 个用例", now) == COUNT.sub("N 个用例", block.output), (
        "python -m tests.cli.documentation writes it"
    )


@pytest.mark.parametrize("path", [path for path in commands() if path], ids=" ".join)
def test_every_command_and_option_is_described(path: tuple[str, ...]) -> None:
    assert f"tidu {' '.join(path)}" in TEXT
    command: click.Command = tidu
    for name in path:
        assert isinstance(command, Group)
        found = command.get_command(click.Context(command), name)
        assert found is not None
        command = found
    for param in command.params:
        if isinstance(param, click.Option):
            assert f"`{max(param.opts, key=len)}" in TEXT


def test_every_kind_of_event_is_described_with_its_fields() -> None:
    from tidu.policy.vocabulary.vocabulary import load_vocabulary

    for kind in load_vocabulary().events.values():
        assert f"`{kind.id}`" in TEXT
        assert all(f"`{name}`" in TEXT for name in kind.fields)
