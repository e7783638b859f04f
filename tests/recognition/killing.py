"""Running the chain in processes that are killed: in the middle of every step, and behind it.

``python -m tests.recognition.killing`` does it on the SQLite database of ``TIDU_DATA`` and prints what came out.
"""

from __future__ import annotations

import json
import os
import random
import signal
import sys
from collections.abc import Callable
from typing import Any

from django.db import connection, connections

Step = Callable[[], None]


def _in_a_child(step: Step, *, after: int | None) -> None:
    """Run a step in a process of its own, killed as it sends its statement number ``after``, or at the end."""
    connections.close_all()
    child = os.fork()
    if child == 0:
        sent = 0

        def count(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:  # noqa: ANN401, FBT001
            nonlocal sent
            sent += 1
            if sent == after:
                os.kill(os.getpid(), signal.SIGKILL)
            return execute(sql, params, many, context)

        try:
            with connection.execute_wrapper(count):
                step()
        finally:
            os.kill(os.getpid(), signal.SIGKILL)
    _, status = os.waitpid(child, 0)
    assert os.WIFSIGNALED(status)


def _statements(step: Step) -> int:
    """How many statements the step sends when it is done again; at least a few."""
    sent = 0

    def count(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:  # noqa: ANN401, FBT001
        nonlocal sent
        sent += 1
        return execute(sql, params, many, context)

    with connection.execute_wrapper(count):
        step()
    return sent


def run_killed() -> dict[str, Any]:
    """The chain, each step killed in its middle, then killed right behind its end, then done again."""
    import time_machine

    from tests.access.world import make_world
    from tests.recognition.chain import OUTCOMES, Chain
    from tidu.core.audit.verification import verify
    from tidu.recognition.models import Act, CaseKind, Submission, TitleCertificate
    from tidu.registry.models import Title

    chance = random.Random(20261122)  # noqa: S311 - a test
    chain = Chain(make_world())
    for name, step in chain.steps():
        if name != "settle":
            _in_a_child(step, after=chance.randint(2, 60))
            _in_a_child(step, after=None)
        _statements(step)  # and nothing breaks when it is done once more
    ends = chain.after_notice()
    with time_machine.travel(ends, tick=True):
        for after in (30, None):
            _in_a_child(chain.recognise, after=after)
        chain.recognise()
    recognised = Act.objects.filter(case=CaseKind.APPLICATION, act="recognise")
    return {
        "ends": {letter: chain.of(letter).status for letter in OUTCOMES},
        "titles": Title.objects.count(),
        "certificates": TitleCertificate.objects.count(),
        "recognised": recognised.count(),
        "submissions": Submission.objects.count(),
        "whole": verify().whole,
    }


if __name__ == "__main__":
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", verbosity=0)
    json.dump(run_killed(), sys.stdout)
