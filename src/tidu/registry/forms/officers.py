"""What an officer enters about an enterprise: a corrected value, a title, an incident, clusters, a status."""

from __future__ import annotations

from typing import Any, Final

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from tidu.accounts.forms.days import DayField
from tidu.accounts.forms.dressing import Dressed
from tidu.core.entry import Unreadable
from tidu.core.typed_values import read_typed, unit_of
from tidu.policy.quantities import Kind, Value
from tidu.policy.vocabulary.indicators import Indicator
from tidu.registry.actions.enterprises import STATUS_CHANGES
from tidu.registry.models import Enterprise, EnterpriseStatus, Title
from tidu.registry.models.standing import IncidentField, Level, Severity, TitleState
from tidu.registry.vocabulary import is_recordable, vocabulary_in_view

OTHER_TITLE: Final = "other"
_YEARS_BACK: Final = 6
_YES_NO: Final = (("", "请选择"), ("yes", "是"), ("no", "否"))


class FactChoice(Dressed, forms.Form):
    """Which value is to be corrected."""

    indicator = forms.ChoiceField(label="指标", help_text="按填报的栏目排列。")
    year = forms.ChoiceField(label="年度", required=False, help_text="按年填报的指标要选年度，其他的不选。")

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 - passed on to Django
        super().__init__(*args, **kwargs)
        vocabulary = vocabulary_in_view()
        groups = [
            (
                section.label,
                [(item.id, item.label) for item in vocabulary.in_section(section.id) if is_recordable(item)],
            )
            for section in vocabulary.sections.values()
        ]
        indicator, year = self.fields["indicator"], self.fields["year"]
        assert isinstance(indicator, forms.ChoiceField)  # noqa: S101 - declared above
        assert isinstance(year, forms.ChoiceField)  # noqa: S101 - declared above
        indicator.choices = [("", "请选择"), *((label, items) for label, items in groups if items)]
        last = timezone.localdate().year
        year.choices = [
            ("", "不分年度"),
            *((str(item), f"{item} 年") for item in range(last, last - _YEARS_BACK, -1)),
        ]

    def clean(self) -> dict[str, Any]:
        """The year fits the indicator."""
        cleaned: dict[str, Any] = super().clean() or {}
        found = vocabulary_in_view().indicators.get(cleaned.get("indicator", ""))
        if found is not None and found.per_year and not cleaned.get("year"):
            self.add_error("year", f"“{found.label}”按年填报，请选择年度。")
        return cleaned


class FactForm(Dressed, forms.Form):
    """The right value, and what it rests on."""

    value = forms.CharField(label="更正为", max_length=2000)
    reason = forms.CharField(
        label="更正的依据",
        max_length=200,
        help_text="必须写明，例如“对照 2025 年审计报告第 12 页”。企业和审计人员看得到。",
    )
    document_no = forms.CharField(label="文号", max_length=80, required=False)
    stated_on = DayField(label="依据的日期", required=False)

    def __init__(self, indicator: Indicator, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 - passed on
        self._indicator = indicator
        super().__init__(*args, **kwargs)
        field = self.fields["value"]
        field.help_text = f"{indicator.help}{self._unit()}"
        if indicator.kind in {Kind.YES_NO, Kind.CHOICE}:
            choices = (
                _YES_NO if indicator.kind is Kind.YES_NO else (("", "请选择"), *indicator.choices.items())
            )
            field.widget = forms.Select(choices=choices, attrs={"class": "form-select"})
        elif indicator.kind is not Kind.TEXT:
            field.widget.attrs.update(inputmode="text", autocomplete="off")

    def _unit(self) -> str:
        unit = unit_of(self._indicator)
        return f"单位：{unit}。" if unit else ""

    def clean_value(self) -> Value:
        """The exact value."""
        try:
            value = read_typed(self.cleaned_data["value"], self._indicator)
        except Unreadable as unreadable:
            raise ValidationError(str(unreadable)) from None
        if value is None:
            raise ValidationError("请填写更正后的值。")
        return value


class TitleForm(Dressed, forms.Form):
    """A title that was given."""

    tier = forms.ChoiceField(label="层级", help_text="梯度以外的荣誉选“其他荣誉”，再写名称。")
    name = forms.CharField(
        label="称号名称", max_length=100, required=False, help_text="梯度称号可以不填，按层级的全称登记。"
    )
    level = forms.ChoiceField(label="级别", choices=Level.choices, required=False, help_text="其他荣誉要选。")
    authority = forms.CharField(label="认定机关", max_length=100)
    document_no = forms.CharField(label="文号", max_length=80)
    batch_name = forms.CharField(label="批次", max_length=60, required=False)
    basis = forms.ChoiceField(label="取得方式", choices=Title.Basis.choices)
    recognised_on = DayField(label="认定日期", help_text="认定文件的日期。")
    valid_until = DayField(label="有效期至", required=False, help_text="有效期的最后一天。文件没有写的不填。")

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 - passed on to Django
        super().__init__(*args, **kwargs)
        tier = self.fields["tier"]
        assert isinstance(tier, forms.ChoiceField)  # noqa: S101 - declared above
        tiers = vocabulary_in_view().tiers.values()
        tier.choices = [("", "请选择"), *((item.id, item.label) for item in tiers), (OTHER_TITLE, "其他荣誉")]

    def clean(self) -> dict[str, Any]:
        """A rung brings its own name and level; another honour needs a name."""
        cleaned: dict[str, Any] = super().clean() or {}
        tier = vocabulary_in_view().tiers.get(cleaned.get("tier", ""))
        if tier is None:
            if cleaned.get("tier") == OTHER_TITLE and not cleaned.get("name"):
                self.add_error("name", "其他荣誉请写全称。")
            cleaned["tier"] = ""
        else:
            cleaned["name"] = cleaned.get("name") or tier.label
            cleaned["level"] = tier.level
        return cleaned


class TitleEndForm(Dressed, forms.Form):
    """Taking a title away."""

    state = forms.ChoiceField(
        label="结果", choices=[choice for choice in TitleState.choices if choice[0] != TitleState.HELD]
    )
    ended_on = DayField(label="取消日期", help_text="取消或接替从这一天起，写成 2026-11-20 的样子。")
    reason = forms.CharField(
        label="依据和原因", max_length=200, help_text="写明文号，例如“〔2026〕12 号，提供虚假材料”。"
    )


class IncidentForm(Dressed, forms.Form):
    """An accident, punishment or bad record."""

    field = forms.ChoiceField(label="领域", choices=IncidentField.choices)
    severity = forms.ChoiceField(
        label="程度",
        choices=Severity.choices,
        help_text="安全、质量、环保事故较大及以上的，会记入“近三年发生过较大及以上事故”。",
    )
    happened_on = DayField(label="发生日期")
    title = forms.CharField(label="事由", max_length=200)
    authority = forms.CharField(label="认定机关", max_length=100)
    document_no = forms.CharField(label="文号", max_length=80, required=False)


class SettleForm(Dressed, forms.Form):
    """That what happened was put right."""

    settled_on = DayField(label="整改或修复日期")
    note = forms.CharField(label="依据", max_length=200, help_text="例如信用修复决定书的文号。")


class ClustersForm(Dressed, forms.Form):
    """The clusters in which an enterprise counts."""

    clusters = forms.MultipleChoiceField(
        label="产业集群",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="可以多选，都不属于的不选。",
    )

    def __init__(self, enterprise: Enterprise, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 - passed on
        super().__init__(*args, **kwargs)
        field = self.fields["clusters"]
        assert isinstance(field, forms.MultipleChoiceField)  # noqa: S101 - declared above
        field.choices = [
            (item.id, item.label)
            for item in vocabulary_in_view().clusters.values()
            if enterprise.city_id is None or item.area[:4] == enterprise.city_id[:4]
        ]


class StatusForm(Dressed, forms.Form):
    """Another status of our books."""

    status = forms.ChoiceField(label="改为")
    reason = forms.CharField(
        label="依据和原因", max_length=200, help_text="例如“企业信用信息公示系统 2026-10-08 显示已注销”。"
    )

    def __init__(self, enterprise: Enterprise, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 - passed on
        super().__init__(*args, **kwargs)
        field = self.fields["status"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 - declared above
        open_ways = STATUS_CHANGES[enterprise.status]
        field.choices = [choice for choice in EnterpriseStatus.choices if choice[0] in open_ways]
