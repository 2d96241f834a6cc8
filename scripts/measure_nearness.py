"""Near-duplicates: how ours are sketched beside the two libraries on strings, and what each finds on planted copies.

usage: scripts/measure_nearness.py [--documents N] [--rounds N] [--write]     (default 2000, 5 rounds)

The planted texts are made ones of 2.5 kB, half of them copies of the other half with 0 to 60 words changed, one for another in its
place. Which pairs are alike is counted exactly, over all pairs that share a shingle. Found is a pair that has a whole band of three of
126 hashes in common; it is then held to the exact measure. --write puts the figures into docs/benchmarks.json and draws docs/benchmarks.md.
"""

import random
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from itertools import combinations, product
from pathlib import Path
from typing import Any

import numpy as np
from datasketch import MinHash, MinHashLSH
from rensa import RMinHash

sys.path.insert(0, str(Path(__file__).parents[1]))
from scripts import generate_exports
from scripts.bench import part
from scripts.bench.recording import Record

from corpus import nearness

HASHES, ROWS = 126, 3
CHANGED = 60  # words of a copy at the most
LEVELS = (0.5, 0.8)
Pairs = set[tuple[int, int]]


def planted(documents: int) -> list[str]:
    """Made texts, then a copy of each with some words changed."""
    chance = random.Random(20261128)  # noqa: S311 - planted, not secret
    first = [generate_exports.article(nth, 2)[0].text or "" for nth in range((documents + 1) // 2)]
    return [*first, *(copied(words, nth % (CHANGED + 1), chance) for nth, words in enumerate(first))][:documents]


def copied(words: str, changed: int, chance: random.Random) -> str:
    """A text with so many of its words in the place of others."""
    held = words.split()
    for at in chance.sample(range(len(held)), changed):
        held[at] = chance.choice(held)
    return " ".join(held)


def shingles(words: str) -> frozenset[str]:
    """As they are compared exactly."""
    return nearness.shingles(words)


def alike(texts: Sequence[str]) -> dict[tuple[int, int], float]:
    """Exact Jaccard of every pair that shares a shingle."""
    each = [shingles(words) for words in texts]
    where = defaultdict(list)
    for nth, held in enumerate(each):
        for one in held:
            where[one].append(nth)
    shared = Counter(pair for there in where.values() for pair in combinations(there, 2))
    return {(one, other): both / (len(each[one]) + len(each[other]) - both) for (one, other), both in shared.items()}


def by_rensa(words: str) -> bytes:
    """By rensa on shingles as strings."""
    made = RMinHash(HASHES, 42)
    made.update(list(shingles(words)))
    return np.asarray(made.digest(), dtype=np.uint32).tobytes()


def by_datasketch(words: str) -> MinHash:
    """By datasketch on shingles as strings."""
    made = MinHash(num_perm=HASHES, seed=42)
    made.update_batch([one.encode() for one in shingles(words)])
    return made


def bands(sketches: Sequence[bytes]) -> Pairs:
    """Pairs with a whole band in common, as `nearness` finds them, before its glance at the whole sketch."""
    met: Pairs = set()
    for band in range(HASHES // ROWS):
        places = defaultdict(list)
        for nth, sketch in enumerate(sketches):
            places[sketch[4 * ROWS * band : 4 * ROWS * (band + 1)]].append(nth)
        met |= {pair for there in places.values() for pair in combinations(there, 2)}
    return met


def lsh(sketches: Sequence[MinHash]) -> Pairs:
    """Pairs that datasketch's index finds, in as many bands."""
    index = MinHashLSH(num_perm=HASHES, params=(HASHES // ROWS, ROWS))
    met: Pairs = set()
    for nth, sketch in enumerate(sketches):
        met |= {(other, nth) for other in index.query(sketch)}
        index.insert(nth, sketch)
    return met


def ours(sketches: Sequence[bytes]) -> Pairs:
    """Pairs as `corpus build` looks at them."""
    return set(nearness.likely(b"".join(sketches)))


WAYS: Mapping[str, tuple[Callable[[str], Any], Callable[[Sequence[Any]], Pairs]]] = {
    "corpus: words hashed at once, rensa": (nearness.sketch, ours),
    "shingles as strings, rensa": (by_rensa, bands),
    "shingles as strings, datasketch": (by_datasketch, lsh),
}


def measure(documents: int, rounds: int, record: Record) -> None:
    """Speed in interleaved rounds, and of the last what is found."""
    texts = planted(documents)
    exact = alike(texts)
    sketching = {"shingles as strings, alone": shingles, **{name: sketch for name, (sketch, _) in WAYS.items()}}
    for nth, (name, sketch) in product(range(rounds), sketching.items()):
        if record.has(way=name, round=nth):
            continue
        start = time.perf_counter()
        sketches = [sketch(words) for words in texts]
        took = time.perf_counter() - start
        told = {} if name not in WAYS else found(WAYS[name][1](sketches), exact, documents)
        record.add({"way": name, "documents": documents, "round": nth, "seconds": round(took, 5), **told})
        print(f"round {nth + 1}: {name}: {took / documents * 1e6:.0f} µs a document", file=sys.stderr, flush=True)


def found(met: Pairs, exact: Mapping[tuple[int, int], float], documents: int) -> dict[str, Any]:
    """Recall at each level; how many pairs were looked at, how many of them are no copies, and how many of those are kept."""
    half = (documents + 1) // 2
    strangers = {(one, other) for one, other in met if one % half != other % half}
    kept = sum(exact.get(pair, 0) >= nearness.SIMILAR for pair in strangers)
    told: dict[str, Any] = {"looked_at": len(met), "strangers": len(strangers), "strangers_kept": kept}
    for level in LEVELS:
        there = {pair for pair, share in exact.items() if share >= level}
        told[f"pairs_{level}"], told[f"recall_{level}"] = len(there), len(there & met) / len(there)
    return told


if __name__ == "__main__":
    part.run("nearness", __doc__, documents=2000, rounds=5, measure=measure)
