"""Set-up: steps are skipped only while their inputs are the same, and what is missing is asked for by name."""

from pathlib import Path

import pytest

from tools.console import SetupError, run
from tools.lock import without_links
from tools.stamps import Stamps, digest
from tools.system import TEST_NEEDS, Need, find_postgresql, provide


def test_a_step_is_done_again_when_one_of_its_inputs_changes(tmp_path: Path) -> None:
    lock = tmp_path / "lock.txt"
    lock.write_text("six==1.16.0")
    stamps = Stamps(tmp_path / ".stamps")
    assert not stamps.fresh("packages", digest(lock))
    stamps.put("packages", digest(lock))
    assert stamps.fresh("packages", digest(lock))
    lock.write_text("six==1.17.0")
    assert not stamps.fresh("packages", digest(lock))


def test_a_stamp_vanishes_with_the_folder_it_lives_in(tmp_path: Path) -> None:
    Stamps(tmp_path / "old").put("packages", "1")
    assert not Stamps(tmp_path / "new").fresh("packages", "1")


def test_the_same_words_cut_elsewhere_have_another_digest() -> None:
    assert digest("ab", "c") != digest("a", "bc")


def test_a_need_that_is_met_asks_for_nothing() -> None:
    provide([Need("浏览器测试", lambda: True, ("chromium",))], installing=False)


def test_without_rights_the_message_names_the_purpose_and_the_whole_command() -> None:
    missing = [
        Need("浏览器测试", lambda: False, ("chromium",)),
        Need("中文字体", lambda: False, ("fontconfig", "fonts-noto-cjk")),
        Need("PDF", lambda: True, ("poppler-utils",)),
    ]
    with pytest.raises(SetupError) as raised:
        provide(missing, installing=False)
    message = str(raised.value)
    assert "浏览器测试：软件包 chromium" in message
    assert "apt-get install -y --no-install-recommends chromium fontconfig fonts-noto-cjk" in message
    assert "poppler-utils" not in message


def test_this_machine_has_what_the_tests_need() -> None:
    assert [need.purpose for need in TEST_NEEDS if not need.present()] == []


def test_the_newest_postgresql_is_found_beside_older_ones(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for version in ("9.6", "15", "16"):
        folder = tmp_path / "lib/postgresql" / version / "bin"
        folder.mkdir(parents=True)
        (folder / "pg_ctl").touch()
    (tmp_path / "lib/postgresql/17/bin").mkdir(parents=True)  # the client alone
    monkeypatch.setattr("shutil.which", lambda _: None)
    assert find_postgresql(tmp_path) == tmp_path / "lib/postgresql/16/bin"
    assert find_postgresql(tmp_path / "nothing") is None


def test_a_program_that_fails_is_quoted_with_its_own_last_words() -> None:
    with pytest.raises(SetupError, match=r"退出码 3.*\n.*磁盘已满"):
        run(["sh", "-c", "echo 磁盘已满 >&2; exit 3"])


def test_a_program_that_is_not_there_is_named() -> None:
    with pytest.raises(SetupError, match="无法运行 no-such-program"):
        run(["no-such-program"])


def test_links_about_a_package_leave_the_lock_and_its_hashes_stay(tmp_path: Path) -> None:
    lock = tmp_path / "package-lock.json"
    lock.write_text(
        '{"packages": {"node_modules/x": {"version": "1.0.0", "integrity": "sha512-x",'
        ' "resolved": "https://registry.example/x.tgz", "funding": {"url": "https://donate.example"}}}}'
    )
    text = without_links(lock)
    assert "://" not in text
    assert '"integrity": "sha512-x"' in text
