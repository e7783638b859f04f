"""What a person declares about an enterprise."""

from __future__ import annotations

from typing import Any

from django import forms

from tidu.accounts.actions.interests import LONGEST_NOTE
from tidu.accounts.forms.days import DayField
from tidu.accounts.forms.people import ActionForm
from tidu.accounts.models import Ground


class InterestForm(ActionForm):
    """An enterprise, the ground, and from when. Whoever enters it for somebody else says where it comes from."""

    uscc = forms.CharField(
        label="统一社会信用代码",
        max_length=30,
        help_text="18 位，与营业执照一致。没有在平台注册的企业也可以申报。",
    )
    name = forms.CharField(label="企业名称", max_length=120, help_text="营业执照上的全称。")
    ground = forms.ChoiceField(label="情形", choices=[("", "请选择"), *Ground.choices])
    since = DayField(label="开始日期", help_text="这种关系从哪天开始，写成 2026-12-01 的样子。")
    note = forms.CharField(
        label="说明",
        max_length=LONGEST_NOTE,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="选“其他利害关系”时必填。不必写亲属的姓名。加密保存，本人、安全管理员和审计岗看得到。",
    )

    def __init__(self, *args: Any, for_another: bool = False, **kwargs: Any) -> None:  # noqa: ANN401 - passed on
        super().__init__(*args, **kwargs)
        if for_another:
            note = self.fields["note"]
            note.label, note.required = "依据", True
            note.help_text = "从哪里得知，例如来信、核查的文号。加密保存，本人和审计岗看得到。"
            note.error_messages["required"] = "请填写依据。"

    def clean_ground(self) -> Ground:
        """The ground."""
        return Ground(self.cleaned_data["ground"])
