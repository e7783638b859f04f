"""Documents that are kept nowhere, for tests of how they look."""

from __future__ import annotations

import datetime as dt

from tidu.core.documents.words import Letter
from tidu.core.models import OfficialDocument

ISSUER = "样例市工业和信息化局"
ON = dt.date(2026, 11, 20)


def document(letter: Letter, kind: str = "call", state: str = "issued", title: str = "") -> OfficialDocument:
    """An official document that says this."""
    number = "样工信〔2026〕12号" if state != "draft" else ""
    return OfficialDocument(
        kind=kind,
        title=title or "关于组织开展申报工作的通知",
        issuer=ISSUER,
        word="样工信",
        number=number,
        words=letter.as_words(),
        state=state,
    )
