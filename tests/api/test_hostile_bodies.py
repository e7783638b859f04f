"""No body, however made, gets a 5xx, and none takes long."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from tests.api.published import Answer, validator
from tests.computing import computes_within
from tidu.api.examples import EXAMPLES
from tidu.policy.documents.library import load_library

pytestmark = pytest.mark.any_database

OPERATIONS = tuple(EXAMPLES)
NAMES = sorted(load_library().vocabulary.indicators)
_TEXT = st.text(max_size=30)
_NUMBERS = st.one_of(
    st.integers(), st.integers(-(10**45), 10**45), st.floats(), st.sampled_from([0, -0.0, 1e308, 5e-324, 10**16])
)  # fmt: skip
_ODD = st.sampled_from(["1e9999999", "10%", "1000万元", "-1", "²", "٣"])
_SCALARS = st.one_of(st.none(), st.booleans(), _NUMBERS, _TEXT, _ODD)
_ANY = st.recursive(
    _SCALARS,
    lambda inner: st.one_of(st.lists(inner, max_size=5), st.dictionaries(_TEXT, inner, max_size=5)),
    max_leaves=20,
)
_YEARS = st.one_of(
    st.sampled_from(["2025", "2024", "1978", "2101", "02025", "²²²²", "٢٠٢٥", "９９９９"]), _TEXT
)
_FACTS = st.dictionaries(
    st.one_of(st.sampled_from([*NAMES, "recognitions", "events", "payments"]), _TEXT),
    st.one_of(_ANY, st.dictionaries(_YEARS, _SCALARS, max_size=4)),
    max_size=8,
)
_DAYS = st.one_of(
    st.dates().map(lambda day: day.isoformat()), st.sampled_from(["2024-02-29", "2100-12-31"]), _ANY
)
_TITLES = st.lists(
    st.fixed_dictionaries(
        {"tier": st.one_of(st.sampled_from(["srdi", "little_giant", "innovative"]), _ANY), "recognised_on": _DAYS},
        optional={"expires_on": _DAYS, "authority": _ANY, "basis": st.one_of(st.just("re_review"), _ANY)},
    ),
    max_size=3,
)  # fmt: skip
_EVENTS = st.lists(
    st.fixed_dictionaries(
        {"kind": st.sampled_from(sorted(load_library().vocabulary.events)), "on": _DAYS},
        optional=dict.fromkeys(("whole", "title", "fee", "transformed", "new_supply", "investment"), _ANY),
    ),
    max_size=3,
)  # fmt: skip
_PAYMENTS = st.lists(
    st.fixed_dictionaries(
        {"class": st.one_of(st.just("recognition_award"), _ANY), "for": st.one_of(st.just("srdi"), _ANY)},
        optional={"amount": _ANY, "by": _ANY, "on": _DAYS},
    ),
    max_size=3,
)
_FILTERS = st.sampled_from(["on", "place", "tier", "q", "limit", "within", "pack"])
_STATED = st.builds(
    lambda facts, lists: {**facts, **lists},
    _FACTS,
    st.fixed_dictionaries({}, optional={"recognitions": _TITLES, "events": _EVENTS, "payments": _PAYMENTS}),
)
_CALLS = st.fixed_dictionaries(
    {"facts": _STATED},
    optional={
        "pack": st.one_of(st.sampled_from(sorted(load_library().packs)), _ANY),
        "tier": st.one_of(st.sampled_from(["srdi", "little_giant", "innovative", "municipal_srdi"]), _ANY),
        "as_of": _DAYS,
        "base_year": st.one_of(st.integers(1978, 2100), _ANY),
        "settings": st.one_of(st.dictionaries(st.just("growth_mean"), st.just("compound")), _ANY),
        "industry_code": st.one_of(st.sampled_from(["C3489", "3489", "J66"]), _ANY),
        "employees": _ANY,
        "revenue": _ANY,
        "total_assets": _ANY,
    },
)


def _post(operation: str, body: bytes | str) -> Answer:
    return Client().post(f"/api/v1/{operation}", body, content_type="application/json")


def _hold(operation: str, answer: Answer) -> None:
    """An answer is the published one, a refusal says something."""
    assert answer.status_code in {200, 400, 404, 422}, answer.content.decode()
    published: Draft202012Validator = validator(operation, "post", answer.status_code)
    published.validate(json.loads(answer.content))


def _trimmed(call: dict[str, Any], operation: str) -> dict[str, Any]:
    """Only what the operation takes, so that most calls get past the keys."""
    known = {
        "assess": {"pack", "tier", "as_of", "base_year", "settings", "facts"},
        "rewards": {"pack", "as_of", "settings", "facts"},
        "ladder": {"as_of", "base_year", "facts"},
        "size": {"industry_code", "employees", "revenue", "total_assets", "as_of"},
    }[operation]
    return {key: value for key, value in call.items() if key in known}


@given(operation=st.sampled_from(OPERATIONS), body=st.binary(max_size=400))
def test_any_bytes_are_answered(operation: str, body: bytes) -> None:
    _hold(operation, _post(operation, body))


@given(operation=st.sampled_from(OPERATIONS), data=_ANY)
def test_any_json_is_answered(operation: str, data: object) -> None:
    _hold(operation, _post(operation, json.dumps(data)))


@given(operation=st.sampled_from(OPERATIONS), call=_CALLS)
def test_any_call_is_answered(operation: str, call: dict[str, Any]) -> None:
    _hold(operation, _post(operation, json.dumps(_trimmed(call, operation))))


@given(pack=st.sampled_from(sorted(load_library().packs)), facts=_STATED, on=st.dates())
def test_any_facts_are_answered_by_every_pack(pack: str, facts: dict[str, Any], on: dt.date) -> None:
    for operation in ("assess", "rewards", "ladder"):
        call = {"pack": pack, "tier": "srdi", "as_of": on.isoformat(), "facts": facts}
        _hold(operation, _post(operation, json.dumps(_trimmed(call, operation))))


@given(path=st.text(max_size=40), query=st.dictionaries(_FILTERS, _TEXT))
def test_any_address_is_answered(path: str, query: dict[str, str]) -> None:
    for address in ("packs", f"packs/{path}", "vocabulary", "sectors", "places"):
        answer = Client().get(f"/api/v1/{address.replace('?', '').replace('#', '')}", query)
        assert answer.status_code in {200, 404, 422}, address


_PREFIX = b'{"pack": "hohhot-2022-recognition", "facts": '


@pytest.mark.parametrize(
    ("body", "status", "said"),
    [
        (b"[" * 200_000, 400, "嵌套"),
        (b'{"a":' * 50_000, 400, "嵌套"),
        (_PREFIX + b'{"x": ' * 20 + b"1" + b"}" * 20 + b"}", 400, "嵌套超过 16 层"),
        (b"[" * 17 + b"]" * 17, 400, "嵌套超过 16 层"),
        (_PREFIX + b'{"niche_years": NaN}}', 400, "NaN"),
        (_PREFIX + b'{"niche_years": -Infinity}}', 400, "-Infinity"),
        (_PREFIX + b'{"niche_years": ' + b"9" * 200_000 + b"}}", 400, "40 位"),
        (_PREFIX + b'{"niche_years": 0.' + b"9" * 200_000 + b"}}", 400, "40 位"),
        (_PREFIX + b'{"niche_years": 1e999999999}}', 400, "超出可用范围"),
        (_PREFIX + b'{"niche_years": 1e99999999999999999999}}', 400, "超出可用范围"),
        (_PREFIX + b'{"niche_years": 1e-99999999999999999999}}', 400, "超出可用范围"),
        (_PREFIX + b'{"niche_years": "1e999999999"}}', 422, "超出可用范围"),
        (_PREFIX + b'{"revenue": {"2025": "1e999999999"}}}', 422, "超出可用范围"),
        (_PREFIX + b'{"niche_years": 1, "niche_years": 9}}', 400, "键“niche_years”重复"),
        (_PREFIX + b'{"a\\u0000": 1, "a\\u0000": 9}}', 400, "重复"),
        (_PREFIX + b'{"name": "a\\u0000b"}}', 400, "控制字符"),
        (_PREFIX + b'{"name": "\\ud800"}}', 400, "控制字符"),
        (_PREFIX + b'{"na\\u001bme": 1}}', 400, "控制字符"),
        (_PREFIX + b'{"name": "a\tb"}}', 400, "JSON 写法有误"),
        (_PREFIX + b'{"name": "\xff"}}', 400, "UTF-8"),
        (_PREFIX + b'{"name": "' + b"x" * 100_000 + b'"}}', 400, "4000 字"),
        (_PREFIX + b'{"' + b"x" * 100_000 + b'": 1}}', 400, "200 字"),
        (b"{'pack': 1}", 400, "第 1 行第 2 个字符"),
        (b'{"pack": 1,}', 400, "JSON 写法有误"),
        (b'{"pack": 1} {"pack": 2}', 400, "JSON 写法有误"),
        (b"\xef\xbb\xbf", 400, "JSON 写法有误"),
        (_PREFIX + json.dumps({f"x{i}": 1 for i in range(10_000)}).encode() + b"}", 422, "超过 500 项"),
        (_PREFIX + json.dumps({f"main_business_revenue_{i}": 1 for i in range(499)}).encode() + b"}", 422, "没有名为"),
        (_PREFIX + json.dumps({"name": [0] * 20_000}).encode() + b"}", 400, "20000 项"),
        (_PREFIX + json.dumps({"events": [{"kind": "relocated_in"}] * 101}).encode() + b"}", 422, "最多 100 项"),
        (_PREFIX + json.dumps({"events": [{"kind": f"moved_{i}"} for i in range(100)]}).encode() + b"}", 422, "事项"),
        (_PREFIX + json.dumps({"revenue": {str(i): 1 for i in range(9_000)}}).encode() + b"}", 422, "年份"),
        (_PREFIX + json.dumps({"payments": [{f"k{i}": 1 for i in range(9_000)}]}).encode() + b"}", 422, "不认识"),
    ],
    ids=range(33),
)  # fmt: skip
def test_hostile_bodies_are_refused_quickly_and_say_why(body: bytes, status: int, said: str) -> None:
    with computes_within(5):  # the first one reads the packs
        answer = _post("assess", body)
    assert answer.status_code == status, answer.content.decode()
    assert said in answer.content.decode()
    assert len(answer.content) < 100_000


def test_a_byte_order_mark_before_good_json_is_forgiven() -> None:
    body = b"\xef\xbb\xbf" + json.dumps(EXAMPLES["assess"]).encode()
    assert _post("assess", body).status_code == 200
