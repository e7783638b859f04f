"""A process of its own for what a template that is not ours asks for.

A template is a program: it may loop, ask for more memory than there is, or look for a way out. Here that ends this
process, by limits of the operating system, and nothing else. The process is given its task on standard input and gives
back a file; it has an empty folder, nothing of our environment, and what asks for a site is sent to a door that nobody
opens. Used by programs of ours, from both sides::

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
SECONDS: Final = 20
LARGEST: Final = 64 * 1024 * 1024  # of what is made; the one who waits for it holds it in memory
#: The proxy that everything is sent to. No program listens on the port of those who throw away what they get.
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
    if not _TURNS.acquire(timeout=SECONDS):
        raise NotSet("正在排版的文件太多，请稍后再试")
    try:
        with tempfile.TemporaryDirectory() as nothing:
            done = subprocess.run(  # noqa: S603 - our own program, and no shell
                [sys.executable, "-m", program, str(MEMORY), str(SECONDS)],
                input=json.dumps(task).encode(),
                capture_output=True,
                timeout=SECONDS,
                check=False,
                cwd=nothing,
                env=_environment(nothing),
            )
    except subprocess.TimeoutExpired as error:
        raise NotSet(f"排版超过 {SECONDS} 秒，已经停下") from error
    finally:
        _TURNS.release()
    if done.returncode == _FAULTY:
        raise NotSet(*json.loads(done.stderr))
    if done.returncode:
        raise NotSet("排版要用的时间或内存太多，已经停下")
    return done.stdout


def work_apart(make: Callable[[dict[str, Any]], bytes], *, closed: bool = False) -> int:
    """Inside that process: take the task, give back the file; the status to end with.

    ``closed``: everything needed has been loaded, so that from now on no file, no connection and no process is opened.
    """
    memory, seconds = map(int, sys.argv[1:3])
    task = json.load(sys.stdin)
    _limit(resource.RLIMIT_AS, memory)
    _limit(resource.RLIMIT_CPU, seconds)
    _limit(resource.RLIMIT_FSIZE, 0)  # it writes to a pipe and nowhere else
    _limit(resource.RLIMIT_CORE, 0)
    if closed:
        _limit(resource.RLIMIT_NOFILE, 0)
        _limit(resource.RLIMIT_NPROC, 0)
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


def _limit(what: int, most: int) -> None:
    resource.setrlimit(what, (most, most))
