"""Console blocks of a document: the commands they show and what these really print.

A block begins with ``$ tidu …``, which may end in ``| head -n N``, ``| tail -n N`` or ``| sed -n A,Bp``; the output at
120 columns follows. ``python -m tests.cli.documentation`` writes the present output into ``docs/cli.md``.
"""

import os
import re
import shlex
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from tests.cli.running import run

ROOT = Path(__file__).parents[2]
DOCUMENT = ROOT / "docs/cli.md"
_BLOCK = re.compile(r"^```console\n\$ (?P<command>.+)\n(?P<output>(?:.*\n)*?)```$", re.MULTILINE)
_PIPES = {
    "head": re.compile(r"head -n (\d+)"),
    "tail": re.compile(r"tail -n (\d+)"),
    "sed": re.compile(r"sed -n (\d+),(\d+)p"),
}


class Block(NamedTuple):
    """One block: the command after the dollar sign, the lines below it, and where they stand in the document."""

    command: str
    output: str
    start: int
    end: int


def blocks(text: str) -> Iterator[Block]:
    """Every console block of a document."""
    for found in _BLOCK.finditer(text):
        yield Block(found["command"], found["output"], found.start("output"), found.end("output"))


def printed(command: str, data: Path) -> str:
    """What ``command`` prints on both streams, from the project's folder, with a data folder of its own."""
    line, _, pipe = command.partition(" | ")
    words = shlex.split(line)
    environment = {"COLUMNS": "120", "TIDU_DATA": str(data)}
    while "=" in words[0]:
        name, _, value = words.pop(0).partition("=")
        environment[name] = value
    assert words.pop(0) == "tidu", command
    outcome = run(*words, env=environment)
    lines = [
        text.rstrip()
        for text in (outcome.out + outcome.err).replace(str(data), "~/.local/share/tidu").splitlines()
    ]
    return "".join(f"{text}\n" for text in _piped(lines, pipe))


def _piped(lines: list[str], pipe: str) -> list[str]:
    if not pipe:
        return lines
    name = pipe.split(maxsplit=1)[0]
    found = _PIPES[name].fullmatch(pipe)
    assert found is not None, pipe
    first, last = int(found[1]), int(found[2]) if name == "sed" else 0
    return {"head": lines[:first], "tail": lines[-first:], "sed": lines[first - 1 : last]}[name]


def refreshed(text: str, data: Path) -> str:
    """The document with the present output in every block."""
    for block in reversed(list(blocks(text))):
        text = text[: block.start] + printed(block.command, data) + text[block.end :]
    return text


if __name__ == "__main__":
    os.chdir(ROOT)
    with tempfile.TemporaryDirectory() as folder:
        DOCUMENT.write_text(refreshed(DOCUMENT.read_text(encoding="utf-8"), Path(folder)), encoding="utf-8")
