"""The vocabulary: complete, consistent, and refused with file, line and key where it is not."""

import pytest

from tidu.policy.quantities import Kind
from tidu.policy.vocabulary.indicators import Effort, Period
from tidu.policy.vocabulary.places import load_places
from tidu.policy.vocabulary.vocabulary import Vocabulary, load_vocabulary

# Tables from elsewhere use these, with exactly these kinds.
FIXED = {
    Kind.TEXT: "uscc name",
    Kind.DATE: "registered_on",
    Kind.AREA: "registered_area",
    Kind.INDUSTRY: "industry_code",
    Kind.CHOICE: "rd_centre",
    Kind.YEARS: "niche_years",
    Kind.MONEY: "revenue total_assets main_business_revenue main_product_revenue rd_expense"
    " total_liabilities net_profit",
    Kind.COUNT: "employees rd_staff rank_national rank_regional municipal_brands invention_patents pct_published"
    " utility_models software_copyrights standards",
    Kind.YES_NO: "independent_legal_person tax_and_credit_good major_incident bad_record chain_advantage"
    " quality_system_certified refined_management distinctive_product sustained_innovation",
}
PER_YEAR = {*FIXED[Kind.MONEY].split(), "employees", "rd_staff"}
JUDGED = {"chain_advantage", "refined_management", "distinctive_product", "sustained_innovation"}

# What the three national standards read besides (63号 annexes 1 to 3, 2号).
NATIONAL = """
class1_ip class1_ip_own class1_ip_high_value class1_ip_in_use class2_ip strategic_emerging_industry six_fundamentals
manufacturing_power_field network_power_field fills_chain_gap key_chain_link serves_chain_leader time_honoured_brand
digital_level quality_award own_brands market_share_national rank_world new_equity_financing rd_body_mode
rd_centre_county national_science_award national_science_award_rank national_science_award_on provincial_science_award
provincial_science_award_rank provincial_science_award_on maker_china_level maker_china_on high_tech_enterprise
tech_innovation_demonstration ip_advantage_enterprise product_certificate_overseas management_certificates
core_functions_on_systems governance_leading product_reputation market_position_high development_score local_points
controlled_by_little_giant same_group_similar single_champion_recognised abnormal_operation_list
serious_dishonesty_list prohibited_product larger_incident_three_years data_fabrication
"""


@pytest.fixture(scope="module")
def vocabulary() -> Vocabulary:
    return load_vocabulary()


@pytest.mark.parametrize(
    ("kind", "name"), [(kind, name) for kind, names in FIXED.items() for name in names.split()]
)
def test_ids_that_tables_from_elsewhere_use_are_there_with_their_kind(
    vocabulary: Vocabulary, kind: Kind, name: str
) -> None:
    indicator = vocabulary.indicators[name]
    assert indicator.kind is kind
    assert indicator.per_year == (name in PER_YEAR)
    assert indicator.judged == (name in JUDGED)


def test_the_level_of_an_rd_centre_is_ordered_from_none_to_national(vocabulary: Vocabulary) -> None:
    centre = vocabulary.indicators["rd_centre"]
    assert tuple(centre.choices) == ("none", "municipal", "provincial", "national")
    assert centre.type.ordered


def test_results_that_a_rule_adds_up_are_counted_in_one_unit(vocabulary: Vocabulary) -> None:
    units = {
        vocabulary.indicators[name].unit
        for name in ("utility_models", "software_copyrights", "invention_patents")
    }
    assert units == {"项"}


@pytest.mark.parametrize("name", NATIONAL.split())
def test_inputs_of_the_national_standards_are_there(vocabulary: Vocabulary, name: str) -> None:
    assert name in vocabulary.indicators


def test_the_application_form_is_covered_section_by_section(vocabulary: Vocabulary) -> None:
    assert list(vocabulary.sections) == [
        "identity",
        "figures",
        "compliance",
        "specialisation",
        "refinement",
        "distinction",
        "innovation",
        "chain",
        "listing_finance",
        "standing",
        "declaration",
        "monitoring",
    ]
    assert len(vocabulary.indicators) >= 150
    assert [item.section for item in vocabulary.indicators.values()] == [
        section for section in vocabulary.sections for _ in vocabulary.in_section(section)
    ]


def test_no_two_indicators_share_a_label_or_a_help_text(vocabulary: Vocabulary) -> None:
    indicators = vocabulary.indicators.values()
    assert (
        len({item.label for item in indicators}) == len({item.help for item in indicators}) == len(indicators)
    )


def test_every_help_text_is_a_whole_chinese_sentence(vocabulary: Vocabulary) -> None:
    texts = {item.label: item.help for item in vocabulary.indicators.values()}
    texts |= {item.label: item.help for item in vocabulary.evidence.values()}
    texts |= {item.label: item.help for item in vocabulary.events.values()}
    for label, text in texts.items():
        assert text.endswith("。"), label
        assert not set(text) & set(",;()!?"), label
        assert text.rstrip("。") != label


def test_every_document_and_confirmer_is_used_somewhere(vocabulary: Vocabulary) -> None:
    indicators, events = vocabulary.indicators.values(), vocabulary.events.values()
    documents = {name for item in indicators for name in item.evidence}
    documents |= {name for event in events for name in event.evidence}
    assert documents == set(vocabulary.evidence)
    assert {item.confirmed_by for item in indicators} == set(vocabulary.confirmers)


def test_what_is_judged_is_never_confirmed_by_the_enterprise(vocabulary: Vocabulary) -> None:
    judges = {item.confirmed_by for item in vocabulary.indicators.values() if item.judged}
    assert judges == {"expert", "recommending_body"}


def test_personal_data_are_marked(vocabulary: Vocabulary) -> None:
    personal = {item.id for item in vocabulary.indicators.values() if item.personal}
    assert {name for name in vocabulary.indicators if name.startswith("contact_")} < personal
    assert {"legal_representative", "actual_controller", "controller_nationality"} < personal
    assert "name" not in personal


def test_operating_figures_say_their_period_and_annual_ones_none(vocabulary: Vocabulary) -> None:
    for item in vocabulary.indicators.values():
        assert (item.period is not None) == (item.section == "monitoring")
        if item.period is not None:
            assert item.help.startswith(item.period.label)
    assert vocabulary.indicators["report_electricity"].period is Period.MONTH
    assert vocabulary.indicators["report_receivables"].period is Period.QUARTER


def test_the_size_class_is_derived_from_what_the_standard_reads(vocabulary: Vocabulary) -> None:
    size = vocabulary.indicators["size_class"]
    assert size.derived is not None
    assert size.derived.sources == ("industry_code", "employees", "revenue", "total_assets")
    assert tuple(size.choices) == ("micro", "small", "medium", "large")
    assert [name for name, item in vocabulary.indicators.items() if item.derived] == ["size_class"]


def test_the_ladder_runs_from_the_city_title_to_the_champion(vocabulary: Vocabulary) -> None:
    tiers = vocabulary.tiers.values()
    assert [tier.id for tier in tiers] == [
        "municipal_srdi",
        "innovative",
        "srdi",
        "little_giant",
        "single_champion",
    ]
    assert [tier.rank for tier in tiers] == [0, 1, 2, 3, 4]
    assert [tier.level for tier in tiers] == ["municipal", "provincial", "provincial", "national", "national"]


@pytest.mark.parametrize(
    ("text", "tier"),
    [
        ("小巨人", "little_giant"),
        ("专精特新中小企业", "srdi"),
        ("创新型企业", "innovative"),
        ("srdi", "srdi"),
    ],
)
def test_a_tier_is_found_by_the_names_people_use(vocabulary: Vocabulary, text: str, tier: str) -> None:
    found = vocabulary.tier_named(text)
    assert found is not None
    assert found.id == tier
    assert vocabulary.tier_named("瞪羚企业") is None


def test_no_name_of_a_tier_means_two_tiers(vocabulary: Vocabulary) -> None:
    names = [
        name
        for tier in vocabulary.tiers.values()
        for name in {tier.id, tier.label, tier.short, *tier.aliases}
    ]
    assert len(names) == len(set(names))


def test_events_carry_the_fields_that_benefits_read(vocabulary: Vocabulary) -> None:
    fields = {kind: tuple(event.fields) for kind, event in vocabulary.events.items()}
    assert fields == {
        "relocated_in": ("whole", "title"),
        "patent_introduced": ("fee", "transformed", "assessed"),
        "key_technology_award": ("awarded",),
        "talent_project": ("awarded",),
        "supply_growth": ("new_supply",),
        "equipment_upgrade": ("investment", "equipment"),
    }
    title = vocabulary.events["relocated_in"].fields["title"]
    assert tuple(title.choices) == tuple(vocabulary.tiers)


def test_clusters_belong_to_places_that_exist(vocabulary: Vocabulary) -> None:
    by_area: dict[str, int] = {}
    for cluster in vocabulary.clusters.values():
        assert load_places().get(cluster.area) is not None
        by_area[cluster.area] = by_area.get(cluster.area, 0) + 1
    assert by_area == {"150100": 6, "150200": 7}
    assert set(vocabulary.indicators["industrial_cluster"].choices) == set(vocabulary.clusters)


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("revenu", "revenue"),
        ("emploees", "employees"),
        ("营业收入", "revenue"),
        ("营业收人", "revenue"),
        ("zzzz", None),
    ],
)
def test_a_misspelt_name_gets_a_suggestion(vocabulary: Vocabulary, name: str, meant: str | None) -> None:
    assert vocabulary.suggest(name) == meant


def test_efforts_run_from_a_missing_paper_to_what_cannot_be_changed() -> None:
    assert [effort.rank for effort in Effort] == [0, 1, 2, 3, 4]
    assert Effort.PAPER.label == "补交材料或数据"
    assert Effort.FIXED.label == "已成事实，不能改变"
