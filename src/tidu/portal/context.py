"""The main navigation of the public site."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.urls import reverse


@dataclass(frozen=True, slots=True)
class NavigationItem:
    """One entry of the main navigation. ``current`` holds for its pages below too, ``exact`` for itself alone."""

    label: str
    about: str
    url: str
    current: bool
    exact: bool


# Name of the address, label, and what the site map says about it.
_ENTRIES = (
    ("portal:home", "首页", "今天有效的政策和快到期的事"),
    ("portal:policies", "政策库", "按地区、层级、部门和日期查政策，逐条对照它产生的效果"),
    ("portal:self-check", "自测", "逐条填写，马上看到符合哪些条件、还差什么"),
    ("portal:ladder", "梯度", "同一份填写对照每一级称号和奖补"),
    ("portal:size", "规模测算", "按划型标准判断大型、中型、小型、微型"),
    ("recognition:notices", "公示公告", "拟认定名单的公示和申报通知，公示期内任何人都可以提出异议"),
    ("recognition:recognised", "认定名单", "已认定的企业、称号和有效期，可以查找和下载"),
    ("recognition:verify", "证书核验", "扫码或输入编号，看证书是否有效"),
    ("api:docs", "接口", "供其他系统调用的 JSON 接口"),
)
# Pages that stand below an entry and not below its address.
_BELOW = {"recognition:notices": ("/recognition/public/calls/", "/recognition/public/objections/")}


def navigation(request: HttpRequest) -> dict[str, Any]:
    """Context processor: ``navigation``."""
    home = reverse("portal:home")
    items = []
    for name, label, about in _ENTRIES:
        url = reverse(name)
        exact = request.path == url
        below = any(request.path.startswith(start) for start in (url, *_BELOW.get(name, ())))
        items.append(NavigationItem(label, about, url, exact or (url != home and below), exact))
    return {"navigation": items}
