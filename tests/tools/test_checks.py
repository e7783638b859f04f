"""The checks of locks, paths and templates find what they look for and let the rest be."""

import pytest

from tools.checks import Check, addresses, inline_code, machine_paths, problems


def lines(check: Check, text: str) -> list[int]:
    return [line for line, _ in check(text)]


def test_an_address_in_a_lock_is_found_with_its_line() -> None:
    assert lines(addresses, "six==1.17.0\n  --index-url https://mirror.example/simple\n") == [2]


def test_a_lock_of_names_versions_and_hashes_is_clean() -> None:
    assert (
        lines(
            addresses,
            "six==1.17.0 \\\n    --hash=sha256:4721f391ed90541fddacab5acf947aa0d3dc7d27b2e1e8eda2be8970586c3274\n",
        )
        == []
    )


@pytest.mark.parametrize(
    "path", ["/" + "home/li/tidu", "/" + "Users/li/x.py", "see `/" + "root/.cache`", "=/" + "work/main"]
)
def test_a_path_of_one_machine_is_found(path: str) -> None:
    assert lines(machine_paths, f"first\n{path}\n") == [2]


@pytest.mark.parametrize(
    "text",
    [
        "../shared/seeds",
        "network/main",
        "~/work/tidu",
        "$HOME/work/tidu",
        "/usr/bin/chromium",
        "/srv/tidu",
        "home/page",
    ],
)
def test_a_path_that_means_the_same_everywhere_is_left_alone(text: str) -> None:
    assert lines(machine_paths, text) == []


@pytest.mark.parametrize(
    "html",
    [
        '<p style="color: red">',
        "<p\n   class=x\n   style = 'color: red'>",
        '<button onclick="go()">',
        '<c-button hx-on:click="go()">',
        '<a href="javascript:go()">',
        "<style>p{}</style>",
        "<script>go()</script>",
        '<script src="https://cdn.example/x.js"></script>',
        '<link rel="stylesheet" href="//cdn.example/x.css">',
    ],
)
def test_what_the_content_security_policy_would_refuse_is_found(html: str) -> None:
    assert lines(inline_code, html)


@pytest.mark.parametrize(
    "html",
    [
        '<p class="style">one = two</p>',
        '<p data-style="x" aria-label="on = 开">',
        '<script type="module" src="{% static \'core/app.js\' %}"></script>',
        '<script id="figures" type="application/json">{}</script>',
        '<a href="https://www.miit.gov.cn/" rel="noopener">',
        "{{ figures|json_script:'figures' }}",
    ],
)
def test_what_the_content_security_policy_allows_is_left_alone(html: str) -> None:
    assert lines(inline_code, html) == []


def test_this_working_copy_passes() -> None:
    assert list(problems()) == []
