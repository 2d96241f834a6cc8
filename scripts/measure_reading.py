"""Reading a release: `corpus.load` and `load_dataset` beside pyarrow on the same shards, the first row, and tags ready to train on.

usage: scripts/measure_reading.py [--documents N] [--rounds N] [--write]     (default 10000, 3 rounds)

Builds a release of made documents, then reads it in interleaved rounds, each way a process of its own. The seconds are those of reading,
imports not counted. A cache is new in each round: "first time" fills it, "again" finds it filled. --write puts the figures into
docs/benchmarks.json and draws docs/benchmarks.md anew. A run that was broken off goes on where it was.
"""

import json
import shutil
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))
from scripts import measure_build
from scripts.bench import part, running
from scripts.bench.recording import Record
from scripts.bench.running import PLACE, Way

# By title: the name in read_release.py, and which way of the same group has 1.0.
WAYS = {
    "all of `documents`": {
        "pyarrow.parquet.read_table": "read_table",
        "load_dataset, first time": "load_dataset",
        "load_dataset, again": "load_dataset",
        "corpus.load, first time": "load",
        "corpus.load, again": "load",
    },
    "the first row of `documents`": {
        "pyarrow, first row group of a shard": "first_group",
        "load_dataset, streaming": "first_streamed",
        "corpus.load, streaming": "first_held",
    },
    "tags of `tokens`, train split, to padded arrays of ids in batches of 32": {
        "pyarrow.parquet.read_table, the columns alone": "tags_table",
        "pyarrow columns to padded arrays": "tags_arrow",
        'load_dataset, with_format("numpy"), padded, first time': "tags_batches",
        'load_dataset, with_format("numpy"), padded, again': "tags_batches",
    },
}


def built(documents: int) -> Path:
    """A release of made documents."""
    made, out = measure_build.made(documents), PLACE / "release"
    shutil.rmtree(out, ignore_errors=True)
    out.mkdir()
    build = next(way for way in measure_build.ways("", {})[0] if way.name == "corpus build, 2 workers, stories given")
    (out / "out").mkdir()
    running.watched(build.name, [one.format(made=made, out=out) for one in build.command], str(out))
    shutil.rmtree(made)
    return out / "out/release"


def measure(documents: int, rounds: int, record: Record) -> None:
    """The rounds that the record does not have; each round whole, for `again` needs `first time`."""
    todo = [nth for nth in range(rounds) if not all(record.has(way=name, round=nth) for group in WAYS.values() for name in group)]
    release = built(documents) if todo else Path()
    for nth in todo:
        caches = PLACE / "caches"
        shutil.rmtree(caches, ignore_errors=True)
        for group, ways in WAYS.items():
            for name, function in ways.items():
                program = str(measure_build.WAYS / "read_release.py")
                way = Way(name, [sys.executable, program, function, str(release), str(caches / function)])
                figures, printed = running.measured(way)
                figures |= json.loads(printed)
                if not record.has(way=name, round=nth):
                    record.add({"group": group, "way": name, "documents": documents, "round": nth, **figures})
                print(f"round {nth + 1}: {name}: {figures['seconds'] * 1000:.0f} ms", file=sys.stderr, flush=True)
        shutil.rmtree(caches, ignore_errors=True)
    if todo:
        shutil.rmtree(release.parents[1])


if __name__ == "__main__":
    part.run("reading", __doc__, documents=10_000, rounds=3, measure=measure)
