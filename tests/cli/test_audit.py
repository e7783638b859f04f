"""`tidu audit`: the record is verified, exported, and an export is checked without the database."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.db import connection

from tests.cli.running import TIDU, messages, run
from tidu.core.actor import Actor
from tidu.core.audit import guard
from tidu.core.audit.recording import record
from tidu.core.models import AuditEvent, AuditHead
from tidu.core.roles import Role

CLERK = Actor(user_id=7, name="王一", role=Role.CITY_OFFICER, organisation="市工信局", place="150100")


@pytest.fixture
def events(db: None) -> None:  # noqa: ARG001 - writes into the database
    for index in range(5):
        record(actor=CLERK, action="core.setting.changed", subject_label=f"设置{index}")


@pytest.mark.usefixtures("events")
def test_a_whole_record_passes_and_its_end_can_be_kept_elsewhere() -> None:
    outcome = run("audit", "verify")
    assert outcome.code == 0
    assert "第 1 条至第 5 条完好，共 5 条" in outcome.out
    end = f"5:{AuditHead.objects.get().hash}"
    assert f"链尾　{end}" in outcome.out
    assert run("audit", "verify", "--against", end).code == 0
    assert run("audit", "verify", "--from", "4", "--json").data["checked"] == 2


@pytest.mark.usefixtures("events")
def test_an_altered_event_is_named_with_who_when_and_what() -> None:
    guard.remove(connection)
    AuditEvent.objects.filter(number=3).update(subject_label="设置X")
    guard.install(connection)
    outcome = run("audit", "verify")
    assert outcome.code == 1
    assert "第 3 条操作记录被改动" in outcome.out
    assert "王一，市工信局，市级经办岗　更改设置　设置X" in outcome.out
    data = run("audit", "verify", "--json").data
    assert not data["whole"]
    assert data["fault"]["number"] == 3
    assert data["number"] == 2


@pytest.mark.usefixtures("events")
def test_missing_triggers_are_a_finding() -> None:
    guard.remove(connection)
    outcome = run("audit", "verify")
    assert outcome.code == 1
    assert "缺少保护操作记录的触发器" in outcome.out


@pytest.mark.usefixtures("events")
@pytest.mark.parametrize("words", [("--from", "0"), ("--from", "x"), ("--against", "5:abc")])
def test_a_number_or_hash_that_is_none_is_refused(words: tuple[str, str]) -> None:
    assert "应" in messages(run("audit", "verify", *words, "--json").errors)


@pytest.mark.usefixtures("events")
def test_an_export_is_whole_and_is_itself_recorded(tmp_path: Path) -> None:
    file = tmp_path / "audit.jsonl"
    made = run("audit", "export", file, "--json").data
    assert (made["first"], made["last"], made["count"]) == (1, 5, 5)
    assert len(file.read_bytes().splitlines()) == 5
    assert AuditEvent.objects.get(number=6).action == "core.audit.exported"
    checked = run("audit", "check-export", file, "--json")
    assert checked.code == 0
    assert checked.data == {"whole": True, "count": 5, "number": 5, "hash": made["last_hash"], "fault": None}
    assert run("audit", "check-export", file, "--against", f"4:{'0' * 64}").code == 1
    assert run("audit", "check-export", file, "--against", f"5:{made['last_hash']}").code == 0
    assert sorted(path.name for path in tmp_path.iterdir()) == ["audit.jsonl", "audit.jsonl.manifest.json"]


@pytest.mark.usefixtures("events")
def test_somebody_without_our_site_checks_an_export(tmp_path: Path) -> None:
    file = tmp_path / "audit.jsonl"
    run("audit", "export", file)
    outside = {"PATH": os.environ["PATH"], "HOME": str(tmp_path), "LANG": "C.UTF-8"}
    done = subprocess.run(  # noqa: S603 - ours
        [sys.executable, "-X", "importtime", TIDU, "audit", "check-export", file],
        env=outside,
        capture_output=True,
        text=True,
        check=False,
        cwd=tmp_path,
    )
    assert done.returncode == 0
    assert "文件完好，共 5 条" in done.stdout
    assert "django.db" not in done.stderr
    assert not (tmp_path / ".local").exists()


@pytest.mark.usefixtures("events")
@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        (b"\xe7\x8e\x8b\xe4\xb8\x80", b"\xe6\x9d\x8e\xe4\xba\x8c", "altered"),
        (b'"number":3', b'"number":8', "missing"),
        (b'"action"', b'"act\xffon"', "unreadable"),
    ],
)
def test_a_changed_export_is_found_out(old: bytes, new: bytes, code: str, tmp_path: Path) -> None:
    file = tmp_path / "audit.jsonl"
    run("audit", "export", file)
    lines = file.read_bytes().splitlines(keepends=True)
    lines[2] = lines[2].replace(old, new)
    file.write_bytes(b"".join(lines))
    outcome = run("audit", "check-export", file, "--json")
    assert outcome.code == 1
    assert (outcome.data["fault"]["number"], outcome.data["fault"]["code"]) == (3, code)


@pytest.mark.usefixtures("events")
def test_an_export_that_lacks_its_end_or_has_a_line_too_many_is_found_out(tmp_path: Path) -> None:
    file = tmp_path / "audit.jsonl"
    run("audit", "export", file)
    whole = file.read_bytes()
    file.write_bytes(b"".join(whole.splitlines(keepends=True)[:-1]))
    assert run("audit", "check-export", file, "--json").data["fault"]["code"] == "cut"
    file.write_bytes(whole.splitlines(keepends=True)[0] + whole)
    assert run("audit", "check-export", file, "--json").data["fault"]["code"] == "missing"
    file.write_bytes(whole[:-1])  # the same events, and yet not the file that the manifest describes
    assert run("audit", "check-export", file, "--json").data["fault"]["code"] == "manifest"


@pytest.mark.usefixtures("events")
@pytest.mark.parametrize("content", ["", "[]", "{}", '{"format": "tidu-audit-1"}', '{"format": "other"}'])
def test_a_manifest_that_is_none_is_told(content: str, tmp_path: Path) -> None:
    file = tmp_path / "audit.jsonl"
    run("audit", "export", file)
    (tmp_path / "audit.jsonl.manifest.json").write_text(content)
    assert "清单" in messages(run("audit", "check-export", file, "--json").errors)


@pytest.mark.usefixtures("events")
def test_days_bound_an_export_and_days_without_events_give_an_empty_file(tmp_path: Path) -> None:
    file = tmp_path / "audit.jsonl"
    data = run("audit", "export", file, "--since", "2001-01-01", "--until", "2001-12-31", "--json").data
    assert data["count"] == 0
    assert run("audit", "check-export", file).code == 0
    assert run("audit", "export", file, "--since", "2001-01-01", "--json").data["count"] == 6
    assert "晚于" in messages(
        run("audit", "export", file, "--since", "2002-01-01", "--until", "2001-01-01", "--json").errors
    )


@pytest.mark.usefixtures("events")
def test_a_line_of_an_export_is_plain_json_with_the_hash(tmp_path: Path) -> None:
    file = tmp_path / "audit.jsonl"
    run("audit", "export", file)
    first = json.loads(file.read_bytes().splitlines()[0])
    assert first["hash"] == AuditEvent.objects.get(number=1).hash
    assert first["user_name"] == "王一"
    assert first["at"].endswith("+00:00")


def test_an_export_that_is_not_there_is_told(tmp_path: Path) -> None:
    assert "没有这个文件" in messages(run("audit", "check-export", tmp_path / "x", "--json").errors)
