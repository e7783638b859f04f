"""A run over the registry says of every enterprise what an assessment of its facts says."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterator
from statistics import median

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tidu.core.models import Jurisdiction
from tidu.demo.loading import load
from tidu.policy.assess.assessment import Assessment, assess
from tidu.policy.documents.library import load_library
from tidu.policy.documents.pack import Pack
from tidu.policy.status import Status
from tidu.registry.evaluating import reading, running
from tidu.registry.evaluating.peers import FEWEST
from tidu.registry.evaluating.running import LETTERS, evaluate_registry
from tidu.registry.models import Enterprise, Evaluation, EvaluationResult, Fact, Title
from tidu.registry.queries.facts import facts_of

ON = dt.date(2026, 11, 20)
RUNS = [
    (pack, tier, city)
    for city in ("150100", "150200")
    for pack in load_library().of_place(city)
    for tier in pack.tiers
]


@pytest.fixture(scope="module")
def _registry(django_db_setup: None, django_db_blocker: pytest.FixtureRequest) -> Iterator[None]:  # noqa: ARG001
    """One demonstration for the module, taken back at its end."""
    from django.db import transaction

    with django_db_blocker.unblock():  # type: ignore[attr-defined] # pytest-django's own
        atomic = transaction.atomic()
        atomic.__enter__()
        load(on=ON, count=80, stories=False)
        yield
        transaction.set_rollback(True)
        atomic.__exit__(None, None, None)


def new_run(pack: Pack, tier: str, place: str) -> Evaluation:
    return Evaluation.objects.create(
        place=Jurisdiction.objects.get(pk=place),
        pack=pack.id,
        tier=tier,
        pack_digest=pack.digest,
        pack_title=pack.document.title,
        as_of=ON,
        base_year=ON.year - 1,
        in_force=True,
        criteria=[item.id for item in pack.criteria(tier).criteria],
    )


def silent(_step: str, _done: int, _total: int) -> None:
    return None


def shares_of(expected: Assessment) -> Iterator[tuple[str, float]]:
    """What the enterprise reaches in each dimension, as its page draws it; without what nothing is known of."""
    for found in expected.dimensions:
        own = [item.status for item in expected.criteria if item.criterion.dimension == found.id]
        if found.met or Status.NOT_MET in own:
            yield found.id, found.met / found.total


@pytest.mark.usefixtures("_registry")
@pytest.mark.django_db
@pytest.mark.parametrize(("pack", "tier", "city"), RUNS, ids=[f"{p.id} {t} {c}" for p, t, c in RUNS])
def test_every_result_is_that_of_an_assessment(
    pack: Pack, tier: str, city: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading, "PORTION", 17)
    monkeypatch.setattr(running, "PORTION", 13)
    run = new_run(pack, tier, city)
    evaluate_registry(run, silent)
    results = list(EvaluationResult.objects.filter(run=run).select_related("enterprise"))
    assert len(results) == run.enterprises == Enterprise.objects.filter(city=city).count() > 0
    counted: Counter[str] = Counter()
    shares: dict[tuple[str, str], list[float]] = {}
    for result in results:
        expected = assess(pack, facts_of(result.enterprise), tier=tier, as_of=ON)
        counted[result.status] += 1
        assert result.status == expected.status
        assert result.statuses == "".join(LETTERS[item.status] for item in expected.criteria)
        assert set(result.missing) == set(expected.missing)
        assert result.document == ("" if expected.deciding is None else expected.deciding.evidence)
        for axis, share in shares_of(expected):
            shares.setdefault((result.enterprise.tier, axis), []).append(share)
        assert (result.short == 0) == (expected.status in {Status.MET, Status.NEEDS_REVIEW})
    assert run.counts["status"] == dict(counted)
    medians = {
        (held, axis): found for held, axes in run.counts["peers"].items() for axis, found in axes.items()
    }
    assert medians == {
        key: (pytest.approx(median(known), abs=1e-4), len(known))
        for key, known in shares.items()
        if len(known) >= FEWEST
    }
    for part in ("district", "industry"):
        assert sum(sum(group.values()) for group in run.counts[part].values()) == run.enterprises
    assert all(sum(item.values()) == run.enterprises for item in run.counts["criteria"])


@pytest.mark.usefixtures("_registry")
@pytest.mark.django_db
def test_a_run_that_is_done_again_leaves_one_result_each() -> None:
    run = new_run(load_library().get("national-2026-gradient"), "srdi", "150200")
    evaluate_registry(run, silent)
    first = dict(EvaluationResult.objects.filter(run=run).values_list("enterprise", "statuses"))
    evaluate_registry(run, silent)
    assert dict(EvaluationResult.objects.filter(run=run).values_list("enterprise", "statuses")) == first


@pytest.mark.usefixtures("_registry")
@pytest.mark.django_db
def test_a_district_sees_its_own_and_those_off_the_books_are_left_out() -> None:
    gone = Enterprise.objects.filter(district="150203").order_by("pk").first()
    assert gone is not None
    Enterprise.objects.filter(pk=gone.pk).update(status="closed")
    run = new_run(load_library().get("national-2026-gradient"), "srdi", "150203")
    evaluate_registry(run, silent)
    seen = set(EvaluationResult.objects.filter(run=run).values_list("enterprise", flat=True))
    assert seen == set(
        Enterprise.objects.filter(district="150203", status="active").values_list("pk", flat=True)
    )
    assert gone.pk not in seen


@pytest.mark.django_db
def test_a_place_without_enterprises_has_an_empty_run() -> None:
    run = new_run(load_library().get("national-2026-gradient"), "srdi", "150300")
    evaluate_registry(run, silent)
    assert run.enterprises == 0
    assert run.counts["status"] == {}


@pytest.mark.usefixtures("_registry")
@pytest.mark.django_db
def test_a_portion_is_read_by_two_statements() -> None:
    run = new_run(load_library().get("national-2026-gradient"), "srdi", "150200")
    with CaptureQueriesContext(connection) as queries:
        evaluate_registry(run, silent)
    said = [query["sql"] for query in queries if query["sql"].lstrip().startswith(("SELECT", "DECLARE"))]
    reads = [sql for sql in said if Fact._meta.db_table in sql]
    titles = [sql for sql in said if Title._meta.db_table in sql]
    assert (len(reads), len(titles)) == (1, 1)


@pytest.mark.usefixtures("_registry")
@pytest.mark.django_db
def test_a_text_that_holds_separators_changes_nothing_else() -> None:
    from tidu.core.actor import SYSTEM
    from tidu.registry.actions.facts import NewFact, record_facts
    from tidu.registry.models import Source

    pack = load_library().get("national-2026-gradient")
    enterprise = Enterprise.objects.filter(city="150200").order_by("pk")[0]
    record_facts(
        actor=SYSTEM,
        enterprise=enterprise,
        facts=[NewFact("main_product_name", "甲\x1e乙\x1frevenue_2025\x1f1")],
        source=Source.DECLARED,
    )
    run = new_run(pack, "srdi", "150200")
    evaluate_registry(run, silent)
    result = EvaluationResult.objects.get(run=run, enterprise=enterprise)
    expected = assess(pack, facts_of(enterprise), tier="srdi", as_of=ON)
    assert result.statuses == "".join(LETTERS[item.status] for item in expected.criteria)
