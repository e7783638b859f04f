"""How much computing something may take: seconds of this thread's own, which a busy machine does not stretch."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def computes_within(seconds: float) -> Iterator[None]:
    """Fail where the block needs more computing than that; growth beyond all bounds shows, other people's work not."""
    began = time.thread_time()
    yield
    assert time.thread_time() - began < seconds
