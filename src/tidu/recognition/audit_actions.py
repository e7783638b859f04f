"""The names of what this application records."""

from __future__ import annotations

from tidu.core.audit.actions import declare
from tidu.core.audit.append_only import declare_append_only
from tidu.recognition.process.transitions import TRANSITIONS

declare({f"recognition.application.{found.act}": found.label for found in TRANSITIONS.values()})
declare_append_only("recognition_act", "recognition_submission", "recognition_callchange")
