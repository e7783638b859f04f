"""Titles and incidents of a table against those on the books.

One that says the same is unchanged; one that differs in its particulars takes the place of the old one, which is kept
for the record and comes back when the import is undone.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any, Final

from tidu.policy.vocabulary.vocabulary import load_vocabulary
from tidu.registry.actions.standing import kept_from_entries
from tidu.registry.importing.checking import CheckedRow, RowChecker
from tidu.registry.importing.plans import Known, Outcome, RowPlan
from tidu.registry.importing.remarks import Remark, shortened
from tidu.registry.models import Incident, Title
from tidu.registry.models.imports import ImportKind, ImportRow
from tidu.registry.models.standing import Level, Severity, TitleState

#: Columns that make a title or an incident this one, and columns that tell more of it.
_TITLE_KEY: Final = ("tier", "name", "recognised_on")
_TITLE_MORE: Final = ("level", "authority", "document_no", "batch_name", "basis", "valid_until")
_INCIDENT_KEY: Final = ("field", "happened_on", "title")
_INCIDENT_MORE: Final = ("severity", "authority", "document_no", "settled_on")
DATES: Final = frozenset({"recognised_on", "valid_until", "happened_on", "settled_on"})
_WORDS: Final[Mapping[str, str]] = {
    "level": "级别",
    "authority": "认定机关",
    "document_no": "文号",
    "batch_name": "批次",
    "basis": "取得方式",
    "valid_until": "有效期至",
    "severity": "程度",
    "settled_on": "整改或修复日期",
}


def record_plans(
    checker: RowChecker, rows: Sequence[tuple[CheckedRow, Known | None]], kind: ImportKind
) -> dict[int, RowPlan]:
    """What each row does. One that would change what only a procedure changes is refused."""
    titles = kind is ImportKind.TITLES
    identity, more = (_TITLE_KEY, _TITLE_MORE) if titles else (_INCIDENT_KEY, _INCIDENT_MORE)
    held = _held({known.pk for _row, known in rows if known is not None}, kind)
    plans: dict[int, RowPlan] = {}
    for row, known in rows:
        if known is None:  # told before
            continue
        columns = _title(row) if titles else _incident(row)
        old = held.get((known.pk, *(columns[key] for key in identity)))
        plan = RowPlan(row, Outcome.CREATED, known.pk, record=columns)
        label = columns["name"] if titles else columns["title"]
        if old is None:
            plan.changes = [
                Remark(
                    ImportRow.Kind.CREATED,
                    row.number,
                    "created",
                    known.name,
                    value=shortened(label),
                    label=kind.label,
                )
            ]
        else:
            blank_keeps = {key: columns[key] or old[key] for key in more}
            differing = [key for key in more if blank_keeps[key] != old[key]]
            plan.outcome = Outcome.UPDATED if differing else Outcome.UNCHANGED
            plan.record = {**columns, **blank_keeps} if differing else None
            plan.replaces = old["pk"] if differing else None
            plan.changes = [
                Remark(
                    ImportRow.Kind.UPDATED,
                    row.number,
                    "replaces:imported",
                    known.name,
                    value=_shown(key, blank_keeps[key]),
                    before=_shown(key, old[key]),
                    label=f"{shortened(label, 40)} {_WORDS[key]}",
                )
                for key in differing
            ]
        plans[row.number] = plan
    if titles:
        _refuse_kept(checker, [plan for plan in plans.values() if plan.record is not None], held)
    return plans


def _refuse_kept(
    checker: RowChecker, plans: Sequence[RowPlan], held: Mapping[tuple[Any, ...], Mapping[str, Any]]
) -> None:
    """Beside a title that a procedure has given a table brings none of its tier; none that has ended comes back."""
    kept = kept_from_entries([title["pk"] for title in held.values()])
    by_tier = {
        (title["enterprise_id"], title["tier"]): kept[title["pk"]]
        for title in held.values()
        if title["pk"] in kept and title["tier"]
    }
    ended = Title.objects.exclude(state=TitleState.HELD)
    over = {
        title.pk: title.get_state_display()
        for title in ended.filter(pk__in=[plan.replaces for plan in plans if plan.replaces]).only("state")
    }
    for plan in plans:
        words = by_tier.get((plan.enterprise_id, plan.record["tier"] if plan.record else ""), "")
        if words:
            checker.error(plan.row, "kept", words, "tier")
        elif plan.replaces in over:
            message = f"这个称号已登记为“{over[plan.replaces]}”，不能用导入更改。"
            checker.error(plan.row, "ended", message, "tier")


def _title(row: CheckedRow) -> dict[str, str]:
    tier = load_vocabulary().tiers.get(row.text("tier"))
    return {
        "tier": "" if tier is None else tier.id,
        "name": row.text("title_name") or ("" if tier is None else tier.label),
        "level": row.text("level") or (Level.OTHER.value if tier is None else tier.level),
        "authority": row.text("authority") or ("" if tier is None else tier.recognised_by),
        "document_no": row.text("document_no"),
        "batch_name": row.text("batch_name"),
        "basis": row.text("basis") or Title.Basis.NEW.value,
        "recognised_on": _day(row, "recognised_on"),
        "valid_until": _day(row, "valid_until"),
    }


def _incident(row: CheckedRow) -> dict[str, str]:
    return {
        "field": row.text("incident_field"),
        "severity": row.text("severity"),
        "happened_on": _day(row, "happened_on"),
        "title": row.text("event"),
        "authority": row.text("authority"),
        "document_no": row.text("document_no"),
        "settled_on": _day(row, "settled_on"),
    }


def _day(row: CheckedRow, key: str) -> str:
    value = row.values.get((key, 0))
    return value.isoformat() if isinstance(value, dt.date) else ""


def _held(enterprises: set[int], kind: ImportKind) -> dict[tuple[Any, ...], dict[str, Any]]:
    titles = kind is ImportKind.TITLES
    identity, more = (_TITLE_KEY, _TITLE_MORE) if titles else (_INCIDENT_KEY, _INCIDENT_MORE)
    found: dict[tuple[Any, ...], dict[str, Any]] = {}
    records = Title.objects if titles else Incident.objects
    rows = records.filter(enterprise_id__in=enterprises, removed_at__isnull=True)
    for item in rows.values("pk", "enterprise_id", *identity, *more):
        text = {
            key: value.isoformat() if isinstance(value, dt.date) else ("" if value is None else value)
            for key, value in item.items()
        }
        found[(item["enterprise_id"], *(text[key] for key in identity))] = text
    return found


def _shown(key: str, text: str) -> str:
    if key == "level":
        return dict(Level.choices).get(text, text)
    if key == "basis":
        return dict(Title.Basis.choices).get(text, text)
    if key == "severity":
        return dict(Severity.choices).get(text, text)
    return text
