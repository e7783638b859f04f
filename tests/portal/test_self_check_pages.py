from __future__ import annotations

import re
from threading import Barrier, Thread

import pytest
from django.conf import settings as live
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from pytest_django import DjangoAssertNumQueries, Settings

from tests.portal.checking import FITS, FORM, RESULT, page, save
from tests.portal.conftest import BAOTOU, HOHHOT, NATION_2022, NATION_2026
from tidu.portal.self_check_draft import KEY, editing

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("friday"), pytest.mark.any_database]
PAGES = ("/self-check/", FORM, RESULT, "/ladder/", "/size/")
SCORED = f"/self-check/{NATION_2022}/srdi/"


def autosave(client: Client, **texts: str) -> str:
    answer = client.post(f"{FORM}save/", texts, headers={"HX-Request": "true"})
    assert answer.status_code == 200
    return answer.content.decode()


def value(client: Client, name: str, address: str = FORM) -> str:
    found = re.search(f'id="f-{name}"[^>]*? value="([^"]*)"', page(client, address))
    assert found, name
    return found[1]


def test_what_can_be_checked_is_listed_with_what_is_in_force_first(client: Client) -> None:
    text = page(client, "/self-check/")
    valid, ended = text.index("s-force"), text.index("s-expired")
    assert valid < text.index(f"/self-check/{HOHHOT}/municipal_srdi/") < ended
    assert ended < text.index(f"/self-check/{NATION_2022}/srdi/")
    assert f"/self-check/{NATION_2022}/municipal_srdi/" not in text
    assert BAOTOU not in text  # it gives money and recognises nobody


def test_only_what_binds_in_the_chosen_place_is_listed(client: Client) -> None:
    text = page(client, "/self-check/", place="150200")
    assert f"/self-check/{HOHHOT}/" not in text
    assert f"/self-check/{NATION_2026}/srdi/" in text


@pytest.mark.parametrize("address", PAGES)
def test_no_page_of_answers_is_kept_by_anybody_or_sets_a_session(client: Client, address: str) -> None:
    answer = client.get(address)
    assert "no-store" in answer["Cache-Control"]
    assert live.SESSION_COOKIE_NAME not in answer.cookies
    assert not re.search(r'<[^>]+ (style|onclick|onchange)="', answer.content.decode())


def test_an_expired_standard_answers_under_a_clear_banner(client: Client) -> None:
    assert "已届满：" in page(client, SCORED)
    assert "已届满：" in page(client, f"{SCORED}result/")
    assert "已届满：" not in page(client, RESULT)
    save(client, {"as-of": "2026-03-31"}, SCORED)
    assert "已届满：" not in page(client, SCORED)


@pytest.mark.parametrize(
    "address",
    [
        f"/self-check/{HOHHOT}/srdi/",
        "/self-check/nowhere/srdi/",
        f"/self-check/{BAOTOU}/srdi/result/",
        f"/self-check/{HOHHOT}/srdi/result.pdf",
    ],
)
def test_what_is_not_there_is_a_404(client: Client, address: str) -> None:
    assert client.get(address).status_code == 404
    assert client.post(f"/self-check/{HOHHOT}/srdi/save/").status_code == 404


def test_answers_are_kept_and_come_back_in_every_form_that_asks(client: Client) -> None:
    save(client, FITS)
    assert value(client, "revenue_2025") == "2,318.90"
    assert value(client, "revenue_2025", f"/self-check/{NATION_2026}/srdi/") == "2,318.90"
    assert "初步符合" in page(client, RESULT)


def test_the_session_lives_for_fourteen_days_from_each_save(client: Client) -> None:
    answer = client.post(FORM, {"standards": "1"})
    cookie = answer.cookies[live.SESSION_COOKIE_NAME]
    assert cookie["max-age"] == 14 * 24 * 60 * 60
    assert cookie["httponly"]
    assert live.SESSION_COOKIE_NAME in client.post(FORM, {"standards": "2"}).cookies


@pytest.mark.parametrize("address", ["/self-check/", FORM, RESULT])
def test_every_page_says_how_long_answers_live_here(client: Client, settings: Settings, address: str) -> None:
    assert "14 天" in page(client, address)
    settings.SESSION_COOKIE_AGE = 3 * 24 * 60 * 60
    assert "3 天" in page(client, address)
    assert "14 天" not in page(client, address)


def test_a_page_left_open_does_not_bring_back_what_another_has_changed(client: Client) -> None:
    save(client, {"standards": "1", "niche_years": "5"})
    shown = '{"standards": "1", "niche_years": "5"}'
    save(client, {"standards": "2", "niche_years": "5", "shown": shown})
    save(
        client, {"standards": "1", "niche_years": "6", "shown": shown}
    )  # the page that was open all the time
    assert (value(client, "standards"), value(client, "niche_years")) == ("2", "6")


@pytest.mark.parametrize("shown", ["", "[1]", "{", "[" * 100_000, "null", '{"standards": 1}'])
def test_a_forged_record_of_what_was_shown_harms_nothing(client: Client, shown: str) -> None:
    save(client, {"standards": "3", "shown": shown})
    assert value(client, "standards") == "3"


@pytest.mark.django_db(transaction=True)
def test_two_tabs_that_save_at_once_lose_nothing(client: Client) -> None:
    save(client, {"standards": "0"})
    barrier = Barrier(4)

    def post(name: str) -> None:
        tab = Client()
        tab.cookies = client.cookies
        barrier.wait()
        for number in range(5):
            autosave(tab, **{name: str(number)})

    names = ("standards", "niche_years", "employees_2025", "utility_models")
    threads = [Thread(target=post, args=(name,)) for name in names]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [value(client, name) for name in names] == ["4"] * 4


@pytest.mark.parametrize("address", [FORM, "/size/"])
def test_saving_while_typing_leaves_out_the_offers_that_the_keyboard_passes(
    client: Client, address: str
) -> None:
    # htmx sends the button that has the focus along: to pass an offer on the way to the next field is not to take it.
    form = client.get(address).content.decode().partition('id="answers"')[2].partition(">")[0]
    assert 'hx-params="not set,keep"' in form


def test_saving_while_typing_answers_with_what_changed_and_touches_no_control(client: Client) -> None:
    first = autosave(client, revenue_2024="2036.4", revenue_2025="23189000", standards="")
    assert 'id="n-revenue"' in first
    assert "改为 2,318.90 万元" in first
    assert "<input" not in first.replace('<input type="hidden"', "")
    assert re.search(r"12:00</time> 已自动保存", first)
    assert 'id="t-basic" hx-swap-oob="true"' in first
    again = autosave(client, revenue_2024="2036.4", revenue_2025="23189000", standards="2")
    assert 'id="n-revenue"' not in again


def test_a_city_that_was_chosen_brings_its_districts(client: Client) -> None:
    text = autosave(client, **{"registered_area-city": "150200"})
    assert "昆都仑区" in text
    assert "昆都仑区" not in autosave(client, **{"registered_area-city": "150200"})


def test_the_button_of_an_offer_sets_the_figure_and_returns_to_it(client: Client) -> None:
    save(client, {"revenue_2024": "2036.4"})
    answer = client.post(FORM, {"revenue_2025": "23189000", "set": "revenue_2025=2,318.90"})
    assert answer["Location"] == f"{FORM}#q-revenue"
    assert value(client, "revenue_2025") == "2,318.90"


def test_an_improbable_figure_is_kept_when_it_is_meant_so(client: Client) -> None:
    save(client, {"revenue_2024": "2036.4", "revenue_2025": "23189000"})
    assert "单位是万元" in page(client, FORM)
    assert "有 1 处数值请核对" in page(client, RESULT)
    answer = client.post(FORM, {"keep": "revenue_2025"})
    assert answer["Location"] == f"{FORM}#q-revenue"
    assert "如果按元填写" not in page(client, FORM)


def test_the_result_waits_until_everything_can_be_read_and_loses_nothing(client: Client) -> None:
    answer = client.post(FORM, {"revenue_2025": "两千万", "standards": "1", "action": "result"})
    assert answer["Location"] == FORM
    text = page(client, FORM)
    assert "有 1 处需要改，其余已保存" in text
    assert 'href="#f-revenue_2025"' in text
    assert value(client, "revenue_2025") == "两千万"
    assert "有 1 处填写看不懂，按“待补充”处理" in page(client, RESULT)
    save(client, {"revenue_2025": "2318.9"})
    assert client.post(FORM, {"action": "result"})["Location"] == RESULT


HOSTILE = (
    "9" * 40,
    "9" * 100_000,
    "NaN",
    "-1",
    "1\x00\x07",
    "<script>alert(1)</script>",
    '"><img src=x>',
    "１２abc",
    "\ud800",
)


@pytest.mark.parametrize("text", HOSTILE)
def test_whatever_is_typed_gets_a_chinese_answer_beside_its_field(client: Client, text: str) -> None:
    typed = text.encode("utf-8", "surrogatepass").decode("utf-8", "replace")
    save(client, {"revenue_2025": typed, "employees_2025": "128"})
    answer = client.get(FORM).content.decode()
    assert 'id="f-revenue_2025-error"' in answer
    assert "<script>alert" not in answer
    assert "<img" not in answer
    assert value(client, "employees_2025") == "128"
    assert client.get(RESULT).status_code == 200


def test_controls_that_no_form_has_are_not_kept(client: Client) -> None:
    save(
        client,
        {"chain_advantage": "yes", "legal_representative": "某某", "title-x-since": "1", "nonsense": "1"},
    )
    assert client.session[KEY]["typed"] == {}


def test_a_reading_is_switched_on_the_form_and_shown_in_the_result(client: Client) -> None:
    save(client, {**FITS, "reading-mixed_counting": "separately"})
    text = page(client, RESULT)
    assert "待补充" in text
    save(client, {"reading-mixed_counting": "", "reading-growth_mean": "forged"})
    assert "初步符合" in page(client, RESULT)


def test_the_day_and_the_base_year_move_the_columns(client: Client) -> None:
    save(client, {"as-of": "2025-06-01"})
    assert 'id="f-revenue_2022"' in page(client, FORM)
    save(client, {"base-year": "2025"})
    assert 'id="f-revenue_2022"' not in page(client, FORM)


def test_a_file_is_loaded_in_place_of_the_answers_and_leads_back_to_the_form(client: Client) -> None:
    save(client, {"standards": "7", "as-of": "2026-06-01"})
    file = SimpleUploadedFile("a.yaml", b"niche_years: 3\nchain_advantage: true\n")
    answer = client.post("/self-check/load/", {"file": file, "pack": HOHHOT, "tier": "municipal_srdi"})
    assert answer["Location"] == f"{FORM}?loaded=1&left_out=1"
    text = page(client, FORM, loaded="1", left_out="1")
    assert "已载入 1 项" in text
    assert "有 1 项没有采用" in text
    assert (value(client, "niche_years"), value(client, "standards")) == ("3", "")
    assert value(client, "as-of") == "2026-06-01"


@pytest.mark.parametrize(
    ("name", "data", "told"),
    [
        ("a.xlsx", b"PK\x03\x04", "看起来是 Excel 或 Word 文件"),
        ("a.yaml", b"revenu: 1", "是不是想写“revenue”"),
        ("a.yaml", b"#" * 300_000, "文件超过 256 KB"),
        ("<script>.yaml", b"- 1", "应为“指标: 数值”的映射"),
    ],
)
def test_a_bad_file_is_told_beside_its_field_and_changes_nothing(
    client: Client, name: str, data: bytes, told: str
) -> None:
    save(client, {"standards": "7"})
    answer = client.post("/self-check/load/", {"file": SimpleUploadedFile(name, data)})
    text = answer.content.decode()
    assert told in text.replace("&quot;", '"')
    assert 'aria-invalid="true"' in text
    assert "<script>.yaml" not in text
    assert value(client, "standards") == "7"


def test_without_a_file_the_field_says_so(client: Client) -> None:
    assert "没有选择文件" in client.post("/self-check/load/").content.decode()


def test_ten_megabytes_are_refused_in_chinese_and_change_nothing(client: Client) -> None:
    save(client, {"standards": "7"})
    file = SimpleUploadedFile("a.yaml", b"#" * 10 * 1024 * 1024)
    answer = client.post("/self-check/load/", {"file": file})
    assert answer.status_code == 413
    assert "内容太大" in answer.content.decode()
    assert value(client, "standards") == "7"


def test_the_answers_are_downloaded_and_deleted(client: Client) -> None:
    save(client, FITS)
    answer = client.get("/self-check/answers.yaml")
    assert answer["Content-Disposition"] == 'attachment; filename="tidu-answers.yaml"'
    assert "no-store" in answer["Cache-Control"]
    assert "  2025: 23189000" in answer.content.decode()
    gone = client.post("/self-check/clear/")
    assert gone["Location"] == "/self-check/?cleared=1"
    assert gone.cookies[live.SESSION_COOKIE_NAME].value == ""
    assert value(client, "revenue_2025") == ""
    assert client.get("/self-check/clear/").status_code == 405


def test_the_sample_is_loaded_and_downloaded(client: Client) -> None:
    assert client.post("/self-check/load/", {"sample": "1"})["Location"].startswith("/self-check/?loaded=")
    assert "计算机软件著作权登记证书" in page(client, RESULT)
    assert "虚构" in client.get("/self-check/sample.yaml").content.decode()


def test_an_industry_is_found_by_word_and_by_code(client: Client) -> None:
    def found(typed: str) -> str:
        return client.post("/self-check/industries/", {"industry_code": typed}).content.decode()

    assert 'value="industry_code=C3091"' in found("碳素")
    assert "可以选得更细" in found("C309")
    assert "<button" not in found("C3091")
    assert "没有找到" in found("量子航母")
    assert found("").strip() == ""
    assert "<script>" not in found("<script>")


def test_the_paper_is_a_pdf_for_the_visitor_alone(client: Client) -> None:
    save(client, {**FITS, "name": "垚昇堃喆珺有限公司"})
    answer = client.get(f"{FORM}result.pdf")
    assert answer["Content-Type"] == "application/pdf"
    assert "no-store" in answer["Cache-Control"]
    assert answer.content.startswith(b"%PDF")


@pytest.mark.parametrize(
    "address", [*PAGES, f"{SCORED}result/", f"{FORM}result.pdf", "/self-check/answers.yaml"]
)
def test_reading_costs_one_query_however_much_was_typed(
    client: Client, address: str, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    save(client, {"standards": "1"})
    with django_assert_num_queries(1):
        client.get(address)
    save(client, FITS)
    with django_assert_num_queries(1):
        client.get(address)


def test_saving_costs_the_same_however_much_was_typed(
    client: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    save(client, FITS)
    # Half of them count what visitors send.
    with django_assert_max_num_queries(17):
        save(client, FITS)
    with django_assert_max_num_queries(17):
        autosave(client, **FITS)


def test_the_lock_reads_what_another_request_has_stored(client: Client, settings: Settings) -> None:
    del settings
    save(client, {"standards": "1"})
    request = client.get(FORM).wsgi_request
    request.session.get(KEY)
    save(client, {"niche_years": "5"})
    with editing(request) as draft:
        assert draft.typed == {"standards": "1", "niche_years": "5"}
        draft.write({"standards": "2"})
    assert (value(client, "standards"), value(client, "niche_years")) == ("2", "5")
