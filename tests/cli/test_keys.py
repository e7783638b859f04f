"""`tidu keys`: keys of encrypted fields are listed, added, taken into use and dropped; nothing becomes unreadable."""

from pathlib import Path

import pytest
from django.conf import LazySettings
from django.db import connection

from tests.access.world import make_world
from tests.cli.running import messages, run
from tests.recognition.published import certified
from tidu.accounts.models import User
from tidu.core.actor import SYSTEM
from tidu.core.crypto import rotation
from tidu.core.crypto.sealing import SealBroken, newest_key, seal, unseal
from tidu.core.models import AuditEvent
from tidu.recognition.certificates.codes import code_fits, code_of

pytestmark = pytest.mark.django_db

OLD = "0123456789abcdef0123456789abcdef"
PHONE = "13800001234"


@pytest.fixture
def key_file(tmp_path: Path, settings: LazySettings) -> Path:
    file = tmp_path / "field_keys"
    file.write_text(f"k1:{OLD}\n")
    settings.FIELD_KEY_FILE = file
    return file


def people(count: int) -> None:
    for index in range(count):
        User.objects.create_user(
            f"person{index}", name="某人", phone=PHONE if index % 3 else "", id_number=f"{index}"
        )


def stored() -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT phone, id_number FROM accounts_user")
        return [text for row in cursor.fetchall() for text in row if text]


def test_keys_are_changed_without_losing_a_text(key_file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rotation, "_CHUNK", 4)
    people(10)
    assert run("keys", "list", "--json").data["keys"] == [{"name": "k1", "newest": True, "texts": 16}]

    assert run("keys", "add", "--json").data == {"name": "k2", "written": True, "pair": None}
    assert newest_key() == "k2"
    assert key_file.stat().st_mode & 0o777 == 0o600
    assert User.objects.filter(username="person1").get().phone == PHONE
    assert "还有 16 项内容用密钥 k1 加密" in messages(run("keys", "drop", "k1", "--json").errors)
    assert "正用于加密" in messages(run("keys", "drop", "k2", "--json").errors)

    assert run("keys", "rotate", "--json").data == {"key": "k2", "rows": 10}
    assert all(text.startswith("sm4:k2:") for text in stored())
    assert run("keys", "rotate", "--json").data == {"key": "k2", "rows": 0}
    assert {user.phone for user in User.objects.all()} == {PHONE, ""}

    assert run("keys", "drop", "k1").code == 0
    assert "k1" not in key_file.read_text()
    assert {user.phone for user in User.objects.all()} == {PHONE, ""}
    done = list(AuditEvent.objects.order_by("number").values_list("action", flat=True))
    assert done == ["core.keys.added", "core.keys.rotated", "core.keys.dropped"]
    assert not [event for event in AuditEvent.objects.all() if OLD in event.detail + event.subject_label]


@pytest.mark.usefixtures("key_file")
def test_a_rotation_that_was_interrupted_takes_up_the_rest(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rotation, "_CHUNK", 3)
    people(9)
    run("keys", "add")

    def interrupted(done: int, _total: int) -> None:
        if done >= 6:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        rotation.rotate(actor=SYSTEM, progress=interrupted)
    assert sum(text.startswith("sm4:k2:") for text in stored()) not in {0, len(stored())}
    assert run("keys", "rotate", "--json").data["rows"] == 3


@pytest.mark.usefixtures("key_file")
def test_no_command_prints_a_key_in_use() -> None:
    people(1)
    said = "".join(run("keys", *words).out for words in (["list"], ["add"], ["rotate"], ["list", "--json"]))
    assert OLD not in said


def test_a_key_in_the_environment_is_for_the_administrator_to_write(settings: LazySettings) -> None:
    settings.FIELD_KEY_FILE = None
    settings.FIELD_KEYS = [("k1", OLD)]
    people(2)
    made = run("keys", "add", "--json").data
    assert not made["written"]
    name, _, key = made["pair"].partition(":")
    settings.FIELD_KEYS = [(name, key), ("k1", OLD)]
    assert run("keys", "rotate", "--json").data["rows"] == 2
    assert "可以从 TIDU_FIELD_KEYS 中去掉它" in run("keys", "drop", "k1").out


def test_texts_whose_key_is_lost_are_told(key_file: Path) -> None:
    people(2)
    key_file.write_text(f"k9:{OLD[::-1]}\n")
    assert "k1" in run("keys", "list").out
    assert run("keys", "list", "--json").data["missing"] == [{"name": "k1", "texts": 3}]
    assert "k1" in messages(run("keys", "rotate", "--json").errors)


@pytest.mark.usefixtures("key_file")
@pytest.mark.parametrize("name", ["K2", "k 2", "k1", "x" * 21, "密"])
def test_a_name_that_no_key_may_have_is_refused(name: str) -> None:
    assert run("keys", "add", "--name", name, "--json").errors


@pytest.mark.usefixtures("key_file")
def test_an_altered_or_moved_text_is_not_opened() -> None:
    sealed = seal(PHONE)
    assert unseal(sealed) == PHONE
    for broken in (
        sealed[:-6] + ("AAAA==" if sealed[-6:] != "AAAA==" else "BBBB=="),
        f"sm4:k7:{sealed[7:]}",
        PHONE,
    ):
        with pytest.raises(SealBroken):
            unseal(broken)


def test_a_key_that_printed_codes_rest_on_is_kept(key_file: Path) -> None:
    certificate = certified(make_world())
    code = code_of(certificate)
    assert run("keys", "add", "--json").code == 0
    assert run("keys", "rotate", "--json").code == 0
    assert "还有 1 份证书的核验码依靠密钥 k1" in messages(run("keys", "drop", "k1", "--json").errors)
    assert "k1" in key_file.read_text()
    assert code_fits(certificate, code)
