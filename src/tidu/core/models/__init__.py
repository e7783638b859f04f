"""Tables that every part of the programme stands on."""

from tidu.core.models.audit import AuditEvent, AuditHead, ExportedBlock
from tidu.core.models.deadlines import CalendarDay, CalendarYear, Deadline
from tidu.core.models.documents import DocumentSeries, OfficialDocument
from tidu.core.models.files import StoredFile
from tidu.core.models.jobs import Job
from tidu.core.models.jurisdictions import Jurisdiction
from tidu.core.models.service_times import ServiceTime

__all__ = [
    "AuditEvent",
    "AuditHead",
    "CalendarDay",
    "CalendarYear",
    "Deadline",
    "DocumentSeries",
    "ExportedBlock",
    "Job",
    "Jurisdiction",
    "OfficialDocument",
    "ServiceTime",
    "StoredFile",
]
