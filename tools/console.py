"""What set-up tells the person who started it."""

import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TypeVar

ROOT = Path(__file__).resolve().parents[1]

Result = TypeVar("Result")


class SetupError(Exception):
    """Set-up cannot go on. The message says what is missing and what to do, in Chinese."""


def step(title: str, work: Callable[[], Result]) -> Result:
    """Announce ``work``, do it and print how many seconds it took."""
    started = time.perf_counter()
    print(f"· {title} …", end="", flush=True)
    try:
        result = work()
    except BaseException:
        print(" 失败", flush=True)
        raise
    print(f" {time.perf_counter() - started:.1f} 秒", flush=True)
    return result


def run(command: Sequence[str | Path], *, env: Mapping[str, str] | None = None) -> str:
    """Run a program in the project's folder and return its standard output.

    Raises SetupError with the program's own last lines when it fails.
    """
    words = [str(word) for word in command]
    try:
        done = subprocess.run(words, cwd=ROOT, env=env, capture_output=True, text=True, check=False)
    except OSError as error:
        message = f"无法运行 {words[0]}：{error.strerror}"
        raise SetupError(message) from error
    if done.returncode:
        tail = "\n".join((done.stdout + done.stderr).strip().splitlines()[-12:])
        raise SetupError(f"命令失败（退出码 {done.returncode}）：{' '.join(words)}\n{tail}")
    return done.stdout


def fail(error: SetupError) -> int:
    """Print the error where a person sees it; return the exit status."""
    print(f"\n{error}", file=sys.stderr)
    return 1
