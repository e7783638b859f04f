"""Three years of figures of one made-up enterprise, as an audit would find them: they add up."""

from __future__ import annotations

from random import Random
from typing import Final, NamedTuple

WAN: Final = 10_000 * 100
#: Books are kept to the fen; these are round enough to read in 万元 with two decimals.
ROUND: Final = WAN // 100
YEARS: Final = 3
_LEAST_REVENUE: Final = 90 * WAN
_MOST_REVENUE: Final = 250_000 * WAN


class YearFigures(NamedTuple):
    """What the books of one year say; money in fen."""

    employees: int
    rd_staff: int
    insured_employees: int
    revenue: int
    main_business_revenue: int
    main_product_revenue: int
    operating_cost: int
    rd_expense: int
    total_profit: int
    net_profit: int
    tax_paid: int
    total_assets: int
    total_liabilities: int
    net_assets: int
    bank_loan_balance: int


class _Shape(NamedTuple):
    """How an enterprise is built: revenue a head, and the shares that the other figures are of revenue."""

    per_head: float
    main_share: float
    research: float
    plant: float
    debt: float
    margin: float


def make_figures(random: Random, quality: float, *, service: bool) -> list[YearFigures]:
    """The oldest year first. ``quality`` (0 to 1) raises growth, margin and research; services carry less plant."""
    revenue = min(max(int(random.lognormvariate(0, 1.1) * 4_200 * WAN), _LEAST_REVENUE), _MOST_REVENUE)
    per_head = random.uniform(35, 70) * WAN if service else random.uniform(60, 160) * WAN
    main_share = min(0.99, 0.55 + 0.4 * random.betavariate(3, 2))
    research = (0.022 + 0.11 * quality * random.random()) * (1.6 if service else 1)
    plant = random.uniform(0.5, 1.3) if service else random.uniform(0.8, 2.1)
    debt = min(0.92, random.betavariate(4, 4.5))
    margin = random.gauss(0.03 + 0.08 * quality, 0.05)
    growth = random.gauss(0.05 + 0.17 * quality, 0.07)
    found: list[YearFigures] = []
    for _ in range(YEARS):
        shape = _Shape(per_head, main_share, research, plant, debt, margin)
        found.append(_year(random, revenue, shape))
        revenue = max(_LEAST_REVENUE, int(revenue * (1 + growth + random.gauss(0, 0.03))))
        margin += random.gauss(0.003, 0.012)
        debt = min(0.95, max(0.08, debt + random.gauss(0, 0.03)))
    return found


def _year(random: Random, revenue: int, shape: _Shape) -> YearFigures:
    revenue = to_hundred(revenue)
    employees = max(6, round(revenue / shape.per_head * random.uniform(0.92, 1.08)))
    main = to_hundred(revenue * random.uniform(0.94, 1.0))
    profit = to_hundred(revenue * shape.margin)
    assets = to_hundred(revenue * shape.plant * random.uniform(0.95, 1.05))
    liabilities = to_hundred(assets * shape.debt)
    return YearFigures(
        employees=employees,
        rd_staff=max(1, round(employees * min(0.6, shape.research * 4 * random.uniform(0.8, 1.2)))),
        insured_employees=max(5, round(employees * random.uniform(0.82, 1.0))),
        revenue=revenue,
        main_business_revenue=main,
        main_product_revenue=to_hundred(main * shape.main_share * random.uniform(0.97, 1.0)),
        operating_cost=to_hundred(revenue * random.uniform(0.62, 0.84)),
        rd_expense=to_hundred(revenue * shape.research * random.uniform(0.9, 1.1)),
        total_profit=profit,
        net_profit=profit if profit < 0 else to_hundred(profit * 0.85),
        tax_paid=max(0, to_hundred(revenue * random.uniform(0.015, 0.055))),
        total_assets=assets,
        total_liabilities=liabilities,
        net_assets=assets - liabilities,
        bank_loan_balance=to_hundred(liabilities * random.uniform(0, 0.6)),
    )


def to_hundred(fen: float) -> int:
    """Money to the nearest hundred 元."""
    return round(fen / ROUND) * ROUND
