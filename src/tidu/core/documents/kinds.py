"""The kinds of official document: what people call each, whether it takes a number, and which template sets it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class DocumentKind:
    """One kind. Its template is the file ``<name>.typ``.

    ``numbered``: issuing takes the next number of the word. ``suffix`` follows the issuer's name in the red head:
    an authority speaks to those below it in a 文件, and to one enterprise in a letter (信函), headed by its name alone.
    """

    name: str
    label: str
    numbered: bool = True
    suffix: str = "文件"


KINDS: Final[dict[str, DocumentKind]] = {
    kind.name: kind
    for kind in (
        DocumentKind("call", "申报通知"),
        DocumentKind("recommendation_table", "推荐汇总表"),
        DocumentKind("expert_sheet", "专家评审表", numbered=False, suffix=""),
        DocumentKind("meeting_material", "党组会材料", numbered=False, suffix=""),
        DocumentKind("notice", "公示"),
        DocumentKind("recognition", "认定文件"),
        DocumentKind("result", "结果告知书", suffix=""),
        DocumentKind("re_review", "复核决定"),
        DocumentKind("revocation_notice", "拟取消认定告知书", suffix=""),
        DocumentKind("revocation", "取消认定决定"),
        DocumentKind("change", "变更决定"),
        DocumentKind("recommendation_list", "推荐名单"),
    )
}


def kind_named(name: str) -> DocumentKind:
    """The kind of this name. Raises :class:`ValueError` for one that does not exist."""
    try:
        return KINDS[name]
    except KeyError:
        raise ValueError(f"unknown kind of document: {name}") from None
