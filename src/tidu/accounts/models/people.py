"""A person who signs in."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.validators import UnicodeUsernameValidator
from django.db import models
from django.db.models.functions import Lower

from tidu.core.crypto.fields import EncryptedTextField


class UserManager(BaseUserManager["User"]):
    """Makes users. There is no superuser: rights come from memberships alone."""

    def create_user(self, username: str, password: str | None = None, **fields: object) -> User:
        """A user who can sign in with ``password``; without one the password must be set first."""
        user = self.model(username=self.model.normalize_username(username), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user


class User(AbstractBaseUser):
    """A person. ``phone`` and ``id_number`` are encrypted; every look at them in full is recorded.

    ``disabled_at`` ends the account at once: sessions of a disabled person are refused at their next request.
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
    is_active = models.BooleanField("启用", default=True)
    disabled_at = models.DateTimeField("停用时间", null=True, blank=True)
    password_changed_at = models.DateTimeField("改密时间", null=True, blank=True)
    date_joined = models.DateTimeField("建立时间", auto_now_add=True)

    USERNAME_FIELD = "username"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]

    objects: ClassVar[UserManager] = UserManager()

    class Meta:
        verbose_name = verbose_name_plural = "人员"
        constraints = (models.UniqueConstraint(Lower("username"), name="username_differs_by_more_than_case"),)

    def __str__(self) -> str:
        return self.name or self.username

    def get_full_name(self) -> str:
        """The person's name, as Django's own parts ask for it."""
        return self.name
