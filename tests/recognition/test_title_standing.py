"""How a title stands on a day: one answer for pages, lists and the check of certificates."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.access.world import make_world
from tidu.core.uscc import check_characters
from tidu.recognition.queries.titles import (
    ENDING,
    Standing,
    by_urgency,
    in_state,
    public_titles,
    standing_as,
    successor,
    title_state,
)
from tidu.registry.models import Enterprise, Title
from tidu.registry.models.enterprises import EnterpriseStatus
from tidu.registry.models.standing import UNDECIDED, Level, TitleState

DAY = dt.timedelta(days=1)
SINCE, UNTIL = dt.date(2024, 6, 19), dt.date(2027, 6, 18)


def _title(**more: object) -> Title:
    values: dict[str, object] = {
        "tier": "municipal_srdi",
        "name": "称号",
        "level": Level.MUNICIPAL,
        "recognised_on": SINCE,
        "valid_until": UNTIL,
        **more,
    }
    return Title(**values)


@pytest.mark.parametrize(
    ("title", "on", "standing"),
    [
        (_title(), SINCE - DAY, Standing.FUTURE),
        (_title(), SINCE, Standing.HELD),
        (_title(), UNTIL, Standing.HELD),
        (_title(), UNTIL + DAY, Standing.EXPIRED),
        (_title(valid_until=None), dt.date(2090, 1, 1), Standing.HELD),
        (_title(kept_until=UNDECIDED), UNTIL + DAY, Standing.IN_REVIEW),
        (_title(kept_until=UNTIL + 30 * DAY), UNTIL + 30 * DAY, Standing.IN_REVIEW),
        (_title(kept_until=UNTIL + 30 * DAY), UNTIL + 31 * DAY, Standing.EXPIRED),
        (
            _title(state=TitleState.REVOKED, ended_on=dt.date(2026, 5, 22)),
            dt.date(2026, 5, 21),
            Standing.HELD,
        ),
        (
            _title(state=TitleState.REVOKED, ended_on=dt.date(2026, 5, 22)),
            dt.date(2026, 5, 22),
            Standing.CANCELLED,
        ),
        (_title(state=TitleState.REVOKED), SINCE, Standing.CANCELLED),
        (_title(state=TitleState.REPLACED, ended_on=UNTIL), UNTIL, Standing.REPLACED),
    ],
)
def test_a_title_stands_as_its_dates_and_decisions_say(title: Title, on: dt.date, standing: Standing) -> None:
    assert title_state(title, on).standing == standing


def test_the_words_say_how_long_a_title_still_lasts() -> None:
    assert title_state(_title(), UNTIL).word == "有效，今天是最后一天"
    assert title_state(_title(), UNTIL - 90 * DAY).badge == "soon"
    assert title_state(_title(), UNTIL - 91 * DAY).badge == "force"
    assert title_state(_title(kept_until=UNDECIDED), UNTIL + DAY).word == "复核中，继续有效"
    assert title_state(_title(kept_until=UNDECIDED), UNTIL + DAY).valid


@pytest.mark.django_db
@given(
    until=st.one_of(st.none(), st.integers(0, 40)),
    kept=st.one_of(st.none(), st.just(10**6), st.integers(0, 60)),
    state=st.sampled_from(list(TitleState)),
    ended=st.one_of(st.none(), st.integers(0, 60)),
    at=st.integers(-3, 70),
)
def test_lists_find_a_title_under_the_state_that_its_page_shows(
    until: int | None, kept: int | None, state: TitleState, ended: int | None, at: int
) -> None:
    enterprise = _enterprise()
    title = _title(
        enterprise=enterprise,
        valid_until=None if until is None else SINCE + until * DAY,
        kept_until=None if kept is None else UNDECIDED if kept == 10**6 else SINCE + kept * DAY,
        state=state,
        ended_on=None if ended is None else SINCE + ended * DAY,
    )
    title.save()
    on = SINCE + at * DAY
    found = {
        standing
        for standing in Standing
        if standing_as(Title.objects.all(), standing, on).filter(pk=title.pk).exists()
    }
    assert found == {title_state(title, on).standing}
    title.delete()


@pytest.mark.django_db
def test_lists_begin_with_what_is_valid_and_ends_soonest() -> None:
    on = UNTIL - 30 * DAY
    titles = {
        "审查中": _title(valid_until=on - 10 * DAY, kept_until=UNDECIDED),
        "快到期": _title(),
        "还早": _title(valid_until=UNTIL + 400 * DAY),
        "无期限": _title(valid_until=None),
        "将来": _title(recognised_on=on + DAY, valid_until=UNTIL + 900 * DAY),
        "新取消": _title(state=TitleState.REVOKED, ended_on=on),
        "刚届满": _title(valid_until=on - DAY),
        "早届满": _title(valid_until=on - 300 * DAY),
    }
    for number, title in enumerate(reversed(titles.values())):
        title.enterprise = _enterprise(number)
        title.save()
    found = list(Title.objects.order_by(*by_urgency(on)))
    assert [title.pk for title in found] == [title.pk for title in titles.values()]
    valid = [title_state(title, on).valid for title in found]
    assert valid == sorted(valid, reverse=True)
    assert list(in_state(Title.objects.all(), ENDING, on)) == [titles["快到期"]]


def _enterprise(number: int = 1) -> Enterprise:
    found, _ = Enterprise.objects.get_or_create(
        uscc=check_characters(f"91150105MA0TDT{number:02}"), defaults={"name": "某市试样科技有限公司"}
    )
    return found


@pytest.mark.django_db
def test_other_honours_and_what_was_imported_by_mistake_are_not_public() -> None:
    world = make_world()
    held = _title(enterprise=world.a)
    held.save()
    _title(enterprise=world.a, tier="", name="守合同重信用企业").save()
    _title(enterprise=world.enterprises["B"], removed_at=dt.datetime(2026, 1, 1, tzinfo=dt.UTC)).save()
    world.enterprises["C"].status = EnterpriseStatus.WITHDRAWN
    world.enterprises["C"].save()
    _title(enterprise=world.enterprises["C"]).save()
    assert list(public_titles()) == [held]


@pytest.mark.django_db
def test_the_title_of_a_passed_re_review_follows_the_one_before() -> None:
    world = make_world()
    first = _title(enterprise=world.a)
    first.save()
    second = _title(enterprise=world.a, recognised_on=UNTIL + DAY, valid_until=None, basis="re_review")
    second.save()
    assert successor(first) == second
    assert successor(second) is None
