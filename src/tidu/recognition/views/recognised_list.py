"""The public list of titles, and the same as open data."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Callable, Iterator
from http import HTTPStatus
from itertools import chain, islice
from typing import Final

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.db.models import QuerySet
from django.http import (
    FileResponse,
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    StreamingHttpResponse,
)
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe

from tidu.core.exporting import MOST_WORKBOOK_ROWS, Cell, csv_lines, workbook
from tidu.core.listing import chosen, listing
from tidu.core.rates import parse_rate, wait_for
from tidu.recognition.public.recognised import (
    COLUMNS,
    DEFAULT_SORT,
    OPEN_COLUMNS,
    filters,
    json_lines,
    narrowed,
    open_rows,
    row_of,
    sorts,
    source_line,
)
from tidu.registry.models import Title

PER_PAGE: Final = 50
_HEADS: Final = [label for _, label in OPEN_COLUMNS]


@login_not_required
@require_safe
def show(request: HttpRequest) -> HttpResponse:
    """The list, with whoever has lost the title as well: the state says so."""
    day = timezone.localdate()
    controls = filters()
    rows = narrowed(chosen(request.GET, controls), day)
    found = listing(
        request, rows, sorts=sorts(day), default=DEFAULT_SORT, filters=controls, per_page=PER_PAGE
    )
    context = {
        "list": found,
        "rows": [row_of(title, day) for title in found.page],
        "columns": COLUMNS,
        "today": day,
        "formats": ("csv", "xlsx", "json"),
    }
    return render(request, "recognition/public/recognised.html", context)


@login_not_required
@require_safe
def download(request: HttpRequest, form: str) -> HttpResponseBase:
    """The rows that the filters leave, as a file."""
    make = _FORMS.get(form)
    if make is None:
        raise Http404("可以下载的格式是 csv、xlsx 和 json。")
    wait = wait_for(request, "open-data", parse_rate(settings.API_RATE))
    if wait is not None:
        return HttpResponse(
            "这个网络地址下载得太频繁，请过一会儿再下载。",
            status=HTTPStatus.TOO_MANY_REQUESTS,
            headers={"Retry-After": str(math.ceil(wait))},
            content_type="text/plain; charset=utf-8",
        )
    day = timezone.localdate()
    response = make(request, narrowed(chosen(request.GET, filters()), day), day)
    response.headers["Content-Disposition"] = content_disposition_header(
        as_attachment=True, filename=f"专精特新认定名单-{day.isoformat()}.{form}"
    )
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response


def _source(request: HttpRequest, day: dt.date) -> str:
    return source_line(settings.SITE["name"], _address(request), day)


def _address(request: HttpRequest) -> str:
    return request.build_absolute_uri(reverse("recognition:recognised"))


def _csv(request: HttpRequest, titles: QuerySet[Title], day: dt.date) -> HttpResponseBase:
    last: list[tuple[Cell, ...]] = [(f"# {_source(request, day)}",)]
    lines = csv_lines(_HEADS, chain(open_rows(titles, day), last))
    return StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8")


def _json(request: HttpRequest, titles: QuerySet[Title], day: dt.date) -> HttpResponseBase:
    source = {"source": settings.SITE["name"], "address": _address(request)}
    return StreamingHttpResponse(
        json_lines(titles, day, source), content_type="application/json; charset=utf-8"
    )


def _xlsx(request: HttpRequest, titles: QuerySet[Title], day: dt.date) -> HttpResponseBase:
    def rows() -> Iterator[tuple[Cell, ...]]:
        yield from islice(open_rows(titles, day), MOST_WORKBOOK_ROWS)
        yield (_source(request, day),)

    return FileResponse(
        workbook("认定名单", _HEADS, rows()),
        content_type="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    )


_FORMS: Final[dict[str, Callable[[HttpRequest, QuerySet[Title], dt.date], HttpResponseBase]]] = {
    "csv": _csv,
    "json": _json,
    "xlsx": _xlsx,
}
