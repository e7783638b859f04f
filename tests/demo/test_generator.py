"""The made-up enterprises: valid in form, of nobody, the same each time, and with something to do in every corner."""

from __future__ import annotations

import csv
import datetime as dt
from collections import Counter
from pathlib import Path

import pytest

from tidu.core.uscc import check_uscc
from tidu.demo.generator import NOBODY, make_enterprises
from tidu.demo.made_up import MadeUp
from tidu.demo.trades import DISTRICTS, TRADES
from tidu.policy.vocabulary.places import load_places
from tidu.policy.vocabulary.sectors import load_sectors
from tidu.registry.fact_values import read, written
from tidu.registry.models import Source
from tidu.registry.vocabulary import is_recordable, vocabulary_in_view

ON = dt.date(2026, 11, 20)


@pytest.fixture(scope="module")
def made() -> list[MadeUp]:
    return list(make_enterprises(on=ON))


def test_the_same_seed_and_day_give_the_same_enterprises(made: list[MadeUp]) -> None:
    again = list(make_enterprises(on=ON, count=20))
    assert again == made[:20]
    assert list(make_enterprises(on=ON, count=20, seed=1)) != again


def test_codes_are_valid_in_both_check_characters_and_no_registrar_gives_them(made: list[MadeUp]) -> None:
    checks = [check_uscc(item.uscc) for item in made]
    assert all(check.valid and not check.warnings for check in checks)
    assert len({item.uscc for item in made}) == len(made)
    assert load_places().from_uscc(made[0].uscc) is None
    assert all(item.uscc.startswith(NOBODY) for item in made)


def test_nobody_on_the_real_register_bears_a_made_up_name(made: list[MadeUp], shared: Path) -> None:
    with (shared / "realdata" / "enterprises_baotou_hohhot.csv").open(
        encoding="utf-8-sig", newline=""
    ) as file:
        real = [row["企业名称"] for row in csv.DictReader(file)]
    text = "\n".join(real)
    assert [item.name for item in made if item.name in text] == []
    proper = {
        item.name.removeprefix("包头市").removeprefix("包头").removeprefix("呼和浩特市") for item in made
    }
    proper = {name.removeprefix("呼和浩特").removeprefix("内蒙古")[:3] for name in proper}
    assert [name for name in proper if name in text] == []


def test_every_place_of_both_cities_has_enterprises(made: list[MadeUp]) -> None:
    assert {item.district for item in made} == {code for places in DISTRICTS.values() for code in places}
    assert {item.city for item in made} == set(DISTRICTS)
    assert set(DISTRICTS["150200"]) == {place.code for place in load_places().recommending("150200")}
    assert set(DISTRICTS["150100"]) == {place.code for place in load_places().recommending("150100")}


def test_every_industry_and_cluster_is_known() -> None:
    clusters = vocabulary_in_view().clusters
    for city, trades in TRADES.items():
        for trade in trades:
            assert load_sectors().get(trade.industry) is not None
            assert not trade.cluster or clusters[trade.cluster].area == city


def test_every_statement_is_one_that_the_registry_keeps(made: list[MadeUp]) -> None:
    indicators = vocabulary_in_view().indicators
    seen = Counter(
        (item.number, said.indicator, said.year, said.source) for item in made for said in item.stated
    )
    assert max(seen.values()) == 1, "a source says a thing once"
    for item in made:
        for said in item.stated:
            indicator = indicators[said.indicator]
            assert is_recordable(indicator)
            assert bool(said.year) == indicator.per_year
            text = written(said.value, indicator.kind)
            assert read(text, indicator.kind) == said.value
            assert not indicator.choices or said.value in indicator.choices


def test_some_are_incomplete_and_some_say_two_things(made: list[MadeUp]) -> None:
    by_key: dict[tuple[int, str, int], set[object]] = {}
    for item in made:
        for said in item.stated:
            by_key.setdefault((item.number, said.indicator, said.year), set()).add(said.value)
    conflicts = {key[0] for key, values in by_key.items() if len(values) > 1}
    assert 20 < len(conflicts) < 300
    figures = Counter(item.number for item in made for said in item.stated if said.indicator == "revenue")
    assert min(figures.values()) < 3 <= max(figures.values())
    assert {said.source for item in made for said in item.stated} == set(Source)


def test_titles_stand_in_every_state(made: list[MadeUp]) -> None:
    titles = [title for item in made for title in item.titles]
    assert {title.tier for title in titles} >= {"municipal_srdi", "innovative", "srdi", "little_giant", ""}
    assert any(title.valid_until is not None and title.valid_until < ON for title in titles)
    assert any(title.state == "revoked" for title in titles)
    assert all(title.recognised_on <= ON for title in titles)


def test_figures_add_up(made: list[MadeUp]) -> None:
    for item in made:
        known = {
            (said.indicator, said.year): said.value for said in item.stated if said.source == Source.AUDITED
        }
        for (indicator, year), value in known.items():
            if indicator == "net_assets":
                assets, debts = known["total_assets", year], known["total_liabilities", year]
                assert isinstance(assets, int)
                assert isinstance(debts, int)
                assert value == assets - debts
