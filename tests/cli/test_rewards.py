"""`tidu rewards`: what is due, what blocks it, and the clause for each answer."""

from pathlib import Path

from tests.cli.running import BAOTOU, EXAMPLES, HOHHOT, Outcome, facts_file, messages, run


def rewards(file: Path, *more: str, as_of: str = "2025-12-31") -> Outcome:
    """``tidu rewards`` for Baotou."""
    return run("rewards", file, "--pack", BAOTOU, "--as-of", as_of, *more)


def by_benefit(outcome: Outcome) -> dict[str, dict[str, object]]:
    """Entitlements by benefit."""
    return {item["benefit"]: item for item in outcome.data["entitlements"]}


def test_each_benefit_of_the_example_answers_with_amount_reason_and_clause() -> None:
    found = by_benefit(rewards(EXAMPLES / "rewards.yaml", "--json"))
    assert {name: item["status"] for name, item in found.items()} == {
        "award_innovative": "out_of_force",
        "award_srdi": "blocked",
        "award_little_giant": "due",
        "relocation_subsidy": "not_triggered",
        "key_technology": "not_triggered",
        "patent_introduction": "due",
        "talent_project": "needs_review",
    }
    assert found["award_little_giant"]["amount"] == "1000000.00"
    assert found["patent_introduction"]["amount"] == "2000000.00"
    assert found["talent_project"]["range"] == ["50000.00", "200000.00"]
    assert "四/（一）" in str(found["award_srdi"]["cite"])
    assert all(item["because"] and item["cite"] for item in found.values())


def test_the_data_has_the_documented_keys() -> None:
    (first, *_) = rewards(EXAMPLES / "rewards.yaml", "--json").data["entitlements"]
    assert list(first)[:7] == ["benefit", "label", "status", "amount", "range", "cite", "because"]


def test_the_text_shows_words_amounts_clauses_and_the_sum() -> None:
    shown = rewards(EXAMPLES / "rewards.yaml").out
    for part in (
        "✔ 应兑付",
        "✘ ",
        "⊘ 不在施行期内",
        "– 未触发",
        "◆ 待人工评判",
        "四/（一）",
        "应兑付 2 项，合计 300.00 万元",
    ):
        assert part in shown


def test_an_upgrade_under_another_reading_pays_less_and_the_choice_is_taken(tmp_path: Path) -> None:
    file = facts_file(
        tmp_path,
        "recognitions:",
        "  - {tier: srdi, authority: 示例, recognised_on: 2024-03-01, expires_on: 2027-02-28}",
        "payments: [{class: recognition_award, for: innovative, amount: 200000, by: 示例, on: 2023-10-01}]",
    )
    full = by_benefit(rewards(file, "--json"))["award_srdi"]
    less = by_benefit(rewards(file, "--json", "--set", "upgrade_award=difference"))["award_srdi"]
    none = by_benefit(rewards(file, "--json", "--set", "upgrade_award=no_repeat"))["award_srdi"]
    assert [item["amount"] for item in (full, less, none)] == ["500000.00", "300000.00", None]


def test_nothing_stated_triggers_nothing(tmp_path: Path) -> None:
    found = by_benefit(rewards(facts_file(tmp_path, ""), "--json"))
    assert {str(item["status"]) for item in found.values()} == {"not_triggered"}


def test_a_pack_without_rewards_says_so() -> None:
    outcome = run("rewards", EXAMPLES / "complete.yaml", "--pack", HOHHOT, "--json")
    assert "没有奖励" in messages(outcome.errors)
