"""What the registry puts on the home pages beside claims and the own form: the enterprises, imports, runs, lists."""

from __future__ import annotations

import datetime as dt
from typing import Final

from django.db.models import Count, Q
from django.urls import reverse
from django.utils import timezone

from tidu.core.actor import Actor
from tidu.core.roles import ENTERPRISE_ROLES, Role
from tidu.core.workspace import Kpi
from tidu.desk.figures import (
    NextStep,
    Panel,
    PanelRow,
    register_brand_line,
    register_figures,
    register_panels,
    register_steps,
)
from tidu.desk.kinds import declare_kinds
from tidu.registry.actions import confirmations
from tidu.registry.models import (
    ConfirmationList,
    DuplicateProposal,
    Enterprise,
    Evaluation,
    Import,
)
from tidu.registry.models.imports import ImportState
from tidu.registry.queries.evaluations import runs_for
from tidu.registry.queries.facts import conflicts_of
from tidu.registry.queries.imports import imports_of

OFFICERS: Final = (Role.CITY_OFFICER, Role.DISTRICT_OFFICER)
_SHOWN: Final = 4
_IMPORT_PILLS: Final = {
    ImportState.DONE: "met",
    ImportState.FAILED: "overdue",
    ImportState.CHECKED: "soon",
    ImportState.CHECKING: "run",
    ImportState.WRITING: "run",
}
_RUN_PILLS: Final = {
    Evaluation.State.DONE: "met",
    Evaluation.State.FAILED: "overdue",
    Evaluation.State.RUNNING: "run",
}


def enterprise_figures(actor: Actor) -> list[Kpi]:
    """How many enterprises the actor sees, and how many hold a title."""
    counts = Enterprise.objects.visible_to(actor).aggregate(
        every=Count("pk"), titled=Count("pk", filter=~Q(tier=""))
    )
    note = f"持有称号 {counts['titled']:,} 家"
    return [Kpi("在库企业", f"{counts['every']:,}", "家", note, url=reverse("registry:enterprises"))]


def duplicate_figures(actor: Actor) -> list[Kpi]:
    """Near names that nobody has judged."""
    pairs = DuplicateProposal.objects.visible_to(actor).filter(decided_at__isnull=True).count()
    return [
        Kpi(
            "待判断的重名", str(pairs), "对", kind="warn" if pairs else "", url=reverse("registry:duplicates")
        )
    ]


def confirmation_figures(actor: Actor) -> list[Kpi]:
    """Lists that wait for the department, and those it has answered."""
    state = ConfirmationList.State
    counts = ConfirmationList.objects.visible_to(actor).aggregate(
        waiting=Count("pk", filter=Q(state=state.SENT)),
        answered=Count("pk", filter=Q(state__in=(state.ANSWERED, state.CLOSED))),
    )
    url = reverse("registry:confirmations")
    return [
        Kpi("待答复的名单", str(counts["waiting"]), "份", kind="warn" if counts["waiting"] else "", url=url),
        Kpi("已答复的名单", str(counts["answered"]), "份", url=url),
    ]


def _when(moment: dt.datetime) -> str:
    return f"{timezone.localtime(moment):%m-%d %H:%M}"


def import_panel(actor: Actor) -> list[Panel]:
    """The last imports of the organisation."""
    return [
        Panel(
            "imports",
            "最近导入",
            rows=tuple(_import_row(batch) for batch in imports_of(actor)[:_SHOWN]),
            empty="还没有导入",
            empty_note="企业名录、年度数据、称号和事故可以用表格成批导入。",
            url=reverse("registry:imports"),
            link="全部导入",
        )
    ]


def _import_row(batch: Import) -> PanelRow:
    state = ImportState(batch.state)
    return PanelRow(
        f"{batch.get_kind_display()}（{batch.rows:,} 行）",
        url=reverse("registry:import", kwargs={"pk": batch.pk}),
        state=_IMPORT_PILLS.get(state, "expired"),
        word=state.label,
        detail=f"{_when(batch.created_at)}{f'，{batch.user}' if batch.user else ''}",
    )


def evaluation_panel(actor: Actor) -> list[Panel]:
    """The last runs over the registry."""
    return [
        Panel(
            "evaluations",
            "最近评估",
            rows=tuple(_run_row(run) for run in runs_for(actor)[:_SHOWN]),
            empty="还没有评估",
            empty_note="用一份政策对照全部在库企业，看谁符合、谁只差一条。",
            url=reverse("registry:evaluations"),
            link="全部评估",
        )
    ]


def _run_row(run: Evaluation) -> PanelRow:
    state = Evaluation.State(run.state)
    return PanelRow(
        run.pack_title,
        url=reverse("registry:evaluation", kwargs={"pk": run.pk}),
        state=_RUN_PILLS[state],
        word=state.label,
        detail=f"{_when(run.created_at)}　{run.enterprises:,} 家企业",
    )


def brand_line(actor: Actor) -> str:
    """Where the enterprise is registered, and its code. One query."""
    found = Enterprise.objects.visible_to(actor).values_list("district__name", "city__name", "uscc").first()
    if found is None:
        return ""
    district, city, uscc = found
    return f"{district or city or '注册地待定'}　{uscc}"


def enterprise_steps(actor: Actor) -> list[NextStep]:
    """Settle what disagrees, and see what it all leads to."""
    enterprise = Enterprise.objects.visible_to(actor).first()
    if enterprise is None:
        return []
    steps = []
    conflicts = conflicts_of(enterprise)
    if conflicts:
        steps.append(
            NextStep(
                f"核对 {len(conflicts)} 处来源不一致的数据",
                reverse("registry:own-profile"),
                "查看并核对",
                "不同来源的数值并存，先采用等级高的来源；填错的请更正。",
                "arrows-diff",
                order=20,
            )
        )
    steps.append(
        NextStep(
            "看政策匹配",
            reverse("registry:own-profile"),
            "查看匹配结果",
            "在有效期内的每项政策：符合、只差一条、还缺哪份材料。",
            "rosette-discount-check",
            order=90,
        )
    )
    return steps


register_brand_line(brand_line)
declare_kinds({confirmations.KIND: "部门确认"})
register_figures([*OFFICERS, Role.AUDITOR], enterprise_figures)
register_figures(OFFICERS, duplicate_figures)
register_figures([Role.DEPARTMENT_OFFICER], confirmation_figures)
register_panels(OFFICERS, import_panel)
register_panels([*OFFICERS, Role.AUDITOR], evaluation_panel)
register_steps(sorted(ENTERPRISE_ROLES), enterprise_steps)
