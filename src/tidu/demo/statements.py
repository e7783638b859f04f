"""What is known of a made-up enterprise, and from whom: some of it missing, some of it said twice and differently."""

from __future__ import annotations

import datetime as dt
from random import Random
from typing import Final

from tidu.demo.figures import WAN, YearFigures, to_hundred
from tidu.demo.made_up import MadeUp, Stated
from tidu.demo.trades import Trade
from tidu.policy.quantities import Value
from tidu.policy.vocabulary.places import load_places
from tidu.registry.models import Source

_REGISTER: Final = "市场主体登记信息"
_AUDIT: Final = "年度审计报告"
#: The same figure said twice: which ones people get wrong most.
_DISPUTED: Final = ("revenue", "rd_expense", "net_profit", "employees", "main_product_revenue")
#: Yes/no questions of compliance: who confirms them, and how often the bad answer is true.
_COMPLIANCE: Final = {
    "tax_evasion": ("税务部门", 0.006),
    "bad_record": ("社会信用主管部门", 0.03),
    "serious_dishonesty_list": ("社会信用主管部门", 0.008),
    "abnormal_operation_list": ("市场监管部门", 0.03),
    "environment_violation": ("生态环境部门", 0.012),
    "data_fabrication": ("认定机关", 0.0),
    "prohibited_product": ("工业和信息化部门", 0.01),
}
#: What experts said of enterprises that were reviewed before.
_JUDGED: Final = (
    "chain_advantage",
    "refined_management",
    "distinctive_product",
    "sustained_innovation",
    "market_position_high",
)


def add_statements(
    random: Random, made: MadeUp, trade: Trade, figures: list[YearFigures], on: dt.date
) -> None:
    """All facts of an enterprise."""
    writer = _Writer(random, made, on)
    writer.identity(trade)
    writer.figures(figures)
    writer.compliance()
    writer.work(figures[-1])
    writer.papers()
    writer.judged()


class _Writer:
    """Writes facts about one enterprise; ``known`` is how likely it is to have said any one of them."""

    def __init__(self, random: Random, made: MadeUp, on: dt.date) -> None:
        self._random = random
        self._made = made
        self._on = on
        self._known = random.choices((1.0, 0.9, 0.72), weights=(6, 3, 1))[0]

    def _say(
        self,
        indicator: str,
        value: Value,
        source: Source = Source.DECLARED,
        year: int = 0,
        *,
        basis: str = "",
        document_no: str = "",
        stated_on: dt.date | None = None,
    ) -> None:
        self._made.stated.append(Stated(indicator, year, value, source, basis, document_no, stated_on))

    def _maybe(self, indicator: str, value: Value, source: Source = Source.DECLARED, year: int = 0) -> None:
        if self._random.random() < self._known:
            self._say(indicator, value, source, year)

    # ---- who it is

    def identity(self, trade: Trade) -> None:
        """What the register of companies says; nothing of it is missing."""
        made, random = self._made, self._random
        path = load_places().path(made.district)
        joint_stock = made.name.endswith("股份有限公司")
        capital = random.choice((100, 200, 500, 800, 1_000, 2_000, 3_000, 5_000, 10_000)) * WAN
        facts: dict[str, Value] = {
            "name": made.name,
            "registered_on": made.registered_on,
            "registered_area": made.district,
            "registered_address": f"{path}演示园区{random.randint(1, 99)}号",
            "registration_status": "active",
            "independent_legal_person": True,
            "enterprise_type": "joint_stock" if joint_stock else "limited_company",
            "registered_capital": capital,
            "business_scope": f"{'、'.join(trade.products)}的研发、生产和销售。",
        }
        for indicator, value in facts.items():
            self._say(indicator, value, Source.IMPORTED, basis=_REGISTER)
        self._say("industry_code", trade.industry, Source.IMPORTED, basis=_REGISTER)
        self._maybe("industry_basis", f"{trade.products[0]}收入占营业收入比重最大")
        self._maybe("ownership", random.choices(("private", "state_owned", "joint_venture"), (17, 2, 1))[0])
        if made.cluster:
            self._maybe("industrial_cluster", made.cluster)

    # ---- three years

    def figures(self, years: list[YearFigures]) -> None:
        """The figures, audited or declared, some years not at all; some declared otherwise than audited."""
        random = self._random
        audited_before, audited_last = random.random() < 0.72, random.random() < 0.48
        unknown_years = random.choices((0, 1, 2), weights=(88, 9, 3))[0]
        first_year = self._on.year - len(years)
        for place, books in enumerate(years):
            year, is_last = first_year + place, place == len(years) - 1
            if place < unknown_years or year < self._made.registered_on.year:
                continue
            audited = audited_last if is_last else audited_before
            self._year(year, books, Source.AUDITED if audited else Source.DECLARED)
            if audited and random.random() < 0.14:
                self._otherwise(year, books)

    def _year(self, year: int, books: YearFigures, source: Source) -> None:
        audited = source is Source.AUDITED
        basis = _AUDIT if audited else ""
        stated_on = (
            dt.date(year + 1, 3, 1) + dt.timedelta(days=self._random.randint(0, 90)) if audited else None
        )
        for indicator, value in books._asdict().items():
            if indicator in {"employees", "rd_staff", "insured_employees"}:
                self._maybe(indicator, value, Source.DECLARED, year)
            elif audited or self._random.random() < self._known:
                self._say(indicator, value, source, year, basis=basis, stated_on=stated_on)
        opinion = "unqualified" if audited else "none"
        self._maybe("audit_opinion", opinion, source, year)
        exports = self._random.random() < 0.2
        self._maybe(
            "export_revenue", to_hundred(books.revenue * 0.12) if exports else 0, Source.DECLARED, year
        )

    def _otherwise(self, year: int, books: YearFigures) -> None:
        """The enterprise itself says something else than its auditor."""
        for indicator in self._random.sample(_DISPUTED, k=self._random.randint(1, 2)):
            if indicator != "employees":
                value = round(getattr(books, indicator) * self._random.uniform(1.02, 1.22) / WAN) * WAN
                self._say(indicator, value, Source.DECLARED, year)

    # ---- compliance

    def compliance(self) -> None:
        """Confirmed by departments for some, declared by others, not known of the rest."""
        random, made = self._random, self._made
        asked = random.random()
        incidents = [item for item in made.incidents if item.severity != "minor"]
        bad = {name: random.random() < rate for name, (_, rate) in _COMPLIANCE.items()}
        good_tax = random.random() < 0.94
        answers: dict[str, tuple[bool, str]] = {
            name: (bad[name], department) for name, (department, _) in _COMPLIANCE.items()
        }
        answers["tax_and_credit_good"] = (good_tax and not bad["tax_evasion"], "税务部门")
        major = any(item.severity == "major" for item in incidents)
        answers["major_incident"] = (major, "应急管理部门")
        answers["larger_incident_three_years"] = (
            any((self._on - item.happened_on).days < 3 * 365 for item in incidents),
            "应急管理部门",
        )
        for indicator, (answer, department) in answers.items():
            self._confirmation(indicator, answer, department, asked)
        rating = random.choices("abmcd", weights=(34, 40, 20, 4, 1))[0] if good_tax else "c"
        self._maybe("tax_credit_rating", rating, Source.IMPORTED)

    def _confirmation(self, indicator: str, answer: bool, department: str, asked: float) -> None:  # noqa: FBT001
        if asked < 0.38:
            day = self._on - dt.timedelta(days=self._random.randint(20, 200) + 30)  # before the story begins
            number = f"演示函〔{day.year}〕{self._random.randint(1, 40)}号"
            self._say(
                indicator,
                answer,
                Source.CONFIRMED,
                basis=f"{department}确认",
                document_no=number,
                stated_on=day,
            )
        elif asked < 0.86:
            self._maybe(indicator, answer)

    # ---- what it makes

    def work(self, last: YearFigures) -> None:
        """Specialisation, refinement, distinction, chain and finance."""
        random, quality, year = self._random, self._made.quality, self._on.year - 1
        product = self._made.products[0]
        age = (self._on - self._made.registered_on).days / 365
        facts: dict[str, Value] = {
            "niche_market": f"{product.name}细分市场",
            "niche_years": float(round(min(age, random.uniform(1.5, 16)))),
            "main_product_name": product.name,
            "strategic_emerging_industry": random.random() < 0.5,
            "serves_large_enterprise": random.random() < 0.45,
            "cloud_migrated": random.random() < 0.3 + 0.5 * quality,
            "core_functions_on_systems": round(random.random() * 2 + 3 * quality),
            "quality_award": random.choices(("none", "county", "municipal", "provincial"), (40, 4, 3, 1))[0],
            "municipal_brands": round(0.3 + random.random() * 2.4 * quality),
            "own_brands": round(random.random() * 3 * quality + 0.3),
            "registered_trademarks": round(random.random() * 8 * quality),
            "rd_body_mode": random.choices(("none", "joint", "own", "both"), (3, 1, 4, 1))[0],
            "six_fundamentals": random.random() < 0.35,
            "manufacturing_power_field": random.random() < 0.3,
            "serves_chain_leader": random.random() < 0.4,
            "local_points": float(round(random.uniform(2, 15))),
            "listing_status": random.choices(("none", "planned", "quoted"), (30, 6, 1))[0],
            "financing_need": round(random.uniform(100, 3000)) * WAN if random.random() < 0.5 else 0,
            "technology_sme": random.random() < 0.3 + 0.4 * quality,
            "platform_registered": random.random() < 0.75,
            "controlled_by_little_giant": False,
            "same_group_similar": False,
            "single_champion_recognised": False,
            "national_science_award": False,
            "provincial_science_award": random.random() < 0.01 + 0.06 * quality,
            "maker_china_level": "none",
            "tech_innovation_demonstration": False,
            "ip_advantage_enterprise": random.random() < 0.05 * quality,
            "time_honoured_brand": False,
        }
        if random.random() < 0.5 + 0.45 * quality:
            facts["rank_regional"] = random.randint(1, 18)
        if quality > 0.6 and random.random() < 0.5:
            facts["rank_national"] = random.randint(1, 40)
        if random.random() < 0.6:
            facts["digital_level"] = random.choices(("level_1", "level_2", "level_3"), (5, 5, 2))[0]
        for indicator, value in facts.items():
            self._maybe(indicator, value)
        if product.market_share is not None:
            self._maybe("market_share_national", round(product.market_share / 100, 4), year=year)
        if random.random() < 0.7:
            points = float(round(min(99.0, 38 + 45 * quality + random.gauss(0, 7))))
            self._maybe("development_score", points, Source.IMPORTED, year)
        for back in (1, 2, 3):
            raised = round(random.uniform(200, 6000)) * WAN if random.random() < 0.06 * quality else 0
            self._maybe("new_equity_financing", raised, year=self._on.year - back)
        self._maybe(
            "fixed_asset_investment", to_hundred(last.total_assets * random.uniform(0, 0.15)), year=year
        )
        self._made.listing_stage = str(facts["listing_status"])

    def papers(self) -> None:
        """The counts that the listed papers give."""
        made = self._made
        of_kind = dict.fromkeys(("invention", "utility", "software", "pct", "standard"), 0)
        for item in made.properties:
            of_kind[item.kind] += 1
        first_class, in_use = of_kind["invention"], round(of_kind["invention"] * self._random.random() + 0.3)
        counts: dict[str, Value] = {
            "invention_patents": of_kind["invention"],
            "utility_models": of_kind["utility"],
            "software_copyrights": of_kind["software"],
            "pct_published": of_kind["pct"],
            "standards": of_kind["standard"],
            "class1_ip": first_class,
            "class1_ip_own": max(0, first_class - (self._random.random() < 0.2)),
            "class1_ip_in_use": min(first_class, in_use),
            "class1_ip_high_value": first_class // 3,
            "class2_ip": of_kind["utility"] + of_kind["software"],
        }
        source = Source.IMPORTED if self._random.random() < 0.4 else Source.DECLARED
        for indicator, value in counts.items():
            self._maybe(indicator, value, source)
        valid = [item for item in made.certificates if item.valid_until >= self._on]
        self._maybe("quality_system_certified", any(item.name.startswith("质量") for item in valid))
        self._maybe("management_certificates", len(valid))
        self._maybe("rd_centre", made.platforms[0][1] if made.platforms else "none")
        high_tech = [item for item in made.titles if item.name == "高新技术企业"]
        self._maybe(
            "high_tech_enterprise", any((item.valid_until or self._on) >= self._on for item in high_tech)
        )
        if high_tech and high_tech[0].valid_until is not None:
            self._maybe("high_tech_expires_on", high_tech[0].valid_until)

    def judged(self) -> None:
        """What experts said, of enterprises that were reviewed before."""
        if self._made.quality < 0.5 or self._random.random() < 0.5:
            return
        day = self._on - dt.timedelta(days=self._random.randint(60, 400))
        for indicator in _JUDGED:
            good = self._random.random() < 0.5 + 0.5 * self._made.quality
            self._say(indicator, good, Source.CONFIRMED, basis="专家评审意见", stated_on=day)
