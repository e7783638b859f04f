"""A process of its own for what others have written: their templates, and the files that they send.

A template is a program, and a hostile file makes one of its reader: it may loop, ask for more memory than there is, or
look for a way out. Here that ends this process, by limits of the operating system, and nothing else. The process has an
empty folder, nothing of our environment, and what asks for a site is sent to a door that nobody opens. A template is
set by a program of ours that gets its task on standard input and gives back a file::

    made_apart("tidu.core.typesetting", task)      → the file, or NotSet
    if __name__ == "__main__":
        sys.exit(work_apart(_made))                # in that program
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path
from threading import BoundedSemaphore
from typing import Any, Final

MEMORY: Final = 1024 * 1024 * 1024
SECONDS: Final = 20  # of computing
PATIENCE: Final = 25  # seconds of the clock: a busy machine takes longer to compute as much
LARGEST: Final = 64 * 1024 * 1024  # of what is made; the one who waits for it holds it in memory
#: Given as the proxy for everything: port 9 (discard), on which nothing listens, so that nothing is fetched.
NOWHERE: Final = "http://127.0.0.1:9"
PROXIES: Final = ("http_proxy", "https_proxy", "all_proxy", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY")
#: Each takes a process; whoever comes third waits.
_TURNS: Final = BoundedSemaphore(2)
_FAULTY: Final = 3
_LONGEST_FAULT: Final = 4_000


class NotSet(RuntimeError):  # noqa: N818 - what became of the document
    """A document was not set. ``diagnostic`` is what is known of the place in the template."""

    def __init__(self, message: str, diagnostic: str = "") -> None:
        super().__init__(message)
        self.message, self.diagnostic = message, diagnostic


def made_apart(program: str, task: Mapping[str, Any]) -> bytes:
    """What the module ``program`` makes of ``task`` in a process of its own. Raises :class:`NotSet`."""
    if not _TURNS.acquire(timeout=PATIENCE):
        raise NotSet("正在排版的文件太多，请稍后再试")
    try:
        given = json.dumps(task).encode()
        done = run_apart(program, str(MEMORY), str(SECONDS), given=given, patience=PATIENCE)
    except subprocess.TimeoutExpired as error:
        raise NotSet(f"排版超过 {PATIENCE} 秒，已经停下") from error
    finally:
        _TURNS.release()
    if done.returncode == _FAULTY:
        raise NotSet(*json.loads(done.stderr))
    if done.returncode:
        raise NotSet("排版要用的时间或内存太多，已经停下")
    return done.stdout


def run_apart(
    program: str, *arguments: str, patience: float, given: bytes = b""
) -> subprocess.CompletedProcess[bytes]:
    """Run the module ``program``, which limits itself. Raises :class:`subprocess.TimeoutExpired`."""
    with tempfile.TemporaryDirectory() as nothing:
        return subprocess.run(  # noqa: S603 - our own program, and no shell
            [sys.executable, "-m", program, *arguments],
            input=given,
            capture_output=True,
            timeout=patience,
            check=False,
            cwd=nothing,
            env=_environment(nothing),
        )


def limit(*, memory: int, seconds: int, closed: bool = False) -> None:
    """Inside that process: bound what it may use from now on.

    ``closed``: everything needed has been loaded, so that no file, no connection and no process is opened any more.
    """
    limits = {
        resource.RLIMIT_AS: memory,
        resource.RLIMIT_CPU: seconds,
        resource.RLIMIT_FSIZE: 0,  # it writes to a pipe and nowhere else
        resource.RLIMIT_CORE: 0,
        **({resource.RLIMIT_NOFILE: 0, resource.RLIMIT_NPROC: 0} if closed else {}),
    }
    for what, most in limits.items():
        resource.setrlimit(what, (most, most))


def work_apart(make: Callable[[dict[str, Any]], bytes], *, closed: bool = False) -> int:
    """Inside that process: take the task, give back the file; the status to end with."""
    memory, seconds = map(int, sys.argv[1:3])
    task = json.load(sys.stdin)
    limit(memory=memory, seconds=seconds, closed=closed)
    try:
        made = make(task)
    except NotSet as fault:
        return _faulty(fault.message, fault.diagnostic)
    if len(made) > LARGEST:
        return _faulty(f"排出的文件超过 {LARGEST // 1024 // 1024} MB")
    sys.stdout.buffer.write(made)
    return 0


def _faulty(message: str, diagnostic: str = "") -> int:
    sys.stderr.write(json.dumps([message[:_LONGEST_FAULT], diagnostic[:_LONGEST_FAULT]]))
    return _FAULTY


def _environment(folder: str) -> dict[str, str]:
    """What the process is given: a folder that is nobody's, and no way to anywhere."""
    return {"HOME": folder, "PYTHONPATH": str(Path(__file__).parents[2]), **dict.fromkeys(PROXIES, NOWHERE)}
