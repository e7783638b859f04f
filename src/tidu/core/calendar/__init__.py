"""Working days and time limits: the calendar, what happens to deadlines, and how much is left of one."""

from tidu.core.calendar.deadlines import close_deadline, resume_clock, start_deadline, stop_clock
from tidu.core.calendar.published import current_calendar
from tidu.core.calendar.remaining import Due, due
from tidu.core.calendar.working_days import Calendar

__all__ = [
    "Calendar",
    "Due",
    "close_deadline",
    "current_calendar",
    "due",
    "resume_clock",
    "start_deadline",
    "stop_clock",
]
