"""The split of a story: a pure function of its name, so that no article ever changes split, and retellings stay together."""

import hashlib

from corpus.model import Document, Split

SHARES: tuple[tuple[Split, int], ...] = (("train", 60), ("validation", 80), ("test", 100))  # up to this of a hundred


UNSUGGESTED = 20  # of a hundred articles, so that the effect of suggestions can be measured


def may_be_suggested(document: Document) -> bool:
    """Whether an annotator may be shown another's marks: never in the test split, nor in a fifth of the rest, by hash of the id."""
    chance = int(hashlib.sha256(f"suggestion {document.id}".encode()).hexdigest()[:8], 16) % 100
    return split_of(document.story or document.id) != "test" and chance >= UNSUGGESTED


def bucket_of(story: str, buckets: int) -> int:
    """Which shard of its split a story falls into: by other digits of the same hash, so that a document keeps its shard.

    >>> bucket_of("lee_0001", 4) < 4
    True
    """
    return int(hashlib.sha256(story.encode("utf-8")).hexdigest()[8:16], 16) % buckets


def split_of(story: str) -> Split:
    """The split that a story falls into, by its hash.

    >>> split_of("lee_0001"), split_of("lee_0002")
    ('test', 'train')
    """
    bucket = int(hashlib.sha256(story.encode("utf-8")).hexdigest()[:8], 16) % 100
    return next(split for split, upto in SHARES if bucket < upto)
