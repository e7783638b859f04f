"""A person who signs in."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.validators import UnicodeUsernameValidator
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils.crypto import salted_hmac

from tidu.accounts.models.organisations import Membership
from tidu.accounts.models.scoping import people_of
from tidu.core.actor import Actor
from tidu.core.crypto.fields import EncryptedTextField


class UserManager(BaseUserManager["User"]):
    """Makes users. There is no superuser: rights come from memberships alone."""

    def visible_to(self, actor: Actor) -> models.QuerySet[User]:
        """The people whom the actor may look up."""
        return people_of(self.get_queryset(), Membership.objects.visible_to(actor), actor)

    def create_user(self, username: str, password: str | None = None, **fields: object) -> User:
        """A user who can sign in with ``password``; without one the password must be set first."""
        user = self.model(username=self.model.normalize_username(username), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user


class User(AbstractBaseUser):
    """A person. ``phone`` and ``id_number`` are encrypted; every look at them in full is recorded.

    ``organisation`` is where the person belongs; it gives no right, but says whose administrators look after the
    account. ``disabled_at`` ends the account at once. ``session_epoch`` goes up whenever rights change: every session
    from before is then refused at its next request. A ``demonstration`` person can sign in only while the site runs as
    a demonstration, since their password is known to everybody.
    """

    username = models.CharField(
        "登录名",
        max_length=60,
        unique=True,
        validators=[UnicodeUsernameValidator()],
        error_messages={"unique": "这个登录名已经有人使用。"},
    )
    name = models.CharField("姓名", max_length=60)
    email = models.EmailField("电子邮箱", blank=True)
    phone = EncryptedTextField("手机号", blank=True)
    id_number = EncryptedTextField("身份证号", blank=True)
    employee_no = models.CharField("工号", max_length=40, blank=True)
    organisation = models.ForeignKey(
        "accounts.Organisation",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="people",
        verbose_name="所属机构",
    )
    is_active = models.BooleanField("启用", default=True)
    disabled_at = models.DateTimeField("停用时间", null=True, blank=True)
    password_changed_at = models.DateTimeField("改密时间", null=True, blank=True)
    must_change_password = models.BooleanField("下次登录须改密", default=False)
    session_epoch = models.PositiveIntegerField("会话代次", default=0)
    totp_secret = EncryptedTextField("动态码密钥", blank=True)
    demonstration = models.BooleanField("演示账号", default=False)
    date_joined = models.DateTimeField("建立时间", auto_now_add=True)

    USERNAME_FIELD = "username"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]

    objects: ClassVar[UserManager] = UserManager()

    class Meta:
        verbose_name = verbose_name_plural = "人员"
        constraints = (
            models.UniqueConstraint(Lower("username"), name="username_differs_by_more_than_case"),
            models.UniqueConstraint(
                fields=("employee_no",), condition=~Q(employee_no=""), name="employee_number_of_one_person"
            ),
        )

    def __str__(self) -> str:
        return self.name or self.username

    def get_full_name(self) -> str:
        """The person's name, as Django's own parts ask for it."""
        return self.name

    def _get_session_auth_hash(self, secret: str | None = None) -> str:
        """What a session must match: it ends when the password changes or ``session_epoch`` goes up."""
        return salted_hmac(
            "tidu.accounts.session",
            f"{self.password}:{self.session_epoch}",
            secret=secret,
            algorithm="sha256",
        ).hexdigest()


class FormerPassword(models.Model):
    """The hash of a password that a person has had, so that it is not taken again."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="former_passwords", verbose_name="人员"
    )
    password = models.CharField("密码散列", max_length=128)
    set_at = models.DateTimeField("启用时间", auto_now_add=True)

    class Meta:
        ordering = ("-id",)
        verbose_name = verbose_name_plural = "用过的密码"

    def __str__(self) -> str:
        return str(self.set_at)
