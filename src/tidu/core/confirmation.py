"""Asking before something that is hard to take back, with the reason where one is needed.

One view serves both ways. A link with ``data-dialog`` opens its page as a dialog; without scripts it is a page::

    def end_membership(request, pk):
        membership = get_object_or_404(Membership.objects.visible_to(request.actor), pk=pk)
        asked = Confirmation(
            title=f"收回{membership.user}的“{membership.get_role_display()}”", verb="收回角色", back=page, reason="理由"
        )
        return asked.then(
            request, lambda: end_role(actor=request.actor, membership=membership, reason=asked.given), "已收回。"
        )
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render

from tidu.core.audit.chain import digest_of
from tidu.core.components import Choice, Crumb
from tidu.core.refusals import Refused, http_status

SHORTEST, LONGEST = 2, 200


@dataclass
class Confirmation:
    """What is asked: a sentence, what follows from it, the button's words, and the label of the reason, if any.

    ``choices`` offers reasons to pick from before the free text. ``serious`` paints the button as one that hurts.
    ``seen`` is what is confirmed, as plain data, where a colleague may change it meanwhile: whoever has looked at
    something else is asked again.
    """

    title: str
    verb: str
    back: str
    text: str = ""
    consequences: tuple[str, ...] = ()
    reason: str = ""
    hint: str = "写明依据或原因，对方和审计人员看得到。"
    choices: tuple[Choice, ...] = ()
    required: bool = True
    serious: bool = True
    crumbs: tuple[Crumb, ...] = ()
    seen: object = None
    given: str = field(default="", init=False)
    picked: str = field(default="", init=False)
    error: str = field(default="", init=False)

    @property
    def mark(self) -> str:
        """By which a page tells what was looked at; empty where nothing can change."""
        return digest_of(self.seen)[:16]

    def read(self, posted: QueryDict) -> bool:
        """Take in what was sent; False, with ``error`` set, where it is about something else, or lacks a reason."""
        self.given = posted.get("reason", "").strip()
        offered = {choice.value for choice in self.choices}
        self.picked = posted.get("picked_reason", "")
        if offered and self.picked not in offered:
            self.picked = ""
            self.error = "请选择一项。"
        if self.reason and self.required and len(self.given) < SHORTEST:
            self.error = f"请填写{self.reason}，至少 {SHORTEST} 个字。"
        elif len(self.given) > LONGEST:
            self.error = (
                f"{self.reason or '说明'}请控制在 {LONGEST} 个字以内，现在有 {len(self.given)} 个字。"
            )
        if self.mark and posted.get("seen", self.mark) != self.mark:
            self.error = "打开本页以后内容有了变动，没有办理。请返回核对现在的内容，再确认。"
        return not self.error

    def answer(self, request: HttpRequest) -> HttpResponse:
        """The page that asks, or asks again; 422 when what was sent cannot be taken."""
        return render(request, "core/confirm.html", {"asked": self}, status=http_status(self.error))

    def then(self, request: HttpRequest, act: Callable[[], object], done: str) -> HttpResponse:
        """Ask, and once it is confirmed ``act``, say ``done`` and go back. What the action refuses is told in place."""
        if request.method != "POST" or not self.read(request.POST):
            return self.answer(request)
        try:
            act()
        except Refused as refused:
            self.error = refused.message
            return self.answer(request)
        messages.success(request, done)
        return redirect(self.back)
