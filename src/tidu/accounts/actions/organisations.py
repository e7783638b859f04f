"""Making and changing organisations."""

from __future__ import annotations

from django.db import IntegrityError, transaction
from django.db.models import F

from tidu.accounts.models import Membership, Organisation, User
from tidu.core.actor import Actor
from tidu.core.audit.recording import record
from tidu.core.models import Jurisdiction
from tidu.core.refusals import Refused
from tidu.core.roles import OrganisationKind, Role


@transaction.atomic
def create_organisation(
    *,
    actor: Actor,
    kind: OrganisationKind,
    name: str,
    short_name: str = "",
    place: Jurisdiction | None = None,
    confirms: list[str] | None = None,
    document_word: str = "",
) -> Organisation:
    """A new organisation in the actor's place. Raises :class:`Refused`."""
    _check_right(actor)
    organisation = Organisation(
        kind=kind,
        name=name.strip(),
        short_name=short_name.strip(),
        document_word=document_word.strip(),
        place=place,
        confirms=confirms or [],
    )
    _save(actor, organisation)
    record(
        actor=actor,
        action="accounts.organisation.created",
        subject=organisation,
        after=_state(organisation),
        detail={"kind": kind.value, "place": organisation.place_id},
    )
    return organisation


@transaction.atomic
def change_organisation(
    *,
    actor: Actor,
    organisation: Organisation,
    name: str,
    short_name: str,
    place: Jurisdiction | None,
    confirms: list[str],
    document_word: str | None = None,
) -> None:
    """Change what is known about an organisation; its kind stays. Moving it ends the sessions of its people."""
    _check_right(actor)
    locked = _locked(actor, organisation)
    before = _state(locked)
    moved = locked.place_id != (None if place is None else place.pk)
    locked.name, locked.short_name = name.strip(), short_name.strip()
    locked.place, locked.confirms = place, confirms
    if document_word is not None:
        locked.document_word = document_word.strip()
    _save(actor, locked)
    if moved:
        _end_sessions(locked)
    if before != _state(locked):
        record(
            actor=actor,
            action="accounts.organisation.changed",
            subject=locked,
            before=before,
            after=_state(locked),
        )


@transaction.atomic
def close_organisation(*, actor: Actor, organisation: Organisation, reason: str) -> None:
    """Deactivate: its roles give nothing any more, and its people's sessions end."""
    _check_right(actor)
    locked = _locked(actor, organisation)
    if not locked.is_active:
        return
    if locked.pk == actor.organisation_id:
        raise Refused("不能停用自己所在的机构。")
    if not reason.strip():
        raise Refused("请写明停用的理由。", field="reason")
    locked.is_active = False
    locked.save(update_fields=["is_active"])
    _end_sessions(locked)
    record(actor=actor, action="accounts.organisation.closed", subject=locked, detail={"reason": reason})


@transaction.atomic
def reopen_organisation(*, actor: Actor, organisation: Organisation, reason: str) -> None:
    """Activate again; roles that have not ended give their rights again."""
    _check_right(actor)
    locked = _locked(actor, organisation)
    if locked.is_active:
        return
    if not reason.strip():
        raise Refused("请写明启用的理由。", field="reason")
    locked.is_active = True
    locked.save(update_fields=["is_active"])
    _end_sessions(locked)
    record(actor=actor, action="accounts.organisation.reopened", subject=locked, detail={"reason": reason})


def _check_right(actor: Actor) -> None:
    if not (actor.is_system or actor.has(Role.SYSTEM_ADMINISTRATOR)):
        raise Refused("您没有管理机构的权限。")


def _locked(actor: Actor, organisation: Organisation) -> Organisation:
    found = Organisation.objects.visible_to(actor).filter(pk=organisation.pk)
    try:
        return Organisation.objects.select_for_update().get(pk__in=found.values("pk"))
    except Organisation.DoesNotExist as error:
        raise Refused("该机构不在您的管理范围内。") from error


def _save(actor: Actor, organisation: Organisation) -> None:
    if not organisation.name:
        raise Refused("请填写机构名称。", field="name")
    if organisation.kind != OrganisationKind.ENTERPRISE and organisation.place is None:
        raise Refused("请选择辖区。", field="place")
    try:
        with transaction.atomic():
            organisation.save()
    except IntegrityError as error:
        raise Refused("这个辖区已有同类同名的机构。", field="name") from error
    if not Organisation.objects.visible_to(actor).filter(pk=organisation.pk).exists():
        raise Refused("辖区不在您的管理范围内。", field="place")


def _end_sessions(organisation: Organisation) -> None:
    holders = Membership.objects.active().filter(organisation=organisation).values("user")
    User.objects.filter(pk__in=holders).update(session_epoch=F("session_epoch") + 1)


def _state(organisation: Organisation) -> dict[str, object]:
    return {
        "name": organisation.name,
        "short_name": organisation.short_name,
        "document_word": organisation.document_word,
        "place": organisation.place_id,
        "confirms": organisation.confirms,
    }
