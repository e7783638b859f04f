"""Imports from upload to undoing, and what a person says of names that look alike."""

from __future__ import annotations

from typing import Final

from django.db import transaction
from django.utils import timezone

from tidu.accounts.ties import refuse_tied
from tidu.core.actor import Actor
from tidu.core.audit.recording import record
from tidu.core.files.receiving import Received, keep_file
from tidu.core.jobs import start
from tidu.core.jobs.queries import ACTIVE
from tidu.core.refusals import Refused
from tidu.registry.models import DuplicateProposal, Import
from tidu.registry.models.imports import ImportKind, ImportState
from tidu.registry.queries.imports import why_not_undo

CHECK_JOB: Final = "registry.import.check"
WRITE_JOB: Final = "registry.import.write"
UNDO_JOB: Final = "registry.import.undo"
_OPEN: Final = frozenset(
    {ImportState.UPLOADED, ImportState.CHECKING, ImportState.CHECKED, ImportState.FAILED}
)


@transaction.atomic
def upload_import(
    *, actor: Actor, kind: ImportKind, received: Received, mapping: str = "", map_name: str = ""
) -> Import:
    """Keep a received table and have it checked in the background. Nothing is written into the registry yet."""
    stored = keep_file(actor=actor, received=received)
    batch = Import.objects.create(
        kind=kind,
        organisation_id=actor.organisation_id,
        user_id=actor.user_id,
        file=stored,
        mapping=mapping,
        state=ImportState.CHECKING,
        summary={"file": stored.name, **({"map": map_name, "map_label": map_name} if mapping else {})},
    )
    batch.job = start(
        actor=actor, kind=CHECK_JOB, title=f"校验：{stored.name}", arguments={"import": batch.pk}
    )
    batch.save(update_fields=("job",))
    record(
        actor=actor,
        action="registry.import.uploaded",
        subject=batch,
        after={"sha256": stored.sha256},
        detail={"kind": kind.value, "size": stored.size, "scan": stored.scan},
    )
    return batch


@transaction.atomic
def start_import(*, actor: Actor, batch: Import, skip_bad: bool) -> Import:
    """Begin to write a checked table. A second click finds it begun and changes nothing. Raises :class:`Refused`."""
    held = Import.objects.select_for_update().get(pk=batch.pk)
    if held.state in {ImportState.WRITING, ImportState.DONE}:
        return held
    if held.state != ImportState.CHECKED:
        raise Refused("这张表还没有校验完，或者已经放弃。请重新上传。")
    if held.rejected and not skip_bad:
        raise Refused(
            f"有 {held.rejected:,} 行有误。请改好后重新上传，或选择跳过有误的行。", field="skip_bad"
        )
    if not held.created + held.updated:
        raise Refused("没有可以写入的行：全部无变化或有误。")
    held.state, held.skip_bad = ImportState.WRITING, skip_bad
    held.job = start(
        actor=actor,
        kind=WRITE_JOB,
        title=f"导入：{held.summary.get('file', '')}",
        arguments={"import": held.pk},
    )
    held.save(update_fields=("state", "skip_bad", "job"))
    record(
        actor=actor,
        action="registry.import.started",
        subject=held,
        detail={"kind": held.kind, "rows": held.rows, "skip_bad": skip_bad},
    )
    return held


@transaction.atomic
def discard_import(*, actor: Actor, batch: Import) -> None:
    """Give up a table before it is written. Does nothing the second time; raises :class:`Refused` once it is."""
    held = Import.objects.select_for_update().get(pk=batch.pk)
    if held.state == ImportState.DISCARDED:
        return
    if held.state not in _OPEN:
        raise Refused("这张表正在写入或已经写入，不能放弃。已写入的可以撤销。")
    held.state, held.finished_at = ImportState.DISCARDED, timezone.now()
    held.save(update_fields=("state", "finished_at"))
    record(actor=actor, action="registry.import.discarded", subject=held, detail={"kind": held.kind})


@transaction.atomic
def start_undo(*, actor: Actor, batch: Import) -> Import:
    """Have a written import taken back in the background. Raises :class:`Refused`: not written, or not theirs."""
    held = Import.objects.select_for_update(of=("self",)).select_related("job").get(pk=batch.pk)
    if held.state == ImportState.UNDONE or is_being_undone(held):
        return held
    if held.state != ImportState.DONE:
        raise Refused("只有已经写入的导入可以撤销。")
    if avoided := why_not_undo(actor, held):
        raise Refused(avoided)
    held.job = start(
        actor=actor,
        kind=UNDO_JOB,
        title=f"撤销导入：{held.summary.get('file', '')}",
        arguments={"import": held.pk},
    )
    held.save(update_fields=("job",))
    return held


def is_being_undone(batch: Import) -> bool:
    """Whether the undoing of an import waits or runs."""
    return batch.job is not None and batch.job.kind == UNDO_JOB and batch.job.state in ACTIVE


@transaction.atomic
def decide_duplicate(
    *, actor: Actor, proposal: DuplicateProposal, verdict: DuplicateProposal.Verdict
) -> DuplicateProposal:
    """Keep what a person found of two enterprises with near names. Nothing is merged by it."""
    held = (
        DuplicateProposal.objects.select_for_update(of=("self",))
        .select_related("first", "second")
        .get(pk=proposal.pk)
    )
    if held.verdict == verdict:
        return held
    refuse_tied(actor, held.first, held.second)
    before = held.verdict
    held.verdict, held.decided_by_id, held.decided_at = verdict, actor.user_id, timezone.now()
    held.save(update_fields=("verdict", "decided_by", "decided_at"))
    record(
        actor=actor,
        action="registry.duplicate.decided",
        subject=held,
        enterprise_id=held.first_id,
        before=before,
        after=str(verdict),
        detail={"first": held.first_id, "second": held.second_id, "verdict": verdict.label},
    )
    return held
