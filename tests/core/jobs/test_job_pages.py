"""Pages of background work."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from tests.access.world import World, make_world
from tests.accounts.signing_in import sign_in
from tidu.core.jobs.kinds import KINDS, job_kind
from tidu.core.jobs.running import actor_data
from tidu.core.jobs.worker import drain
from tidu.core.models import Job
from tidu.core.models.jobs import JobState

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    return make_world()


@pytest.fixture(autouse=True)
def _kind() -> Any:  # noqa: ANN401 - a generator
    job_kind("test.pages", label="测试")(lambda _run: {"summary": "共 3 行。", "url": "/desk/"})
    yield
    KINDS.pop("test.pages", None)


def client_of(world: World, person: str) -> Client:
    client = Client()
    sign_in(client, world.users[person])
    return client


def job_of(world: World, person: str, **fields: Any) -> Job:  # noqa: ANN401 - fields of a row
    actor = world.actor(person)
    return Job.objects.create(
        **{
            "kind": "test.pages",
            "title": f"{person}的任务",
            "owner_id": actor.user_id,
            "organisation_id": actor.organisation_id,
            "actor": actor_data(actor),
            **fields,
        }
    )


def test_everybody_lists_the_jobs_of_their_organisation_and_the_system_administrator_those_of_the_place(
    world: World,
) -> None:
    for person in ("city_baotou", "manager_a", "district_kundulun", "city_hohhot", "district_saihan"):
        job_of(world, person)
    page = client_of(world, "editor_a").get(reverse("core:jobs")).content.decode()
    assert "manager_a的任务" in page
    assert "city_baotou的任务" not in page
    Job.objects.create(kind="test.pages", title="系统的任务")
    places = {"": ("city_baotou", "district_kundulun"), "_hohhot": ("city_hohhot", "district_saihan")}
    for city, own in places.items():
        client = client_of(world, f"system_administrator{city}")
        listed = client.get(reverse("core:jobs")).content.decode()
        home = client.get(reverse("desk:home")).content.decode()
        for person in (*places[""], *places["_hohhot"]):
            assert (str(world.organisations[person]) in listed) == (person in own)
            assert f"{person}的任务" not in listed  # a title may name a file or an enterprise
        assert "进行和排队 3 项" in home
    elsewhere = Job.objects.get(title="city_baotou的任务")
    stranger = client_of(world, "system_administrator_hohhot")
    assert stranger.get(reverse("core:job", args=[elsewhere.pk])).status_code == 404


def test_the_system_administrator_sees_the_fault_but_not_the_result(world: World) -> None:
    done = job_of(
        world, "city_baotou", state=JobState.DONE, result={"summary": "达标 3 家", "url": "/registry/"}
    )
    failed = job_of(world, "city_baotou", state=JobState.FAILED, fault="没有表头")
    client = client_of(world, "system_administrator")
    page = client.get(reverse("core:job", args=[done.pk])).content.decode()
    assert "达标 3 家" not in page
    assert "查看结果" not in page
    assert "没有表头" in client.get(reverse("core:job", args=[failed.pk])).content.decode()
    own = client_of(world, "city_baotou").get(reverse("core:job", args=[done.pk])).content.decode()
    assert "达标 3 家" in own
    assert 'href="/registry/"' in own


def test_a_running_job_asks_for_its_progress_until_it_has_ended(world: World) -> None:
    job = job_of(world, "city_baotou", state=JobState.RUNNING, done=3, total=9, step="读第 2 张表")
    client = client_of(world, "city_baotou")
    poll = reverse("core:job-progress", args=[job.pk])
    assert f'hx-get="{poll}"' in client.get(reverse("core:job", args=[job.pk])).content.decode()
    part = client.get(poll, headers={"HX-Request": "true"})
    assert "3／9" in part.content.decode()
    assert "读第 2 张表" in part.content.decode()
    assert f'id="work-{job.pk}"' in part.content.decode()
    assert "HX-Refresh" not in part.headers
    Job.objects.filter(pk=job.pk).update(state=JobState.DONE)
    ended = client.get(poll, headers={"HX-Request": "true"})
    assert ended.headers["HX-Refresh"] == "true"
    assert "hx-get" not in ended.content.decode()
    assert client.get(poll).status_code == 302


def test_a_failed_job_is_retried_from_its_page(world: World) -> None:
    job = job_of(world, "city_baotou", state=JobState.FAILED, fault="没有表头")
    client = client_of(world, "city_baotou")
    page = reverse("core:job", args=[job.pk])
    retry = reverse("core:job-retry", args=[job.pk])
    assert f'action="{retry}"' in client.get(page).content.decode()
    answer = client.post(retry, follow=True)
    assert "任务已重新排队" in answer.content.decode()
    drain()
    job.refresh_from_db()
    assert job.state == JobState.DONE
    assert "任务已经完成" in client.post(retry, follow=True).content.decode()


def test_a_running_job_is_told_to_stop_from_its_page(world: World) -> None:
    job = job_of(world, "city_baotou", state=JobState.RUNNING)
    client = client_of(world, "city_baotou")
    answer = client.post(
        reverse("core:job-stop", args=[job.pk]), headers={"referer": "http://elsewhere.example/"}
    )
    assert answer["Location"] == reverse("core:job", args=[job.pk])
    assert "正在停止" in client.get(reverse("core:job", args=[job.pk])).content.decode()


@pytest.mark.parametrize("person", ["city_baotou", "system_administrator"])
def test_the_list_costs_the_same_at_one_row_and_at_a_hundred(
    world: World, person: str, django_assert_max_num_queries: Callable[..., Any]
) -> None:
    client = client_of(world, person)
    counts = []
    for more in (1, 99):
        for number in range(more):
            job_of(world, "city_baotou", state=JobState.RUNNING, title=f"任务{number}")
        with django_assert_max_num_queries(40) as queries:
            client.get(reverse("core:jobs"))
        counts.append(len(queries))
    assert counts[0] == counts[1]
