"""How the command line fails: every problem on a line of its own, in Chinese, and as JSON where that was asked for."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterable
from contextlib import suppress
from typing import Any, Final

import click

from tidu.cli.layout import plain
from tidu.policy.errors import Problem

DONE: Final = 0
FAILED_CASES: Final = 1
FAULTY: Final = 1
BAD_INPUT: Final = 2
INTERRUPTED: Final = 130
NOBODY_READS: Final = 141
"""128 + SIGPIPE, as other programs end when ``head`` has seen enough."""


def report(problems: Iterable[Problem], *, as_json: bool) -> None:
    """Print ``problems`` to standard error, a line each; with ``as_json`` as JSON to standard output too."""
    found = list(problems)
    for problem in found:
        click.echo(f"{click.style('错误', fg='red', bold=True)}　{plain(problem)}", err=True)
    if as_json:
        write_json({"errors": [problem_json(problem) for problem in found]})


def problem_json(problem: Problem) -> dict[str, Any]:
    """A problem as the command line and the API document it."""
    return {
        "message": problem.message,
        "file": problem.file,
        "line": problem.line,
        "key": problem.key,
        "remedy": problem.remedy,
    }


def write_json(data: object) -> None:
    """``data`` as UTF-8 JSON on standard output, whatever the terminal's encoding, keys in the order they have."""
    text = json.dumps(data, ensure_ascii=False, indent=2, allow_nan=False)
    # A lone surrogate (an undecodable file name) becomes \udcxx, which is the escape that JSON itself would use.
    sys.stdout.flush()
    sys.stdout.buffer.write(text.encode("utf-8", "backslashreplace") + b"\n")
    sys.stdout.buffer.flush()


def from_system(error: OSError) -> Problem:
    """An error of the operating system as a problem of input: the file and what is wrong with it."""
    name = error.filename if isinstance(error.filename, str) else None
    reason = {
        "FileNotFoundError": "没有这个文件或文件夹",
        "IsADirectoryError": "这是一个文件夹，不是文件",
        "NotADirectoryError": "路径中间有一段不是文件夹",
        "PermissionError": "没有读写权限",
        "FileExistsError": "文件已存在",
    }.get(type(error).__name__, f"读写失败（{error.strerror or error}）")
    return Problem(reason, name, remedy="检查路径、权限和磁盘空间")


def stop_writing() -> None:
    """Send what is still buffered to nowhere: the reader of our output has gone."""
    with suppress(OSError, ValueError):
        sink = os.open(os.devnull, os.O_WRONLY)
        os.dup2(sink, sys.stdout.fileno())
        os.close(sink)
