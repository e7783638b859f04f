"""Letting a published call go on under the pack as it is at hand now, instead of as it was frozen."""

from __future__ import annotations

from tidu.core.refusals import Refused
from tidu.policy.documents.library import load_library
from tidu.policy.documents.pack import Pack
from tidu.policy.documents.recognition_document import RecognitionDocument
from tidu.policy.documents.route import Route, re_review_route, route_of
from tidu.policy.errors import InputError
from tidu.recognition.calling.limits import limits_under
from tidu.recognition.models import Application, Call
from tidu.recognition.process.rules import freeze, pack_of, route_of_call


def check_newer(held: Call, digest: str = "") -> Pack:
    """The version that may take the frozen one's place; with ``digest`` no other. Raises :class:`Refused`.

    Once somebody has handed in, only a version with the same way and the same conditions may: nobody's running case
    changes its process.
    """
    pack = load_library().packs.get(held.pack)
    if pack is None:
        raise Refused("政策库里已经没有这个政策包，这份通知按发布时留存的版本办理。")
    if pack.digest == held.version_id:
        raise Refused("这份通知已经按政策库里现在的版本办理。")
    if digest and pack.digest != digest:
        raise Refused("提出以后政策库里的版本又变了。请退回，由提出人核对后重新提出。")
    _, route = _under(held, pack)
    handed_in = Application.objects.filter(call=held, submitted_at__isnull=False).exists()
    if handed_in and not _same_way(held, pack, route):
        raise Refused("已有企业提交，而新版的程序或条件不同。正在办理的按原来的版本办完，新版用于下一次。")
    return pack


def renew(held: Call, pack: Pack) -> None:
    """Put the version in its place. The limits that the call has set itself stay."""
    recognition, route = _under(held, pack)
    kept = {name: limit for name, limit in held.limits.items() if not limit["cite"]}
    held.version = freeze(pack)
    held.limits = limits_under(recognition, route, kept)
    held.save(update_fields=["version", "limits"])


def _under(held: Call, pack: Pack) -> tuple[RecognitionDocument, Route]:
    find = route_of if held.kind == Call.Kind.FIRST else re_review_route
    try:
        recognition = pack.recognition(held.tier)
        return recognition, find(recognition, pack.settings(held.readings))
    except InputError as error:
        raise Refused(f"新版政策包不能接替原来的版本：{error.problems[0].message}。") from error


def _same_way(held: Call, pack: Pack, route: Route) -> bool:
    old = route_of_call(held)
    if (old.stages, old.notice) != (route.stages, route.notice):
        return False
    before, after = (
        one.criteria(held.tier, one.settings(held.readings)).criteria for one in (pack_of(held), pack)
    )
    return before == after  # figures, questions and clauses included, not only which conditions there are
