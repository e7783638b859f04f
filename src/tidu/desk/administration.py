"""What the three administrators see on their home pages: how the platform fares, never what business is in it."""

from __future__ import annotations

import datetime as dt
from typing import Final

from axes.models import AccessAttempt
from django.conf import settings
from django.core.cache import cache
from django.db.models import Count, Max, Q, QuerySet
from django.db.models.functions import Lower
from django.urls import NoReverseMatch, reverse
from django.utils import timezone

from tidu.accounts.models import User
from tidu.core.actor import Actor
from tidu.core.audit.actions import ACTIONS
from tidu.core.files.scanning import ScannerStatus, scanner_status
from tidu.core.jobs.queries import ACTIVE, visible_to
from tidu.core.jobs.showing import LONG
from tidu.core.models import AuditEvent, AuditHead, CalendarYear, Jurisdiction
from tidu.core.models.audit import AuditResult
from tidu.core.models.jobs import JobState
from tidu.core.models.jurisdictions import PlaceLevel
from tidu.core.roles import Role
from tidu.core.workspace import Kpi
from tidu.desk.figures import Panel, PanelRow, register_figures, register_panels

#: Events at the end of the record that a home page looks through; what is older is found by searching.
WINDOW: Final = 50_000
_SHOWN: Final = 6
_SCANNER_KEPT: Final = 60  # seconds: a scanner that hangs must not hang every visit
_ROLE_ACTIONS: Final = ("accounts.role.granted", "accounts.role.ended")


def declare() -> None:
    """Register the providers."""
    register_figures([Role.SYSTEM_ADMINISTRATOR], platform_figures)
    register_panels([Role.SYSTEM_ADMINISTRATOR], failed_jobs)
    register_figures([Role.SECURITY_ADMINISTRATOR], people_figures)
    register_panels([Role.SECURITY_ADMINISTRATOR], role_changes)
    register_figures([Role.AUDIT_ADMINISTRATOR], record_figures)
    register_panels([Role.AUDIT_ADMINISTRATOR], refusals)


def _address(name: str) -> str:
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""


def _scanner() -> ScannerStatus:
    status = cache.get_or_set("desk.scanner", scanner_status, _SCANNER_KEPT)
    return status if isinstance(status, ScannerStatus) else scanner_status()


def platform_figures(actor: Actor) -> list[Kpi]:
    """Jobs, scanner, calendar and places."""
    jobs = visible_to(actor).aggregate(
        failed=Count("pk", filter=Q(state=JobState.FAILED)),
        active=Count("pk", filter=Q(state__in=ACTIVE)),
        late=Count("pk", filter=Q(state=JobState.QUEUED, attempts=0, created_at__lt=timezone.now() - LONG)),
    )
    words = f"进行和排队 {jobs['active']} 项"
    if jobs["late"]:
        words += f"，{jobs['late']} 项排队超过 {LONG // dt.timedelta(minutes=1)} 分钟，请检查工作进程"
    last = CalendarYear.objects.aggregate(last=Max("year"))["last"]
    today = timezone.localdate()
    places = Jurisdiction.objects.filter(level__in=(PlaceLevel.DISTRICT, PlaceLevel.ZONE)).count()
    scanner = _scanner()
    return [
        Kpi(
            "失败的后台任务",
            str(jobs["failed"]),
            "项",
            words,
            "bad" if jobs["failed"] else "warn" if jobs["late"] else "",
            _address("core:jobs"),
        ),
        _scanner_kpi(scanner),
        Kpi(
            "节假日安排",
            f"到 {last} 年" if last else "没有导入",
            note="之后的工作日期限为暂定" if last else "工作日期限全部为暂定",
            kind="" if last and last >= today.year else "bad",
            url=_address("core:calendar"),
            words=True,
        ),
        Kpi("旗县区和开发区", str(places), "个", url=_address("core:places")),
    ]


def _scanner_kpi(status: ScannerStatus) -> Kpi:
    if not status.configured:
        return Kpi("病毒扫描", "没有接入", note="上传的文件标为未扫描", kind="warn", words=True)
    if not status.answers:
        return Kpi("病毒扫描", "没有应答", note="扫描恢复之前，上传全部拒收", kind="bad", words=True)
    return Kpi("病毒扫描", "正常", note=status.version[:40], words=True)


def failed_jobs(actor: Actor) -> list[Panel]:
    """The last jobs that failed, by name; what is in them belongs to their owners."""
    failed = visible_to(actor).filter(state=JobState.FAILED).order_by("-pk")[:_SHOWN]
    rows = tuple(
        PanelRow(
            job.title,
            url=reverse("core:job", kwargs={"number": job.pk}),
            state="overdue",
            word="失败",
            detail=f"{timezone.localtime(job.created_at):%m-%d %H:%M} 提交，执行 {job.attempts} 次",
        )
        for job in failed
    )
    return [
        Panel(
            "failed-jobs",
            "失败的后台任务",
            rows=rows,
            icon="mood-check",
            empty="没有失败的任务",
            empty_note="任务失败时列在这里，写明原因，可以重新执行。",
            url=_address("core:jobs"),
            link="全部后台任务",
        )
    ]


def people_figures(actor: Actor) -> list[Kpi]:
    """Accounts that are locked, disabled, or without any role."""
    since = timezone.now() - settings.AXES_COOLOFF_TIME
    locked = AccessAttempt.objects.filter(
        attempt_time__gte=since, failures_since_start__gte=settings.AXES_FAILURE_LIMIT
    ).values("username")
    visible = User.objects.visible_to(actor).annotate(login=Lower("username"))
    counts = visible.aggregate(
        locked=Count("pk", filter=Q(login__in=locked), distinct=True),
        disabled=Count("pk", filter=Q(is_active=False), distinct=True),
        people=Count("pk", filter=Q(is_active=True), distinct=True),
    )
    url = _address("accounts:people")
    return [
        Kpi(
            "锁定的账号", str(counts["locked"]), "个", "连续输错密码", "warn" if counts["locked"] else "", url
        ),
        Kpi("启用的账号", str(counts["people"]), "个", f"停用 {counts['disabled']} 个", url=url),
    ]


def _near(actor: Actor) -> QuerySet[AuditEvent]:
    """The end of the record, as far as it belongs to the actor's place."""
    end = AuditHead.objects.values_list("number", flat=True).first() or 0
    prefix = actor.place
    while prefix.endswith("00"):
        prefix = prefix[:-2]
    return AuditEvent.objects.filter(number__gt=end - WINDOW, place__startswith=prefix).order_by("-number")


def role_changes(actor: Actor) -> list[Panel]:
    """Who was given a role, and who lost one."""
    events = _near(actor).filter(action__in=_ROLE_ACTIONS, result=AuditResult.DONE)[:_SHOWN]
    return [
        Panel(
            "role-changes",
            "最近的授权",
            rows=tuple(_row(event) for event in events),
            empty="最近没有授权变动",
            empty_note="授予和收回角色按时间列在这里。",
            url=_address("accounts:people"),
            link="全部人员",
        )
    ]


def _by(actor: Actor, event: AuditEvent) -> str:
    """Who it was, where that is somebody of the actor's own place: people of another city stay unnamed."""
    return f"，{event.user_name}" if event.place == actor.place else ""


def record_figures(actor: Actor) -> list[Kpi]:
    """How long the record is, and when it was last verified."""
    end = AuditHead.objects.values_list("number", flat=True).first() or 0
    verified = (
        AuditEvent.objects.filter(number__gt=end - WINDOW, action="core.audit.verified")
        .order_by("-number")
        .first()
    )
    url = _address("core:audit")
    chain = Kpi("操作记录", f"{end:,}", "条", "每一条都与前一条相扣", url=url)
    if verified is None:
        return [
            chain,
            Kpi("最近核验", "没有", note=f"最近 {WINDOW:,} 条里没有核验", kind="warn", url=url, words=True),
        ]
    whole = verified.result == AuditResult.DONE
    return [
        chain,
        Kpi(
            "最近核验",
            "完整" if whole else "不完整",
            note=f"{timezone.localtime(verified.at):%Y-%m-%d %H:%M}{_by(actor, verified)}",
            kind="" if whole else "bad",
            url=url,
            words=True,
        ),
        Kpi("核验之后新增", f"{end - verified.number:,}", "条"),
    ]


def refusals(actor: Actor) -> list[Panel]:
    """What was refused lately."""
    events = _near(actor).filter(result=AuditResult.REFUSED)[:_SHOWN]
    return [
        Panel(
            "refusals",
            "最近被拒绝的操作",
            rows=tuple(_row(event) for event in events),
            icon="mood-check",
            empty="最近没有被拒绝的操作",
            empty_note="越权访问、拒收的文件和失败的登录列在这里。",
            url=_address("core:audit"),
            link="查阅操作记录",
        )
    ]


def _row(event: AuditEvent) -> PanelRow:
    return PanelRow(
        f"{ACTIONS.get(event.action, event.action)}　{event.subject_label}",
        note=f"{timezone.localtime(event.at):%m-%d %H:%M}",
        detail=f"{event.user_name}{f'（{event.organisation_name}）' if event.organisation_name else ''}",
    )
