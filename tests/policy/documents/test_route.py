"""The way of an application through the stages that a pack names, and lengths of time as documents write them."""

import datetime as dt

import pytest

from tidu.policy.documents.library import load_library
from tidu.policy.documents.recognition_document import Procedure, RecognitionDocument, ReReview
from tidu.policy.documents.route import re_review_route, route_of, span_of
from tidu.policy.errors import InputError

HOHHOT = "hohhot-2022-recognition"


def hohhot() -> RecognitionDocument:
    return load_library().get(HOHHOT).recognition()


def settings(**chosen: str) -> dict[str, str]:
    return load_library().get(HOHHOT).settings(chosen)


def with_steps(**steps: dict[str, object]) -> RecognitionDocument:
    """The same recognition with other values of some of its steps."""
    recognition = hohhot()
    assert recognition.procedure is not None
    changed = [step.model_copy(update=steps.get(step.id, {})) for step in recognition.procedure.steps]
    procedure = recognition.procedure.model_copy(update={"steps": tuple(changed)})
    return recognition.model_copy(update={"procedure": procedure})


def test_a_city_runs_its_procedure_from_application_to_recognition() -> None:
    route = route_of(hohhot(), settings())
    assert route.stages == ("apply", "district", "experts", "decision", "notice", "recognition")
    assert route.stop("decision").step is route.stop("recognition").step
    assert [route.after(stage) for stage in route.stages] == [*route.stages[1:], None]


def test_the_notice_follows_the_reading_that_is_chosen() -> None:
    literal = route_of(hohhot(), settings()).notice
    assert literal is not None
    assert (literal.days, literal.day_kind, literal.first_day_counts) == (5, "calendar", False)
    usual = route_of(hohhot(), settings(notice_days="working", notice_start="same_day")).notice
    assert usual is not None
    assert (usual.day_kind, usual.first_day_counts) == ("working", True)


def test_a_stage_that_is_left_out_is_passed_over() -> None:
    recognition = hohhot()
    assert recognition.procedure is not None
    steps = tuple(step for step in recognition.procedure.steps if step.actor != "expert")
    shorter = recognition.model_copy(
        update={"procedure": recognition.procedure.model_copy(update={"steps": steps})}
    )
    route = route_of(shorter, settings())
    assert route.after("district") == "decision"
    with pytest.raises(KeyError):
        route.stop("experts")
    with pytest.raises(KeyError):
        route.after("experts")


def test_a_limit_of_the_document_comes_with_its_days_and_its_clause() -> None:
    recognition = with_steps(district_review={"within": "15日", "day_kind": "calendar", "late": "督办。"})
    limit = route_of(recognition, settings()).stop("district").limit
    assert limit is not None
    assert (limit.days, limit.day_kind, limit.late, limit.cite) == (15, "calendar", "督办。", "认定程序/2")
    named = with_steps(district_review={"within": "15个工作日", "day_kind": "calendar"})
    worked = route_of(named, settings()).stop("district").limit
    assert worked is not None
    assert worked.day_kind == "working"


def test_a_limit_in_months_is_no_limit_of_a_step() -> None:
    with pytest.raises(InputError, match="应以日或工作日计"):
        route_of(with_steps(district_review={"within": "1个月"}), settings())


def test_a_procedure_that_ends_with_another_authority_is_none_that_a_city_runs() -> None:
    pack = load_library().get("national-2026-gradient")
    for recognition in pack.document.recognition:
        with pytest.raises(InputError, match="不由本级走完"):
            route_of(recognition, pack.settings())


@pytest.mark.parametrize(
    "stages",
    [
        ("recognition", "decision", "notice"),
        ("decision", "decision", "recognition"),
        ("notice", "recognition"),
    ],
)
def test_stages_out_of_order_twice_or_lacking_are_refused(stages: tuple[str, ...]) -> None:
    with pytest.raises(InputError):
        route_of(with_steps(notice_and_recognition={"stages": stages}), settings())


def test_without_a_procedure_there_is_no_way() -> None:
    with pytest.raises(InputError, match="没有写认定程序"):
        route_of(hohhot().model_copy(update={"procedure": None}), settings())


def test_a_re_review_leaves_out_experts_and_notice_unless_the_document_names_its_stages() -> None:
    lighter = re_review_route(hohhot(), settings())
    assert lighter.stages == ("apply", "district", "decision", "recognition")
    assert lighter.notice is None
    review = ReReview(
        summary="复核。", cite="监督管理/（三）", stages=("apply", "decision", "notice", "recognition")
    )
    named = re_review_route(hohhot().model_copy(update={"re_review": review}), settings())
    assert named.stages == ("apply", "decision", "notice", "recognition")
    assert named.notice is not None


def test_a_re_review_that_leads_nowhere_is_refused() -> None:
    review = ReReview(summary="复核。", cite="监督管理/（三）", stages=("apply", "district"))
    with pytest.raises(InputError, match="缺少：decision、recognition"):
        re_review_route(hohhot().model_copy(update={"re_review": review}), settings())


def test_what_a_pack_leaves_unsaid_is_the_stricter_reading() -> None:
    procedure = hohhot().procedure
    assert isinstance(procedure, Procedure)
    assert procedure.not_met == "refuse"
    assert procedure.calls_a_year is None


@pytest.mark.parametrize(
    ("text", "number", "unit"),
    [
        ("3年", 3, "year"),
        ("3个月", 3, "month"),
        ("18月", 18, "month"),
        ("10个工作日", 10, "working"),
        ("10 工作日", 10, "working"),
        ("5日", 5, "calendar"),
        (" 30天 ", 30, "calendar"),
    ],
)
def test_a_length_of_time_is_read_as_documents_write_it(text: str, number: int, unit: str) -> None:
    span = span_of(text)
    assert (span.number, span.unit) == (number, unit)


@pytest.mark.parametrize("text", ["", "三年", "0日", "3周", "3年半", "-1日", 3])
def test_anything_else_is_refused_with_examples(text: str | int) -> None:
    with pytest.raises(InputError, match="不是时间长度"):
        span_of(text)


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("3年", dt.date(2022, 4, 13), dt.date(2025, 4, 12)),
        ("3年", dt.date(2024, 3, 1), dt.date(2027, 2, 28)),
        ("1年", dt.date(2023, 3, 1), dt.date(2024, 2, 29)),  # the day before 1 March of a leap year
        ("1年", dt.date(2024, 2, 29), dt.date(2025, 2, 28)),  # no such day a year later: its last one
        ("4年", dt.date(2024, 2, 29), dt.date(2028, 2, 28)),
        ("1个月", dt.date(2026, 1, 31), dt.date(2026, 2, 28)),
        ("12个月", dt.date(2026, 7, 1), dt.date(2027, 6, 30)),
    ],
)
def test_a_term_ends_the_day_before_the_same_day_later_or_with_its_month(
    text: str, first: dt.date, last: dt.date
) -> None:
    assert span_of(text).last_day(first) == last


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        ("3个月", dt.date(2026, 11, 30), dt.date(2027, 2, 28)),
        ("3个月", dt.date(2027, 11, 30), dt.date(2028, 2, 29)),
        ("1个月", dt.date(2026, 1, 31), dt.date(2026, 2, 28)),
        ("1个月", dt.date(2026, 3, 31), dt.date(2026, 4, 30)),
        ("1个月", dt.date(2026, 12, 31), dt.date(2027, 1, 31)),
        ("24个月", dt.date(2024, 2, 29), dt.date(2026, 2, 28)),
        ("1年", dt.date(2024, 2, 29), dt.date(2025, 2, 28)),
    ],
)
def test_a_limit_ends_on_the_same_day_later_or_the_last_of_its_month(
    text: str, start: dt.date, end: dt.date
) -> None:
    assert span_of(text).end_of_limit(start) == end


def test_days_are_counted_by_the_calendar_alone() -> None:
    with pytest.raises(ValueError, match="calendar"):
        span_of("5日").last_day(dt.date(2026, 1, 1))
