"""`Dataset.from_generator` over tasks parsed by orjson, and `to_parquet`. usage: from_generator.py MADE OUT"""

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import datasets
import orjson
from flattening import flat


def rows(path: str) -> Iterator[dict[str, Any]]:
    """Task by task."""
    with Path(path).open("rb") as file:
        for line in file:
            yield flat(orjson.loads(line))


datasets.disable_progress_bars()
made, out = sys.argv[1:]
held = datasets.Dataset.from_generator(rows, gen_kwargs={"path": f"{made}/export.jsonl"}, cache_dir=f"{out}/cache")
held.to_parquet(f"{out}/out/all.parquet")
