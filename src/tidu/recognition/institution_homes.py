"""What the home page of a bank or service body shows: what it can look up today, without a task of its own."""

from __future__ import annotations

from django.urls import reverse

from tidu.core.actor import Actor
from tidu.desk.figures import Panel, PanelRow

_PAGES = (
    ("核验证书", "recognition:verify", "扫码或输入证书编号，看称号有效、到期、复核中还是已取消"),
    ("认定名单", "recognition:recognised", "按企业名称、信用代码查称号和有效期，可以下载"),
    ("公示公告", "recognition:notices", "正在公示的拟认定名单，任何人都可以提出异议"),
    ("政策库", "portal:policies", "企业能享受哪些奖补和服务，逐条写明依据"),
    ("接口", "api:docs", "用程序查询政策、条件和预评估"),
)


def lookup_panel(actor: Actor) -> list[Panel]:  # noqa: ARG001 - the same for every body; panels are asked with whoever asks
    """The pages that answer what such a body asks. No query."""
    rows = tuple(PanelRow(label, url=reverse(name), detail=about) for label, name, about in _PAGES)
    return [Panel("lookups", "现在可以查的", rows=rows)]
