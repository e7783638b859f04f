"""What people of an enterprise have typed and nobody could take as a fact yet."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from tidu.registry.models.enterprises import Enterprise
from tidu.registry.models.scoping import EnterpriseScoped


class TypedText(models.Model):
    """The text of one control of the enterprise's own form: unreadable, or at odds with what a colleague has saved.

    ``control`` is the indicator, with ``_year`` where it has one. ``over`` is what stood in the control when the text
    was typed. The row goes as soon as the control holds something that can be recorded.
    """

    enterprise = models.ForeignKey(Enterprise, models.CASCADE, related_name="typed_texts")
    control = models.CharField("填写项", max_length=80)
    text = models.TextField("所填文字")
    over = models.TextField("填写时的现值", blank=True)
    typed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name="填写人"
    )
    typed_at = models.DateTimeField("填写时间", auto_now=True)

    objects = EnterpriseScoped["TypedText"].as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "待改正的填写"
        constraints = (models.UniqueConstraint(fields=("enterprise", "control"), name="one_text_a_control"),)

    def __str__(self) -> str:
        return self.control
