"""Near-duplicates among articles, by MinHash and locality-sensitive hashing, then by exact Jaccard. The only door to rensa.

Retellings copied from each other must share a story, or the same words stand in training and in test data.
"""

from collections.abc import Iterable, Iterator, Mapping

from rensa import RMinHash, RMinHashLSH

from corpus import text
from corpus.model import Document

WORDS = 5  # of a shingle
SIMILAR = 0.5  # exact Jaccard of the shingles; unrelated articles have less than 0.1
_HASHES, _BANDS = 126, 42  # three rows a band: a pair of 0.5 is met with a chance of 0.996, and one of 0.8 always
_SEED = 42


def near(texts: Mapping[str, str]) -> list[tuple[str, str, float]]:
    """Pairs of names whose texts share at least half of their shingles, with how much they share.

    >>> words = "the ferry line said on Monday that all the boats had been inspected in the spring and again in May"
    >>> near({"a": words, "b": words + " 2001", "c": "a quite other article about the price of tea in the hills"})
    [('a', 'b', 0.941)]
    """
    names = sorted(texts)
    shingles = [_shingles(texts[name]) for name in names]
    sketches = [_sketch(one) for one in shingles]
    index = RMinHashLSH(SIMILAR, _HASHES, _BANDS)
    for at, sketch in enumerate(sketches):
        index.insert(at, sketch)
    likely = {(one, at) for at, sketch in enumerate(sketches) for one in index.query(sketch) if one < at}
    exact = ((names[one], names[at], _jaccard(shingles[one], shingles[at])) for one, at in sorted(likely))
    return [(first, second, round(share, 3)) for first, second, share in exact if share >= SIMILAR]


def parted(documents: Iterable[Document]) -> Iterator[tuple[str, str, float]]:
    """Near-duplicates among the articles whose text is at hand that do not share a story."""
    held = {one.id: one for one in documents if one.text is not None}
    for first, second, share in near({name: one.text or "" for name, one in held.items()}):
        if (held[first].story or first) != (held[second].story or second):
            yield first, second, share


def _shingles(words: str) -> frozenset[str]:
    """Runs of words in one case, without punctuation; a shorter text is one run."""
    plain = [one for start, end in text.tokens(words) if (one := words[start:end].casefold())[0].isalnum()]
    return frozenset(" ".join(plain[at : at + WORDS]) for at in range(max(1, len(plain) - WORDS + 1)))


def _sketch(shingles: Iterable[str]) -> RMinHash:
    sketch = RMinHash(_HASHES, _SEED)
    sketch.update(sorted(shingles))
    return sketch


def _jaccard(first: frozenset[str], second: frozenset[str]) -> float:
    return len(first & second) / len(first | second)
