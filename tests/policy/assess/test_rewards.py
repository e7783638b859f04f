import datetime as dt
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tidu.policy.assess.entitlements import Entitlement, EntitlementStatus
from tidu.policy.assess.facts import facts_from
from tidu.policy.assess.rewards import rewards
from tidu.policy.documents.library import load_library
from tidu.policy.errors import InputError
from tidu.policy.vocabulary.vocabulary import load_vocabulary

BAOTOU = load_library().get("baotou-2023-support")
DUE, BLOCKED = EntitlementStatus.DUE, EntitlementStatus.BLOCKED
WAN = 1_000_000
AWARDS = {"innovative": 20 * WAN, "srdi": 50 * WAN, "little_giant": 100 * WAN}


def title(tier: str, on: str, until: str | None = None) -> dict[str, Any]:
    last = until or f"{int(on[:4]) + 3}{on[4:]}"
    return {"tier": tier, "authority": "自治区", "recognised_on": on, "expires_on": last}


def answers(
    facts: dict[str, Any], *, as_of: str = "2025-12-31", **settings: str
) -> dict[str, list[Entitlement]]:
    found: dict[str, list[Entitlement]] = {}
    stated = facts_from(facts, load_vocabulary())
    for item in rewards(BAOTOU, stated, as_of=dt.date.fromisoformat(as_of), settings=settings):
        found.setdefault(item.id, []).append(item)
    return found


def test_every_benefit_answers_even_when_nothing_happened() -> None:
    found = answers({})
    assert set(found) == {benefit.document.id for benefit in BAOTOU.benefits()}
    assert {item.status for items in found.values() for item in items} == {EntitlementStatus.NOT_TRIGGERED}
    assert all(item.because and item.cites for items in found.values() for item in items)


@pytest.mark.parametrize(("tier", "fen"), AWARDS.items())
def test_a_new_title_is_rewarded_once_with_its_clause(tier: str, fen: int) -> None:
    (award,) = answers({"recognitions": [title(tier, "2024-03-01")]})[f"award_{tier}"]
    assert (award.status, award.amount, award.cites[0]) == (DUE, fen, "三/（一）/2")


@pytest.mark.parametrize(
    ("on", "status"),
    [
        ("2023-08-31", EntitlementStatus.OUT_OF_FORCE),
        ("2023-09-01", DUE),
        ("2025-12-31", DUE),
        ("2026-01-01", EntitlementStatus.OUT_OF_FORCE),
    ],
)
def test_both_end_days_of_force_belong_to_it(on: str, status: EntitlementStatus) -> None:
    (award,) = answers({"recognitions": [title("srdi", on)]}, as_of="2026-06-30")["award_srdi"]
    assert award.status is status


def test_what_fell_due_inside_the_dates_stays_payable_after_them() -> None:
    (award,) = answers({"recognitions": [title("srdi", "2025-12-31")]}, as_of="2027-01-01")["award_srdi"]
    assert award.status is DUE


@pytest.mark.parametrize(
    ("area", "status"),
    [
        ("150203", DUE),
        ("150271", DUE),
        ("150291", DUE),
        (None, DUE),
        ("150000", EntitlementStatus.NEEDS_REVIEW),
        ("150105", EntitlementStatus.NOT_TRIGGERED),
    ],
)
def test_a_city_rewards_the_enterprises_of_its_own_place(area: str | None, status: EntitlementStatus) -> None:
    facts = {"recognitions": [title("srdi", "2024-03-01")], "registered_area": area}
    (award,) = answers(facts)["award_srdi"]
    assert award.status is status


def test_what_has_not_happened_yet_is_not_rewarded() -> None:
    (award,) = answers({"recognitions": [title("srdi", "2025-06-01")]}, as_of="2025-05-31")["award_srdi"]
    assert award.status is EntitlementStatus.NOT_TRIGGERED


def test_a_title_rewarded_by_another_policy_is_not_rewarded_again_and_says_by_whom() -> None:
    paid = {
        "class": "recognition_award",
        "for": "srdi",
        "amount": 300_000,
        "by": "自治区工信厅",
        "on": "2024-05-01",
    }
    (award,) = answers({"recognitions": [title("srdi", "2024-03-01")], "payments": [paid]})["award_srdi"]
    assert award.status is BLOCKED
    assert award.amount is None
    assert "自治区工信厅" in award.because
    assert "四/（一）" in award.cites


@pytest.mark.parametrize(
    ("payment", "said"),
    [
        (
            {"class": "recognition_awrd", "for": "srdi"},
            "payments.0.class：没有名为“recognition_awrd”的奖励类别",
        ),
        (
            {"class": "recognition_award", "for": "srid"},
            "payments.0.for：不知道“srid”是什么（是不是想写“srdi”）",
        ),
        ({"class": {"a": 1}, "for": "srdi"}, "应为文字"),
    ],
)
def test_a_slip_in_a_payment_is_refused_and_not_paid_again(payment: dict[str, Any], said: str) -> None:
    with pytest.raises(InputError, match=said):
        answers({"recognitions": [title("srdi", "2024-03-01")], "payments": [payment]})


def test_a_payment_may_name_the_title_in_words() -> None:
    paid = {"class": "recognition_award", "for": "“专精特新”中小企业"}
    (award,) = answers({"recognitions": [title("srdi", "2024-03-01")], "payments": [paid]})["award_srdi"]
    assert award.status is BLOCKED


def test_an_upgrade_pays_in_full_by_default_and_the_difference_by_the_other_reading() -> None:
    facts = {"recognitions": [title("innovative", "2023-10-01"), title("srdi", "2024-10-01")]}
    assert [item.amount for item in answers(facts)["award_srdi"]] == [50 * WAN]
    switched = answers(facts, upgrade_award="difference")
    assert switched["award_innovative"][0].amount == 20 * WAN
    assert switched["award_srdi"][0].amount == 30 * WAN
    assert answers(facts, upgrade_award="no_repeat")["award_srdi"][0].status is BLOCKED


def test_a_payment_of_unknown_amount_is_not_guessed_when_the_difference_is_due() -> None:
    facts = {
        "recognitions": [title("srdi", "2024-10-01")],
        "payments": [{"class": "recognition_award", "for": "innovative", "by": "区财政局"}],
    }
    (award,) = answers(facts, upgrade_award="difference")["award_srdi"]
    assert award.status is EntitlementStatus.NEEDS_REVIEW


def test_a_second_recognition_of_the_same_tier_is_not_a_second_award() -> None:
    facts = {"recognitions": [title("srdi", "2023-10-01", "2024-10-01"), title("srdi", "2025-01-01")]}
    assert [item.status for item in answers(facts)["award_srdi"]] == [DUE, BLOCKED]


def test_a_title_given_before_moving_in_was_not_given_here() -> None:
    move = {"kind": "relocated_in", "on": "2025-01-10", "whole": True, "title": "srdi"}
    found = answers({"recognitions": [title("srdi", "2024-03-01")], "events": [move]})
    assert found["award_srdi"][0].status is EntitlementStatus.NOT_TRIGGERED
    assert (found["relocation_subsidy"][0].status, found["relocation_subsidy"][0].amount) == (DUE, 30 * WAN)


@pytest.mark.parametrize(
    ("fee", "fen"),
    [
        ("4000000", 200 * WAN),
        ("3999999.99", 199_999_999),
        ("4000000.02", 200 * WAN),
        ("0.03", 1),
        ("1000000", 50 * WAN),
    ],
)
def test_a_share_is_rounded_down_to_the_fen_and_capped(fee: str, fen: int) -> None:
    event = {
        "kind": "patent_introduced",
        "on": "2024-05-01",
        "fee": fee,
        "transformed": True,
        "assessed": True,
    }
    (support,) = answers({"events": [event]})["patent_introduction"]
    assert (support.status, support.amount) == (DUE, fen)


def test_half_a_fen_is_nothing_to_pay() -> None:
    event = {
        "kind": "patent_introduced",
        "on": "2024-05-01",
        "fee": "0.01",
        "transformed": True,
        "assessed": True,
    }
    (support,) = answers({"events": [event]})["patent_introduction"]
    assert support.status is EntitlementStatus.NOT_TRIGGERED


def test_an_open_condition_asks_and_a_failed_one_refuses() -> None:
    event = {"kind": "patent_introduced", "on": "2024-05-01", "fee": 100, "transformed": True}
    (open_,) = answers({"events": [event]})["patent_introduction"]
    assert open_.status is EntitlementStatus.NEEDS_REVIEW
    (refused,) = answers({"events": [{**event, "assessed": False}]})["patent_introduction"]
    assert refused.status is EntitlementStatus.NOT_TRIGGERED


@pytest.mark.parametrize(
    ("awarded", "status"),
    [
        (None, EntitlementStatus.NEEDS_REVIEW),
        (999_999, EntitlementStatus.NEEDS_REVIEW),
        (1_000_000, DUE),
        (20_000_000, DUE),
        (20_000_001, EntitlementStatus.NEEDS_REVIEW),
    ],
)
def test_a_decided_amount_lies_in_its_range(awarded: int | None, status: EntitlementStatus) -> None:
    event = {"kind": "key_technology_award", "on": "2024-05-01", "awarded": awarded}
    (award,) = answers({"events": [event]})["key_technology"]
    assert (award.status, award.range) == (status, (100 * WAN, 2000 * WAN))


def test_two_events_alike_in_every_word_are_two_events() -> None:
    event = {
        "kind": "patent_introduced",
        "on": "2024-05-01",
        "fee": 100,
        "transformed": True,
        "assessed": True,
    }
    assert [item.status for item in answers({"events": [event, event]})["patent_introduction"]] == [DUE, DUE]


_TITLES = st.lists(
    st.builds(
        title, st.sampled_from(sorted(AWARDS)), st.dates(dt.date(2023, 1, 1), dt.date(2026, 6, 1)).map(str)
    ),
    max_size=6,
)
_PAYMENTS = st.lists(
    st.fixed_dictionaries(
        {
            "class": st.sampled_from(["recognition_award", "other_class"]),
            "for": st.sampled_from(sorted(AWARDS)),
            "amount": st.integers(0, 2_000_000),
            "by": st.just("上级部门"),
        }
    ),
    max_size=4,
)


@given(_TITLES, _PAYMENTS, st.sampled_from(["full", "difference", "no_repeat"]))
def test_no_combination_of_titles_and_payments_pays_twice(
    titles: list[dict[str, Any]], payments: list[dict[str, Any]], upgrade: str
) -> None:
    found = answers({"recognitions": titles, "payments": payments}, as_of="2026-06-30", upgrade_award=upgrade)
    awards = [item for name, items in found.items() if name.startswith("award_") for item in items]
    due = [item for item in awards if item.status is DUE]
    paid = [item for item in payments if item["class"] == "recognition_award"]
    assert len({item.what_for for item in due}) == len(due)
    assert not {item.what_for for item in due} & {item["for"] for item in paid}
    assert all(0 < (item.amount or 0) <= AWARDS[item.what_for or ""] for item in due)
    if upgrade == "difference":
        total = sum(item.amount or 0 for item in due) + sum(int(item["amount"]) * 100 for item in paid)
        highest = max([AWARDS[item.what_for or ""] for item in due], default=0)
        assert not due or total <= max(highest, total - sum(item.amount or 0 for item in due))
    if upgrade == "no_repeat":
        assert len(due) + bool(paid) <= 1
    assert all(
        "四/（一）" in item.cites or "只奖励一次" in item.because for item in awards if item.status is BLOCKED
    )


@given(_TITLES, _PAYMENTS)
def test_the_answer_does_not_depend_on_the_order_of_the_records(
    titles: list[dict[str, Any]], payments: list[dict[str, Any]]
) -> None:
    def total(*, reverse: bool) -> int:
        step = -1 if reverse else 1
        facts = {"recognitions": titles[::step], "payments": payments[::step]}
        found = answers(facts, as_of="2026-06-30", upgrade_award="difference")
        return sum(item.amount or 0 for items in found.values() for item in items if item.status is DUE)

    assert total(reverse=False) == total(reverse=True)
