"""Background work of the registry: found by the jobs of ``core`` under this name."""

from __future__ import annotations

from tidu.registry.evaluating import background as evaluating  # noqa: F401 - importing declares the kinds of work
from tidu.registry.importing import jobs as importing  # noqa: F401 - as above
