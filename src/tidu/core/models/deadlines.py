"""Working days and the deadlines that are counted in them."""

from __future__ import annotations

from django.db import models
from django.db.models import Q


class CalendarYear(models.Model):
    """A year whose holiday arrangements are published. Days of other years are provisional: weekends alone count."""

    year = models.PositiveSmallIntegerField("年份", primary_key=True)
    source = models.CharField("依据", max_length=200)
    imported_at = models.DateTimeField("导入时间", auto_now_add=True)

    class Meta:
        ordering = ("year",)
        verbose_name = verbose_name_plural = "年度节假日安排"

    def __str__(self) -> str:
        return f"{self.year}年"


class CalendarDay(models.Model):
    """A day that differs from its weekday: a holiday, or a weekend day that is worked."""

    class Kind(models.TextChoices):
        """How the day differs."""

        STATUTORY = "statutory", "法定节假日"
        OFF = "off", "放假"
        WORKED = "worked", "调休上班"

    day = models.DateField("日期", primary_key=True)
    year = models.ForeignKey(CalendarYear, models.CASCADE, related_name="days")
    kind = models.CharField("性质", max_length=10, choices=Kind)
    occasion = models.CharField("节日", max_length=20, blank=True)

    class Meta:
        ordering = ("day",)
        verbose_name = verbose_name_plural = "节假日"

    def __str__(self) -> str:
        return f"{self.day.isoformat()} {self.get_kind_display()}"


class DayUnit(models.TextChoices):
    """What a time limit is counted in."""

    CALENDAR = "calendar", "天"
    WORKING = "working", "工作日"


class Deadline(models.Model):
    """A time limit that runs: counted anew when the calendar changes, stopped while an answer is awaited.

    ``due_on`` is the last day; ``provisional`` marks one that rests on a year whose holidays are not published yet.
    ``stops`` are the pairs of days (ISO) between which the clock stood; ``stopped_days`` what they add, in the limit's
    unit. While it stands, ``stopped_on`` is set and ``due_on`` tells nothing.
    """

    started_on = models.DateField("起算日")
    length = models.PositiveSmallIntegerField("期限")
    unit = models.CharField("单位", max_length=8, choices=DayUnit)
    first_day_counts = models.BooleanField("起算日计入", default=False)
    roll_forward = models.BooleanField("末日遇节假日顺延", default=True)
    stopped_on = models.DateField("停表日", null=True, blank=True)
    stops = models.JSONField("停表记录", default=list, blank=True)
    stopped_days = models.PositiveSmallIntegerField("已停天数", default=0)
    due_on = models.DateField("截止日")
    provisional = models.BooleanField("暂定", default=False)
    closed_at = models.DateTimeField("办结时间", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "期限"
        indexes = (
            models.Index(
                fields=("due_on",), condition=Q(closed_at__isnull=True), name="deadline_open_by_due"
            ),
        )
        constraints = (models.CheckConstraint(condition=Q(length__gte=1), name="deadline_has_a_length"),)

    def __str__(self) -> str:
        return self.due_on.isoformat()
