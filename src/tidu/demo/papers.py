"""Titles, incidents, products, intellectual property and certificates of a made-up enterprise."""

from __future__ import annotations

import datetime as dt
from random import Random
from typing import Final

from tidu.demo.figures import YearFigures, to_hundred
from tidu.demo.made_up import MadeCertificate, MadeIncident, MadeProduct, MadeProperty, MadeTitle, MadeUp
from tidu.demo.trades import HOHHOT, Trade
from tidu.policy.dates import years_after

_REGION: Final = "内蒙古自治区工业和信息化厅"
_NATION: Final = "工业和信息化部"
#: Tier: level, authority, month and day of its yearly list, years of its term, least quality, share of those above it.
_TITLES: Final = {
    "municipal_srdi": (
        "市级“专精特新”中小企业",
        "municipal",
        "呼和浩特市工业和信息化局",
        (6, 20),
        3,
        0.42,
        0.55,
    ),
    "innovative": ("创新型中小企业", "provincial", _REGION, (5, 15), 3, 0.28, 0.75),
    "srdi": ("“专精特新”中小企业", "provincial", _REGION, (10, 25), 3, 0.55, 0.6),
    "little_giant": ("专精特新“小巨人”企业", "national", _NATION, (8, 30), 3, 0.78, 0.5),
}
_INCIDENTS: Final = (
    ("safety", "车间机械伤害事故", "应急管理局"),
    ("environment", "废水超标排放", "生态环境局"),
    ("labour", "拖欠工资", "人力资源和社会保障局"),
    ("quality", "产品监督抽查不合格", "市场监督管理局"),
    ("tax", "逾期申报", "税务局"),
)
_SUBJECTS: Final = ("制备方法", "检测装置", "生产线", "成型设备", "加工工艺", "控制系统", "回收装置", "夹具")
_MOST_LISTED: Final = 10
_DAYS: Final = 365


def add_papers(random: Random, made: MadeUp, trade: Trade, figures: list[YearFigures], on: dt.date) -> None:
    """Everything that hangs on an enterprise beside its facts."""
    _titles(random, made, on)
    _incidents(random, made, on)
    _products(random, made, trade, figures[-1])
    _properties(random, made, trade, on)
    _certificates(random, made, on)
    if made.quality > 0.45 and random.random() < 0.6:
        level = "national" if made.quality > 0.9 else "provincial" if made.quality > 0.68 else "municipal"
        made.platforms.append(("企业技术中心", level, on - dt.timedelta(days=random.randint(200, 2500))))


def _titles(random: Random, made: MadeUp, on: dt.date) -> None:
    below = True
    for tier, (name, level, authority, (month, day), term, least, share) in _TITLES.items():
        if tier == "municipal_srdi" and made.city != HOHHOT:
            continue
        drawn = random.random()
        if tier == "municipal_srdi":
            given = made.quality > least and drawn < share
        else:
            given = below = below and made.quality > least and drawn < share
        if not given:
            continue
        year = on.year - random.choices((0, 1, 2, 3, 4), weights=(3, 4, 4, 2, 2))[0]
        since = dt.date(year, month, day)
        if since > on:
            since = since.replace(year=year - 1)
        if since < made.registered_on:
            continue
        until = since.replace(year=since.year + term) - dt.timedelta(days=1)
        revoked = random.random() < 0.02 and until > on
        made.titles.append(
            MadeTitle(
                tier,
                name,
                level,
                authority,
                f"演示公告〔{since.year}〕{random.randint(1, 60)}号",
                since,
                until,
                f"{since.year}年度",
                "revoked" if revoked else "held",
                on - dt.timedelta(days=random.randint(5, 120))
                if revoked and (on - since).days > 130
                else None,
            )
        )
    if made.quality > 0.4 and random.random() < 0.55:
        since = on - dt.timedelta(days=random.randint(30, 3 * _DAYS + 200))
        made.titles.append(
            MadeTitle(
                "",
                "高新技术企业",
                "national",
                "全国高新技术企业认定管理机构",
                f"演示证书〔{since.year}〕{random.randint(100, 999)}号",
                since,
                years_after(since, 3) - dt.timedelta(days=1),
            )
        )


def _incidents(random: Random, made: MadeUp, on: dt.date) -> None:
    if random.random() >= 0.09:
        return
    area, title, authority = random.choice(_INCIDENTS)
    happened = on - dt.timedelta(days=random.randint(40, 1500))
    severity = random.choices(("minor", "serious", "major"), weights=(8, 2, 1))[0]
    settled = happened + dt.timedelta(days=random.randint(20, 200)) if random.random() < 0.7 else None
    if settled is not None and settled > on:
        settled = None
    made.incidents.append(MadeIncident(area, severity, happened, title, authority, settled))


def _products(random: Random, made: MadeUp, trade: Trade, last: YearFigures) -> None:
    chosen = random.sample(trade.products, k=random.randint(1, len(trade.products)))
    rest = last.main_business_revenue - last.main_product_revenue
    for place, name in enumerate(chosen):
        main = place == 0
        revenue = last.main_product_revenue if main else to_hundred(rest / len(chosen))
        share = round(random.uniform(0.3, 4 + 30 * made.quality), 2) if main else None
        made.products.append(MadeProduct(name, main, revenue, share))


def _properties(random: Random, made: MadeUp, trade: Trade, on: dt.date) -> None:
    tail = made.uscc[-8:-2]
    services = trade.industry[0] == "I"
    wanted = {
        "invention": round(random.random() ** 2 * 9 * made.quality),
        "utility": 0 if services else round(random.random() * 16 * made.quality),
        "software": round(random.random() * (14 if services else 4) * made.quality),
        "pct": 1 if made.quality > 0.85 and random.random() < 0.3 else 0,
        "standard": round(random.random() ** 2 * 4 * made.quality),
    }
    for kind, number in wanted.items():
        for place in range(min(number, _MOST_LISTED)):
            product = random.choice(trade.products)
            granted = on - dt.timedelta(days=random.randint(60, 2600))
            name = {
                "software": f"{product}管理系统V{random.randint(1, 3)}.0",
                "standard": f"{product}技术规范",
            }.get(kind, f"一种{product}的{random.choice(_SUBJECTS)}")
            made.properties.append(
                MadeProperty(kind, f"演示{tail}{kind[0].upper()}{place + 1:02}", name, granted)
            )


def _certificates(random: Random, made: MadeUp, on: dt.date) -> None:
    systems = (("质量管理体系认证", 0.95), ("环境管理体系认证", 0.4), ("职业健康安全管理体系认证", 0.3))
    for name, share in systems:
        if random.random() < share * (0.5 + made.quality):
            issued = on - dt.timedelta(days=random.randint(20, 1150))
            until = years_after(issued, 3) - dt.timedelta(days=1)
            made.certificates.append(MadeCertificate(name, f"演示{made.uscc[-6:]}{name[0]}", issued, until))
