"""The interests that an expert has declared live in the register alone (回避申报), like everybody's.

What an expert had listed becomes entries there, on the ground that fits all (其他利害关系), under the name by which the
registry knows the enterprise. A line without a code cannot become one: it is laid before the officer, among the known
conflicts, where the form asks for its code when the expert's page is saved next.
"""

from __future__ import annotations

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps
from django.utils import timezone

GROUND, CODE = "other", 18


def carry_over(apps: StateApps, _schema_editor: BaseDatabaseSchemaEditor | None) -> None:
    """Enter in the register what the experts' own lists hold."""
    interests = apps.get_model("accounts", "Interest")._default_manager
    enterprises = apps.get_model("registry", "Enterprise")._default_manager
    profiles = apps.get_model("recognition", "ExpertProfile")._default_manager
    for profile in profiles.select_related("membership").order_by("pk"):
        person = profile.membership.user_id
        since = timezone.localdate(profile.own_declared_at)
        nameless = []
        for item in profile.own_interests:
            code, said = str(item.get("uscc") or ""), str(item.get("note") or "").strip()
            if len(code) != CODE:
                nameless.append(
                    {"uscc": "", "note": f"自报，没有代码：{' '.join(filter(None, (code, said)))}"}
                )
                continue
            note = f"原在专家信息中自报：{said or '没有写明关系'}"
            standing = interests.filter(
                person_id=person, uscc=code, ground=GROUND, ended_at__isnull=True
            ).first()
            if standing is not None:
                standing.note = "；".join(filter(None, (standing.note, note)))
                standing.save(update_fields=["note"])
                continue
            known = enterprises.filter(uscc=code).values_list("name", flat=True).first()
            interests.create(
                person_id=person,
                uscc=code,
                name=(known or "名称未填写")[:120],
                ground=GROUND,
                note=note,
                since=since,
                declared_by_id=person,
            )
        if nameless:
            profile.conflicts = [*profile.conflicts, *nameless]
            profile.save(update_fields=["conflicts"])


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0005_ending_takes_two"),
        ("registry", "0004_tasks_name_the_enterprise"),
        ("recognition", "0011_asked_changes"),
    ]

    operations = [
        migrations.RunPython(carry_over, migrations.RunPython.noop),
        migrations.RemoveField(model_name="expertprofile", name="own_interests"),
    ]
