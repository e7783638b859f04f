"""Questions to departments: asked, answered on screen and by workbook, stated as facts, corrected, withdrawn."""

from __future__ import annotations

import datetime as dt
import threading

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from tests.access.world import World, make_world
from tests.registry.asking import NUMBER, QUESTIONS, asked, client_of, item, post
from tidu.core.models import AuditEvent
from tidu.core.refusals import Refused
from tidu.core.uscc import check_characters
from tidu.desk.models import Notification, Task, TaskState
from tidu.registry.actions.confirmations import (
    close_confirmation,
    save_answers,
    send_confirmation,
    submit_answers,
    withdraw_confirmation,
)
from tidu.registry.models import ConfirmationList, Enterprise, Fact, Source
from tidu.registry.queries.confirmations import questions_for

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    return make_world()


def answered(
    world: World, answers: dict[tuple[str, str], str], batch: ConfirmationList | None = None
) -> ConfirmationList:
    found = batch or asked(world)
    save_answers(
        actor=world.actor("tax_baotou"),
        batch=found,
        answers={
            item(found, world, letter, question).pk: said for (letter, question), said in answers.items()
        },
    )
    submit_answers(
        actor=world.actor("tax_baotou"), batch=found, document_no=NUMBER, stated_on=timezone.localdate()
    )
    found.refresh_from_db()
    return found


ALL = {(letter, question): "no" for letter in "AB" for question in QUESTIONS}


def test_the_city_selects_enterprises_and_sends_them(world: World) -> None:
    tax = world.organisations["tax_baotou"]
    tax.confirms = ["tax"]
    tax.save()
    city = client_of(world, "city_baotou")
    picked = [world.enterprises[letter].pk for letter in "ABC"]
    answer = city.post(reverse("registry:enterprises-act"), {"act": "confirm", "picked": picked})
    page = city.get(answer["Location"]).content.decode()
    assert "已选 2 家企业" in page, "the one of another city is not among them"
    assert "偷税、骗税等行为" in page
    fields = {
        "title": "纳税情况",
        "department": tax.pk,
        f"questions-{tax.pk}": list(QUESTIONS),
        "working_days": "10",
    }
    sent = city.post(answer["Location"], fields)
    batch = ConfirmationList.objects.get()
    assert sent["Location"] == reverse("registry:confirmation", args=[batch.pk])
    assert batch.items.count() == 4
    assert batch.deadline is not None
    assert batch.deadline.due_on > timezone.localdate() + dt.timedelta(days=10)
    task = Task.objects.get(organisation=tax, state=TaskState.OPEN)
    assert task.deadline_id == batch.deadline_id
    assert Notification.objects.filter(user=world.users["tax_baotou"]).exists()
    again = city.post(answer["Location"], fields)
    assert again["Location"] == reverse("registry:enterprises"), "the selection has been used"
    assert ConfirmationList.objects.count() == 1


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"title": ""}, "请填写名称"),
        ({"department": "0"}, "请选择确认的部门"),
        ({"questions": []}, "至少一个"),
        ({"working_days": "很快"}, "工作日的天数"),
        ({"working_days": "400"}, "1 至 60"),
    ],
)
def test_what_is_not_complete_is_not_sent_and_nothing_typed_is_lost(
    world: World, fields: dict[str, object], words: str
) -> None:
    tax = world.organisations["tax_baotou"]
    tax.confirms = ["tax"]
    tax.save()
    city = client_of(world, "city_baotou")
    answer = city.post(reverse("registry:enterprises-act"), {"act": "confirm", "picked": [world.a.pk]})
    given: dict[str, object] = {"title": "纳税情况甲", "department": tax.pk, "working_days": "7"}
    given |= {key: value for key, value in fields.items() if key != "questions"}
    given[f"questions-{tax.pk}"] = fields.get("questions", ["tax_evasion"])
    page = city.post(answer["Location"], given)
    assert page.status_code == 422
    assert words in page.content.decode()
    assert str(given["title"]) in page.content.decode()
    assert not ConfirmationList.objects.exists()


def test_a_department_is_asked_only_what_it_answers_for(world: World) -> None:
    tax = world.organisations["tax_baotou"]
    asked(world)
    assert {question.confirmed_by for question in questions_for(tax)} == {"tax"}
    city = world.actor("city_baotou")
    for department, questions in (
        (tax, ["major_incident"]),
        (world.organisations["tax_hohhot"], ["tax_evasion"]),
        (world.organisations["bank_baotou"], ["tax_evasion"]),
    ):
        with pytest.raises(Refused):
            send_confirmation(
                actor=city,
                department=department,
                enterprises=[world.a.pk],
                questions=questions,
                title="甲",
                working_days=5,
            )
    with pytest.raises(Refused):
        asked(world, "C")


def test_the_same_list_sent_twice_is_one_list(world: World) -> None:
    assert asked(world).pk == asked(world).pk
    assert Task.objects.filter(kind="registry.confirmation").count() == 1


def test_the_department_sees_name_code_place_and_questions_and_nothing_else(world: World) -> None:
    batch = asked(world)
    Enterprise.objects.filter(pk=world.a.pk).update(industry="C3985", tier="srdi", completeness=77)
    page = (
        client_of(world, "tax_baotou").get(reverse("registry:confirmation", args=[batch.pk])).content.decode()
    )
    assert world.a.name in page
    assert world.a.uscc in page
    assert "昆都仑区" in page
    for hidden in ("C3985", "77%", reverse("registry:enterprise", args=[world.a.pk])):
        assert hidden not in page
    address = reverse("registry:enterprise", args=[world.a.pk])
    assert client_of(world, "tax_baotou").get(address).status_code == 404


def test_answers_are_saved_in_part_and_count_once_submitted(world: World) -> None:
    batch, tax = asked(world), client_of(world, "tax_baotou")
    first = item(batch, world, "A", "tax_evasion")
    assert post(tax, "confirmation-save", batch, **{f"a-{first.pk}": "no"}).status_code == 302
    assert not Fact.objects.filter(source=Source.CONFIRMED).exists()
    city_page = client_of(world, "city_baotou").get(reverse("registry:confirmation", args=[batch.pk]))
    assert "未答复" in city_page.content.decode(), "a draft is the department's own"
    assert (
        post(tax, "confirmation-submit", batch, document_no=NUMBER, stated_on="2026-01-20").status_code == 302
    )
    fact = Fact.objects.get(source=Source.CONFIRMED)
    assert (fact.enterprise_id, fact.indicator, fact.value) == (world.a.pk, "tax_evasion", "no")
    assert (fact.document_no, fact.stated_on) == (NUMBER, dt.date(2026, 1, 20))
    assert fact.recorded_by == world.users["tax_baotou"]
    assert fact.chosen
    first.refresh_from_db()
    assert first.answered_by == world.users["tax_baotou"]
    batch.refresh_from_db()
    assert batch.state == ConfirmationList.State.SENT
    assert Task.objects.get(kind="registry.confirmation").state == TaskState.OPEN
    told = Notification.objects.filter(user=world.users["city_baotou"]).latest("pk")
    assert "还有 3 项没有答复" in told.body


def test_the_whole_answer_ends_the_task_and_the_deadline(world: World) -> None:
    batch = answered(world, ALL)
    assert batch.state == ConfirmationList.State.ANSWERED
    assert Task.objects.get(kind="registry.confirmation").state == TaskState.DONE
    assert batch.deadline is not None
    assert batch.deadline.closed_at is not None
    assert Fact.objects.filter(source=Source.CONFIRMED).count() == 4


def test_one_answer_for_what_is_still_open_is_given_question_by_question(world: World) -> None:
    batch, tax = asked(world), client_of(world, "tax_baotou")
    kept = item(batch, world, "A", "tax_evasion")
    post(tax, "confirmation-save", batch, **{f"a-{kept.pk}": "yes", "rest-tax_evasion": "no"})
    said = dict(batch.items.values_list("pk", "answer"))
    assert said[kept.pk] == "yes"
    assert said[item(batch, world, "B", "tax_evasion").pk] == "no"
    assert said[item(batch, world, "B", "tax_and_credit_good").pk] == ""


@pytest.mark.parametrize(
    ("number", "day", "words"),
    [
        ("", "2026-01-20", "复函文号"),
        (NUMBER, "", "复函日期"),
        (NUMBER, "2199-01-01", "不晚于今天"),
        (NUMBER, "昨天", "复函日期"),
    ],
)
def test_document_and_date_are_needed(world: World, number: str, day: str, words: str) -> None:
    batch, tax = asked(world), client_of(world, "tax_baotou")
    post(tax, "confirmation-save", batch, **{"rest-tax_evasion": "no"})
    answer = post(tax, "confirmation-submit", batch, document_no=number, stated_on=day)
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert not Fact.objects.filter(source=Source.CONFIRMED).exists()


def test_a_corrected_answer_succeeds_the_former_one(world: World) -> None:
    batch = answered(world, ALL)
    tax = client_of(world, "tax_baotou")
    wrong = item(batch, world, "A", "tax_evasion")
    post(tax, "confirmation-save", batch, **{f"a-{wrong.pk}": "yes"})
    page = (
        client_of(world, "city_baotou")
        .get(reverse("registry:confirmation", args=[batch.pk]))
        .content.decode()
    )
    assert page.count(">是<") == 0, "the city reads what was submitted"
    post(tax, "confirmation-submit", batch, document_no="某税函〔2026〕10号", stated_on="2026-02-01")
    facts = Fact.objects.filter(
        enterprise=world.a, indicator="tax_evasion", source=Source.CONFIRMED
    ).order_by("pk")
    assert [(fact.value, fact.chosen, fact.ended_at is None) for fact in facts] == [
        ("no", False, False),
        ("yes", True, True),
    ]
    assert facts[0].superseded_by == facts[1]
    assert Fact.objects.filter(source=Source.CONFIRMED).count() == 5, "the others stand as they were"


def test_submitting_twice_states_nothing_twice(world: World) -> None:
    batch, tax = answered(world, ALL), client_of(world, "tax_baotou")
    answer = post(tax, "confirmation-submit", batch, document_no=NUMBER, stated_on="2026-01-20")
    assert answer.status_code == 422
    assert "没有新的答复" in answer.content.decode()
    assert Fact.objects.filter(source=Source.CONFIRMED).count() == 4


# ---- taking back, putting away


def test_the_city_withdraws_with_a_reason_before_any_answer(world: World) -> None:
    batch, city, tax = asked(world), client_of(world, "city_baotou"), client_of(world, "tax_baotou")
    assert post(city, "confirmation-withdraw", batch, reason="").status_code == 422
    assert post(city, "confirmation-withdraw", batch, reason="名单有误").status_code == 302
    batch.refresh_from_db()
    assert batch.state == ConfirmationList.State.WITHDRAWN
    assert Task.objects.get(kind="registry.confirmation").state == TaskState.WITHDRAWN
    assert tax.get(reverse("registry:confirmation", args=[batch.pk])).status_code == 404
    assert "名单有误" in Notification.objects.filter(user=world.users["tax_baotou"]).latest("pk").body
    withdraw_confirmation(actor=world.actor("city_baotou"), batch=batch, reason="再来一次")
    assert AuditEvent.objects.filter(action="registry.confirmation.withdrawn").count() == 1


def test_what_was_answered_is_not_withdrawn_and_what_is_closed_not_answered(world: World) -> None:
    batch = answered(world, {("A", "tax_evasion"): "no"})
    with pytest.raises(Refused):
        withdraw_confirmation(actor=world.actor("city_baotou"), batch=batch, reason="名单有误")
    with pytest.raises(Refused):
        close_confirmation(actor=world.actor("city_baotou"), batch=batch)
    batch = answered(world, {key: said for key, said in ALL.items() if key != ("A", "tax_evasion")}, batch)
    close_confirmation(actor=world.actor("city_baotou"), batch=batch)
    close_confirmation(actor=world.actor("city_baotou"), batch=batch)
    with pytest.raises(Refused):
        save_answers(actor=world.actor("tax_baotou"), batch=batch, answers={})


def test_nobody_answers_or_withdraws_for_others(world: World) -> None:
    batch = asked(world)
    for person in ("tax_hohhot", "city_baotou", "manager_a"):
        with pytest.raises(Refused):
            save_answers(actor=world.actor(person), batch=batch, answers={})
    for person in ("city_hohhot", "tax_baotou"):
        with pytest.raises(Refused):
            withdraw_confirmation(actor=world.actor(person), batch=batch, reason="不相干")


@pytest.mark.parametrize("person", ["tax_baotou", "city_baotou"])
def test_pages_cost_as_many_queries_for_a_hundred_as_for_one(world: World, person: str) -> None:
    client = client_of(world, person)
    small = asked(world, "A", title="一家")
    enterprises = Enterprise.objects.bulk_create(
        Enterprise(
            uscc=check_characters(f"91159922MA{place:06}"),
            name=f"试样{place:03}",
            city_id="150200",
            district_id="150203",
        )
        for place in range(100)
    )
    large = send_confirmation(
        actor=world.actor("city_baotou"),
        department=world.organisations["tax_baotou"],
        enterprises=[found.pk for found in enterprises],
        questions=QUESTIONS,
        title="一百家",
        working_days=5,
    )

    def queries(address: str) -> int:
        with CaptureQueriesContext(connection) as caught:
            assert client.get(address).status_code == 200
        return len(caught)

    pages = [reverse("registry:confirmation", args=[batch.pk]) for batch in (small, large)]
    queries(pages[0])
    assert queries(pages[0]) == queries(pages[1])
    lists = reverse("registry:confirmations")
    before = queries(lists)
    for number in range(12):
        asked(world, "A", title=f"第 {number} 份")
    assert queries(lists) == before


@pytest.mark.django_db(transaction=True)
def test_two_officers_who_submit_at_once_give_one_result() -> None:
    world = make_world()
    batch = asked(world)
    save_answers(
        actor=world.actor("tax_baotou"), batch=batch, answers={found.pk: "no" for found in batch.items.all()}
    )
    actor, outcomes = world.actor("tax_baotou"), []

    def submit() -> None:
        try:
            outcomes.append(
                submit_answers(actor=actor, batch=batch, document_no=NUMBER, stated_on=timezone.localdate())
            )
        except Refused:
            outcomes.append(0)
        finally:
            connection.close()

    threads = [threading.Thread(target=submit) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == [0, 4]
    assert Fact.objects.filter(source=Source.CONFIRMED).count() == 4
