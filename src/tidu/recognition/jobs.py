"""Background work of recognition: found by the jobs of ``core`` under this name."""

from __future__ import annotations

from tidu.recognition import submission_papers  # noqa: F401 - as above
from tidu.recognition.certificates import making as certificates  # noqa: F401 - importing declares the kind of work
from tidu.recognition.life import jobs as life  # noqa: F401 - as above
