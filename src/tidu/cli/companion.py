"""Beside the web server of ``tidu serve``: one worker for background work, and periodic work every minute.

The companion is a process of its own, in a session of its own, so that Ctrl+C reaches the web server alone, which then
ends the companion in good order. It starts a worker that died anew. It, and the worker, end by themselves when the
process that started them is gone, however that ended.
"""

from __future__ import annotations

import logging
import os
import signal
import sys
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from typing import Final, NoReturn

log = logging.getLogger("tidu.companion")

_TICK_SECONDS: Final = 60.0
_LOOK_SECONDS: Final = 0.5
_LEAVING_SECONDS: Final = 25.0
_PATIENCE_SECONDS: Final = 30.0
_SHORTEST_LIFE: Final = 5.0
_LONGEST_PAUSE: Final = 30.0
_BUSY: Final = 75  # EX_TEMPFAIL: another worker has the place


class Companion:
    """A running companion, as the web server's process sees it."""

    def __init__(self) -> None:
        self._pid = _forked(_companion)

    def end(self) -> None:
        """Tell it to leave and wait: a job may have to reach a safe place first. After half a minute it is killed."""
        with suppress(ProcessLookupError):
            os.kill(self._pid, signal.SIGTERM)
        if not _gone(self._pid, _PATIENCE_SECONDS):
            with suppress(ProcessLookupError):
                os.kill(self._pid, signal.SIGKILL)
            _gone(self._pid, 1.0)


class _Worker:
    """The worker process: started, watched, started again."""

    def __init__(self) -> None:
        self._pid: int | None = None
        self._since = 0.0
        self._not_before = 0.0
        self._pause = 1.0

    def watch(self) -> None:
        """Start one where none runs; after several quick deaths in a row wait longer each time."""
        now = time.monotonic()
        if self._pid is not None:
            pid, status = os.waitpid(self._pid, os.WNOHANG)
            if not pid:
                return
            self._pid = None
            lived = now - self._since
            self._pause = 1.0 if lived > _SHORTEST_LIFE else min(self._pause * 2, _LONGEST_PAUSE)
            self._not_before = now + self._pause
            if os.waitstatus_to_exitcode(status) != _BUSY:
                log.warning("the worker ended with %s and is started anew", os.waitstatus_to_exitcode(status))
        if now >= self._not_before:
            self._since = now
            self._pid = _forked(_work)

    def end(self) -> None:
        """Let it finish to a safe place, then end it."""
        if self._pid is None:
            return
        with suppress(ProcessLookupError):
            os.kill(self._pid, signal.SIGTERM)
        if not _gone(self._pid, _LEAVING_SECONDS):
            log.warning(
                "the worker did not leave in time; its job is marked as interrupted at the next start"
            )
            with suppress(ProcessLookupError):
                os.kill(self._pid, signal.SIGKILL)
            _gone(self._pid, 1.0)


def _companion(parent: int) -> None:
    os.setsid()
    wanted = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: wanted.set())
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    worker = _Worker()
    next_tick = time.monotonic()
    while not wanted.is_set() and os.getppid() == parent:
        worker.watch()
        if time.monotonic() >= next_tick:
            next_tick = time.monotonic() + _TICK_SECONDS
            _tick()
        wanted.wait(_LOOK_SECONDS)
    worker.end()


def _tick() -> None:
    from django.db import DatabaseError, connections

    from tidu.core.ticks import run_due

    try:
        run_due()
    except DatabaseError:
        log.exception("periodic work could not run")
    finally:
        connections.close_all()


def _work(parent: int) -> None:
    from tidu.core.jobs.worker import AnotherWorker, work

    threading.Thread(target=_leave_with, args=(parent,), daemon=True).start()
    try:
        work(once=False)
    except AnotherWorker:
        log.info("another worker is running; this one waits")
        os._exit(_BUSY)


def _leave_with(parent: int) -> None:
    """End this process in good order when the one that started it is gone."""
    while os.getppid() == parent:
        time.sleep(1.0)
    os.kill(os.getpid(), signal.SIGTERM)


def _forked(body: Callable[[int], None]) -> int:
    """Run ``body`` in a new process, with the present one's number; the new process's number."""
    sys.stdout.flush()
    sys.stderr.flush()
    parent = os.getpid()
    pid = os.fork()
    if pid == 0:
        _as_child(body, parent)
    return pid


def _as_child(body: Callable[[int], None], parent: int) -> NoReturn:
    """Do the work and end at once: nothing of the caller's may run a second time."""
    code = 1
    try:
        body(parent)
        code = 0
    except SystemExit as ended:
        code = ended.code if isinstance(ended.code, int) else 0
    except BaseException:
        log.exception("a process beside the web server failed")
    finally:
        with suppress(Exception):
            sys.stdout.flush()
            sys.stderr.flush()
        os._exit(code)


def _gone(pid: int, seconds: float) -> bool:
    """Whether the child ends within ``seconds``."""
    until = time.monotonic() + seconds
    while True:
        try:
            if os.waitpid(pid, os.WNOHANG)[0]:
                return True
        except ChildProcessError:  # somebody else has collected it
            return True
        if time.monotonic() >= until:
            return False
        time.sleep(0.05)
