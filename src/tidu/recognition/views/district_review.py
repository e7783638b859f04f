"""The review of one case: papers left, checklist right, and what the district does with it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from tidu.core.citations import clauses
from tidu.core.components import Choice, Crumb
from tidu.core.files.serving import picture
from tidu.core.gates import for_roles
from tidu.core.refusals import Refused, http_status
from tidu.core.requests import ActorRequest, whole_number
from tidu.core.roles import TERRITORIAL, Role
from tidu.policy.documents.criteria import Criterion
from tidu.recognition.actions.inquiries import ask_applicant
from tidu.recognition.actions.reviewing import (
    Despite,
    accept_settled,
    correction_text,
    not_recommend,
    recommend,
    return_for_correction,
    save_finding,
)
from tidu.recognition.models import Application, CriterionFinding, Status, Submission
from tidu.recognition.models.applications import ApplicationQuerySet
from tidu.recognition.process.rules import pack_of
from tidu.recognition.queries.differences import Difference, difference
from tidu.recognition.queries.doubts import doubts_of
from tidu.recognition.queries.frozen_files import (
    FrozenFile,
    file_numbered,
    files_by_criterion,
    frozen_files,
    stored_file,
)
from tidu.recognition.queries.open_points import counted, open_points, settled
from tidu.recognition.queries.reviewing import (
    Standing,
    criteria_of,
    findings_of,
    reviews_it,
    reviews_seen,
    standing_of,
)
from tidu.recognition.queries.submissions import SubmittedContent, read_submission
from tidu.recognition.review_page import check_rows, clock_of, history_of, open_paper
from tidu.recognition.views.district_list import CRUMB
from tidu.registry.actions.viewing import note_view

REVIEWERS = (Role.DISTRICT_OFFICER, Role.CITY_OFFICER)
_BY_CLAUSE = "clause"


@dataclass(frozen=True, slots=True)
class Read:
    """A case with its last submission read: what all of its pages begin with."""

    application: Application
    submissions: tuple[Submission, ...]
    content: SubmittedContent
    files: tuple[FrozenFile, ...]
    criteria: tuple[Criterion, ...]
    findings: dict[str, CriterionFinding]
    standing: Standing
    reviewer: bool

    @property
    def may(self) -> bool:
        """Whether the reader reviews it now."""
        return self.reviewer and self.application.status == Status.DISTRICT


def _rows(request: ActorRequest) -> ApplicationQuerySet:
    return reviews_seen(request.actor).select_related(
        "call__organisation",
        "enterprise__organisation",
        "district",
        "deadline",
        "correction",
    )


def _read(request: ActorRequest, pk: int) -> Read:
    found = get_object_or_404(_rows(request), pk=pk)
    submissions = tuple(found.submissions.order_by("number"))
    if not submissions:
        raise Http404
    content = read_submission(submissions[-1])
    criteria, findings = criteria_of(found.call), findings_of(submissions[-1])
    return Read(
        found,
        submissions,
        content,
        frozen_files(content),
        criteria,
        findings,
        standing_of(criteria, findings),
        reviews_it(request.actor, found),
    )


@require_GET
@never_cache
@for_roles(*TERRITORIAL)
def review(request: ActorRequest, pk: int) -> HttpResponse:
    """The page. htmx fetches the viewer of papers alone."""
    read = _read(request, pk)
    if request.headers.get("HX-Target") == "evidence":
        return render(request, "recognition/_review_papers.html", _papers(request, read))
    note_view(actor=request.actor, enterprise=read.application.enterprise)
    return _page(request, read)


def _own(request: ActorRequest, pk: int) -> Read:
    """The case of whoever reviews it; for others it has no such pages."""
    read = _read(request, pk)
    if not read.reviewer:
        raise Http404
    return read


def _papers(request: ActorRequest, read: Read) -> dict[str, Any]:
    number, page = (whole_number(request.GET.get(name, ""), digits=4) or 1 for name in ("file", "page"))
    file = file_numbered(read.files, number) or file_numbered(read.files, 1)
    added: set[str] = set()
    if len(read.submissions) > 1:
        before = {item.sha256 for item in read_submission(read.submissions[-2]).evidence}
        added = {item.sha256 for item in read.files} - before
    return {
        "application": read.application,
        "submission": read.submissions[-1],
        "files": files_by_criterion(read.files, read.content),
        "counted": len(read.files),
        "viewer": open_paper(read.application, file, page),
        "added": added,
        "order": _order(request),
    }


def _order(request: ActorRequest) -> str:
    return _BY_CLAUSE if request.GET.get("order") == _BY_CLAUSE else ""


def _page(request: ActorRequest, read: Read, **more: str) -> HttpResponse:
    changes = _changes(read)
    changed = frozenset() if changes is None else changes.changed_criteria
    rows = check_rows(
        read.application,
        read.criteria,
        read.content,
        read.files,
        findings=read.findings,
        changed=changed,
    )
    quiet = []
    if not _order(request):
        rows.sort(key=lambda row: row.rank)
        quiet = [row for row in rows if row.quiet]
    inquiries = list(
        read.application.inquiries.select_related("deadline", "asked_by").order_by("answered_at", "id")
    )
    labels = {item.id: item.label for item in read.criteria}
    points = open_points(read.application.call, read.content) if read.may else ()
    pack = pack_of(read.application.call)
    context = {
        **_papers(request, read),
        **_bar(read),
        "content": read.content,
        "changes": changes,
        "before": read.submissions[-2] if changes else None,
        "rows": [row for row in rows if row not in quiet],
        "quiet": quiet,
        "settled": len(settled(read.application.call, read.content, besides=changed.union(read.findings)))
        if read.may
        else 0,
        "doubts": doubts_of(request.actor, read.application, read.content),
        "clock": clock_of(read.application),
        "log": history_of(read.application, request.actor.user_id),
        "inquiries": [(item, labels.get(item.criterion, "")) for item in inquiries],
        "waiting": sum(item.answered_at is None for item in inquiries),
        "points": [(point, clauses(pack, [point.cite or None])) for point in points],
        "points_counted": counted(points),
        "recommendation": getattr(read.application, "recommendation", None),
        "city": request.actor.has(Role.CITY_OFFICER),
        "crumbs": (
            Crumb(CRUMB, reverse("recognition:reviews")),
            Crumb(read.application.number or read.application.enterprise.name),
        ),
        **more,
    }
    return render(
        request,
        "recognition/review.html",
        context,
        status=http_status(more.get("error")),
    )


def _changes(read: Read) -> Difference | None:
    if len(read.submissions) < len(("before", "after")):
        return None
    return difference(read.submissions[-2], read.content)


def _bar(read: Read) -> dict[str, Any]:
    return {"application": read.application, "standing": read.standing, "may": read.may}


@require_GET
@for_roles(*TERRITORIAL)
def paper_page(request: ActorRequest, pk: int, number: int, page: int) -> HttpResponseBase:
    """A page of a paper of the last submission as a picture; nothing can be downloaded here."""
    read = _read(request, pk)
    file = file_numbered(read.files, number)
    stored = None if file is None else stored_file(read.application, file)
    if stored is None:
        raise Http404("没有这份材料。")
    return picture(request, stored, page, enterprise_id=read.application.enterprise_id)


@require_POST
@for_roles(*REVIEWERS)
def finding(request: ActorRequest, pk: int) -> HttpResponse:
    """Save the finding on one condition. htmx gets the words beside it and the bar; others the page again."""
    found = _own(request, pk).application
    criterion = request.POST.get("criterion", "")[:64]
    error = ""
    try:
        save_finding(
            actor=request.actor,
            application=found,
            criterion=criterion,
            finding=request.POST.get("finding", ""),
            note=request.POST.get("note", ""),
        )
    except Refused as refused:
        error = refused.message
    if request.headers.get("HX-Request"):
        read = _read(request, pk)
        context = {
            **_bar(read),
            "criterion": next((item for item in read.criteria if item.id == criterion), None),
            "found": read.findings.get(criterion),
            "error": error,
        }
        return render(request, "recognition/_review_saved.html", context)
    if error:
        messages.error(request, error)
    else:
        messages.success(request, "已保存审核意见。")
    return redirect(f"{reverse('recognition:review', args=[pk])}#c-{criterion}")


@require_POST
@for_roles(*REVIEWERS)
def accept(request: ActorRequest, pk: int) -> HttpResponse:
    """Accept at once what is settled; every condition can still be said otherwise."""
    found = _own(request, pk).application
    try:
        number = accept_settled(actor=request.actor, application=found)
    except Refused as refused:
        messages.error(request, refused.message)
    else:
        messages.success(request, f"已一并认可 {number} 项，需要的可以再逐项更改。")
    return redirect(f"{reverse('recognition:review', args=[pk])}#checklist")


@require_http_methods(["GET", "HEAD", "POST"])
@for_roles(*REVIEWERS)
def ask(request: ActorRequest, pk: int) -> HttpResponse:
    """Put a question to the enterprise."""
    read = _own(request, pk)
    form = {
        "title": f"询问{read.application.enterprise.name}",
        "verb": "提问并停表",
        "choices": [Choice(item.id, item.label) for item in read.criteria],
        "choice_label": "关于哪项条件",
        "choice_empty": "整件",
        "label": "问题",
        "hint": "写清要企业说明什么、补充什么，企业看得到全文。",
        "consequences": (
            "企业在答复期限内答复，这段时间不计入审核时限。",
            "可以同时有几个问题；全部答复后时钟继续走。",
        ),
        "done": "已向企业提问，审核时钟已停。",
    }
    return _act(
        request,
        read,
        form,
        lambda reason, picked: ask_applicant(
            actor=request.actor, application=read.application, text=reason, criterion=picked
        ),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@for_roles(*REVIEWERS)
def return_(request: ActorRequest, pk: int) -> HttpResponse:
    """Return the case for correction; the reasons noted with the conditions are filled in."""
    read = _own(request, pk)
    form = {
        "title": f"退回{read.application.enterprise.name}补正",
        "verb": "退回补正",
        "label": "需要补正的内容",
        "hint": "预填的是条件清单里的“不认可”“存疑”，没有的列出待补充的，请核对修改；企业逐条看得到。",
        "given": correction_text(read.standing, open_points(read.application.call, read.content)),
        "consequences": (
            "审核时钟停止，企业在补正期限内重新提交；逾期未补正的按程序处理。",
            "还没有答复的问题并入补正。",
        ),
        "done": "已退回补正，审核时钟已停。",
    }
    return _act(
        request,
        read,
        form,
        lambda reason, _: return_for_correction(
            actor=request.actor, application=read.application, reason=reason
        ),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@for_roles(*REVIEWERS)
def refuse(request: ActorRequest, pk: int) -> HttpResponse:
    """Do not recommend: the condition that failed, and why."""
    read = _own(request, pk)
    rejected = [Choice(item.id, f"{item.label}（{item.cite}）") for item, _ in read.standing.rejected]
    form = {
        "title": f"不推荐{read.application.enterprise.name}",
        "verb": "不予推荐",
        "serious": True,
        "choices": rejected,
        "choice_label": "依据的条件",
        "choice_empty": "请选择",
        "choice_missing": ""
        if rejected
        else "还没有审核为“不认可”的条件。请先在条件清单里对不符合的条件选“不认可”并写说明。",
        "label": "理由",
        "hint": "写明哪里不符合、依据什么材料，企业看得到全文和条款。",
        "given": read.standing.rejected[0][1].note if len(read.standing.rejected) == 1 else "",
        "consequences": ("这一件到此办结，企业会收到理由和条款。",),
        "done": "已作出不予推荐的结论，理由和条款已告知企业。",
    }
    return _act(
        request,
        read,
        form,
        lambda reason, picked: not_recommend(
            actor=request.actor, application=read.application, criterion=picked, reason=reason
        ),
    )


def _act(
    request: ActorRequest, read: Read, form: dict[str, Any], act: Callable[[str, str], object]
) -> HttpResponse:
    """Ask for a text and perhaps a condition, then act and go back to the case."""
    back = reverse("recognition:review", args=[read.application.pk])
    if not read.may and request.method != "POST":
        messages.warning(request, f"这一件现在是“{read.application.get_status_display()}”。")
        return redirect(back)
    shown = {"picked": request.GET.get("criterion", ""), "given": "", **form, "error": "", "field": ""}
    if request.method == "POST":
        shown["given"], shown["picked"] = request.POST.get("reason", ""), request.POST.get("criterion", "")
        offered = {choice.value for choice in form.get("choices", ())}
        try:
            act(shown["given"], shown["picked"] if shown["picked"] in offered else "")
        except Refused as refused:
            missing = refused.field == "reason" and not shown["given"].strip()
            shown["error"] = f"请填写{form['label']}。" if missing else refused.message
            shown["field"] = refused.field
        else:
            messages.success(request, form["done"])
            return redirect(back)
    context = {
        "asked": shown,
        "back": back,
        "crumbs": (
            Crumb(CRUMB, reverse("recognition:reviews")),
            Crumb(read.application.number or "", back),
            Crumb(form["verb"]),
        ),
    }
    return render(request, "recognition/review_act.html", context, status=http_status(shown["error"]))


@require_POST
@for_roles(*REVIEWERS)
def recommend_one(request: ActorRequest, pk: int) -> HttpResponse:
    """Recommend the case to the city."""
    found = _own(request, pk).application
    opinion, number = request.POST.get("opinion", ""), request.POST.get("document_no", "")
    because = request.POST.get("because", "")
    try:
        recommend(
            actor=request.actor,
            application=found,
            opinion=opinion,
            document_no=number,
            despite=Despite(because) if request.POST.get("despite") else None,
        )
    except Refused as refused:
        return _page(
            request,
            _read(request, pk),
            error=refused.message if opinion.strip() else "请填写推荐意见。",
            field=refused.field if opinion.strip() else "opinion",
            opinion=opinion,
            document_no=number,
            despite=request.POST.get("despite", ""),
            because=because,
        )
    messages.success(request, f"已推荐“{found.enterprise.name}”，进入下一环节。")
    return redirect("recognition:reviews")
