"""One facts file serves every pack: what one pack declares for itself does not trouble another."""

from pathlib import Path

from tests.cli.running import BAOTOU, assess, facts_file, run

PACK = """
id: other-city-2026
title: 某市奖励办法
short_title: 某市奖励
summary: 一项奖励。
issuer: 某市工信局
jurisdiction: "150300"
in_force: {from: 2026-01-01}
indicators:
  local_points_here:
    {label: 本地得分, help: 由本市评定。, kind: score, confirmed_by: self, effort: obtain}
events:
  fair_attended:
    label: 参加展会
    help: 参加国家级展会。
    fields: {fee: {label: 展位费, help: 发票金额。, kind: money}}
benefits:
  - id: fair
    label: 参展补助
    trigger: event(fair_attended)
    amount: {rate: 50%, of: fee, cap: 5万元}
    payers: [市商务局]
    cite: 第二条
"""


def test_an_event_and_an_indicator_of_one_pack_may_stand_in_the_facts_of_all(tmp_path: Path) -> None:
    folder = tmp_path / "packs/other-city-2026"
    folder.mkdir(parents=True)
    (folder / "pack.yaml").write_text(PACK, encoding="utf-8")
    env = {"TIDU_PACKS": str(folder.parent)}
    file = facts_file(
        tmp_path,
        "local_points_here: 12",
        "events: [{kind: fair_attended, on: 2026-03-01, fee: 60000}]",
        "recognitions: [{tier: srdi, recognised_on: 2024-03-01, expires_on: 2027-02-28}]",
    )
    (found,) = run(
        "rewards", file, "--pack", "other-city-2026", "--as-of", "2026-06-01", "--json", env=env
    ).data["entitlements"]
    assert (found["status"], found["amount"]) == ("due", "30000.00")
    assert run("rewards", file, "--pack", BAOTOU, "--as-of", "2026-06-01", "--json", env=env).code == 0
    assert run("ladder", file, "--as-of", "2026-06-01", "--json", env=env).code == 0
    assert "fair_attended" in assess(file, "--json").errors[-1]["message"], (
        "unknown where that pack is not at hand"
    )
