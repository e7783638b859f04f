"""What people enter in the life of a title."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any, Final, cast

from django import forms
from django.utils import timezone

from tidu.accounts.forms.days import DayField
from tidu.accounts.forms.dressing import Dressed
from tidu.core import moments
from tidu.core.models import Jurisdiction
from tidu.core.models.jurisdictions import PlaceLevel
from tidu.recognition.actions.cancellations import LONGEST_FACTS
from tidu.recognition.forms.calls import MomentField
from tidu.recognition.models import Campaign, Cancellation, ChangeReport
from tidu.recognition.queries.title_rules import TitleRule
from tidu.registry.models import Evidence, Incident, Title
from tidu.registry.vocabulary import vocabulary_in_view

ELSEWHERE: Final = "elsewhere"
_LONGEST_REASON: Final = 500
_LONGEST_KEY: Final = 18  # digits
_ORIGINS: Final = (
    Cancellation.Origin.REPORT,
    Cancellation.Origin.INCIDENT,
    Cancellation.Origin.DEPARTMENT,
)


class _EvidenceField(forms.ModelMultipleChoiceField):  # type: ignore[type-arg] # none at run time
    """Evidence to choose from. A number beyond every row is no choice; a database could not even be asked for it."""

    def clean(self, value: Any) -> Any:  # noqa: ANN401 - Django's own
        """The rows that were chosen."""
        for one in value or ():
            if len(one) > _LONGEST_KEY:
                raise forms.ValidationError(self.error_messages["invalid_pk_value"], params={"pk": one[:20]})
        return super().clean(value)


class ChangeForm(Dressed, forms.Form):
    """A change that the holder of a title reports."""

    kind = forms.ChoiceField(label="发生了什么变化", choices=ChangeReport.Kind.choices)
    happened_on = DayField(label="发生日期", help_text="以登记机关核准的日期为准，写成 2026-11-20 的样子。")
    after = forms.CharField(
        label="变更后的情况",
        max_length=200,
        required=False,
        help_text="更名写新的全称；合并、分立、重组写变更后的主体；迁移可以只选迁入地。",
    )
    new_place = forms.ChoiceField(label="迁入地", required=False, help_text="只在迁移时选。")
    text = forms.CharField(
        label="说明",
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="变更的经过，以及是否影响称号所要求的条件。",
    )
    evidence = _EvidenceField(
        label="证明材料",
        queryset=Evidence.objects.none(),
        widget=forms.CheckboxSelectMultiple,
        help_text="从已上传的材料里选，例如登记变更材料、新的营业执照。没有的先到“证明材料”上传。",
    )

    def __init__(self, title: Title, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 - passed on
        super().__init__(*args, **kwargs)
        evidence = cast("forms.ModelMultipleChoiceField[Evidence]", self.fields["evidence"])
        evidence.queryset = Evidence.objects.filter(
            enterprise=title.enterprise, withdrawn_at__isnull=True
        ).select_related("file")
        labels = vocabulary_in_view().evidence
        evidence.label_from_instance = lambda obj: (  # type: ignore[method-assign]
            f"{labels[obj.kind].label if obj.kind in labels else obj.kind}：{obj.file.name}"
        )
        places = Jurisdiction.objects.filter(
            parent_id=title.enterprise.city_id or "", level__in=(PlaceLevel.DISTRICT, PlaceLevel.ZONE)
        ).exclude(pk=title.enterprise.district_id or "")
        field = cast("forms.ChoiceField", self.fields["new_place"])
        field.choices = [
            ("", "没有迁移"),
            *((place.pk, place.name) for place in places.order_by("code")),
            (ELSEWHERE, "迁出本市"),
        ]

    def clean(self) -> dict[str, Any]:
        """A move says where to."""
        cleaned: dict[str, Any] = super().clean() or {}
        moved = cleaned.get("kind") == ChangeReport.Kind.MOVE
        place = cleaned.get("new_place", "")
        if moved and not place:
            self.add_error("new_place", "请选择迁入地。")
        if place == ELSEWHERE and not cleaned.get("after"):
            cleaned["after"] = "迁出本市"
        code = place if moved and place and place != ELSEWHERE else ""
        cleaned["place"] = Jurisdiction.objects.filter(pk=code).first()
        if not moved and not cleaned.get("after") and "after" not in self.errors:
            self.add_error("after", "请填写变更后的情况。")
        return cleaned


class OpinionForm(Dressed, forms.Form):
    """The district's opinion on a change."""

    positive = forms.ChoiceField(
        label="意见",
        choices=(("yes", "建议称号延续"), ("no", "建议称号不再延续")),
        widget=forms.RadioSelect,
    )
    opinion = forms.CharField(
        label="理由",
        max_length=_LONGEST_REASON,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="向谁核实、看了什么材料；变更后是否仍符合认定条件。",
    )


class DecisionForm(Dressed, forms.Form):
    """The city's decision on a change."""

    accepted = forms.ChoiceField(
        label="审定意见",
        choices=(("yes", "同意，称号延续"), ("no", "称号不再延续，转入听取意见程序")),
        widget=forms.RadioSelect,
    )
    decision = forms.CharField(
        label="理由",
        max_length=_LONGEST_REASON,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="企业看得到，并写进审定意见。",
    )
    cite = forms.ChoiceField(label="依据条款", required=False, help_text="不再延续的必选。")

    def __init__(self, rule: TitleRule | None, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 - passed on
        super().__init__(*args, **kwargs)
        field = cast("forms.ChoiceField", self.fields["cite"])
        field.choices = [("", "请选择"), *citations_of(rule)]

    def clean(self) -> dict[str, Any]:
        """A refusal names its clause."""
        cleaned: dict[str, Any] = super().clean() or {}
        if cleaned.get("accepted") == "no" and not cleaned.get("cite"):
            self.add_error("cite", "请选择依据的条款。")
        return cleaned


def citations_of(rule: TitleRule | None) -> list[tuple[str, str]]:
    """The clauses on which a title is kept or lost, each once with its words."""
    if rule is None:
        return []
    recognition = rule.recognition
    found: dict[str, str] = {}
    if recognition.changes_cite:
        found[recognition.changes_cite] = "重大变化的报告"
    for ground in rule.grounds:
        found[ground.cite] = f"{found[ground.cite]}；{ground.label}" if ground.cite in found else ground.label
    if recognition.revocation is not None:
        found.setdefault(recognition.revocation.cite, "取消称号")
    found.setdefault(recognition.valid_cite, "有效期")
    for criterion in rule.pack.criteria(recognition.tier).criteria:
        if criterion.cite:
            found.setdefault(criterion.cite, criterion.label)
    return [(cite, f"{cite.replace('/', ' ')}：{label}"[:120]) for cite, label in found.items()]


class CampaignForm(Dressed, forms.Form):
    """Opening a re-review."""

    tier = forms.ChoiceField(label="称号", help_text="只列出由本市认定的。")
    way = forms.ChoiceField(label="复核范围", choices=Campaign.Way.choices, widget=forms.RadioSelect)
    ends_from = DayField(label="有效期届满自", required=False, help_text="到期复核填写。")
    ends_until = DayField(label="有效期届满至", required=False, help_text="到期复核填写，含当日。")
    number = forms.IntegerField(
        label="抽取家数",
        min_value=1,
        max_value=2000,
        required=False,
        help_text="抽查复核填写。系统从有效的称号里随机抽取，种子记录在案，可以重新验算；抽查通过的有效期不变。",
    )
    opens_at = MomentField(label="开始受理", help_text="写到分钟，例如 2026-12-01 09:00。")
    closes_at = MomentField(label="截止受理", help_text="没有按期提交的，听取意见后取消称号，请留足时间。")
    title = forms.CharField(
        label="通知名称", max_length=120, required=False, help_text="不填的，按称号和年度自动拟定。"
    )
    contacts = forms.CharField(label="联系方式", max_length=200, required=False)

    def __init__(self, rules: Sequence[TitleRule], *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 - passed on
        super().__init__(*args, **kwargs)
        field = cast("forms.ChoiceField", self.fields["tier"])
        field.choices = [(rule.recognition.tier, rule.recognition.title) for rule in rules]

    @staticmethod
    def proposed(today: dt.date, opens: dt.date) -> dict[str, Any]:
        """What the form starts with: titles of the next half year, a window of thirty days."""
        start = timezone.make_aware(dt.datetime.combine(opens, dt.time(9)))
        end = timezone.make_aware(dt.datetime.combine(opens + dt.timedelta(days=30), dt.time(17, 30)))
        return {
            "way": Campaign.Way.WINDOW,
            "ends_from": today.isoformat(),
            "ends_until": (today + dt.timedelta(days=180)).isoformat(),
            "opens_at": moments.moment(start),
            "closes_at": moments.end(end),
        }


class CancellationForm(Dressed, forms.Form):
    """Opening a case against a title."""

    origin = forms.ChoiceField(
        label="线索来源", choices=[(item.value, item.label) for item in _ORIGINS], widget=forms.RadioSelect
    )
    ground = forms.ChoiceField(label="情形", widget=forms.RadioSelect, help_text="只能依据文件写明的情形。")
    incident = forms.ModelChoiceField(
        label="登记在册的事故与处罚",
        queryset=Incident.objects.none(),
        required=False,
        empty_label="不涉及",
    )
    facts = forms.CharField(
        label="查明的事实",
        max_length=LONGEST_FACTS,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text="写明时间、事实和认定文书的文号。企业会在告知书里看到，请不要写举报人的信息。",
    )

    def __init__(self, title: Title, rule: TitleRule, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401
        super().__init__(*args, **kwargs)
        cast("forms.ChoiceField", self.fields["ground"]).choices = [
            (ground.id, ground.label) for ground in rule.grounds
        ]
        incident = cast("forms.ModelChoiceField[Incident]", self.fields["incident"])
        incident.queryset = Incident.objects.filter(enterprise=title.enterprise, removed_at__isnull=True)
        incident.label_from_instance = lambda obj: (  # type: ignore[method-assign]
            f"{obj.happened_on} {obj.get_field_display()}：{obj.title}"
        )


class ReplyForm(Dressed, forms.Form):
    """The enterprise's statement."""

    text = forms.CharField(
        label="陈述和申辩",
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text="说明事实、理由，以及对拟作处理的意见。2,000 字以内。",
    )


class ProposalForm(Dressed, forms.Form):
    """What an officer proposes to decide."""

    cancels = forms.ChoiceField(
        label="处理意见",
        choices=(("yes", "取消称号"), ("no", "不予取消")),
        widget=forms.RadioSelect,
    )
    opinion = forms.CharField(
        label="理由",
        max_length=_LONGEST_REASON,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text="写明对企业陈述是否采纳和理由，写进决定。",
    )
