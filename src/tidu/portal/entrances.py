"""The ways from a policy into the tools of the site."""

from __future__ import annotations

from dataclasses import dataclass

from django.urls import reverse


@dataclass(frozen=True, slots=True)
class Tile:
    """One entrance on the front page."""

    icon: str
    label: str
    about: str
    url: str


_TILES = (
    ("clipboard-check", "条件自测", "不用登录，逐条给结论，写明依据", "portal:self-check"),
    ("stairs-up", "看看我在第几级", "从市级到“小巨人”，差什么", "portal:ladder"),
    ("calculator", "规模测算", "按划型标准判断是不是中小企业", "portal:size"),
    ("book-2", "政策库", "按地区、层级、部门和日期查", "portal:policies"),
)


def tiles() -> tuple[Tile, ...]:
    """The entrances of the front page."""
    return tuple(Tile(icon, label, about, reverse(name)) for icon, label, about, name in _TILES)


def check_url(pack_id: str, tier: str) -> str:
    """The self-check of one title of one policy."""
    return reverse("portal:self-check-form", args=[pack_id, tier])
