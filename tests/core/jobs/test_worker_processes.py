"""Workers as processes: one at a time on SQLite, leaving in good order, killed without a word, and started anew."""

import fcntl
import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.test_serving import free_port
from tests.core.jobs.processes import Site, children, wait_for


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    site = Site(tmp_path_factory.mktemp("site"))
    yield site
    site.close()


@pytest.fixture(autouse=True)
def _no_trace(site: Site) -> None:
    site.trace.unlink(missing_ok=True)


def test_once_works_the_queue_off_and_ends(site: Site) -> None:
    numbers = [site.start_job("slow.steps", steps=2, trace=str(site.trace)) for _ in range(2)]
    done = site.tidu("worker", "--once")
    assert done.returncode == 0, done.stderr
    assert "办理了 2 个任务" in done.stdout
    assert {site.job(number)["state"] for number in numbers} == {"done"}
    assert "没有排队的任务" in site.tidu("worker", "--once").stdout


def test_a_second_worker_on_sqlite_is_refused_in_words(site: Site) -> None:
    with (site.data / "worker.lock").open("w") as place:
        fcntl.flock(place, fcntl.LOCK_EX)
        second = site.tidu("worker")
        assert second.returncode == 2
        assert "SQLite 同时只能有一个" in second.stderr


def test_a_worker_that_is_told_to_leave_hands_the_job_to_the_next(site: Site) -> None:
    number = site.start_job("slow.steps", steps=60, trace=str(site.trace))
    with site.running("worker"):
        wait_for(lambda: len(site.steps()) > 3)
    assert site.job(number)["state"] == "queued"
    before = len(site.steps())
    assert site.tidu("worker", "--once").returncode == 0
    assert site.job(number)["state"] == "done"
    assert site.steps()[before:] == [f"1:{step}" for step in range(1, 61)]


def test_a_killed_worker_leaves_a_failed_job_that_can_be_retried(site: Site) -> None:
    number = site.start_job("slow.steps", steps=40, trace=str(site.trace))
    with site.running("worker") as worker:
        wait_for(lambda: len(site.steps()) > 3)
        worker.send_signal(signal.SIGKILL)
        worker.wait(timeout=10)
    assert site.job(number)["state"] == "running"
    site.tidu("tick")  # it fell silent only a moment ago: nobody gives it up yet
    assert site.job(number)["state"] == "running"
    # On SQLite the next worker knows that the last one is dead, for it has its place.
    assert site.tidu("worker", "--once").returncode == 0
    job = site.job(number)
    assert job["state"] == "failed"
    assert "工作进程中断" in job["fault"]
    site.retry(number)
    assert site.tidu("worker", "--once").returncode == 0
    assert (site.job(number)["state"], site.job(number)["attempts"]) == ("done", 2)


def test_progress_is_seen_while_the_job_holds_the_database(site: Site) -> None:
    number = site.start_job("slow.locked")
    seen = site.data / "jobs" / f"{number}.json"
    with site.running("worker", "--once"):
        wait_for(lambda: seen.exists() and '"done": 0' not in seen.read_text(encoding="ascii"))
        assert '"total": 50' in seen.read_text(encoding="ascii")
        assert site.job(number)["state"] == "running"
        wait_for(lambda: site.job(number)["state"] == "done")
    assert site.job(number)["done"] == 50
    assert not seen.exists()


def test_the_site_does_jobs_by_itself_starts_a_killed_worker_anew_and_ends_with_everything(
    site: Site,
) -> None:
    with site.running("serve", "--port", str(free_port()), "--workers", "1") as server:
        assert server.stdout is not None
        assert "已启动" in server.stdout.readline()
        # Of the server's children, the one with a child of its own is the companion; that child is the worker.
        wait_for(lambda: any(children(server.pid).values()))
        companion, (worker,) = next((pid, own) for pid, own in children(server.pid).items() if own)
        number = site.start_job("slow.steps", steps=300, trace=str(site.trace))
        wait_for(lambda: len(site.steps()) > 3)
        os.kill(worker, signal.SIGKILL)
        wait_for(lambda: children(server.pid).get(companion, [worker]) not in ([worker], []))
        wait_for(lambda: site.job(number)["state"] == "failed")
        again = site.start_job("slow.steps", steps=300, trace=str(site.trace))
        wait_for(lambda: site.job(again)["state"] == "running")
        everybody = family(server.pid)
        server.send_signal(signal.SIGINT)
        _, said = server.communicate(timeout=60)
    assert server.returncode == 0, said
    assert "Traceback" not in said
    assert [pid for pid in everybody if Path(f"/proc/{pid}").exists()] == []
    assert site.job(again)["state"] == "queued"


def test_nothing_is_left_running_when_the_server_is_killed(site: Site) -> None:
    with site.running("serve", "--port", str(free_port()), "--workers", "1") as server:
        assert server.stdout is not None
        server.stdout.readline()
        wait_for(lambda: any(children(server.pid).values()))
        everybody = family(server.pid)
        server.send_signal(signal.SIGKILL)
        server.wait(timeout=10)
        wait_for(lambda: not any(Path(f"/proc/{pid}").exists() for pid in everybody))


def family(pid: int) -> list[int]:
    return [number for child, own in children(pid).items() for number in (child, *own)]
