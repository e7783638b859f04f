"""The SME size standard, row by row and at every limit."""

import csv
import datetime as dt
import itertools
from collections.abc import Mapping
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tidu.policy.errors import InputError
from tidu.policy.quantities import parse_quantity
from tidu.policy.status import Status
from tidu.policy.vocabulary.editions import PACKAGED
from tidu.policy.vocabulary.sectors import load_sectors
from tidu.policy.vocabulary.size import (
    SIZES,
    SME,
    is_sme,
    outside_prefixes,
    possible_sizes,
    size_class,
    size_rows,
)
from tidu.policy.vocabulary.size_standard import load_size_standard

WAN = 1_000_000  # fen

# The published table once more, by hand: industry, then for each measure the lower limits of large, medium and small,
# in persons or 万元. Written down apart from the data file, so that a slip in one shows against the other.
TABLE = {
    "A0111": {"revenue": (20000, 500, 50)},
    "B0610": {"employees": (1000, 300, 20), "revenue": (40000, 2000, 300)},
    "C3091": {"employees": (1000, 300, 20), "revenue": (40000, 2000, 300)},
    "D4411": {"employees": (1000, 300, 20), "revenue": (40000, 2000, 300)},
    "E4710": {"revenue": (80000, 6000, 300), "total_assets": (80000, 5000, 300)},
    "F5111": {"employees": (200, 20, 5), "revenue": (40000, 5000, 1000)},
    "F5211": {"employees": (300, 50, 10), "revenue": (20000, 500, 100)},
    "G5430": {"employees": (1000, 300, 20), "revenue": (30000, 3000, 200)},
    "G5910": {"employees": (1000, 300, 20), "revenue": (30000, 3000, 200)},
    "G5920": {"employees": (200, 100, 20), "revenue": (30000, 1000, 100)},
    "G5990": {"employees": (200, 100, 20), "revenue": (30000, 1000, 100)},
    "G6010": {"employees": (1000, 300, 20), "revenue": (30000, 2000, 100)},
    "H6110": {"employees": (300, 100, 10), "revenue": (10000, 2000, 100)},
    "H6210": {"employees": (300, 100, 10), "revenue": (10000, 2000, 100)},
    "I6311": {"employees": (2000, 100, 10), "revenue": (100000, 1000, 100)},
    "I6410": {"employees": (2000, 100, 10), "revenue": (100000, 1000, 100)},
    "I6513": {"employees": (300, 100, 10), "revenue": (10000, 1000, 50)},
    "K7010": {"revenue": (200000, 1000, 100), "total_assets": (10000, 5000, 2000)},
    "K7020": {"employees": (1000, 300, 100), "revenue": (5000, 1000, 500)},
    "L7111": {"employees": (300, 100, 10), "total_assets": (120000, 8000, 100)},
    "L7221": {"employees": (300, 100, 10), "total_assets": (120000, 8000, 100)},
    "M7310": {"employees": (300, 100, 10)},
    "N7711": {"employees": (300, 100, 10)},
    "O8010": {"employees": (300, 100, 10)},
    "Q8511": {"employees": (300, 100, 10)},
    "R8610": {"employees": (300, 100, 10)},
    "K7030": {"employees": (300, 100, 10)},
    "K7090": {"employees": (300, 100, 10)},
}
LADDER = ("large", "medium", "small", "micro")


def inner(measure: str, value: int) -> int:
    return value if measure == "employees" else value * WAN


def in_order(values: Mapping[str, int | None]) -> tuple[int | None, int | None, int | None]:
    return values.get("employees"), values.get("revenue"), values.get("total_assets")


def sized(code: str, **values: int | None) -> str | None:
    return size_class(code, *in_order(values)).size


BOUNDARIES = [
    (code, measure, rank, offset)
    for code, limits in TABLE.items()
    for measure in limits
    for rank in range(3)
    for offset in (-1, 0, 1)
]


@pytest.mark.parametrize(("code", "measure", "rank", "offset"), BOUNDARIES)
def test_a_limit_belongs_to_the_class_above_it(code: str, measure: str, rank: int, offset: int) -> None:
    values = {other: inner(other, bounds[0]) for other, bounds in TABLE[code].items()}
    values[measure] = inner(measure, TABLE[code][measure][rank]) + offset
    assert sized(code, **values) == LADDER[rank + 1 if offset < 0 else rank]


@pytest.mark.parametrize("code", TABLE)
def test_codes_mean_the_same_without_their_section_letter(code: str) -> None:
    values = {other: inner(other, bounds[1]) for other, bounds in TABLE[code].items()}
    assert sized(code[1:], **values) == sized(code, **values) == "medium"


@pytest.mark.parametrize(
    ("employees", "wan", "expected"),
    [
        (1000, 40000, "large"),
        (999, 40000, "medium"),
        (1000, 39999, "medium"),
        (300, 1999, "small"),
        (300, 2000, "medium"),
        (500, 250, "micro"),
        (19, 100000, "micro"),
        (20, 300, "small"),
        (0, 0, "micro"),
    ],
)
def test_industry_needs_both_limits_for_a_class(employees: int, wan: int, expected: str) -> None:
    assert sized("C3091", employees=employees, revenue=wan * WAN) == expected


def test_warehousing_medium_band_is_100_to_199_persons() -> None:
    assert sized("G5920", employees=150, revenue=5000 * WAN) == "medium"
    assert sized("G5920", employees=99, revenue=5000 * WAN) == "small"
    assert sized("G5920", employees=200, revenue=29999 * WAN) == "medium"


def test_information_transmission_is_large_from_1_billion_yuan_not_from_100_million() -> None:
    assert sized("I6311", employees=2000, revenue=10000 * WAN) == "medium"
    assert sized("I6311", employees=2000, revenue=99999 * WAN) == "medium"
    assert sized("I6311", employees=2000, revenue=100000 * WAN) == "large"


def test_a_value_on_the_small_limit_is_small_not_micro() -> None:
    assert sized("A0111", revenue=50 * WAN) == "small"
    assert sized("A0111", revenue=50 * WAN - 1) == "micro"


def test_handling_is_transport_and_the_rest_of_division_59_is_storage() -> None:
    assert size_class("G5910", 1, 1, None).row.label == "交通运输业"  # type: ignore[union-attr]
    assert size_class("G5960", 1, 1, None).row.label == "仓储业"  # type: ignore[union-attr]


def test_measures_of_other_rows_are_ignored() -> None:
    result = size_class("M7310", 120, None, None)
    assert (result.size, result.missing, dict(result.used)) == ("medium", (), {"employees": 120})


@pytest.mark.parametrize(
    "code", ["G5310", "J6610", "K7040", "P8210", "Q8411", "S9110", "T9700", "8411", "J", "G53"]
)
def test_an_industry_outside_the_table_goes_to_a_person_with_the_reason(code: str) -> None:
    result = size_class(code, 5, 5, 5)
    assert (result.status, result.size, result.row) == (Status.NEEDS_REVIEW, None, None)
    assert result.reason.endswith("须由主管部门确定企业规模")
    assert is_sme(code, 5, 5, 5) is Status.NEEDS_REVIEW
    assert possible_sizes(code, 5, 5, 5) is None


def test_without_an_industry_nothing_can_be_said() -> None:
    result = size_class(None, 5, 5, 5)
    assert (result.status, result.missing) == (Status.UNKNOWN, ("industry_code",))
    assert is_sme(None, 5, 5, 5) is Status.UNKNOWN


@pytest.mark.parametrize("code", ["G59", "K70", "Q", "G", "F", "", "X1234", "99", "制造业"])
def test_a_code_too_coarse_or_unknown_asks_for_a_finer_one(code: str) -> None:
    result = size_class(code, 5, 5, 5)
    assert (result.status, result.missing) == (Status.UNKNOWN, ("industry_code",))


def test_a_section_letter_is_enough_where_the_whole_section_is_one_row() -> None:
    assert sized("C", employees=1000, revenue=40000 * WAN) == "large"


def test_one_measure_below_its_large_limit_already_makes_an_sme() -> None:
    assert is_sme("C3091", 999, None, None) is Status.MET
    assert is_sme("C3091", None, 40000 * WAN - 1, None) is Status.MET
    assert is_sme("C3091", 1000, None, None) is Status.UNKNOWN
    assert is_sme("C3091", 1000, 40000 * WAN, None) is Status.NOT_MET
    assert is_sme("C3091", None, None, None) is Status.UNKNOWN


def test_one_measure_below_its_small_limit_already_makes_it_micro() -> None:
    result = size_class("C3091", None, 299 * WAN, None)
    assert (result.size, result.status, result.missing) == ("micro", Status.MET, ())


def test_an_open_size_names_what_is_missing_and_what_is_certain() -> None:
    result = size_class("C3091", 500, None, None)
    assert (result.size, result.status, result.missing) == (None, Status.UNKNOWN, ("revenue",))
    assert result.possible == SME
    assert result.reason == "按“工业”划型：缺营业收入，规模未定，最高为中型企业，已可确定属于中小企业"


def test_the_reason_shows_values_in_units_that_people_read() -> None:
    assert size_class("C3091", 1500, 25_000_050, None).reason == (
        "按“工业”划型：从业人员 1,500 人达到大型限额；营业收入 25.00 万元低于小型限额，各项须同时达到，为微型企业"
    )


def test_zero_is_a_value() -> None:
    assert sized("C3091", employees=0) == "micro"


def test_a_question_about_one_class_is_decided_as_soon_as_it_cannot_be_that_class() -> None:
    result = size_class("C3091", 500, None, None)
    assert result.among(["large"]) is Status.NOT_MET
    assert result.among(["medium"]) is Status.UNKNOWN
    assert result.among(SIZES) is Status.MET


def published(code: str, values: dict[str, int]) -> str:
    """The standard's wording: every limit of a class, otherwise the next; micro when one is below."""
    for rank, name in enumerate(LADDER[:-1]):
        if all(values[measure] >= inner(measure, bounds[rank]) for measure, bounds in TABLE[code].items()):
            return name
    return LADDER[-1]


AMOUNTS = st.one_of(
    st.integers(0, 3000),
    st.sampled_from(
        sorted({bound * WAN for row in TABLE.values() for bounds in row.values() for bound in bounds})
    ),
    st.integers(0, 300_000 * WAN),
)


@given(st.sampled_from(sorted(TABLE)), st.integers(0, 3000), AMOUNTS, AMOUNTS)
def test_the_lowest_class_of_the_measures_is_what_the_standard_says(
    code: str, employees: int, revenue: int, assets: int
) -> None:
    values = {"employees": employees, "revenue": revenue, "total_assets": assets}
    assert sized(code, **values) == published(code, values)


@pytest.mark.parametrize("code", TABLE)
def test_what_is_possible_is_exactly_what_some_missing_value_would_give(code: str) -> None:
    grids = {
        measure: sorted({0} | {inner(measure, bound) for bound in bounds})
        for measure, bounds in TABLE[code].items()
    }
    measures = list(grids)
    for known in itertools.product(*([None, *grids[measure]] for measure in measures)):
        given_values = dict(zip(measures, known, strict=True))
        open_grids = [grids[m] if given_values[m] is None else [given_values[m]] for m in measures]
        completions = {
            sized(code, **dict(zip(measures, values, strict=True)))
            for values in itertools.product(*open_grids)
        }
        result = size_class(code, *in_order(given_values))
        assert result.possible == completions
        assert (result.size is None) == (len(completions) > 1)
        assert set(possible_sizes(code, *in_order(given_values)) or ()) == completions


def test_every_class_of_the_classification_is_in_one_row_or_outside() -> None:
    prefixes = [prefix for row in size_rows() for prefix in row.prefixes] + list(outside_prefixes())
    for code in load_sectors().by_code:
        if len(code) == len("C3091"):
            assert sum(code.startswith(prefix) for prefix in prefixes) == 1, code


def test_rows_in_table_form_carry_both_spellings_of_their_codes() -> None:
    assert len(size_rows()) == 16
    warehousing = next(row for row in size_rows() if row.id == "warehousing")
    assert warehousing.prefixes == ("G592", "G593", "G594", "G595", "G596", "G599")
    assert warehousing.digit_prefixes == ("592", "593", "594", "595", "596", "599")
    industry = next(row for row in size_rows() if row.id == "manufacturing")
    assert industry.digit_prefixes == tuple(f"{number:02d}" for number in range(6, 47))
    assert [(limit.measure, limit.large) for limit in industry.limits] == [
        ("employees", 1000),
        ("revenue", parse_quantity("40000万元")[0]),
    ]


def test_the_standard_applies_from_its_day_of_issue() -> None:
    assert load_size_standard(dt.date(2011, 6, 18)).edition.document_no == "工信部联企业〔2011〕300号"
    with pytest.raises(InputError, match="2011-06-17 没有可用的中小企业划型标准"):
        load_size_standard(dt.date(2011, 6, 17))


FAULTY = """edition: sme_2011_300
rows:
  - id: one
    label: 一
    industries: [C]
    limits:
      employees: {large: 10人, medium: 20人, small: 5人}
  - id: two
    label: 二
    industries: [C30, A99]
    limits:
      revenue: {large: 10人, medium: 5人, small: 1人}
"""


def folder_with(tmp_path: Path, standard: str) -> tuple[Path]:
    folder = tmp_path / "vocabulary"
    folder.mkdir()
    for name in ("gbt4754_2017.csv", "editions.yaml"):
        (folder / name).write_bytes((PACKAGED / name).read_bytes())
    (folder / "size_test.yaml").write_text(standard, encoding="utf-8")
    return (folder,)


def test_a_faulty_standard_is_refused_with_every_fault_by_line_and_key(tmp_path: Path) -> None:
    with pytest.raises(InputError) as caught:
        load_size_standard(folders=folder_with(tmp_path, FAULTY))
    remedy = "（写作 1000人 或 40000万元，由大到小）"
    assert str(caught.value).splitlines() == [
        "vocabulary/size_test.yaml:10 rows[1].industries：“C30”与前面的行业重复（每个行业只能列在一处）",
        "vocabulary/size_test.yaml:10 rows[1].industries：行业分类里没有“A99”（检查代码和门类字母）",
        f"vocabulary/size_test.yaml:6 rows[0].limits：大、中、小型的限额应依次递减{remedy}",
        f"vocabulary/size_test.yaml:11 rows[1].limits：“1人”的单位不对{remedy}",
    ]


def test_an_ill_formed_industry_in_a_standard_is_placed_at_its_item(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"rows\[0\]\.industries\[0\]：“制造业”的写法不对"):
        load_size_standard(folders=folder_with(tmp_path, FAULTY.replace("[C]", "[制造业]")))


def test_the_data_agree_with_the_table_as_published(shared: Path) -> None:
    file = shared / "realdata" / "sme_size_2011_300.csv"
    published_rows = list(csv.DictReader(file.read_text(encoding="utf-8-sig").splitlines()))
    names = {"employees": "employees", "revenue_wan": "revenue", "assets_wan": "total_assets"}
    ours = {row.label: row for row in size_rows()}
    assert {row["industry"] for row in published_rows} == set(ours)
    for row in published_rows:
        expected = {}
        for number in ("1", "2"):
            if row[f"metric{number}"]:
                measure = names[row[f"metric{number}"]]
                bounds = [row[f"{name}_m{number}"] for name in ("sme_upper", "medium_min", "small_min")]
                expected[measure] = tuple(inner(measure, int(bound)) for bound in bounds)
        found = {
            limit.measure: (limit.large, limit.medium, limit.small) for limit in ours[row["industry"]].limits
        }
        assert found == expected, row["industry"]
