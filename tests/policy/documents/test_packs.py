"""The shipped packs: their examples, their citations against the official texts, and what a broken pack says."""

import datetime as dt
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.policy.enterprises import enterprise
from tidu.policy.assess.cases import run_cases
from tidu.policy.assess.ladder import Standing, climb
from tidu.policy.documents.library import load_library
from tidu.policy.documents.pack import PACK_FILE, Force, Pack, load_pack
from tidu.policy.documents.route import route_of
from tidu.policy.errors import InputError
from tidu.policy.official_text.texts import TextStore, attach

LIBRARY = load_library()
PackWriter = Callable[[str], Path]


@pytest.mark.parametrize("pack", LIBRARY, ids=lambda pack: pack.id)
def test_every_example_comes_out_as_written_and_every_rule_has_its_examples(pack: Pack) -> None:
    report = run_cases(pack)
    assert [(result.name, result.faults) for result in report.results if result.faults] == []
    assert report.uncovered == ()


def test_the_five_packs_are_there() -> None:
    assert set(LIBRARY.packs) >= {
        "hohhot-2022-recognition",
        "baotou-2023-support",
        "hohhot-2021-support",
        "national-2022-gradient",
        "national-2026-gradient",
    }


def test_baotou_names_all_eighteen_measures_and_four_safeguards_with_their_departments() -> None:
    measures = {duty.measure for duty in LIBRARY.get("baotou-2023-support").document.duties}
    parts = {"一": range(1, 4), "二": range(4, 7), "三": range(7, 9), "四": range(9, 12), "五": range(12, 16)}
    wanted = {f"三/（{part}）/{number}" for part, numbers in parts.items() for number in numbers}
    wanted |= {f"三/（六）/{number}" for number in range(16, 19)} | {f"四/（{part}）" for part in "一二三四"}
    assert wanted <= measures


@pytest.mark.parametrize(
    ("day", "force"),
    [
        ("2023-08-31", Force.NOT_YET),
        ("2023-09-01", Force.IN_FORCE),
        ("2025-12-31", Force.IN_FORCE),
        ("2026-01-01", Force.EXPIRED),
    ],
)
def test_baotou_is_in_force_on_both_end_days(day: str, force: Force) -> None:
    assert LIBRARY.get("baotou-2023-support").force(dt.date.fromisoformat(day)) is force


def test_the_last_day_of_hohhot_follows_the_declared_computation() -> None:
    hohhot = LIBRARY.get("hohhot-2022-recognition")
    assert hohhot.period()[1] == dt.date(2027, 4, 12)
    assert hohhot.force(dt.date(2027, 4, 13)) is Force.EXPIRED
    other = next(
        choice for choice in hohhot.document.interpretations["term_end"].choices if choice != "day_before"
    )
    assert hohhot.period(settings={"term_end": other})[1] == dt.date(2027, 4, 13)


def tiers_offered(day: str, area: str = "150105") -> set[tuple[str, str]]:
    return {(offer.pack.id, offer.tier) for offer in LIBRARY.offers(area, dt.date.fromisoformat(day))}


def test_the_national_ladder_changes_hands_on_the_first_of_april_2026() -> None:
    before, after = tiers_offered("2026-03-31"), tiers_offered("2026-04-01")
    assert {("national-2022-gradient", tier) for tier in ("innovative", "srdi", "little_giant")} <= before
    assert ("national-2022-gradient", "innovative") in after
    assert {("national-2026-gradient", tier) for tier in ("srdi", "little_giant")} <= after
    assert not {("national-2022-gradient", "srdi"), ("national-2022-gradient", "little_giant")} & after


def test_a_city_title_is_offered_in_its_city_and_its_zones_alone() -> None:
    hohhot = ("hohhot-2022-recognition", "municipal_srdi")
    assert hohhot in tiers_offered("2026-06-01", "150172")
    assert hohhot not in tiers_offered("2026-06-01", "150203")


def test_the_ladder_shows_every_rung_and_the_next_one() -> None:
    facts = enterprise(
        recognitions=[
            {
                "tier": "innovative",
                "authority": "自治区",
                "recognised_on": "2025-06-30",
                "expires_on": "2028-06-29",
            }
        ]
    )
    ladder = climb(LIBRARY, facts, as_of=dt.date(2026, 11, 20))
    standings = {rung.tier.id: rung.standing for rung in ladder.rungs}
    assert standings == {
        "municipal_srdi": Standing.OPEN,
        "innovative": Standing.HELD,
        "srdi": Standing.OPEN,
        "little_giant": Standing.OPEN,
        "single_champion": Standing.NO_RULE,
    }
    assert ladder.next is not None
    assert ladder.next.tier.id == "srdi"


# ---- broken packs

GOOD = """\
id: sample-city
title: 样例办法
short_title: 样例
summary: 测试用的政策包。
issuer: 样例市
jurisdiction: "150100"
in_force: {from: 2024-01-01, until: 2026-12-31}
dimensions: {basic: 基本条件}
parameters:
  least: {value: 1000万元, label: 收入下限}
interpretations:
  how:
    question: 怎么算
    choices: {mean: 平均, compound: 复合}
    default: mean
    why: 测试
recognition:
  tier: municipal_srdi
  title: 样例称号
  valid: 3年
  valid_cite: 第三条
  criteria:
    all:
      - {id: revenue, label: 收入, require: "revenue[-1] >= least", cite: 第一条}
      - id: growth
        label: 增速
        require: {by: how, mean: "mean_growth(revenue, 2) >= 10%", compound: "compound_growth(revenue, 2) >= 10%"}
        cite: 第一条
benefits:
  - id: award
    label: 奖励
    trigger: newly_recognised(municipal_srdi)
    amount: 20万元
    payers: [样例市财政局]
    cite: 第二条
"""


@pytest.fixture
def write_pack(tmp_path: Path) -> PackWriter:
    def write(text: str) -> Path:
        folder = tmp_path / "sample-city"
        folder.mkdir(exist_ok=True)
        (folder / PACK_FILE).write_text(text, encoding="utf-8")
        return folder

    return write


def faults(folder: Path) -> list[str]:
    with pytest.raises(InputError) as caught:
        load_pack(folder)
    return [str(problem) for problem in caught.value.problems]


def test_the_sample_is_sound(write_pack: PackWriter) -> None:
    assert load_pack(write_pack(GOOD)).tiers == ("municipal_srdi",)


def test_a_misspelt_indicator_gives_file_line_key_and_suggestion(write_pack: PackWriter) -> None:
    (said,) = faults(write_pack(GOOD.replace('"revenue[-1] >= least"', '"revenu[-1] >= least"')))
    place, _, message = said.partition("：")
    assert place == "sample-city/pack.yaml:24 recognition.criteria.all[0].require"
    assert message == "没有名为“revenu”的指标或参数（是不是想写“revenue”）"


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (
            '"revenue[-1] >= least"',
            '"revenue[-1] + employees[-1] >= least"',
            "金额（元）与数量（人）不能相加减",
        ),
        ("title: 样例办法", "titel: 样例办法", "是否应为“title”"),
        (
            "tier: municipal_srdi",
            "tier: municipal",
            "没有名为“municipal”的称号层级（是不是想写“municipal_srdi”）",
        ),
        ("by: how", "by: hwo", "没有名为“hwo”的解释"),
        (', compound: "compound_growth(revenue, 2) >= 10%"', "", "每个选项各写一个值"),
        ("default: mean", "default: median", "default“median”不在 choices 之内"),
        (
            "newly_recognised(municipal_srdi)",
            "newly_recognized(municipal_srdi)",
            "是不是想写“newly_recognised”",
        ),
        ("newly_recognised(municipal_srdi)", "event(relocated)", "没有名为“relocated”的事项"),
        ("amount: 20万元", "amount: 20项", "这里应为金额（元）"),
        ("amount: 20万元", "amount: 0元", "金额须大于 0"),
        ("value: 1000万元", "value: 很多", "写法如 1000万元"),
        ('jurisdiction: "150100"', "jurisdiction: 呼和浩特", "的写法不对"),
        ("{basic: 基本条件}", "{basic: 基本条件}\ncriteria: 1", "不认识这个键"),
        ("id: growth", "id: revenue", "条件“revenue”出现两次"),
        ("from: 2024-01-01", "from: 2024-13-01", "应为日期"),
    ],
)
def test_a_broken_pack_says_what_is_wrong(write_pack: PackWriter, old: str, new: str, said: str) -> None:
    assert old in GOOD
    assert said in " ".join(faults(write_pack(GOOD.replace(old, new, 1))))


def test_a_fault_in_a_reading_that_is_not_the_default_is_found_too(write_pack: PackWriter) -> None:
    said = faults(write_pack(GOOD.replace("compound_growth(revenue, 2)", "compound_growth(revenue, 20)")))
    assert "require.compound：年数须是 1 到 5 的整数" in said[0]


def test_an_amount_may_name_a_parameter(write_pack: PackWriter) -> None:
    pack = load_pack(write_pack(GOOD.replace("amount: 20万元", "amount: least")))
    (benefit,) = pack.benefits()
    assert benefit.amount.fen == 1_000_000_000  # type: ignore[union-attr]


@pytest.mark.parametrize(
    "text",
    [
        "a: " + "[" * 2000,
        "a: &x 1\nb: *x\n",
        GOOD + "x" * 3_000_000,
        "!!python/object/apply:os.system [ls]",
        "\ufeff",
        "id: 1\nid: 2\n",
    ],
)
def test_a_hostile_pack_is_refused(write_pack: PackWriter, text: str) -> None:
    assert faults(write_pack(text))


# ---- official texts


@pytest.mark.parametrize(
    ("pack_id", "file"),
    [
        ("baotou-2023-support", "000_02980f29dc4fcc23.txt"),
        ("hohhot-2022-recognition", "004_acc7edf7c1d8a5ce.txt"),
    ],
)
def test_every_citation_finds_its_clause_in_the_official_text(
    shared: Path, tmp_path: Path, pack_id: str, file: str
) -> None:
    pack = LIBRARY.get(pack_id)
    report = attach(
        pack_id, pack.citations(), pack.clause_hints, shared / "seeds" / file, TextStore(tmp_path)
    )
    assert report.lost == ()
    assert len(report.found) == len(pack.citations())


def test_the_skeleton_in_the_authors_guide_is_a_sound_pack(write_pack: PackWriter) -> None:
    guide = (Path(__file__).parents[3] / "docs" / "packs.md").read_text(encoding="utf-8")
    skeleton = guide.split("## 文件的骨架")[1].split("```yaml\n")[1].split("```")[0]
    pack = load_pack(write_pack(skeleton))
    assert [criterion.id for criterion in pack.criteria().criteria] == [
        "revenue",
        "growth",
        "outcome",
        "sustained_innovation",
    ]


def test_the_procedure_of_the_guide_runs_from_application_to_recognition(write_pack: PackWriter) -> None:
    guide = (Path(__file__).parents[3] / "docs" / "packs.md").read_text(encoding="utf-8")
    skeleton = guide.split("## 文件的骨架")[1].split("```yaml\n")[1].split("```")[0]
    procedure = guide.split("## 认定程序")[1].split("```yaml\n")[1].split("```")[0]
    pack = load_pack(write_pack(skeleton.replace("\nbenefits:", f"\n{procedure}\nbenefits:")))
    route = route_of(pack.recognition(), pack.settings())
    assert route.stages == ("apply", "district", "decision", "notice", "recognition")
