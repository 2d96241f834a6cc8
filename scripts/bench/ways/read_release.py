"""Reads a release in one of several ways and prints the seconds; imports are done before. usage: read_release.py WAY RELEASE CACHE"""

import json
import sys
import tempfile
import time
import warnings
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import datasets
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

import corpus
from corpus.tables.columns import CLASS_LABELS

TAGS = ("claim_tags", "denial_tags", "content_tags", "source_tags", "cue_tags")
BATCH = 32
FILL = -100  # what losses leave out


def read_table(release: Path) -> int:
    """All shards by pyarrow alone."""
    return pq.read_table(release / "documents").num_rows


def load(release: Path) -> int:
    """By `corpus.load`, which holds every file to the manifest."""
    return sum(corpus.load(release).num_rows.values())


def load_dataset(release: Path) -> int:
    """By `datasets` alone."""
    return sum(datasets.load_dataset(str(release), "documents").num_rows.values())


def first_group(release: Path) -> int:
    """The first row group of a shard by pyarrow alone, and its first row."""
    return len(pq.ParquetFile(shards(release, "documents")[0]).read_row_group(0).slice(0, 1).to_pylist())


def first_streamed(release: Path) -> int:
    """The first row by `datasets`, streaming."""
    return len([next(iter(datasets.load_dataset(str(release), "documents", split="train", streaming=True)))])


def first_held(release: Path) -> int:
    """The same after every file was held to the manifest."""
    return len([next(iter(corpus.load(release, split="train", streaming=True)))])


def tags_table(release: Path) -> int:
    """The columns of tags, train split, by pyarrow alone."""
    return tags(release).num_rows


def tags_batches(release: Path) -> int:
    """Padded ids of tags, a batch at a time, by `datasets`."""
    return sum(len(batch[TAGS[0]]) for batch in by_datasets(release))


def tags_arrow(release: Path) -> int:
    """The same from the columns of the Parquet files."""
    return sum(len(batch[TAGS[0]]) for batch in by_columns(release))


def by_datasets(release: Path, split: str = "train") -> Iterator[dict[str, Any]]:
    """The card's ClassLabel makes the ids, `with_format("numpy")` the rows, and the shorter of a batch are filled up."""
    held = datasets.load_dataset(str(release), "tokens", split=split).select_columns(list(TAGS)).with_format("numpy")
    return ({name: padded(batch[name]) for name in TAGS} for batch in held.iter(BATCH))


def by_columns(release: Path) -> Iterator[dict[str, Any]]:
    """Ids by the names that the card has, places by the lengths of the lists; no row is ever an object."""
    for part in tags(release).combine_chunks().to_batches(BATCH):
        yield {name: of_column(part.column(name), pa.array(CLASS_LABELS[name])) for name in TAGS}


def of_column(column: pa.ListArray, names: pa.Array) -> Any:
    """Padded ids of a column of lists."""
    sizes = np.asarray(column.value_lengths())
    ids = np.full((len(column), sizes.max()), FILL)
    ids[np.arange(sizes.max()) < sizes[:, None]] = pc.index_in(column.flatten(), names)
    return ids


def padded(rows: Iterable[Any]) -> Any:
    """Rows of different lengths as one array."""
    rows = list(rows)
    ids = np.full((len(rows), max(len(row) for row in rows)), FILL)
    for nth, row in enumerate(rows):
        ids[nth, : len(row)] = row
    return ids


def tags(release: Path) -> pa.Table:
    """The tags of the train split, as they are stored."""
    return pq.read_table(shards(release, "tokens"), columns=list(TAGS))


def shards(release: Path, config: str) -> list[Path]:
    """The files of the train split."""
    return sorted((release / config).glob("train-*"))


def imported() -> None:
    """`datasets` imports the half of what it needs when it first reads something."""
    with tempfile.TemporaryDirectory() as folder:
        pq.write_table(pa.table({"a": [1]}), f"{folder}/a.parquet")
        datasets.load_dataset("parquet", data_files=f"{folder}/a.parquet", split="train", cache_dir=folder)


WAYS = {
    one.__name__: one
    for one in (read_table, load, load_dataset, first_group, first_streamed, first_held, tags_table, tags_batches, tags_arrow)
}

if __name__ == "__main__":
    way, release, cache = sys.argv[1:]
    datasets.disable_progress_bars()
    datasets.config.HF_DATASETS_CACHE = Path(cache)
    warnings.simplefilter("ignore")
    imported()
    start = time.perf_counter()
    rows = WAYS[way](Path(release))
    print(json.dumps({"seconds": round(time.perf_counter() - start, 5), "rows": rows}))
