"""Files of imports: templates to fill in, the uploaded table with its faults marked, its faulty rows alone."""

from __future__ import annotations

import io
from pathlib import PurePath
from typing import IO, Final

from django.db import transaction
from django.http import FileResponse, Http404
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.views.decorators.http import require_GET

from tidu.core.audit.recording import record
from tidu.core.gates import for_roles
from tidu.core.requests import ActorRequest
from tidu.registry.importing.marking import faulty_rows, marked_workbook
from tidu.registry.importing.running import stored_table
from tidu.registry.importing.scope import Scope
from tidu.registry.importing.templates import template
from tidu.registry.models import Import
from tidu.registry.models.imports import ImportKind
from tidu.registry.queries.imports import imports_of
from tidu.registry.views.imports import OFFICERS

_XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_YEARS: Final = 3


@require_GET
@for_roles(*OFFICERS)
def blank(request: ActorRequest, kind: str) -> FileResponse:
    """The empty template of a kind, with the districts of one's place and the last three years."""
    if kind not in ImportKind.values:
        raise Http404
    wanted = ImportKind(kind)
    year = timezone.localdate().year
    content = template(wanted, years=range(year - _YEARS, year), scope=Scope.of(request.actor))
    return _attached(io.BytesIO(content), f"{wanted.label}导入模板.xlsx")


@require_GET
@for_roles(*OFFICERS)
def marked(request: ActorRequest, pk: int) -> FileResponse:
    """The uploaded table with its faulty and doubtful cells marked; once written, with the verdict of each row."""
    batch = _own(request, pk)
    with stored_table(batch) as path:
        file = marked_workbook(batch, path)
    _recorded(request, batch, "marked")
    return _attached(file, f"{_stem(batch)}_标注.xlsx")


@require_GET
@for_roles(*OFFICERS)
def faulty(request: ActorRequest, pk: int) -> FileResponse:
    """The rows that could not be taken, to be corrected and uploaded again."""
    batch = _own(request, pk)
    with stored_table(batch) as path:
        file = faulty_rows(batch, path)
    _recorded(request, batch, "faulty")
    return _attached(file, f"{_stem(batch)}_有误的行.xlsx")


def _own(request: ActorRequest, pk: int) -> Import:
    return get_object_or_404(imports_of(request.actor).exclude(file=None), pk=pk)


def _stem(batch: Import) -> str:
    return PurePath(str(batch.summary.get("file", "导入"))).stem[:80]


def _recorded(request: ActorRequest, batch: Import, what: str) -> None:
    with transaction.atomic():
        record(
            actor=request.actor,
            action="core.export.made",
            subject=batch,
            detail={"what": f"import.{what}", "rows": batch.rows},
        )


def _attached(file: IO[bytes], name: str) -> FileResponse:
    response = FileResponse(file, as_attachment=True, filename=name, content_type=_XLSX)
    response.headers["Cache-Control"] = "private, no-store"
    return response
