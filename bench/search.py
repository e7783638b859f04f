"""Full-text search over 10,000 clauses: time to build, and time of a query by kind. Run: python bench/search.py."""

from __future__ import annotations

import random
import statistics
import time
import tracemalloc

from tidu.policy.official_text.search import SearchDoc, SearchIndex

CLAUSES = 10_000
REPEATS = 40
SYNONYMS = {"小巨人": ["专精特新“小巨人”企业"]}
QUERIES = {
    "two characters, common": "企业",
    "four characters, common": "专精特新",
    "two common words": "企业 发展",
    "three words": "稀土 奖励 万元",
    "rare word": "研发机构备案",
    "number and unit": "50万元",
    "synonym": "小巨人",
    "one character": "税",
    "sentence without spaces (partial)": "稀土企业怎样申请奖励资金",
    "nothing": "鲸鱼",
}
FREQUENT = (
    "企业、发展、中小企业、支持、创新、奖励、资金、万元、认定、申报、专精特新、“小巨人”、稀土、装备、制造、数字化、转型、绿色、"
    "融资、上市、人才、引进、专利、转化、评审、公示、复核、培育、入库、服务、平台、税收、社保、信用、审计、研发、机构、备案、"
    "工信局、财政局、科技局、旗县区、开发区、对、给予、不高于、一次性、按照、有关、规定、鼓励、加大、力度、建立、机制、完善、"
    "体系、推动、高质量、20、50、100、200、30%、5G、2025年、PCT、APEC"
)
CHARACTERS = (
    "产品质量管理标准市场供应链条技术工艺能源环保安全生产电力物流园区土地厂房用工培训交流展会统计监测督导考核"
)


def made_up_clauses(count: int) -> list[SearchDoc]:
    """Invented clauses of 60 to 400 characters from frequent and rarer words; every hundredth names a rare thing."""
    rng = random.Random(20230901)
    words = FREQUENT.split("、")
    words += ["".join(rng.choices(CHARACTERS, k=2)) for _ in range(1_500)]
    weights = [1 / (rank + 10) for rank in range(len(words))]
    docs = []
    for number in range(count):
        sentences: list[str] = []
        length = rng.randint(60, 400)
        while sum(len(sentence) for sentence in sentences) < length:
            sentences.append(
                "".join(rng.choices(words, weights, k=rng.randint(5, 14))) + rng.choice("，。；")
            )
        if number % 100 == 0:
            sentences.append("研发机构备案。")
        title = "".join(rng.choices(words, weights, k=rng.randint(2, 4)))
        docs.append(
            SearchDoc(f"pack-{number % 40}#{number}", title, "".join(sentences), f"pack-{number % 40}")
        )
    return docs


def milliseconds(index: SearchIndex, query: str) -> list[float]:
    """The time of each of many runs of one query, with snippets."""
    times = []
    for _ in range(REPEATS):
        start = time.perf_counter()
        index.search(query)
        times.append((time.perf_counter() - start) * 1000)
    return sorted(times)


def main() -> None:
    """Print the table."""
    docs = made_up_clauses(CLAUSES)
    start = time.perf_counter()
    index = SearchIndex.build(docs, SYNONYMS)
    built = time.perf_counter() - start
    tracemalloc.start()
    SearchIndex.build(docs, SYNONYMS)
    memory = tracemalloc.get_traced_memory()[1] / 1e6
    tracemalloc.stop()
    characters = sum(len(doc.title) + len(doc.body) for doc in docs)
    print(
        f"{CLAUSES:,} clauses, {characters:,} characters: built in {built:.2f} s, peak memory {memory:.0f} MB\n"
    )
    print(f"{'query':<36}{'hits':>6}{'first ms':>10}{'p50 ms':>9}{'p95 ms':>9}")
    for kind, query in QUERIES.items():
        start = time.perf_counter()
        hits = index.search(query)
        first = (time.perf_counter() - start) * 1000
        times = milliseconds(index, query)
        p50, p95 = statistics.median(times), times[int(len(times) * 0.95)]
        print(f"{kind:<36}{len(hits):>6}{first:>10.2f}{p50:>9.2f}{p95:>9.2f}")


if __name__ == "__main__":
    main()
