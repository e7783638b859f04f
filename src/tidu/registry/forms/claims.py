"""What a company states when it registers, or claims its enterprise once more."""

from __future__ import annotations

import re
from typing import Any, Final

from django import forms
from django.contrib.auth.password_validation import validate_password
from django.contrib.auth.validators import UnicodeUsernameValidator
from django.core.exceptions import ValidationError

from tidu.accounts.forms.dressing import Dressed
from tidu.accounts.models import User
from tidu.accounts.password_rules import PROFILES
from tidu.core.uscc import check_uscc
from tidu.registry.queries.claims import places_to_choose

_PHONE: Final = re.compile(r"1[3-9][0-9]{9}|0[0-9]{2,3}-?[0-9]{7,8}")
_USCC_HINT: Final = "营业执照上的 18 位代码。填错一位就能查出来；空格和小写字母会自动改正。"


class ClaimForm(Dressed, forms.Form):
    """Which enterprise it is."""

    uscc = forms.CharField(label="统一社会信用代码", max_length=40, help_text=_USCC_HINT)
    enterprise_name = forms.CharField(label="企业名称", max_length=120, help_text="与营业执照一致的全称。")
    place = forms.ChoiceField(label="注册地", help_text="按营业执照的住所选。认领由这里的工信部门核实。")

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 - passed on to Django
        super().__init__(*args, **kwargs)
        place = self.fields["place"]
        assert isinstance(place, forms.ChoiceField)  # noqa: S101 - declared above
        place.choices = [("", "请选择"), *places_to_choose().items()]
        place.error_messages.update(required="请选择注册地。", invalid_choice="请从列表里选择注册地。")
        self.fields["uscc"].widget.attrs.update(
            autocomplete="off", spellcheck="false", autocapitalize="characters"
        )
        self.fields["enterprise_name"].widget.attrs["autocomplete"] = "organization"

    @property
    def sure(self) -> bool:
        """Whether an odd code was confirmed."""
        return self.is_bound and self.data.get("sure") == "yes"

    @property
    def doubt(self) -> str:
        """What is odd about a code that may be right all the same."""
        if not self.is_bound:
            return ""
        checked = check_uscc(str(self.data.get("uscc", "")))
        return checked.warnings[0] if checked.valid and checked.warnings else ""

    def clean_uscc(self) -> str:
        """The code, both check characters looked at; the inner one raises a doubt that can be confirmed."""
        checked = check_uscc(self.cleaned_data["uscc"])
        if not checked.valid:
            raise ValidationError(list(checked.errors))
        if checked.warnings and not self.sure:
            raise ValidationError(f"{checked.warnings[0]}核对无误的，请勾选下面的“已核对”再提交。")
        return checked.code


class SignUpForm(ClaimForm):
    """The enterprise, and the person who will act for it."""

    name = forms.CharField(label="您的姓名", max_length=60, help_text="与授权书一致。")
    phone = forms.CharField(label="手机号", max_length=20, help_text="加密保存，只用于核实时联系。")
    email = forms.EmailField(
        label="电子邮箱", required=False, help_text="可以不填。填了可以收到办理结果，并自己找回密码。"
    )
    username = forms.CharField(
        label="登录名",
        max_length=60,
        help_text="字母、数字、汉字都可以，登录时使用。",
        validators=[UnicodeUsernameValidator(message="登录名只能用字母、数字、汉字和 @ . + - _。")],
    )
    password1 = forms.CharField(
        label="密码",
        widget=forms.PasswordInput,
        strip=False,
        max_length=300,
        help_text="；".join(rule for rule in PROFILES["asvs"].words if "当前密码" not in rule) + "。",
    )
    password2 = forms.CharField(label="确认密码", widget=forms.PasswordInput, strip=False, max_length=300)
    ENTERPRISE: Final = ("uscc", "enterprise_name", "place")
    PERSON: Final = ("name", "phone", "email", "username", "password1", "password2")

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 - passed on to Django
        super().__init__(*args, **kwargs)
        for field, words in {
            "name": "name",
            "phone": "tel",
            "email": "email",
            "username": "username",
            "password1": "new-password",
            "password2": "new-password",
        }.items():
            self.fields[field].widget.attrs["autocomplete"] = words

    @property
    def of_enterprise(self) -> list[forms.BoundField]:
        """The fields about the enterprise."""
        return [self[name] for name in self.ENTERPRISE]

    @property
    def of_person(self) -> list[forms.BoundField]:
        """The fields about the person."""
        return [self[name] for name in self.PERSON]

    def clean_phone(self) -> str:
        """A mobile number, or one with its area code."""
        phone = re.sub(r"[\s－—]", "", self.cleaned_data["phone"])
        if not _PHONE.fullmatch(phone):
            raise ValidationError("请填 11 位手机号，或带区号的固定电话，例如 0472-1234567。")
        return phone

    def clean_username(self) -> str:
        """A name that nobody has; compared without regard to capitals."""
        username = self.cleaned_data["username"]
        if User.objects.filter(username__iexact=username).exists():
            raise ValidationError("这个登录名已经有人使用，请换一个。")
        return str(username)

    def clean(self) -> dict[str, Any]:
        """Both passwords are the same and good enough for this person."""
        cleaned = super().clean() or {}
        first, second = cleaned.get("password1"), cleaned.get("password2")
        if first and second and first != second:
            self.add_error("password2", "两次填写的密码不一样，请重新填写。")
        if first:
            person = User(
                username=cleaned.get("username", ""),
                name=cleaned.get("name", ""),
                phone=cleaned.get("phone", ""),
                email=cleaned.get("email", ""),
            )
            try:
                validate_password(first, person)
            except ValidationError as error:
                self.add_error("password1", error)
        return cleaned
