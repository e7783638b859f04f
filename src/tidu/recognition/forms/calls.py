"""What an officer sets of a call. Whatever can be read is kept, complete or not; the rest is pointed out."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections.abc import Iterator
from typing import Any, Final, cast

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from tidu.accounts.forms.dressing import Dressed, say_plainly
from tidu.core import moments
from tidu.core.models import Jurisdiction
from tidu.core.models.deadlines import DayUnit
from tidu.policy.documents.pack import Pack
from tidu.policy.documents.route import Route
from tidu.recognition.calling.limits import LONGEST, LimitRow, limit_rows, limits_under
from tidu.recognition.calling.materials import LONGEST_NOTE, Material, materials_of
from tidu.recognition.calling.proposing import CallValues
from tidu.recognition.models import Call

_MOMENT: Final = re.compile(
    r"(?P<year>\d{4})[-/.年](?P<month>\d{1,2})[-/.月](?P<day>\d{1,2})日?[ T]*"
    r"(?P<hour>\d{1,2})[:时点](?P<minute>\d{1,2})?分?"
)
_MIDNIGHT: Final = 24
_YEARS: Final = range(2000, 3000)
_MOST_BODY: Final = 8000
_SPARE: Final = 2  # blank rows for further materials
_WAYS: Final = (("required", "必交"), ("wanted", "按需"), ("left_out", "不要"))
_UNITS: Final = ((DayUnit.WORKING.value, "个工作日"), (DayUnit.CALENDAR.value, "日（自然日）"))


class MomentField(forms.CharField):
    """A day with the time, to the minute, in any of the ways in which people write it. 24:00 is the end of the day."""

    def __init__(self, **kwargs: Any) -> None:  # noqa: ANN401 - passed on to Django
        kwargs.setdefault("max_length", 30)
        super().__init__(**kwargs)
        self.widget.attrs.update(autocomplete="off")

    def clean(self, value: Any) -> dt.datetime | None:  # noqa: ANN401 - as Django gives it
        """The moment, or ``None`` for a blank."""
        text = " ".join(unicodedata.normalize("NFKC", super().clean(value)).split())
        if not text:
            return None
        match = _MOMENT.fullmatch(text)
        if match is None:
            raise ValidationError("时间请写成 2026-12-31 17:30 的样子。")
        number = {name: int(found or 0) for name, found in match.groupdict().items()}
        end = number["hour"] == _MIDNIGHT and number["minute"] == 0
        try:
            day = dt.date(number["year"], number["month"], number["day"])
            time = dt.time() if end else dt.time(number["hour"], number["minute"])
            if day.year not in _YEARS:
                raise ValueError  # noqa: TRY301 - what no clock of ours can hold is no time either
        except ValueError:
            raise ValidationError(f"没有这个时间：{text}。时间请写成 2026-12-31 17:30 的样子。") from None
        return timezone.make_aware(dt.datetime.combine(day + dt.timedelta(days=end), time))


class OfferForm(Dressed, forms.Form):
    """Which tier of which pack is called for."""

    offer = forms.ChoiceField(label="政策和称号", help_text="只列出由本市认定、今天在施行的。")

    def __init__(self, offers: list[tuple[str, str]], *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 - passed on
        super().__init__(*args, **kwargs)
        field = cast("forms.ChoiceField", self.fields["offer"])
        field.choices = offers


class CallForm(Dressed, forms.Form):
    """Everything of a draft. Empty fields are allowed: what is missing is asked for when it is sent for approval."""

    title = forms.CharField(
        label="通知名称", max_length=120, required=False, help_text="就是公文的标题，不写发文机关。"
    )
    batch_name = forms.CharField(label="批次", max_length=60, required=False)
    year = forms.IntegerField(label="年度", min_value=2000, max_value=2100)
    base_year = forms.IntegerField(
        label="基准年度", min_value=2000, max_value=2100, help_text="“上年度”指的年份，各年数据随之移动。"
    )
    opens_at = MomentField(label="开始受理", help_text="写到分钟，例如 2026-12-01 09:00。")
    closes_at = MomentField(label="截止受理", help_text="这一刻起不再接受提交。当天全天受理的写 24:00。")
    districts = forms.MultipleChoiceField(
        label="受理的旗县区、开发区", widget=forms.CheckboxSelectMultiple, help_text="不受理的去掉勾选。"
    )
    quota = forms.IntegerField(
        label="名额", min_value=1, max_value=30000, required=False, help_text="没有名额限制的不填。"
    )
    blind = forms.BooleanField(label="专家评审时不显示企业名称", required=False)
    contacts = forms.CharField(
        label="联系方式", max_length=200, required=False, help_text="单位、联系人和办公电话，会在网上公开。"
    )
    body = forms.CharField(
        label="通知正文",
        required=False,
        max_length=_MOST_BODY,
        strip=True,
        widget=forms.Textarea(attrs={"rows": 18}),
        help_text="没有手工改过时，正文随上面的设置自动更新。条件、材料、时限和读法另作附件，由设置生成。",
    )
    renew_text = forms.BooleanField(label="不用手工改过的正文，按现在的设置重新生成", required=False)

    def __init__(
        self,
        *args: Any,  # noqa: ANN401 - passed on to Django
        call: Call,
        pack: Pack,
        route: Route,
        places: list[Jurisdiction],
        **kwargs: Any,  # noqa: ANN401 - passed on to Django
    ) -> None:
        self._call, self._pack, self._places = call, pack, len(places)
        settings = pack.settings(call.readings)
        self._materials = {item.kind: item for item in materials_of(pack, call.tier, settings)}
        self._limits = limit_rows(limits_under(pack.recognition(call.tier), route, call.limits), route)
        kwargs.setdefault("initial", self._initial(places))
        super().__init__(*args, **kwargs)
        districts = cast("forms.MultipleChoiceField", self.fields["districts"])
        districts.choices = [(place.code, place.name) for place in places]
        districts.error_messages["required"] = "请至少勾选一个旗县区或开发区。"
        self._add_materials()
        self._add_readings()
        self._add_limits()
        if "experts" not in route.stages:
            del self.fields["blind"]
        for name, field in self.fields.items():  # those added above are dressed as well
            if name.startswith(("m-", "n-", "x-", "r-", "d-", "u-")):
                say_plainly(field)
                chosen = isinstance(field.widget, forms.Select)
                field.widget.attrs.setdefault(
                    "class", "form-select form-select-sm" if chosen else "form-control form-control-sm"
                )

    # ---- the parts that depend on the pack

    def _add_materials(self) -> None:
        kept = {row["kind"]: row for row in self._call.materials}
        evidence = self._pack.vocabulary.evidence
        for kind in dict.fromkeys([*self._materials, *(name for name in kept if name in evidence)]):
            row, label = kept.get(kind), evidence[kind].label
            way = "left_out" if row is None else ("required" if row["required"] else "wanted")
            self.fields[f"m-{kind}"] = forms.ChoiceField(
                label=f"{label}的要求", choices=_WAYS, initial=way, required=False
            )
            self.fields[f"n-{kind}"] = forms.CharField(
                label=f"{label}的说明",
                max_length=LONGEST_NOTE,
                required=False,
                initial="" if row is None else row["note"],
            )
        others = [
            ("", "不增加"),
            *((kind, item.label) for kind, item in evidence.items() if f"m-{kind}" not in self.fields),
        ]
        for number in range(1, _SPARE + 1):
            self.fields[f"x-kind-{number}"] = forms.ChoiceField(
                label=f"另增材料 {number}", choices=others, required=False
            )
            self.fields[f"x-note-{number}"] = forms.CharField(
                label=f"另增材料 {number} 的说明", max_length=LONGEST_NOTE, required=False
            )

    def _add_readings(self) -> None:
        for name, item in self._pack.document.interpretations.items():
            choices = [
                (choice, f"{words}（通常读法）" if choice == item.default else words)
                for choice, words in item.choices.items()
            ]
            self.fields[f"r-{name}"] = forms.ChoiceField(
                label=item.question,
                choices=choices,
                initial=self._call.readings.get(name, item.default),
                required=False,
            )

    def _add_limits(self) -> None:
        for row in self._limits:
            if row.cite:
                continue
            self.fields[f"d-{row.name}"] = forms.IntegerField(
                label=f"{row.label}的天数", min_value=1, max_value=LONGEST, initial=row.days
            )
            self.fields[f"u-{row.name}"] = forms.ChoiceField(
                label=f"{row.label}的计日方式", choices=_UNITS, initial=row.day_kind
            )

    def _initial(self, places: list[Jurisdiction]) -> dict[str, Any]:
        call = self._call
        return {
            "title": call.title,
            "batch_name": call.batch_name,
            "year": call.year,
            "base_year": call.base_year,
            "opens_at": moments.moment(call.opens_at),
            "closes_at": moments.end(call.closes_at),
            "districts": call.districts or [place.code for place in places],
            "quota": call.quota,
            "blind": call.blind,
            "contacts": call.contacts,
            "body": call.body,
        }

    # ---- what the page shows

    @property
    def materials(self) -> Iterator[tuple[Material | None, forms.BoundField, forms.BoundField]]:
        """A row for each material: what the pack says of it, the choice, the note."""
        for name in self.fields:
            if name.startswith("m-"):
                kind = name.removeprefix("m-")
                yield self._materials.get(kind), self[name], self[f"n-{kind}"]

    @property
    def spare(self) -> Iterator[tuple[forms.BoundField, forms.BoundField]]:
        """Blank rows for further materials."""
        for number in range(1, _SPARE + 1):
            yield self[f"x-kind-{number}"], self[f"x-note-{number}"]

    @property
    def readings(self) -> Iterator[tuple[str, forms.BoundField]]:
        """The choice for each interpretation, by its name."""
        for name in self._pack.document.interpretations:
            yield name, self[f"r-{name}"]

    @property
    def limits(self) -> Iterator[tuple[LimitRow, forms.BoundField | None, forms.BoundField | None]]:
        """Every limit; with controls where the document is silent."""
        for row in self._limits:
            if row.cite:
                yield row, None, None
            else:
                yield row, self[f"d-{row.name}"], self[f"u-{row.name}"]

    # ---- what was read

    def clean(self) -> dict[str, Any]:
        """The window is in order."""
        cleaned: dict[str, Any] = super().clean() or {}
        opens, closes = cleaned.get("opens_at"), cleaned.get("closes_at")
        if opens and closes and closes <= opens:
            del cleaned["opens_at"], cleaned["closes_at"]
            self.add_error("closes_at", "截止时间应在开始受理之后。")
        return cleaned

    def values(self) -> CallValues:
        """All that could be read; call it after validation. What could not keeps what the draft has."""
        cleaned = self.cleaned_data
        names = (
            "title",
            "batch_name",
            "year",
            "base_year",
            "opens_at",
            "closes_at",
            "quota",
            "blind",
            "contacts",
        )
        found: dict[str, Any] = {name: cleaned[name] for name in names if name in cleaned}
        if "body" in cleaned:
            found["body"] = "\n".join(line.rstrip() for line in cleaned["body"].splitlines())
        if "districts" in cleaned:
            chosen = cleaned["districts"]
            found["districts"] = [] if len(chosen) == self._places else chosen
        found["materials"] = self._read_materials()
        found["readings"] = {
            name: cleaned[f"r-{name}"]
            for name, item in self._pack.document.interpretations.items()
            if cleaned.get(f"r-{name}") not in {None, "", item.default}
        }
        found["limits"] = self._read_limits()
        return cast("CallValues", found)

    def _read_materials(self) -> list[dict[str, Any]]:
        cleaned = self.cleaned_data
        kinds = [name.removeprefix("m-") for name in self.fields if name.startswith("m-")]
        rows = [
            {
                "kind": kind,
                "required": cleaned[f"m-{kind}"] == "required",
                "note": cleaned.get(f"n-{kind}", ""),
            }
            for kind in kinds
            if cleaned.get(f"m-{kind}") in {"required", "wanted"}
        ]
        for number in range(1, _SPARE + 1):
            kind = cleaned.get(f"x-kind-{number}")
            if kind and kind not in {row["kind"] for row in rows}:
                rows.append({"kind": kind, "required": True, "note": cleaned.get(f"x-note-{number}", "")})
        return rows

    def _read_limits(self) -> dict[str, dict[str, Any]]:
        limits = {name: dict(limit) for name, limit in self._call.limits.items()}
        for row in self._limits:
            days, unit = self.cleaned_data.get(f"d-{row.name}"), self.cleaned_data.get(f"u-{row.name}")
            if not row.cite and days is not None and unit:
                limits[row.name] = {"days": days, "day_kind": unit, "late": row.late, "cite": ""}
        return limits


class ExtendForm(Dressed, forms.Form):
    """A later end, and why."""

    closes_at = MomentField(label="新的截止时间", help_text="写到分钟，例如 2027-01-15 17:30。")
    reason = forms.CharField(label="理由", max_length=200, help_text="企业和公众看得到。")


class CloseForm(Dressed, forms.Form):
    """An earlier end, and why."""

    closes_at = MomentField(label="新的截止时间", required=False, help_text="写到分钟。立即截止的不填。")
    reason = forms.CharField(label="理由", max_length=200, help_text="企业和公众看得到。")
