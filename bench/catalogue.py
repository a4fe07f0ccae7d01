"""How fast the catalogue answers: 5,000 items taken in, searched by characters, pinyin, initials and department.

`python bench/catalogue.py [--items 5000] [--seed 1]` prints the figures; the bound is 100 ms for a first result (Y3).
"""

import argparse
import random
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from server.catalogue.records import Guide, Listed, ListName
from server.catalogue.store import Catalogue

WORDS = [
    "居民",
    "身份证",
    "首次",
    "申领",
    "补领",
    "换领",
    "营业",
    "执照",
    "设立",
    "变更",
    "注销",
    "食品",
    "经营",
    "许可",
    "社会",
    "保险",
    "参保",
    "登记",
    "医疗",
    "报销",
    "养老",
    "待遇",
    "残疾",
    "抚恤",
    "公积金",
    "提取",
    "道路",
    "运输",
    "施工",
    "排污",
    "农药",
    "种子",
    "教师",
    "资格",
    "档案",
    "查询",
    "护照",
    "签发",
    "抵押",
    "转移",
]
QUERIES = (
    "身份证",
    "食品经营",
    "shenfenz",
    "shehuibx",
    "社会bx",
    "shhbx",
    "食品jingy",
    "shehuibx 登记",
    "sfz",
    "spjy",
    "s",
    "sh",
    "县登记局",
    "C04321",
    "身份证 登记",
    "不存在",
)


def main() -> None:
    """Build, search, edit, print."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--items", type=int, default=5000)
    arguments.add_argument("--seed", type=int, default=1)
    asked = arguments.parse_args()
    dice = random.Random(asked.seed)
    rows = [
        Listed(f"县{dice.choice(WORDS)}局", f"C{n:05}", "".join(dice.sample(WORDS, 5)), "行政许可", "即办件", "自然人")
        for n in range(asked.items)
    ]
    with tempfile.TemporaryDirectory() as folder:
        books = Catalogue(Path(folder) / "catalogue.db")
        began = time.perf_counter()
        books.replace(ListName.COMPREHENSIVE, rows, "bench", 0.0)
        print(f"{asked.items} items taken in: {time.perf_counter() - began:.2f} s")
        worst = worst_busy = 0.0
        for query in QUERIES:
            times, busy = [], []
            for _ in range(5):
                began, began_busy = time.perf_counter(), time.thread_time()
                found = books.search(query)
                busy.append((time.thread_time() - began_busy) * 1000)
                times.append((time.perf_counter() - began) * 1000)
            worst, worst_busy = max(worst, *times), max(worst_busy, *busy)
            figures = (
                f"first {times[0]:6.1f} ms, median {sorted(times)[2]:6.1f} ms (processor {sorted(busy)[2]:5.1f} ms)"
            )
            print(f"{query:14} {found.total:5} hits, {figures}")
        began = time.perf_counter()
        books.put(ListName.GUIDES, Guide("C00001", keywords=("房产证",)), "bench", 1.0)
        edited = time.perf_counter() - began
        began = time.perf_counter()
        assert books.search("fangchanz").total == 1
        print(f"an edit: {edited * 1000:.0f} ms, found by it {(time.perf_counter() - began) * 1000:.1f} ms later")
        print(f"slowest search: {worst:.1f} ms, processor {worst_busy:.1f} ms (bound: 100 ms)")
        books.close()


if __name__ == "__main__":
    main()
