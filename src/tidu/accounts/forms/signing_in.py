"""allauth's forms with our words, and a second factor that counts once."""

from __future__ import annotations

from typing import Any

from allauth.account.forms import ChangePasswordForm as _ChangePasswordForm
from allauth.account.forms import LoginForm as _LoginForm
from allauth.account.forms import ReauthenticateForm as _ReauthenticateForm
from allauth.account.forms import ResetPasswordForm as _ResetPasswordForm
from allauth.account.forms import ResetPasswordKeyForm as _ResetPasswordKeyForm
from allauth.core import context
from allauth.mfa import signals
from allauth.mfa.base.forms import AuthenticateForm as _AuthenticateForm
from allauth.mfa.base.forms import ReauthenticateForm as _ReauthenticateCodeForm
from allauth.mfa.base.internal.flows import check_rate_limit
from allauth.mfa.models import Authenticator
from django import forms
from django.core.exceptions import ValidationError

from tidu.accounts.forms.dressing import Dressed
from tidu.accounts.password_rules import profile_of
from tidu.accounts.second_factor import use_code

_CURRENT = "当前密码"
_NEW = {"password1": "新密码", "password2": "再填一次新密码"}
_CODE_HINT = "打开手机上的验证器应用，填写 6 位动态码；手机不在身边时填写一个恢复码。"


class LoginForm(Dressed, _LoginForm):  # type: ignore[misc] # allauth ships no types
    """Name and password."""

    labels = {"login": "登录名", "password": "密码"}  # noqa: RUF012 - overridden as a whole

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 - passed on
        super().__init__(*args, **kwargs)
        self.fields["password"].help_text = ""


class ReauthenticateForm(Dressed, _ReauthenticateForm):  # type: ignore[misc] # as above
    """The password once more."""

    labels = {"password": _CURRENT}  # noqa: RUF012 - as above

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 - passed on
        super().__init__(*args, **kwargs)
        self.fields["password"].help_text = ""


class _Twice:
    """A new password, typed twice, under the rules of the person's profile."""

    def clean(self) -> dict[str, Any]:
        """Compare the two."""
        cleaned: dict[str, Any] = forms.Form.clean(self) or {}  # type: ignore[arg-type] # mixed into a form
        first, second = cleaned.get("password1"), cleaned.get("password2")
        if first and second and first != second:
            self.add_error("password2", "两次填写的新密码不一样，请重新填写。")  # type: ignore[attr-defined] # as above
        return cleaned

    @property
    def rules(self) -> tuple[str, ...]:
        """The rules in words."""
        return profile_of(self.user).words  # type: ignore[attr-defined] # as above


class ChangePasswordForm(_Twice, Dressed, _ChangePasswordForm):  # type: ignore[misc] # as above
    """The old password and the new one."""

    labels = {"oldpassword": _CURRENT, **_NEW}  # noqa: RUF012 - as above

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 - passed on
        super().__init__(*args, **kwargs)
        for name in ("oldpassword", "password1"):
            self.fields[name].help_text = ""


class ResetPasswordForm(Dressed, _ResetPasswordForm):  # type: ignore[misc] # as above
    """The address that the link goes to."""

    labels = {"email": "电子邮箱"}  # noqa: RUF012 - as above
    hints = {"email": "填写账号上登记的邮箱。"}  # noqa: RUF012 - as above


class ResetPasswordKeyForm(_Twice, Dressed, _ResetPasswordKeyForm):  # type: ignore[misc] # as above
    """A new password, behind a link from an e-mail."""

    labels = _NEW

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 - passed on
        super().__init__(*args, **kwargs)
        self.fields["password1"].help_text = ""


class _Code:
    """A code of the application or a recovery code; right or wrong, it does not work again."""

    labels = {"code": "动态码或恢复码"}  # noqa: RUF012 - as above
    hints = {"code": _CODE_HINT}  # noqa: RUF012 - as above

    def clean_code(self) -> str:
        """Use the code."""
        user, code = self.user, str(self.cleaned_data["code"])  # type: ignore[attr-defined] # mixed into a form
        clear_limit = check_rate_limit(user)
        used = use_code(user, code)
        if used is None:
            signals.authentication_failed.send(
                sender=Authenticator,
                request=context.request,
                user=user,
                authenticator=None,
                reauthentication=self.again,  # type: ignore[attr-defined] # as above
            )
            raise ValidationError("动态码不正确或已经用过，请填写最新的一个。")
        self.authenticator = used
        clear_limit()
        return code


class AuthenticateForm(_Code, Dressed, _AuthenticateForm):  # type: ignore[misc] # as above
    """The second step of signing in."""

    again = False


class ReauthenticateCodeForm(_Code, Dressed, _ReauthenticateCodeForm):  # type: ignore[misc] # as above
    """A code once more."""

    again = True
