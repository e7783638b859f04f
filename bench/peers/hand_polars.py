"""The eleven criteria written by hand in Polars, with the same three values and the same outputs."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Final

import polars as pl

CUTOFF: Final = dt.date(2024, 6, 30)
TOLERANCE: Final = 1e-9
CRITERIA: Final = (
    "registered_two_years",
    "registered_in_city",
    "tax_and_credit_good",
    "no_major_incident",
    "no_bad_record",
    "revenue",
    "growth",
    "niche_two_years",
    "main_product_share",
    "market_rank",
    "innovation_outcome",
)
LABELS: Final = {
    "registered_on": "注册日期",
    "registered_area": "注册地",
    "tax_and_credit_good": "纳税和信用情况良好",
    "major_incident": "发生过重大安全、质量、环保事故",
    "bad_record": "企业或法定代表人有违法、不良信用记录",
    "revenue_2025": "营业收入（2025年）",
    "revenue_2023": "营业收入（2023年）",
    "revenue_2024": "营业收入（2024年）",
    "niche_years": "从事细分市场年限",
    "main_product_revenue_2025": "主导产品收入（2025年）",
    "rank_national": "主导产品全国排名",
    "rank_regional": "主导产品自治区排名",
    "invention_patents": "与主导产品相关的发明专利",
    "pct_published": "已公布的 PCT 专利申请",
    "utility_models": "与主导产品相关的实用新型专利",
    "software_copyrights": "与主导产品相关的软件著作权",
    "standards": "主持或参与制修订的标准",
    "rd_centre": "研发机构",
}
_c = pl.col


def _criteria(frame: pl.LazyFrame) -> pl.LazyFrame:
    """The figures, then one nullable boolean per criterion and the verdict."""

    def rate(year: int) -> pl.Expr:
        base = _c(f"revenue_{year - 1}")
        return pl.when(base > 0).then(_c(f"revenue_{year}") / base) - 1.0

    frame = frame.with_columns(
        growth_=(rate(2024) + rate(2025)) / 2,
        share_=pl.when(_c.revenue_2025 != 0).then(_c.main_product_revenue_2025 / _c.revenue_2025),
        patents_=(_c.invention_patents >= 1) | (_c.pct_published >= 1),
        models_=_c.utility_models + _c.software_copyrights >= 3,
    )
    frame = frame.with_columns(
        v_registered_two_years=_c.registered_on <= CUTOFF,
        v_registered_in_city=_c.registered_area.str.starts_with("1501"),
        v_tax_and_credit_good=_c.tax_and_credit_good,
        v_no_major_incident=~_c.major_incident,
        v_no_bad_record=~_c.bad_record,
        v_revenue=_c.revenue_2025 >= 10_000_000,
        v_growth=_c.growth_ >= 0.1 - TOLERANCE,
        v_niche_two_years=_c.niche_years >= 2 - TOLERANCE,
        v_main_product_share=_c.share_ >= 0.5 - TOLERANCE,
        v_market_rank=(_c.rank_national <= 20) | (_c.rank_regional <= 10),
        v_innovation_outcome=_c.patents_
        | _c.models_
        | (_c.standards >= 1)
        | _c.rd_centre.is_in(["municipal", "provincial", "national"]),
    )
    return frame.with_columns(v_status=pl.all_horizontal([f"v_{name}" for name in CRITERIA]))


def _missing() -> dict[str, pl.Expr]:
    """Where each input keeps its criterion unknown."""

    def absent(*names: str) -> pl.Expr:
        return pl.any_horizontal([_c(name).is_null() for name in names])

    def waits(criterion: str, name: str, *inputs: str, positive: bool = False) -> pl.Expr:
        found = _c(name).is_null()
        if positive:  # with nothing absent, figures that are not positive are to blame
            idle = pl.any_horizontal([_c(item) <= 0 for item in inputs])
            found |= ~absent(*inputs) & ((_c(name) <= 0) | ~idle)
        return _c(f"v_{criterion}").is_null() & found

    years = ("revenue_2023", "revenue_2024", "revenue_2025")
    share = ("main_product_revenue_2025", "revenue_2025")
    growth = {name: waits("growth", name, *years, positive=True) for name in years}
    found = {
        "registered_on": _c.v_registered_two_years.is_null(),
        "registered_area": _c.v_registered_in_city.is_null(),
        "tax_and_credit_good": _c.v_tax_and_credit_good.is_null(),
        "major_incident": _c.v_no_major_incident.is_null(),
        "bad_record": _c.v_no_bad_record.is_null(),
        "revenue_2025": _c.v_revenue.is_null()
        | growth["revenue_2025"]
        | waits("main_product_share", "revenue_2025", *share, positive=True),
        "revenue_2023": growth["revenue_2023"],
        "revenue_2024": growth["revenue_2024"],
        "niche_years": _c.v_niche_two_years.is_null(),
        "main_product_revenue_2025": waits(
            "main_product_share", "main_product_revenue_2025", *share, positive=True
        ),
        "rank_national": waits("market_rank", "rank_national"),
        "rank_regional": waits("market_rank", "rank_regional"),
    }
    inner = {
        "invention_patents": _c.patents_.is_null(),
        "pct_published": _c.patents_.is_null(),
        "utility_models": _c.models_.is_null(),
        "software_copyrights": _c.models_.is_null(),
    }
    for name in (
        "invention_patents",
        "pct_published",
        "utility_models",
        "software_copyrights",
        "standards",
        "rd_centre",
    ):
        found[name] = waits("innovation_outcome", name) & inner.get(name, pl.lit(True))
    return {name: found[name] for name in LABELS}


def counts(path: Path) -> dict[str, int]:
    """Counts by criterion and status, and of missing inputs, in one pass."""
    frame = _criteria(pl.scan_parquet(path))
    asked = [pl.len().alias("rows")]
    for name in ("status", *CRITERIA):
        asked += [
            _c(f"v_{name}").sum().alias(f"met {name}"),
            _c(f"v_{name}").null_count().alias(f"unknown {name}"),
        ]
    asked += [flag.sum().alias(f"missing {name}") for name, flag in _missing().items()]
    return frame.select(asked).collect(engine="streaming").to_dicts()[0]


def write(path: Path, target: Path) -> None:
    """The table's own columns, statuses, margins and missing inputs as parquet."""
    statuses = pl.Enum(["not_met", "met", "unknown"])

    def label(name: str) -> pl.Expr:
        return _c(name).cast(pl.UInt8).fill_null(2).cat.to(statuses)

    frame = _criteria(pl.scan_parquet(path))
    missing = pl.concat_str(
        [pl.when(flag).then(pl.lit(LABELS[name])) for name, flag in _missing().items()],
        separator="；",
        ignore_nulls=True,
    )
    own = pl.read_parquet_schema(path)
    frame.select(
        *own,
        label("v_status").alias("status"),
        *(label(f"v_{name}").alias(f"status_{name}") for name in CRITERIA),
        (pl.lit(CUTOFF) - _c.registered_on).dt.total_days().alias("margin_registered_two_years"),
        (_c.revenue_2025 - 10_000_000).cast(pl.Float64).alias("margin_revenue"),
        (_c.growth_ - 0.1).alias("margin_growth"),
        (_c.niche_years - 2.0).alias("margin_niche_two_years"),
        (_c.share_ - 0.5).alias("margin_main_product_share"),
        pl.when(missing != "").then(missing).alias("missing"),
    ).sink_parquet(target, engine="streaming")
