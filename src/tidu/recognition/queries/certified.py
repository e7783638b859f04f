"""Titles that were recognised here: what was given by a procedure is taken away by one."""

from __future__ import annotations

from tidu.recognition.models import TitleCertificate
from tidu.registry.models import Title


def why_by_case(title: Title) -> str:
    """Why an entry does not take this title away; nothing for a title whose certificate is not ours."""
    if not TitleCertificate.objects.filter(title=title).exists():
        return ""
    return "这个称号由本平台认定，取消要由市级经办岗在称号页立案：告知企业、听取陈述，一人提出、另一人确认。"
