"""What is given and taken away here by a procedure, no table and no entry of one officer gives or takes."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests.access.world import World, make_world
from tests.accounts.signing_in import sign_in
from tests.recognition.cases import TIER, published_call
from tests.recognition.life_cases import DAY, opened, title_of
from tests.recognition.published import certified
from tests.registry.importing.tables import Steps, imported, xlsx
from tidu.core.refusals import Refused
from tidu.registry.actions.standing import add_title, enter_end
from tidu.registry.importing.running import undo
from tidu.registry.models import ImportRow, Title
from tidu.registry.models.imports import ImportKind
from tidu.registry.models.standing import Level, TitleState

pytestmark = pytest.mark.django_db
HEADS = ("统一社会信用代码", "称号层级", "称号名称", "认定日期", "有效期至", "文号")
LATER = dt.date(2099, 12, 31)


@pytest.fixture
def world() -> World:
    return make_world()


def _brought(path: Path, title: Title, *, days_earlier: int = 0) -> str:
    """What is said of a table that gives the title, or one like it, a longer term."""
    since, until = (title.recognised_on - days_earlier * DAY).isoformat(), LATER.isoformat()
    row = (title.enterprise.uscc, "市级专精特新", title.name, since, until, "新文号")
    batch = imported(xlsx(path / "t.xlsx", HEADS, [row]), ImportKind.TITLES, skip_bad=True)
    return " ".join(ImportRow.objects.filter(batch=batch).values_list("message", flat=True))


@pytest.mark.parametrize("days_earlier", [0, 400])
def test_the_term_of_a_title_with_our_certificate_is_not_changed_by_a_table(
    world: World, tmp_path: Path, days_earlier: int
) -> None:
    title = certified(world).title
    said = _brought(tmp_path, title, days_earlier=days_earlier)
    assert Title.objects.get(pk=title.pk).removed_at is None
    assert not Title.objects.filter(valid_until=LATER).exists()
    assert "由本平台认定" in said


def test_a_title_that_was_taken_away_does_not_come_back_by_a_table(world: World, tmp_path: Path) -> None:
    title = title_of(world)
    Title.objects.filter(pk=title.pk).update(state=TitleState.REVOKED, ended_on=title.recognised_on)
    said = _brought(tmp_path, title)
    assert not Title.objects.filter(removed_at__isnull=True, state=TitleState.HELD).exists()
    assert "已取消" in said


def test_a_case_against_a_title_outlives_the_table_that_brought_it(world: World, tmp_path: Path) -> None:
    enterprise, since = world.enterprises["C"], timezone.localdate() - 100 * DAY
    row = (enterprise.uscc, "市级专精特新", "", since.isoformat(), LATER.isoformat(), "旧文号")
    batch = imported(xlsx(tmp_path / "t.xlsx", HEADS, [row]), ImportKind.TITLES)
    case = opened(world)
    undo(batch=batch, actor=world.actor("district_saihan"), steps=Steps())
    case.title.refresh_from_db()
    assert case.title.batch == batch
    assert case.title.removed_at is None


def test_what_the_city_gives_here_is_not_entered_by_one_officer(world: World, tmp_path: Path) -> None:
    published_call(world)
    enterprise, today = world.enterprises["C"], timezone.localdate()
    row = (enterprise.uscc, "市级专精特新", "", today.isoformat(), LATER.isoformat(), "自拟〔2026〕1号")
    batch = imported(
        xlsx(tmp_path / "t.xlsx", HEADS, [row]),
        ImportKind.TITLES,
        actor=world.actor("district_saihan"),
        skip_bad=True,
    )
    assert batch.rejected == 1
    assert "由本平台认定" in ImportRow.objects.get(batch=batch).message
    client = Client()
    sign_in(client, world.users["district_saihan"])
    sent = {
        "tier": TIER,
        "authority": "呼和浩特市工业和信息化局",
        "document_no": "自拟〔2026〕1号",
        "basis": "new",
        "recognised_on": today.isoformat(),
    }
    address = reverse("registry:enterprise-title-add", args=[enterprise.pk])
    assert "由本平台认定" in client.post(address, sent).content.decode()
    assert not Title.objects.exists()
    assert client.post(address, sent | {"recognised_on": "2023-05-01"}).status_code == 302
    assert Title.objects.get().recognised_on == dt.date(2023, 5, 1)


def test_a_title_of_ours_is_succeeded_by_a_higher_one_alone(world: World) -> None:
    officer, title = world.actor("district_saihan"), certified(world).title
    said = {"state": TitleState.REPLACED, "ended_on": title.recognised_on, "reason": "已获上级称号"}
    with pytest.raises(Refused, match="没有登记有效的上级称号"):
        enter_end(actor=officer, title=title, **said)  # type: ignore[arg-type]
    add_title(
        actor=officer,
        enterprise=title.enterprise,
        tier="srdi",
        name="“专精特新”中小企业",
        level=Level.PROVINCIAL,
        recognised_on=title.recognised_on,
    )
    enter_end(actor=officer, title=title, **said)  # type: ignore[arg-type]
    title.refresh_from_db()
    assert title.state == TitleState.REPLACED
