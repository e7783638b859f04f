"""The kinds of official document: what people call each, whether it takes a number, and which template sets it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import Final


class Layout(Enum):
    """The layouts of the standard that are used here, and one for papers that stay inside."""

    FILE = "文件格式"
    LETTER = "信函格式"
    INTERNAL = "内部材料"


@dataclass(frozen=True, slots=True)
class DocumentKind:
    """One kind. Its template is the file ``<name>.typ``; ``numbered``: issuing takes the next number of the word.

    An authority speaks to those below it in a 文件, and to one enterprise in a letter, headed by its name alone.
    """

    name: str
    label: str
    layout: Layout = Layout.FILE
    numbered: bool = True

    def head(self, issuer: str) -> str:
        """What stands in red above the number."""
        return {Layout.FILE: f"{issuer}文件", Layout.LETTER: issuer, Layout.INTERNAL: ""}[self.layout]


KINDS: Final[dict[str, DocumentKind]] = {
    kind.name: kind
    for kind in (
        DocumentKind("call", "申报通知"),
        DocumentKind("recommendation_table", "推荐汇总表"),
        DocumentKind("expert_sheet", "专家评审表", Layout.INTERNAL, numbered=False),
        DocumentKind("meeting_material", "党组会材料", Layout.INTERNAL, numbered=False),
        DocumentKind("notice", "公示"),
        DocumentKind("recognition", "认定文件"),
        DocumentKind("result", "结果告知书", Layout.LETTER),
        DocumentKind("re_review", "复核决定"),
        DocumentKind("revocation_notice", "拟取消认定告知书", Layout.LETTER),
        DocumentKind("revocation", "取消认定决定"),
        DocumentKind("change", "变更审定意见", Layout.LETTER),
        DocumentKind("recommendation_list", "推荐名单"),
    )
}


def kind_named(name: str) -> DocumentKind:
    """The kind of this name. Raises :class:`ValueError` for one that does not exist."""
    try:
        return KINDS[name]
    except KeyError:
        raise ValueError(f"unknown kind of document: {name}") from None
