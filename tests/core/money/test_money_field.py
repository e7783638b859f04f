"""Money is 元 in the tables and integer fen in the program."""

from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.db.models import F, Max, Sum
from hypothesis import given
from hypothesis import strategies as st

from tests.access.world import make_world
from tidu.core.money_field import MOST_FEN, MoneyField
from tidu.registry.models import Product

FIELD = MoneyField()


@pytest.mark.django_db
@pytest.mark.parametrize("fen", [0, 1, 99, 2318900001, -5, MOST_FEN, -MOST_FEN])
def test_fen_go_in_and_come_out_and_yuan_stand_in_the_table(fen: int) -> None:
    row = Product.objects.create(enterprise=make_world().a, name="产品", revenue=fen)
    row.refresh_from_db()
    assert row.revenue == fen
    assert isinstance(row.revenue, int)
    with connection.cursor() as cursor:
        cursor.execute("SELECT revenue FROM registry_product WHERE id = %s", [row.pk])
        stored = cursor.fetchone()[0]
    assert round(Decimal(str(stored)) * 100) == fen


@pytest.mark.django_db
def test_the_database_adds_compares_and_finds_in_fen() -> None:
    enterprise = make_world().a
    for fen in (150, 250, None):
        Product.objects.create(enterprise=enterprise, name=f"产品{fen}", revenue=fen)
    assert Product.objects.aggregate(all=Sum("revenue"), most=Max("revenue")) == {"all": 400, "most": 250}
    assert Product.objects.filter(revenue__gte=200).count() == 1
    Product.objects.filter(revenue=150).update(revenue=F("revenue"))
    assert Product.objects.filter(revenue=150).count() == 1


@given(st.integers(-MOST_FEN, MOST_FEN))
def test_the_two_edges_undo_each_other(fen: int) -> None:
    assert FIELD.from_db_value(FIELD.get_prep_value(fen)) == fen


@pytest.mark.parametrize("value", [1.5, True, "1.5", Decimal(1)])
def test_what_is_no_whole_number_of_fen_is_refused(value: object) -> None:
    with pytest.raises(ValidationError):
        FIELD.get_prep_value(value)


def test_more_than_the_column_holds_is_refused() -> None:
    with pytest.raises(ValidationError):
        FIELD.run_validators(MOST_FEN + 1)
