"""Running the real command in this process: what it prints, and how it ends."""

import json
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from click.testing import CliRunner

from tidu.cli import tidu

EXAMPLES = Path(__file__).parents[2] / "examples/facts"
HOHHOT = "hohhot-2022-recognition"
TIDU = Path(sys.executable).parent / "tidu"
BAOTOU = "baotou-2023-support"


@dataclass(frozen=True)
class Outcome:
    """Exit code and both streams of one run."""

    code: int
    out: str
    err: str

    @property
    def data(self) -> Any:  # noqa: ANN401 - JSON is of every kind
        """Standard output as JSON; nothing else may stand on it."""
        return json.loads(self.out)

    @property
    def errors(self) -> list[dict[str, Any]]:
        """The errors that a refused run with ``--json`` prints."""
        assert self.code == 2
        errors: list[dict[str, Any]] = self.data["errors"]
        return errors


def run(*arguments: str | Path, env: dict[str, str] | None = None) -> Outcome:
    """Run ``tidu`` with ``arguments``. A trace is a failure of the test, whatever the exit code."""
    result = CliRunner().invoke(
        tidu,
        [str(argument) for argument in arguments],
        prog_name="tidu",
        env={"COLUMNS": "200"} | (env or {}),
    )
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return Outcome(result.exit_code, result.stdout, result.stderr)


def start(*arguments: str | Path, env: dict[str, str] | None = None) -> subprocess.Popen[bytes]:
    """Start the installed program, as a shell does."""
    return subprocess.Popen([TIDU, *arguments], stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=env)  # noqa: S603 - ours


def python(program: str) -> tuple[int, str]:
    """Exit code and standard error of a Python program in a process of its own."""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)  # noqa: S603 - ours
    return done.returncode, done.stderr


def assess(file: Path, *more: str, pack: str = HOHHOT, as_of: str = "2026-06-01") -> Outcome:
    """``tidu assess`` on a fixed day."""
    return run("assess", file, "--pack", pack, "--as-of", as_of, *more)


def facts_file(folder: Path, *lines: str) -> Path:
    """A facts file with these lines."""
    file = folder / "facts.yaml"
    file.write_text("\n".join(lines), encoding="utf-8")
    return file


def criteria(data: dict[str, Any]) -> dict[str, str]:
    """Statuses by criterion."""
    return {item["id"]: item["status"] for item in data["criteria"]}


def messages(errors: Sequence[dict[str, Any]]) -> str:
    """All messages in one text."""
    return "\n".join(error["message"] for error in errors)
