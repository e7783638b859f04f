"""The style guide: every component in every state, for those who build pages. Off unless ``STYLEGUIDE`` is set."""

from __future__ import annotations

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from tidu.core.confirmation import Confirmation
from tidu.core.documents.typesets import set_letter, set_sheet
from tidu.core.documents.word_files import word_letter
from tidu.core.files.kinds import FileKind
from tidu.core.styleguide import example
from tidu.core.styleguide_documents import NAMES, SHEETS, sample_letter, sample_sheet
from tidu.core.styleguide_work import work_example


def _refuse_in_service() -> None:
    if not settings.STYLEGUIDE:
        raise Http404("组件一览只在开发时开放。")


@login_not_required
@require_safe
def show(request: HttpRequest) -> HttpResponse:
    """The whole guide on one page."""
    _refuse_in_service()
    return render(
        request,
        "core/styleguide.html",
        {**example(), **work_example(request), "letters": NAMES, "sheets": SHEETS},
    )


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def confirm(request: HttpRequest) -> HttpResponse:
    """The question that the example's link opens; whatever is answered, nothing happens."""
    _refuse_in_service()
    asked = Confirmation(
        title="撤销样例导入",
        verb="撤销导入",
        back=reverse("core:styleguide"),
        text="这一批写入的 241 行将全部还原，企业看得到撤销的记录。",
        reason="撤销理由",
    )
    if request.method == "POST" and asked.read(request.POST):
        return redirect("core:styleguide")
    return asked.answer(request)


@login_not_required
@require_POST
def section(request: HttpRequest) -> HttpResponse:
    """Where the example's section saves itself: keeps nothing, answers as a section does."""
    _refuse_in_service()
    staff = request.POST.get("staff", "")
    errors = (
        {}
        if not staff or staff.isdecimal()
        else {"staff": "请填数字，例如 12。确实没有的填 0，不清楚就留空。"}
    )
    if request.headers.get("X-Requested-With") != "autosave":
        return redirect("core:styleguide")
    return JsonResponse(
        {"saved_at": f"{timezone.localtime():%H:%M:%S}", "done": 2, "total": 3, "errors": errors}
    )


@login_not_required
@require_safe
def clause(request: HttpRequest) -> HttpResponse:
    """The fragment that the example's clause chips open beside the page."""
    _refuse_in_service()
    return render(request, "core/styleguide_clause.html", example())


@login_not_required
@require_safe
def document(request: HttpRequest, name: str, form: str) -> HttpResponse:  # noqa: ARG001 - Django's signature
    """An official document or a sheet with invented words, as PDF or DOCX."""
    _refuse_in_service()
    if name in NAMES and form in {"pdf", "docx"}:
        letter = sample_letter(name)
        content = set_letter(letter) if form == "pdf" else word_letter(letter)
    elif name in SHEETS and form == "pdf":
        content = set_sheet(kind=name, words=sample_sheet(name).as_words(), made_at=timezone.now())
    else:
        raise Http404("没有这个样例。")
    kind = FileKind.PDF if form == "pdf" else FileKind.DOCX
    response = HttpResponse(content, content_type=kind.content)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}.{form}"'
    return response
