"""The public site, its statements and the JSON interface: for everybody, signed in or not."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tests.access.rows import Elsewhere, Row
from tests.access.world import World

_PACK = "hohhot-2022-recognition"


def _pack(_: World) -> Mapping[str, Any]:
    return {"pack_id": _PACK}


def _clause(_: World) -> Mapping[str, Any]:
    return {"pack_id": _PACK, "citation": "第一条"}


def _tier(_: World) -> Mapping[str, Any]:
    return {"pack_id": _PACK, "tier": "municipal_srdi"}


def _open(*names: str, **more: Any) -> list[Row | Elsewhere]:  # noqa: ANN401 - fields of a row
    return [Row(name, public=True, **more) for name in names]


_POSTED_ONLY = "takes POST from the visitor's own self-check, which lives in the session: tests/portal"
_POSTED_FACTS = "takes facts and keeps nothing: tests/api"

ROWS: list[Row | Elsewhere] = [
    *_open("core:healthz", "core:robots", "core:accessibility", "core:privacy", "core:site-map"),
    *_open("core:favicon", answers=frozenset({200, 301, 302})),
    *_open("core:display", method="POST", fields=lambda _: {"toggle": "large"}),
    *_open(
        "core:styleguide", "core:styleguide-clause", "core:styleguide-confirm", answers=frozenset({200, 404})
    ),  # there under debug alone
    *_open(
        "core:styleguide-document",
        arguments=lambda _: {"name": "notice", "form": "pdf"},
        answers=frozenset({200, 404}),
    ),
    *_open("portal:home", "portal:policies", "portal:search", "portal:self-check"),
    *_open("portal:ladder", "portal:size"),
    *_open("portal:self-check-industries", method="POST", fields=lambda _: {"q": "软件"}),
    *_open("portal:self-check-sample", answers=frozenset({200, 404})),
    *_open("portal:self-check-answers", answers=frozenset({200, 302, 404})),
    *_open("portal:policy", arguments=_pack),
    *_open("portal:clause", arguments=_clause),
    *_open("portal:self-check-form", "portal:self-check-result", arguments=_tier),
    *_open("portal:self-check-pdf", arguments=_tier, answers=frozenset({200, 302})),
    *(
        Elsewhere(name, _POSTED_ONLY)
        for name in ("portal:self-check-load", "portal:self-check-clear", "portal:self-check-save")
    ),
    *_open("api:front", "api:docs", "api:openapi", "api:v1:list_packs", "api:v1:show_vocabulary"),
    *_open("api:v1:list_places"),
    *_open("api:v1:search_sectors", query={"q": "软件"}),
    *_open("api:v1:show_pack", arguments=_pack),
    *_open("api:v1:api-root", answers=frozenset({404})),
    *(
        Elsewhere(f"api:v1:{name}", _POSTED_FACTS)
        for name in (
            "assess_enterprise",
            "rewards_of_enterprise",
            "ladder_of_enterprise",
            "size_of_enterprise",
        )
    ),
]
