"""Forms about people, organisations, roles and delegations. They read what was typed; the actions decide."""

from __future__ import annotations

import re
from typing import Any, Final, cast

from django import forms
from django.contrib.auth.validators import UnicodeUsernameValidator

from tidu.accounts.forms.days import DayField
from tidu.accounts.forms.dressing import Dressed
from tidu.accounts.models import Membership, Organisation, User
from tidu.accounts.queries import open_organisations, places_in_charge, possible_delegates
from tidu.core.actor import Actor
from tidu.core.models import Jurisdiction
from tidu.core.refusals import Refused
from tidu.core.roles import ROLE_RULES, OrganisationKind, Role
from tidu.policy.vocabulary.vocabulary import load_vocabulary

_PHONE: Final = re.compile(r"(1[3-9]\d{9}|0\d{2,3}-?\d{7,8}(-\d{1,6})?)")


class PhoneField(forms.CharField):
    """A mobile number, or one on land with its area code."""

    def clean(self, value: Any) -> str:  # noqa: ANN401 - Django's signature
        """The number without spaces."""
        text = re.sub(r"\s+", "", super().clean(value))
        if text and not _PHONE.fullmatch(text):
            raise forms.ValidationError("请填写 11 位手机号，或带区号的固定电话，例如 0471-1234567。")
        return text


class ActionForm(Dressed, forms.Form):
    """A form whose action may refuse: the refusal stands beside the field that it is about."""

    def refuse(self, refusal: Refused) -> None:
        """Show why the action did not happen."""
        self.add_error(refusal.field if refusal.field in self.fields else None, refusal.message)


class PersonForm(ActionForm):
    """A new account."""

    username = forms.CharField(
        label="登录名",
        max_length=60,
        validators=[UnicodeUsernameValidator(message="登录名只能用文字、数字和 @ . + - _。")],
        help_text="建议用工号或姓名拼音，建立后不能修改。",
    )
    name = forms.CharField(label="姓名", max_length=60)
    organisation = forms.ModelChoiceField(Organisation.objects.none(), label="所属机构", empty_label="请选择")
    employee_no = forms.CharField(
        label="工号", max_length=40, required=False, help_text="用于与单点登录对应，没有可以不填。"
    )
    email = forms.EmailField(label="电子邮箱", required=False, help_text="用于重置密码和接收消息。")
    phone = PhoneField(
        label="手机号", max_length=20, required=False, help_text="加密保存，页面上只显示部分数字。"
    )

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:  # noqa: ANN401 - passed on
        super().__init__(*args, **kwargs)
        field = cast("forms.ModelChoiceField[Organisation]", self.fields["organisation"])
        field.queryset = open_organisations(actor)


class PersonChangeForm(PersonForm):
    """What is kept about a person; the login name stays, and the phone is their own matter."""

    def __init__(self, *args: Any, actor: Actor, person: User, **kwargs: Any) -> None:  # noqa: ANN401 - passed on
        initial = {
            "name": person.name,
            "organisation": person.organisation_id,
            "employee_no": person.employee_no,
            "email": person.email,
        }
        super().__init__(*args, actor=actor, initial=initial, **kwargs)
        del self.fields["username"], self.fields["phone"]
        field = cast("forms.ModelChoiceField[Organisation]", self.fields["organisation"])
        field.queryset = open_organisations(actor, person=person)


class ColleagueForm(PersonForm):
    """A new colleague of an enterprise; where they belong is clear."""

    role = forms.ChoiceField(
        label="角色",
        choices=[
            (role.value, f"{role.label}：{ROLE_RULES[role].meaning}")
            for role in (Role.ENTERPRISE_EDITOR, Role.ENTERPRISE_MANAGER)
        ],
        initial=Role.ENTERPRISE_EDITOR.value,
    )

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:  # noqa: ANN401 - passed on
        super().__init__(*args, actor=actor, **kwargs)
        del self.fields["organisation"], self.fields["employee_no"]


class OrganisationForm(ActionForm):
    """An organisation; the kind of one that stands cannot change."""

    kind = forms.ChoiceField(
        label="类别",
        choices=[
            ("", "请选择"),
            *((kind.value, kind.label) for kind in OrganisationKind if kind != OrganisationKind.ENTERPRISE),
        ],
        help_text="类别决定可以设哪些角色，建立后不能修改。企业由企业自己注册，不在这里建立。",
    )
    name = forms.CharField(label="名称", max_length=120)
    short_name = forms.CharField(
        label="简称", max_length=40, required=False, help_text="用在页面和列表中，例如 市税务局。"
    )
    document_word = forms.CharField(
        label="发文字号",
        max_length=40,
        required=False,
        help_text="公文文号的开头，例如 呼工信，文号就是“呼工信〔2026〕12号”。不填则用简称。",
    )
    place = forms.ModelChoiceField(
        Jurisdiction.objects.none(),
        label="辖区",
        empty_label="请选择",
        help_text="该机构的人员能看到的范围以此为界。",
    )
    confirms = forms.MultipleChoiceField(
        label="可确认的事项",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="只对有关部门有效：哪些事项由它确认。",
    )

    def __init__(
        self,
        *args: Any,  # noqa: ANN401 - passed on
        actor: Actor,
        organisation: Organisation | None = None,
        **kwargs: Any,  # noqa: ANN401 - as above
    ) -> None:
        if organisation is not None:
            kwargs.setdefault(
                "initial",
                {
                    "name": organisation.name,
                    "short_name": organisation.short_name,
                    "document_word": organisation.document_word,
                    "place": organisation.place_id,
                    "confirms": organisation.confirms,
                },
            )
        super().__init__(*args, **kwargs)
        cast("forms.ModelChoiceField[Jurisdiction]", self.fields["place"]).queryset = places_in_charge(actor)
        cast("forms.MultipleChoiceField", self.fields["confirms"]).choices = [
            (key, item.label) for key, item in load_vocabulary().confirmers.items()
        ]
        if organisation is not None:
            del self.fields["kind"]
            if organisation.kind == OrganisationKind.ENTERPRISE:
                self.fields["place"].required = False
                del self.fields["document_word"]
            if organisation.kind != OrganisationKind.DEPARTMENT:
                del self.fields["confirms"]


class GrantForm(ActionForm):
    """A role for a person in an organisation: one of those that its kind can have."""

    role = forms.ChoiceField(
        label="角色",
        widget=forms.RadioSelect,
        error_messages={"invalid_choice": "请从列出的角色里选，别的角色不能设在这个机构。"},
    )
    reason = forms.CharField(
        label="理由",
        max_length=200,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="写明依据，例如任职文件的文号。审计人员看得到。",
    )

    def __init__(self, *args: Any, kind: OrganisationKind, **kwargs: Any) -> None:  # noqa: ANN401 - passed on
        super().__init__(*args, **kwargs)
        cast("forms.ChoiceField", self.fields["role"]).choices = [
            (role.value, f"{role.label}：{ROLE_RULES[role].meaning}")
            for role in Role
            if kind in ROLE_RULES[role].kinds
        ]


class DelegationForm(ActionForm):
    """A colleague stands in."""

    membership = forms.ModelChoiceField(
        Membership.objects.none(), label="交给同事代理的角色", empty_label="请选择"
    )
    delegate = forms.ModelChoiceField(User.objects.none(), label="代理人", empty_label="请选择")
    first_day = DayField(label="自")
    last_day = DayField(label="至", help_text="含当天。")
    reason = forms.CharField(label="事由", max_length=200, help_text="例如出差、休假。")

    def __init__(self, *args: Any, memberships: Any, **kwargs: Any) -> None:  # noqa: ANN401 - passed on
        super().__init__(*args, **kwargs)
        cast("forms.ModelChoiceField[Membership]", self.fields["membership"]).queryset = memberships
        possible = User.objects.none()
        for membership in memberships:
            possible = possible | possible_delegates(membership)
        cast("forms.ModelChoiceField[User]", self.fields["delegate"]).queryset = possible.distinct()


class ProfileForm(ActionForm):
    """What people change about themselves."""

    name = forms.CharField(label="姓名", max_length=60)
    email = forms.EmailField(label="电子邮箱", required=False, help_text="用于重置密码和接收消息。")
    phone = PhoneField(
        label="新的手机号",
        max_length=20,
        required=False,
        help_text="不改就留空。加密保存，页面上只显示部分数字。",
    )
