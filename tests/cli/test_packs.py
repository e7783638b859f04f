"""`tidu packs`: what there is, what it says, and whether it is in order."""

import json
import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml

from tests.cli.running import BAOTOU, HOHHOT, messages, run
from tests.cli.test_hostile_files import CONTENTS
from tidu.policy.documents.library import PACKAGED

SHIPPED = sorted(file.parent.name for file in PACKAGED.glob("*/pack.yaml"))
Edit = Callable[[str, str], Path]


@pytest.fixture
def edited(tmp_path: Path) -> Edit:
    """A copy of the Hohhot pack under another id, with one replacement in its text."""

    def edit(old: str, new: str) -> Path:
        folder = tmp_path / "my-city-2026"
        shutil.copytree(PACKAGED / HOHHOT, folder)
        text = (folder / "pack.yaml").read_text(encoding="utf-8")
        assert old in text
        text = text.replace(f"id: {HOHHOT}", "id: my-city-2026").replace(old, new)
        (folder / "pack.yaml").write_text(text, encoding="utf-8")
        return folder

    return edit


# ---- list


def test_the_list_shows_baotou_in_force_on_its_last_day_and_expired_the_day_after() -> None:
    states = [
        {pack["id"]: pack["state"] for pack in run("packs", "list", "--on", day, "--json").data["packs"]}
        for day in ("2023-08-31", "2025-12-31", "2026-01-01")
    ]
    assert [state[BAOTOU] for state in states] == ["not_yet", "in_force", "expired"]
    assert "✔ 现行有效" in run("packs", "list", "--on", "2025-12-31").out
    assert "⊘ 已届满" in run("packs", "list", "--on", "2026-01-01").out


def test_the_list_is_sorted_by_id_and_holds_place_dates_tiers_and_counts() -> None:
    packs = run("packs", "list", "--on", "2026-04-01", "--json").data["packs"]
    assert [pack["id"] for pack in packs] == SHIPPED
    hohhot = next(pack for pack in packs if pack["id"] == HOHHOT)
    assert hohhot["place"] == "呼和浩特市"
    assert hohhot["in_force"] == {"from": "2022-04-13", "until": "2027-04-12"}
    assert hohhot["tiers"] == ["municipal_srdi"]
    assert hohhot["counts"]["criteria"] == 19


def test_a_tier_that_outlives_its_document_is_shown_with_its_own_state() -> None:
    listed = run("packs", "list", "--on", "2026-04-01", "--json").data["packs"]
    old = next(pack for pack in listed if pack["id"] == "national-2022-gradient")
    assert old["state"] == "expired"
    assert old["tier_states"] == {"innovative": "in_force", "srdi": "expired", "little_giant": "expired"}
    assert "创新型（现行有效）" in run("packs", "list", "--on", "2026-04-01").out


def test_packs_alone_is_the_list() -> None:
    assert run("packs").out == run("packs", "list").out
    assert run("packs", "--json").data == run("packs", "list", "--json").data


def test_packs_of_other_places_come_from_the_folders_in_the_environment(edited: Edit) -> None:
    folder = edited("minimum_revenue: {value: 1000万元", "minimum_revenue: {value: 800万元").parent
    listed = run("packs", "list", "--json", env={"TIDU_PACKS": str(folder)}).data["packs"]
    assert [pack["id"] for pack in listed] == sorted([*SHIPPED, "my-city-2026"])


def test_a_broken_pack_in_the_environment_is_named_with_its_line(edited: Edit) -> None:
    folder = edited("require: independent_legal_person", "require: independant_legal_person").parent
    outcome = run("packs", "list", env={"TIDU_PACKS": str(folder)})
    assert outcome.code == 2
    assert re.search(r"my-city-2026/pack\.yaml:\d+ ", outcome.err)


def test_a_folder_in_the_environment_that_holds_no_packs_is_told(edited: Edit, tmp_path: Path) -> None:
    gone = run("packs", "list", "--json", env={"TIDU_PACKS": str(tmp_path / "无")})
    assert "不存在" in messages(gone.errors)
    folder = edited("issuer: ", "issuer: ")
    (error,) = run("packs", "list", "--json", env={"TIDU_PACKS": str(folder)}).errors
    assert str(folder.parent) in error["remedy"]


# ---- show


@pytest.mark.parametrize("pack", SHIPPED)
def test_showing_a_pack_shows_every_criterion_benefit_duty_target_and_silence(pack: str) -> None:
    shown = "".join(run("packs", "show", pack, env={"COLUMNS": "400"}).out.split())
    document = run("packs", "show", pack, "--json").data["document"]
    for part in ("benefits", "services", "duties", "targets", "reporting"):
        for item in document.get(part, []):
            assert "".join(item["label"].split()) in shown
    for name in [*document.get("interpretations", {}), *document.get("parameters", {})]:
        assert name in shown
    for silence in document.get("silences", []):
        assert "".join(silence["about"].split()) in shown
    assert all(benefit["id"] in shown for benefit in document.get("benefits", []))


def test_showing_names_departments_amounts_and_clauses() -> None:
    shown = run("packs", "show", BAOTOU, env={"COLUMNS": "200"}).out
    assert re.search(
        r"patent_introduction .*专利及技术交易费的 50%，最高 200.00 万元 .*市市场监管局、市财政局 +三/（二）/6",
        shown,
    )
    assert re.search(r"key_technology .*100.00 万元 至 2,000.00 万元，由评审确定", shown)


def test_showing_under_another_reading_moves_what_depends_on_it() -> None:
    assert "2022-04-13 至 2027-04-12" in run("packs", "show", HOHHOT).out
    assert "2022-04-13 至 2027-04-13" in run("packs", "show", HOHHOT, "--set", "term_end=anniversary").out


def test_showing_an_unknown_pack_suggests_the_nearest() -> None:
    (error,) = run("packs", "show", "baotou-2023-suport", "--json").errors
    assert BAOTOU in error["remedy"]


# ---- check


def test_the_shipped_packs_are_in_order() -> None:
    outcome = run("packs", "check", PACKAGED, "--json")
    assert outcome.code == 0
    assert [pack["id"] for pack in outcome.data["packs"]] == SHIPPED
    assert all(pack["cases"] for pack in outcome.data["packs"])


@pytest.mark.parametrize(
    ("old", "new", "key", "said"),
    [
        (
            "require: revenue[-1] >= minimum_revenue",
            "require: revenu[-1] >= minimum_revenue",
            "require",
            "revenue",
        ),
        (
            "require: municipal_brands >= minimum_brands",
            "require: municipal_brands >= minimum_brand",
            "require",
            "minimum_brands",
        ),
        ("minimum_brands: {value: 1件", "minimum_brands: {value: 1万元", "require", ""),
        ("document_no: BG-2022-03", "document_nr: BG-2022-03", "document_nr", "document_no"),
        ("tier: municipal_srdi", "tier: municipal_sdri", "tier", "municipal_srdi"),
        ("default: arithmetic", "default: geometric", "growth_mean", ""),
    ],
    ids=["indicator", "parameter", "unit", "key", "tier", "default"],
)
def test_a_mistake_in_a_pack_is_told_with_file_line_key_and_suggestion(
    edited: Edit, old: str, new: str, key: str, said: str
) -> None:
    folder = edited(old, new)
    lines = (folder / "pack.yaml").read_text(encoding="utf-8").splitlines()
    errors = run("packs", "check", folder, "--json").errors
    first = errors[0]
    assert first["file"] == "my-city-2026/pack.yaml"
    assert key in first["key"]
    assert said in f"{first['message']}{first['remedy']}"
    if key == "require" and said:
        assert new in lines[first["line"] - 1]


def test_problems_of_cases_and_of_the_pack_are_told_together(edited: Edit) -> None:
    folder = edited("require: quality_system_certified", "require: quality_sistem_certified")
    (folder / "cases.yaml").write_text("cases:\n  - nmae: 例子\n    as_of: 2026-06-01\n", encoding="utf-8")
    errors = run("packs", "check", folder, "--json").errors
    assert {error["file"] for error in errors} == {"my-city-2026/pack.yaml", "my-city-2026/cases.yaml"}


def test_a_pack_without_cases_is_in_order_and_told_to_write_some(edited: Edit) -> None:
    folder = edited("issuer: ", "issuer: ")
    (folder / "cases.yaml").unlink()
    outcome = run("packs", "check", folder)
    assert outcome.code == 0
    assert "还没有 cases.yaml" in outcome.out


def test_the_pack_file_or_a_folder_of_packs_may_be_given_as_well(
    edited: Edit, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = edited("issuer: ", "issuer: ")
    assert run("packs", "check", folder / "pack.yaml").code == 0
    assert run("packs", "check", folder.parent).code == 0
    monkeypatch.chdir(folder)
    assert "my-city-2026" in run("packs", "check", ".").out


def test_what_is_no_pack_is_refused(tmp_path: Path) -> None:
    assert "没有 pack.yaml" in messages(run("packs", "check", tmp_path, "--json").errors)
    assert "没有这个文件夹" in messages(run("packs", "check", tmp_path / "无", "--json").errors)
    (tmp_path / "x.yaml").write_text("id: x", encoding="utf-8")
    assert "不是文件夹" in messages(run("packs", "check", tmp_path / "x.yaml", "--json").errors)
    (tmp_path / "pack.yaml").mkdir()
    assert "文件夹" in messages(run("packs", "check", tmp_path, "--json").errors)


@pytest.mark.parametrize("content", CONTENTS.values(), ids=CONTENTS)
def test_a_hostile_pack_is_refused_in_words(content: bytes, tmp_path: Path) -> None:
    (tmp_path / "pack.yaml").write_bytes(content)
    outcome = run("packs", "check", tmp_path, "--json")
    assert outcome.errors
    assert "\x1b" not in outcome.out + outcome.err


# ---- test


@pytest.mark.parametrize("pack", SHIPPED)
def test_the_shipped_packs_pass_their_own_examples(pack: str) -> None:
    outcome = run("packs", "test", pack, "--json")
    assert outcome.code == 0, outcome.out
    (found,) = outcome.data["packs"]
    assert outcome.data["passed"] is True
    assert all(case["passed"] and case["line"] for case in found["cases"])


def test_a_failing_example_is_named_with_its_line_and_gives_exit_code_1(edited: Edit) -> None:
    folder = edited("minimum_revenue: {value: 1000万元", "minimum_revenue: {value: 1001万元")
    outcome = run("packs", "test", "my-city-2026", env={"TIDU_PACKS": str(folder.parent)})
    assert outcome.code == 1
    failed = [line for line in outcome.out.splitlines() if line.startswith("✘   cases.yaml:")]
    cases = (folder / "cases.yaml").read_text(encoding="utf-8").splitlines()
    for line in failed:
        number, name = re.fullmatch(r"✘   cases\.yaml:(\d+)　(.+)", line).groups()  # type: ignore[union-attr]
        assert name.strip() in cases[int(number) - 1]
    assert failed
    assert "✔   cases.yaml:" in outcome.out


def test_a_rule_without_an_example_is_listed_and_gives_exit_code_1(edited: Edit) -> None:
    folder = edited("issuer: ", "issuer: ")
    data = yaml.safe_load((folder / "cases.yaml").read_text(encoding="utf-8"))
    data["cases"] = data["cases"][:1]
    (folder / "cases.yaml").write_text(yaml.safe_dump(data, allow_unicode=True), encoding="utf-8")
    env = {"TIDU_PACKS": str(folder.parent)}
    outcome = run("packs", "test", "my-city-2026", "--json", env=env)
    assert outcome.code == 1
    assert outcome.data["packs"][0]["uncovered"]
    assert "还缺用例" in run("packs", "test", "my-city-2026", env=env).out


def test_a_pack_without_examples_is_bad_input_while_the_others_still_run(edited: Edit) -> None:
    folder = edited("issuer: ", "issuer: ")
    (folder / "cases.yaml").unlink()
    outcome = run("packs", "test", "--json", env={"TIDU_PACKS": str(folder.parent)})
    assert outcome.code == 2
    assert [pack["pack"] for pack in outcome.data["packs"]] == SHIPPED
    assert "cases.yaml" in messages(outcome.data["errors"])
    assert "cases.yaml" in outcome.err


# ---- schema


class _Texts(yaml.SafeLoader):
    """YAML as our reader and editors take it: dates are texts."""


_Texts.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in found if not tag.endswith("timestamp")]
    for first, found in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


def as_json(file: Path) -> object:
    """The file as an editor sees it: every key a text."""
    return json.loads(json.dumps(yaml.load(file.read_text(encoding="utf-8"), _Texts)))  # noqa: S506 - a safe loader


@pytest.mark.parametrize(("part", "option"), [("pack.yaml", []), ("cases.yaml", ["--cases"])])
def test_the_schema_accepts_every_shipped_file_and_refuses_an_unknown_key(
    part: str, option: list[str]
) -> None:
    jsonschema = pytest.importorskip("jsonschema")
    validator = jsonschema.Draft202012Validator(run("packs", "schema", *option).data)
    files = [PACKAGED / pack / part for pack in SHIPPED]
    assert [list(validator.iter_errors(as_json(file))) for file in files] == [[] for _ in files]
    assert list(validator.iter_errors({"id": "x", "unknown": 1}))


def test_the_schema_is_json_with_or_without_the_option() -> None:
    assert run("packs", "schema").data == run("packs", "schema", "--json").data
