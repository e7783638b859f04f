"""The packs that a call speaks of, and the facts it states: found, or refused with a key and a remedy.

The engine words its remedies for a command line; what a caller can name wrongly is therefore checked here first.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any, Final

from tidu.api.refusals import Refused
from tidu.policy.assess.facts import Facts, facts_from
from tidu.policy.documents.library import Library, load_library
from tidu.policy.documents.pack import Pack
from tidu.policy.errors import InputError, Problem
from tidu.policy.language.scope import did_you_mean
from tidu.policy.vocabulary.places import load_places
from tidu.policy.vocabulary.validation import closest

FACTS: Final = "facts"

_log = logging.getLogger(__name__)


def packs_at_hand() -> Library:
    """All packs; read from disk once per process and again when a file changes."""
    try:
        return load_library()
    except InputError:
        _log.exception("the packs of this deployment cannot be loaded")
        problem = Problem("政策包没有装好，暂时不能查询", remedy="请告诉网站的主办单位")
        raise Refused(HTTPStatus.SERVICE_UNAVAILABLE, problem) from None


def find_pack(library: Library, pack_id: str) -> Pack:
    """The pack of that id, or 404 with the nearest id."""
    found = library.packs.get(pack_id)
    if found is None:
        remedy = did_you_mean(closest(pack_id, library.packs)) or "用 GET /api/v1/packs 查看全部政策包"
        raise Refused(
            HTTPStatus.NOT_FOUND, Problem(f"没有名为“{pack_id}”的政策包", key="pack", remedy=remedy)
        )
    return found


def find_tier(pack: Pack, tier: str | None) -> str:
    """The tier asked about; without one, the only tier. Raises :class:`InputError`."""
    listed = f"可选：{'、'.join(pack.tiers)}"
    if not pack.tiers:
        problem = Problem(f"政策包 {pack.id} 不认定称号", key="pack", remedy="换一个 tiers 不为空的政策包")
    elif tier is None and len(pack.tiers) > 1:
        problem = Problem(f"政策包 {pack.id} 有多个层级，须写明 tier", key="tier", remedy=listed)
    elif tier is not None and tier not in pack.tiers:
        remedy = did_you_mean(closest(tier, pack.tiers)) or listed
        problem = Problem(f"政策包 {pack.id} 没有层级“{tier}”", key="tier", remedy=remedy)
    else:
        return tier or pack.tiers[0]
    raise InputError(problem)


def find_settings(pack: Pack, chosen: Mapping[str, str]) -> dict[str, str]:
    """``chosen`` completed by the defaults. Raises :class:`InputError` with the key of each fault."""
    problems: list[Problem] = []
    for name, choice in chosen.items():
        try:
            pack.settings({name: choice})
        except InputError as error:
            problems += [
                Problem(problem.message, key=f"settings.{name}", remedy=problem.remedy)
                for problem in error.problems
            ]
    if problems:
        raise InputError(*problems)
    return pack.settings(chosen)


def find_place(code: str, key: str) -> str:
    """The place's own code for a code in any system. Raises :class:`InputError`."""
    found = load_places().get(code)
    if found is None:
        raise InputError(Problem(f"没有代码为“{code}”的地区", key=key, remedy="代码见 GET /api/v1/places"))
    return found.code


def find_known_tier(library: Library, tier: str) -> str:
    """``tier``, if the vocabulary has it. Raises :class:`InputError`."""
    known = library.vocabulary.tiers
    if tier not in known:
        remedy = did_you_mean(closest(tier, known)) or f"可选：{'、'.join(known)}"
        raise InputError(Problem(f"没有名为“{tier}”的称号层级", key="tier", remedy=remedy))
    return tier


def read_stated(data: Mapping[str, Any], library: Library, pack: Pack | None = None) -> Facts:
    """The facts of a call. Indicators of every pack may be stated, so that one set of facts serves all packs.

    Raises :class:`InputError` with every problem, keys below ``facts``.
    """
    known = dict(library.vocabulary.indicators)
    for other in library:
        known.update(other.document.indicators)
    if pack is not None:
        known.update(pack.document.indicators)
    return facts_from(data, library.vocabulary if pack is None else pack.in_view, known)
