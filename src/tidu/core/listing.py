"""A list as a page shows it: filters that are on, order, one page of rows. Everything stands in the address.

A view builds its rows from a scoped queryset, applies the filters it knows, and hands the rest to :func:`listing`::

    filters = (Filter("q", "名称", "text"), Filter("place", "旗县区", choices=places))
    on = chosen(request.GET, filters)                    # only known names, only offered choices
    rows = search(Enterprise.objects.visible_to(request.actor), **on)
    context = {"list": listing(request, rows, filters=filters, sorts={"name": ("name",)}, default="name")}
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from copy import copy
from dataclasses import dataclass, replace
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.db.models.expressions import OrderBy
from django.http import HttpRequest, QueryDict

from tidu.core.components import Choice

#: A field's name, or an expression such as ``F("due_on").asc(nulls_last=True)``.
By = str | OrderBy
PER_PAGE = 20
LONGEST = 100  # characters of a filter's value that are read
_DEEPEST = 5_000  # pages; nobody reads further, and the database would count its way there


@dataclass(frozen=True, slots=True)
class Filter:
    """One control of a filter form. ``kind`` is choice, many, text or date; ``many`` takes several of its choices.

    ``value`` is filled in by :func:`listing`: what is chosen now.
    """

    name: str
    label: str
    kind: str = "choice"
    choices: tuple[Choice, ...] = ()
    empty: str = "全部"
    hint: str = ""
    value: tuple[str, ...] = ()

    @property
    def id(self) -> str:
        """The element's id."""
        return f"filter-{self.name}"

    @property
    def text(self) -> str:
        """The single value, or an empty text."""
        return self.value[0] if self.value else ""


@dataclass(frozen=True, slots=True)
class Chip:
    """A filter that is on, with the address that switches it off."""

    label: str
    url: str


@dataclass(frozen=True, slots=True)
class Listing:
    """What ``c-filters``, ``c-table`` and ``c-pager`` of one list need."""

    page: Page[Any]
    sort: str
    filters: tuple[Filter, ...]
    chips: tuple[Chip, ...]
    query: str  # the filters and the order as a query, for exports and saved filters

    @property
    def total(self) -> int:
        """Rows of all pages."""
        return self.page.paginator.count

    @property
    def filtered(self) -> bool:
        """Whether a filter is on: an empty list then has another reason."""
        return bool(self.chips)


def chosen(query: QueryDict, filters: Sequence[Filter]) -> dict[str, Any]:
    """The values of the known filters: a text each, a list for ``many``. Choices that are not offered are left out."""
    found: dict[str, Any] = {}
    for item in _filled(query, filters):
        if item.value:
            found[item.name] = list(item.value) if item.kind == "many" else item.text
    return found


def _filled(query: QueryDict, filters: Sequence[Filter]) -> tuple[Filter, ...]:
    return tuple(replace(item, value=_value(query, item)) for item in filters)


def _value(query: QueryDict, item: Filter) -> tuple[str, ...]:
    typed = [text for text in (value.strip()[:LONGEST] for value in query.getlist(item.name)) if text]
    if item.kind in {"choice", "many"}:
        offered = {choice.value for choice in item.choices}
        typed = [value for value in typed if value in offered]
    return tuple(dict.fromkeys(typed)) if item.kind == "many" else tuple(typed[:1])


def _chips(query: QueryDict, filters: Sequence[Filter]) -> tuple[Chip, ...]:
    chips = []
    for item in filters:
        labels = {choice.value: choice.label for choice in item.choices}
        for value in item.value:
            left = query.copy()
            left.pop("page", None)
            left.setlist(item.name, [other for other in left.getlist(item.name) if other.strip() != value])
            chips.append(Chip(f"{item.label}：{labels.get(value, value)}", f"?{left.urlencode()}"))
    return tuple(chips)


def order(asked: str, sorts: Mapping[str, tuple[By, ...]], default: str) -> tuple[str, tuple[By, ...]]:
    """The order that ``?sort=`` asks for, and its fields: ``-name`` turns every one of them round.

    An unknown name gives the default. The primary key is always last, so that no row shows on two pages.
    """
    name = asked if asked.removeprefix("-") in sorts else default
    fields = sorts.get(name.removeprefix("-"), ())
    turned = tuple(_turned(field) for field in fields) if name.startswith("-") else tuple(fields)
    return name, (*turned, "-pk" if name.startswith("-") else "pk")


def _turned(field: By) -> By:
    if isinstance(field, OrderBy):
        turned = copy(field)
        turned.reverse_ordering()
        return turned
    return field.removeprefix("-") if field.startswith("-") else f"-{field}"


def listing(
    request: HttpRequest,
    rows: QuerySet[Any],
    *,
    sorts: Mapping[str, tuple[By, ...]],
    default: str,
    filters: Sequence[Filter] = (),
    per_page: int = PER_PAGE,
) -> Listing:
    """One page of ``rows``, which are filtered already, in the order that the address asks for.

    Two queries: how many, and the page. A page number out of range gives the nearest page.
    """
    sort, fields = order(request.GET.get("sort", ""), sorts, default)
    filled = _filled(request.GET, filters)
    kept = QueryDict(mutable=True)
    for item in filled:
        kept.setlist(item.name, list(item.value))
    kept["sort"] = sort
    paginator = Paginator(rows.order_by(*fields), per_page)
    asked = request.GET.get("page", "1")[:9]
    page = paginator.get_page(min(int(asked), _DEEPEST) if asked.isdecimal() else 1)
    return Listing(page, sort, filled, _chips(request.GET, filled), kept.urlencode())
