"""What somebody writes who objects to a proposed list."""

from __future__ import annotations

from typing import Any, Final

from django import forms
from django.core.exceptions import ValidationError

from tidu.accounts.forms.dressing import Dressed
from tidu.recognition.actions.objections import LONGEST_NAME, LONGEST_PHONE, LONGEST_TEXT, SHORTEST_TEXT
from tidu.recognition.models import Notice

NAMED, ANONYMOUS = "named", "anonymous"
#: A box that people do not see and leave empty; programs fill in every box.
TRAP: Final = "website"


class ObjectionForm(Dressed, forms.Form):
    """The enterprise, what is wrong, and who says so, if they say so."""

    item = forms.ChoiceField(label="异议涉及的企业")
    text = forms.CharField(
        label="异议内容",
        help_text=f"写明哪一条件不符合、依据什么事实，{SHORTEST_TEXT} 至 {LONGEST_TEXT} 个字。",
        widget=forms.Textarea(attrs={"rows": 5}),
        min_length=SHORTEST_TEXT,
        max_length=LONGEST_TEXT,
    )
    way = forms.ChoiceField(
        label="反映方式",
        choices=[(NAMED, "实名（会书面答复）"), (ANONYMOUS, "匿名（凭回执码查询）")],
        widget=forms.RadioSelect,
        initial=ANONYMOUS,
    )
    name = forms.CharField(
        label="姓名或单位名称", max_length=LONGEST_NAME, required=False, help_text="实名时必填。"
    )
    phone = forms.CharField(
        label="联系电话",
        max_length=LONGEST_PHONE,
        required=False,
        help_text="实名时必填。只用于核实和答复，加密保存，不会告知被反映的企业。",
    )
    website = forms.CharField(label="请不要填写这一栏", required=False, max_length=200)

    def __init__(self, *args: Any, notice: Notice, **kwargs: Any) -> None:  # noqa: ANN401 - passed on to Django
        super().__init__(*args, **kwargs)
        item = self.fields["item"]
        assert isinstance(item, forms.ChoiceField)  # noqa: S101 - declared above
        rows = notice.items.values_list("pk", "number", "name")
        item.choices = [
            ("", "请选择名单中的企业"),
            *((str(pk), f"{number}　{name}") for pk, number, name in rows),
        ]
        item.error_messages["invalid_choice"] = "请从名单里选择企业。"
        text = self.fields["text"]
        text.error_messages["min_length"] = f"异议内容至少 {SHORTEST_TEXT} 个字，请写明事实。"
        text.error_messages["max_length"] = (
            f"异议内容请控制在 {LONGEST_TEXT} 个字以内，其余可以作为材料上传。"
        )
        self.fields["phone"].widget.attrs.update(inputmode="tel", autocomplete="tel")
        self.fields["name"].widget.attrs["autocomplete"] = "name"
        self.fields[TRAP].widget.attrs.update(autocomplete="off", tabindex="-1")

    @property
    def named(self) -> bool:
        """Whether the sender gives a name."""
        return bool(self.cleaned_data["way"] == NAMED)

    def clean_website(self) -> str:
        """Nothing; a person who filled it in by mistake is told so and loses nothing."""
        if self.cleaned_data[TRAP]:
            raise ValidationError("“请不要填写这一栏”里有内容。请清空后再提交。")
        return ""

    def clean(self) -> dict[str, Any]:
        """A named objection has a name and a telephone."""
        said: dict[str, Any] = super().clean() or self.cleaned_data
        if said.get("way") == NAMED:
            if not said.get("name"):
                self.add_error("name", "实名反映请填写姓名或单位名称；不想留名的，请选匿名。")
            if not said.get("phone"):
                self.add_error("phone", "实名反映请填写联系电话，以便核实和答复。")
        return said
