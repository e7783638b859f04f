"""Every refusal below ``/api/`` is JSON of one shape, whoever refuses."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client
from pytest_django import Settings

from tests.api.conftest import Ask
from tests.api.published import Answer
from tidu.api import library
from tidu.api.json_reading import MAX_BYTES
from tidu.policy.errors import InputError, Problem

HOHHOT = "hohhot-2022-recognition"


def _fault(answer: Answer) -> Any:  # noqa: ANN401 - one object of JSON
    assert answer.headers["Content-Type"] == "application/json; charset=utf-8"
    assert answer.headers["Cache-Control"] == "no-store"
    data = json.loads(answer.content)
    assert set(data) == {"errors"}
    for fault in data["errors"]:
        assert set(fault) == {"message", "key", "remedy"}
    return data["errors"][0]


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete", "options", "trace"])
def test_another_method_is_405_with_the_methods_that_are_allowed(client: Client, method: str) -> None:
    answer = getattr(client, method)("/api/v1/packs")
    assert answer.status_code == 405
    assert answer.headers["Allow"] == "GET"
    assert "Allow" in _fault(answer)["remedy"]


def test_an_answer_to_head_has_no_body(client: Client) -> None:
    answer = client.head("/api/v1/nowhere")
    assert answer.status_code == 404
    assert answer.content == b""


@pytest.mark.parametrize("path", ["/api/v1/nowhere", "/api/v2/packs", "/api/nowhere", "/api/v1/packs/a/b"])
def test_unknown_addresses_are_404_in_json(client: Client, path: str) -> None:
    answer = client.get(path)
    assert answer.status_code == 404
    assert _fault(answer)["message"] == "没有这个地址"


def test_addresses_elsewhere_keep_their_pages(client: Client) -> None:
    answer = client.get("/nowhere/")
    assert answer.status_code == 404
    assert answer.headers["Content-Type"].startswith("text/html")


def test_a_body_at_the_limit_is_read_and_one_byte_more_is_not(ask: Ask) -> None:
    body = json.dumps({"pack": "x", "facts": {}}).encode()
    assert ask("assess", body.ljust(MAX_BYTES)).status_code == 404
    answer = ask("assess", body.ljust(MAX_BYTES + 1))
    assert answer.status_code == 413
    assert "256 KB" in _fault(answer)["message"]


def test_a_body_beyond_what_the_site_takes_is_refused_in_the_same_shape(client: Client) -> None:
    answer = client.generic("POST", "/api/v1/assess", b"{}", CONTENT_LENGTH=str(10**9))
    assert answer.status_code == 413
    assert "256 KB" in _fault(answer)["message"]


def test_a_body_that_is_longer_than_announced_is_not_read_to_its_end(
    client: Client, settings: Settings
) -> None:
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 10
    answer = client.post("/api/v1/assess", json.dumps({"pack": "x" * 50}), content_type="application/json")
    assert answer.status_code == 413
    _fault(answer)


@pytest.mark.parametrize("length", ["", "-1", "1e3", "many"])
def test_a_length_that_is_no_number_is_refused(client: Client, length: str) -> None:
    answer = client.generic("POST", "/api/v1/assess", b"{}", CONTENT_LENGTH=length)
    assert answer.status_code in {400, 411, 413, 415}
    _fault(answer)


def test_a_body_of_unknown_length_is_411(client: Client) -> None:
    answer = client.generic("POST", "/api/v1/assess", b"{}", HTTP_TRANSFER_ENCODING="chunked")
    assert answer.status_code == 411
    assert "Content-Length" in _fault(answer)["remedy"]


@pytest.mark.parametrize(
    "kind", ["text/plain", "application/x-www-form-urlencoded", "application/json; charset=gbk", ""]
)  # fmt: skip
def test_a_body_that_is_not_said_to_be_json_is_415(client: Client, kind: str) -> None:
    answer = client.generic("POST", "/api/v1/assess", b'{"pack": "x", "facts": {}}', content_type=kind)
    assert answer.status_code == 415
    assert "Content-Type: application/json" in _fault(answer)["remedy"]


def test_a_host_that_is_not_ours_is_refused_in_the_same_shape(client: Client) -> None:
    answer = client.get("/api/v1/packs", headers={"Host": "elsewhere.example"})
    assert answer.status_code == 400
    _fault(answer)


def test_a_view_that_fails_answers_500_without_its_inside(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail() -> None:
        raise RuntimeError("secret")

    monkeypatch.setattr("tidu.api.references.packs_at_hand", fail)
    client.raise_request_exception = False
    answer = client.get("/api/v1/packs")
    assert answer.status_code == 500
    assert "系统出错" in _fault(answer)["message"]
    assert b"secret" not in answer.content


def test_a_view_that_forbids_answers_403(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def forbid() -> None:
        raise PermissionDenied

    monkeypatch.setattr("tidu.api.references.packs_at_hand", forbid)
    answer = client.get("/api/v1/packs")
    assert answer.status_code == 403
    _fault(answer)


def test_packs_that_cannot_be_loaded_are_no_fault_of_the_caller(
    ask: Ask, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken() -> None:
        raise InputError(Problem("缺少 title", "a/pack.yaml", 3))

    monkeypatch.setattr(library, "load_library", broken)
    answer = ask("assess", {"pack": HOHHOT, "facts": {}})
    assert answer.status_code == 503
    assert "pack.yaml" not in answer.content.decode()
    assert "a/pack.yaml:3" in caplog.text


def test_a_long_list_of_faults_is_cut_and_the_rest_counted(ask: Ask) -> None:
    facts: dict[str, object] = {"payments": [{}] * 100, "events": [{}] * 100}
    faults = json.loads(ask("assess", {"pack": HOHHOT, "facts": facts}).content)["errors"]
    assert len(faults) == 101
    assert "没有列出" in faults[-1]["message"]


def test_a_long_word_is_not_repeated_in_full(ask: Ask) -> None:
    answer = ask("assess", {"pack": HOHHOT, "facts": {"recognitions": [{"tier": "x" * 4000}]}})
    assert answer.status_code == 422
    assert len(answer.content) < 1500


def test_no_call_is_kept_or_written_to_the_log(
    client: Client, ask: Ask, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG")
    ask("assess", {"pack": HOHHOT, "facts": {"name": "示例保密企业"}})
    ask("assess", {"pack": HOHHOT, "facts": {"示例保密指标": 1}})
    assert "示例保密" not in "".join(
        record.getMessage() for record in caplog.records if not record.name.startswith("django.db")
    )
    assert not client.cookies


def test_a_call_needs_no_token_and_sets_no_cookie() -> None:
    strict = Client(enforce_csrf_checks=True)
    body = json.dumps({"pack": HOHHOT, "facts": {}})
    answer = strict.post("/api/v1/assess", body, content_type="application/json")
    assert answer.status_code == 200
    assert "Set-Cookie" not in answer.headers
    assert not strict.cookies


def test_other_sites_are_not_let_in_by_default(ask: Ask) -> None:
    answer = ask("packs", Origin="https://elsewhere.example")
    assert not [name for name in answer.headers if name.lower().startswith("access-control-")]
    assert answer.headers["Cross-Origin-Resource-Policy"] == "same-origin"
