"""Whether a name or a type says that a registered unit is a branch and no legal person of its own."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

_BRANCH_INSIDE: Final = ("分公司", "支公司", "分支机构", "非法人")
_BRANCH_END: Final = re.compile(
    "(?:分行|支行|分理处|储蓄所|分社|分店|分厂|支局|邮政所|营业部|营业所|营业室|营业厅|加油站|加气站|门市部?|门店"
    "|经营部|经销[部处]|销售[部处]|营销部|服务[部处]|项目部|办事处|代办处|代表处)$"
)


def looks_like_a_branch(name: str) -> bool:
    """Whether a name is that of a branch, a shop or an office of something else."""
    text = unicodedata.normalize("NFKC", name).strip().rstrip(")")
    return any(word in text for word in _BRANCH_INSIDE) or bool(_BRANCH_END.search(text))
