"""The kinds of background work: a name, words for people and the function that does it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from tidu.core.jobs.running import JobRun

Work = Callable[["JobRun"], dict[str, Any]]


class JobStopped(Exception):  # noqa: N818 - nothing went wrong: its owner wanted it
    """Raised by ``stop_if_wanted`` at a safe place. Let it pass."""


class JobFault(Exception):  # noqa: N818 - a fault that people read, not an error of the program
    """Why a job cannot be done: one Chinese sentence for its owner, with what to do."""


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of work."""

    name: str
    label: str
    work: Work


KINDS: Final[dict[str, Kind]] = {}


def job_kind(name: str, *, label: str) -> Callable[[Work], Work]:
    """Register a function as the work of ``name`` (``registry.import.check``). It returns plain JSON data.

    Of that data, pages show ``summary`` (a sentence) and ``url`` (where to look next, an address of this site).
    """

    def register(work: Work) -> Work:
        if name in KINDS and KINDS[name].work.__qualname__ != work.__qualname__:
            raise ValueError(f"two functions for one kind of job: {name}")
        KINDS[name] = Kind(name, label, work)
        return work

    return register
